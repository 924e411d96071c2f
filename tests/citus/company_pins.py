"""What the company of each table of a statement is equal to, by the conditions that the statement has."""
from node_tree import Node, walk

RELATION, SUBQUERY = '0', '1'
INNER, LEFT, RIGHT = '0', '1', '3'


class CompanyPins:
    """Of a statement and all queries in it. A column's pin is the number of the parameter that it is equal to."""

    def __init__(self, catalog, root):
        self.catalog, self._known, self._above = catalog, {}, {}
        self._find(root, (), {})

    def covers(self, query):
        return id(query) in self._known

    def all_of(self, query):
        """Column -> pin."""
        return self._known[id(query)]

    def of_table(self, query, at, table):
        """The pin of its company; None: it may be any."""
        return self.all_of(query).get((at, str(table.company)))

    def above(self, query):
        """The queries that it stands in, the nearest first."""
        return self._above[id(query)]

    def relations(self, query):
        """Tables of this level that are read or written: number in the range table, table."""
        used = {node.rtindex for node in walk(query.jointree, into_queries=False) if node.kind == 'RANGETBLREF'}
        used.add(query.resultRelation)
        for at, entry in enumerate(query.nodes('rtable'), 1):
            if str(at) in used and entry.rtekind == RELATION and entry.relid in self.catalog.tables:
                yield str(at), self.catalog.tables[entry.relid]

    def _find(self, query, parents, given):
        """Of this query and those below: which columns are equal to which parameter. `given`: those that queries above
        hand down."""
        self._above[id(query)] = parents
        known = dict(given)
        facts = list(self.equalities(query.jointree))
        while True:
            before = len(known)
            for left, right, into in facts:
                for a, b in ((left, right), (right, left)):
                    value = a[1] if a[0] == 'param' else known.get(a)
                    if value is not None and b[0] != 'param' and (into is None or b[0] in into):
                        known.setdefault(b, value)
            if len(known) == before:
                break
        self._known[id(query)] = known
        below = (query,) + parents
        for at, entry in enumerate(query.nodes('rtable'), 1):
            if entry.rtekind == SUBQUERY:
                self._find(entry.subquery, below, self._handed_down(entry.subquery, str(at), known))
        for cte in query.nodes('cteList'):
            self._find(cte.ctequery, below, {})
        for node in walk([v for k, v in query.fields.items() if k not in ('rtable', 'cteList')], into_queries=False):
            if node.kind == 'SUBLINK':
                self._find(node.subselect, below, {})

    def _handed_down(self, subquery, at, known):
        """Conditions on what a subquery answers hold within it, unless it counts or cuts off."""
        if (subquery.limitCount or subquery.limitOffset or subquery.setOperations or subquery.distinctClause or
                'true' in (subquery.hasAggs, subquery.hasWindowFuncs)):
            return {}
        given = {}
        for entry in subquery.nodes('targetList'):
            value = known.get((at, entry.resno))
            if value is not None and entry.expr.kind == 'VAR' and entry.expr.varlevelsup == '0':
                given[(entry.expr.varno, entry.expr.varattno)] = value
        return given

    def equalities(self, node, into=None):
        """(column or parameter, column or parameter, tables on which alone it is a condition, or None)."""
        if node is None:
            return
        if node.kind == 'FROMEXPR':
            for part in node.nodes('fromlist'):
                yield from self.equalities(part, into)
            yield from self._equal_sides(node.quals, into)
        elif node.kind == 'JOINEXPR':
            yield from self.equalities(node.larg, into)
            yield from self.equalities(node.rarg, into)
            if node.jointype == INNER:
                yield from self._equal_sides(node.quals, into)
            elif node.jointype in (LEFT, RIGHT):
                nullable = node.rarg if node.jointype == LEFT else node.larg
                yield from self._equal_sides(node.quals, tables_in(nullable))

    def _equal_sides(self, quals, into):
        for qual in conjuncts(quals):
            if qual.kind != 'OPEXPR' or qual.opno != self.catalog.equal:
                continue
            left, right = (side_of(arg) for arg in qual.args)
            if left and right:
                yield left, right, into


def own_nodes(query):
    """Of this level: queries below are not entered, and what a column looks like is not looked at."""
    fields = [v for k, v in query.fields.items() if k not in ('rtable', 'cteList')]
    return [node for node in walk(fields, into_queries=False) if node.kind != 'QUERY']


def conjuncts(quals):
    if quals is None:
        return []
    if isinstance(quals, Node) and quals.kind == 'BOOLEXPR' and quals.boolop == 'and':
        return [part for arg in quals.args for part in conjuncts(arg)]
    return [quals]


def bare(expr):
    while expr.kind == 'RELABELTYPE':
        expr = expr.arg
    return expr


def side_of(expr):
    expr = bare(expr)
    if expr.kind == 'PARAM' and expr.paramkind == '0':
        return 'param', expr.paramid
    if expr.kind == 'VAR' and expr.varlevelsup == '0':
        return expr.varno, expr.varattno
    return None


def tables_in(node):
    return {n.rtindex for n in walk(node, into_queries=False) if n.kind == 'RANGETBLREF'}
