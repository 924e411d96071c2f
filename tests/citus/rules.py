"""What Citus 12 takes of a statement, held against the tree that PostgreSQL makes of it (docs/adr/0028): the names are
resolved, views are replaced, and each operator names its function, as they are where Citus looks at them.

`complaints` is stricter than Citus in places: what depends on the values of parameters has to be fine for all of them.
"""
from company_pins import INNER, RELATION, SUBQUERY, CompanyPins, bare, conjuncts, own_nodes, tables_in
from functions import Functions
from node_tree import walk

SELECT, UPDATE, DELETE, INSERT = '1', '2', '4', '3'
CTE = '6'
CTID = '-1'


def complaints(tree, catalog, spread=False, never_null=()):
    """What is wrong with a statement; `spread`: it may go to all shards. `never_null`: parameters in ON."""
    return Checker(catalog, spread, set(never_null)).check(tree)


class Checker:
    def __init__(self, catalog, spread, never_null):
        self.catalog, self.spread, self.never_null = catalog, spread, never_null
        self.wrong, self.pins, self.functions = [], None, Functions(catalog)

    def say(self, text):
        if text not in self.wrong:
            self.wrong.append(text)

    def check(self, tree):
        [root] = tree
        self.pins = CompanyPins(self.catalog, root)
        queries = [node for node in walk(root) if node.kind == 'QUERY' and self.pins.covers(node)]
        self.check_places(queries)
        for query in queries:
            self.check_company(query)
            self.check_locks(query)
            self.check_outer_joins(query)
            self.check_insert(query)
            self.check_change(query)
            if self.spread:
                self.check_spread(query, root)
        self.check_functions(root)
        return self.wrong

    def check_places(self, queries):
        tables = {table for query in queries for _, table in self.pins.relations(query)}
        if len({table.distributed for table in tables}) > 1:
            self.say('has local and distributed tables in one statement')

    def check_company(self, query):
        if self.spread:
            return
        found = {}
        for at, table in self.pins.relations(query):
            if not table.distributed or (query.commandType == INSERT and at == query.resultRelation):
                continue
            pin = self.pins.of_table(query, at, table)
            if pin is None:
                self.say(f'{table.name} is not bound to one company')
            found[pin] = table
        if len(found) > 1:
            self.say('is about two companies')
        for node in own_nodes(query):
            if node.kind == 'VAR' and node.varattno == CTID and node.varlevelsup == '0' and None in found:
                self.say('takes a ctid for the place of a row in more than one shard')

    def check_locks(self, query):
        distributed = any(table.distributed for _, table in self.pins.relations(query))
        if self.spread and distributed and query.nodes('rowMarks'):
            self.say('locks rows of all shards')

    def check_outer_joins(self, query):
        """Where all of ON is false or NULL by its parameters, nothing is left that says which company it is about."""
        for join in own_nodes(query):
            if join.kind != 'JOINEXPR' or join.jointype == INNER or not tables_in(join) & {
                    at for at, table in self.pins.relations(query) if table.distributed}:
                continue
            for qual in conjuncts(join.quals):
                parts = list(walk(qual))
                columns = [node for node in parts if node.kind == 'VAR']
                parameters = {node.paramid for node in parts if node.kind == 'PARAM'}
                if not columns and parameters:
                    self.say(f'has a condition on parameters alone in ON: ${min(parameters)}')
                pinning = {pin for pin in self.pins.all_of(query).values()}
                for parameter in sorted(parameters - pinning - self.never_null):
                    if columns:
                        self.say(f'compares with ${parameter} in ON, which may be NULL')

    def check_insert(self, query):
        if query.commandType != INSERT:
            return
        table = self.catalog.tables[query.nodes('rtable')[int(query.resultRelation) - 1].relid]
        if not table.distributed:
            return
        entries = [e for e in query.nodes('targetList') if e.resno == str(table.company)]
        if not entries or not all(self.is_company(query, e.expr) for e in entries):
            self.say(f'inserts into {table.name} a company that is neither given nor read')
        conflict = query.onConflict
        if conflict is None:
            return
        columns = {node.varattno for node in walk(conflict.nodes('arbiterElems')) if node.kind == 'VAR'}
        if str(table.company) not in columns:
            self.say('ON CONFLICT does not name the company')
        for entry in conflict.nodes('onConflictSet'):
            if entry.resno == str(table.company) and entry.resjunk == 'false':
                self.say('changes the company of a row')
            for name, kind in self.functions.mutable(entry.expr):
                self.say(f'has {name} ({kind}) in DO UPDATE SET')
        for name, kind in self.functions.mutable([conflict.arbiterWhere, conflict.onConflictWhere]):
            self.say(f'has {name} ({kind}) in the WHERE of ON CONFLICT')

    def is_company(self, query, expr):
        """Whether it is a parameter, or the company of rows that are read."""
        expr = bare(expr)
        if expr.kind == 'PARAM':
            return True
        if expr.kind != 'VAR':
            return False
        levels = (query,) + self.pins.above(query)
        owner = levels[int(expr.varlevelsup)]
        entry = owner.nodes('rtable')[int(expr.varno) - 1]
        if entry.rtekind == RELATION:
            return expr.varattno == str(self.catalog.tables[entry.relid].company)
        if entry.rtekind == SUBQUERY:
            return self.answers_company(entry.subquery, expr.varattno)
        if entry.rtekind == CTE:
            at = levels.index(owner) + int(entry.ctelevelsup)
            [cte] = [c for c in levels[at].nodes('cteList') if c.ctename == entry.ctename]
            return self.answers_company(cte.ctequery, expr.varattno)
        return False

    def answers_company(self, query, number):
        entries = query.nodes('returningList') or query.nodes('targetList')
        [entry] = [e for e in entries if e.resno == number]
        return self.is_company(query, entry.expr)

    def check_change(self, query):
        if query.commandType == SELECT:
            return
        table = self.catalog.tables[query.nodes('rtable')[int(query.resultRelation) - 1].relid]
        if not table.distributed:
            return
        for name, kind in self.functions.mutable(query.nodes('returningList')):
            self.say(f'has {name} ({kind}) in RETURNING')
        if query.commandType == INSERT:
            return
        for name, kind in self.functions.mutable(query):
            if kind == 'volatile':
                self.say(f'has {name} (volatile) in an UPDATE or DELETE')
        if query.commandType == UPDATE:
            for entry in query.nodes('targetList'):
                if entry.resno == str(table.company) and entry.resjunk == 'false':
                    self.say('changes the company of a row')
        for node in walk([query.nodes('targetList'), query.jointree]):
            function = self.functions.function_of(node)
            if function and any(n.kind == 'VAR' for n in walk(list(node.fields.values()))):
                self.say(f'calls {function[0]} ({function[1]}) with columns in an UPDATE or DELETE')

    def check_spread(self, query, root):
        tables = [table for _, table in self.pins.relations(query) if table.distributed]
        if query.hasRecursive == 'true':
            self.say('is recursive over all shards')
        if any(n.kind == 'SUBLINK' for n in walk([query.limitCount, query.limitOffset])):
            self.say('has a sub-select in the LIMIT of all shards')
        if query.commandType in (UPDATE, DELETE) and any(
                n.kind == 'QUERY' and n is not query for n in walk(query)):
            self.say('has a sub-select in a change of all shards')
        if tables and any(n.kind == 'VAR' and n.varlevelsup != '0' for n in own_nodes(query)):
            self.say(f'reads {tables[0].name} anew for each row of what stands before it')
        for node in own_nodes(query):
            if tables and node.kind == 'VAR' and node.varattno == CTID and node.varlevelsup == '0':
                self.say('takes a ctid for the place of a row in more than one shard')
        if len(tables) > 1 and not self.joined_on_company(query):
            self.say('joins distributed tables on something else than their companies')

    def joined_on_company(self, query):
        groups = []
        for left, right, _ in self.pins.equalities(query.jointree):
            groups.append({left, right})
        columns = [(at, str(table.company)) for at, table in self.pins.relations(query) if table.distributed]
        reached = {columns[0]}
        while True:
            more = set().union(*(g for g in groups if g & reached)) | reached
            if more == reached:
                return reached >= set(columns)
            reached = more

    def check_functions(self, root):
        """Wherever they stand: what is evaluated lazily, and what reads tables behind the planner's back."""
        for node in walk(root):
            if node.kind in ('CASEEXPR', 'CASE', 'COALESCEEXPR', 'COALESCE'):
                for name, kind in self.functions.mutable(list(node.fields.values())):
                    self.say(f'has {name} ({kind}) in CASE or COALESCE')
            for name, kind, ours in self.functions.called(node):
                if ours and kind != 'immutable':
                    self.say(f'calls {name}, which may read tables on a shard')
