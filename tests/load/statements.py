"""The services' own SQL statements as pgbench scripts, so that both do the same."""

import importlib.util
import os
import re

from installation import ROOT

# How statements are put together of pieces, the judges of Citus know already.
_SPEC = importlib.util.spec_from_file_location(
    "written_statements", os.path.join(ROOT, "tests", "citus", "statements.py"))
_written = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_written)


def load(path):
    """The statements of a <noun>_sql.h of a service, by their names."""
    service = "/".join(path.split("/")[:2])
    return {one.name: one.sql for one in _written.written_in(service) if one.file == path}


def filled(sql, values):
    """One statement for pgbench: `values` are names of variables (":user3"), or literals."""
    def value(match):
        return values[int(match.group(1)) - 1]
    return re.sub(r"\$(\d+)", value, sql.strip()) + ";\n"
