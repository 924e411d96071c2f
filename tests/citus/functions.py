"""Which functions the nodes of a statement call, and how those behave."""
from node_tree import walk

WORDS = {'i': 'immutable', 's': 'stable', 'v': 'volatile'}


class Functions:
    def __init__(self, catalog):
        self.catalog = catalog

    def called(self, node):
        """(name, behaviour, whether it is of our schema) of the functions that a node calls itself."""
        kind, numbers = node.kind, []
        if kind in ('OPEXPR', 'DISTINCTEXPR', 'NULLIFEXPR', 'SCALARARRAYOPEXPR'):
            numbers = [node.opfuncid]
        elif kind == 'FUNCEXPR':
            numbers = [node.funcid]
        elif kind == 'AGGREF':
            numbers = [node.aggfnoid]
        elif kind == 'WINDOWFUNC':
            numbers = [node.winfnoid]
        elif kind == 'COERCEVIAIO':
            numbers = [self.catalog.in_and_out[node.resulttype][0], self.catalog.in_and_out[type_of(node.arg)][1]]
        elif kind == 'ROWCOMPARE':
            numbers = [self.catalog.operators[operator] for operator in node.opnos[1:]]
        elif kind == 'SQLVALUEFUNCTION':
            yield 'the current time or user', 'stable', False
        elif kind == 'NEXTVALUEEXPR':
            yield 'nextval', 'volatile', False
        for number in numbers:
            name, volatile, ours = self.catalog.functions[number]
            yield name, WORDS[volatile], ours

    def function_of(self, node):
        return next(((name, kind) for name, kind, _ in self.called(node) if kind != 'immutable'), None)

    def mutable(self, value):
        for node in walk(value):
            for name, kind, _ in self.called(node):
                if kind != 'immutable':
                    yield name, kind


def type_of(expr):
    for field in ('vartype', 'paramtype', 'consttype', 'funcresulttype', 'opresulttype', 'resulttype', 'aggtype',
                  'coalescetype', 'casetype', 'wintype', 'minmaxtype'):
        if field in expr.fields:
            return expr.fields[field]
    raise ValueError(f'what type has {expr.kind}?')
