"""The services' own SQL statements as pgbench scripts, so that both do the same."""

import os
import re

from installation import ROOT

STATEMENT = re.compile(
    r'inline constexpr db::Statement \w+\{\s*"(\w+)",\s*R"sql\((.*?)\)sql"\s*\}', re.DOTALL)


def load(path):
    """The statements of a <noun>_sql.h, by their names."""
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return dict(STATEMENT.findall(file.read()))


def filled(sql, values):
    """One statement for pgbench: `values` are names of variables (":user3"), or literals."""
    def value(match):
        return values[int(match.group(1)) - 1]
    return re.sub(r"\$(\d+)", value, sql.strip()) + ";\n"
