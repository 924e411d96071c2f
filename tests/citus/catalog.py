"""What the rules ask of a database: its tables, and how its functions behave."""
from typing import NamedTuple, Optional

import psql

COLUMN = 'company_id'


class Table(NamedTuple):
    name: str
    company: Optional[int]  # the number of the column company_id; None where there is none
    distributed: bool


class Catalog:
    def __init__(self, database, local):
        self.tables = {}
        for oid, name, company in psql.rows(database, f"""
                SELECT c.oid, c.relname, coalesce(a.attnum, 0) FROM pg_class c
                LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = '{COLUMN}'
                WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"""):
            self.tables[oid] = Table(name, int(company) or None, name not in local)
        self.functions = {}  # number: (name, i(mmutable) | s(table) | v(olatile), whether the schema is ours)
        for oid, name, volatile, ours in psql.rows(database, """
                SELECT oid, proname, provolatile, pronamespace = 'public'::regnamespace FROM pg_proc"""):
            self.functions[oid] = (name, volatile, ours == 't')
        self.in_and_out = {oid: functions for oid, *functions in psql.rows(
            database, 'SELECT oid, typinput::oid, typoutput::oid FROM pg_type')}
        self.operators = dict(psql.rows(database, 'SELECT oid, oprcode::oid FROM pg_operator'))
        [(self.equal,)] = psql.rows(database, "SELECT '=(text,text)'::regoperator::oid")

    def volatility(self, function):
        return self.functions[function][1]
