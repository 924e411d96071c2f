"""The SQL statements of the services as they stand in their source text: what no list can leave out."""
import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent
SERVICES = ('auth', 'user', 'company', 'room', 'business_logic')
SHARED = ('common/db', 'common/saga')
DECLARATION = re.compile(r'\bStatement\s+(k\w+)\s*\{\s*"(\w+)"\s*,\s*R"sql\((.*?)\)sql"\s*\}', re.S)


class Statement(NamedTuple):
    file: str      # "services/room/room_sql.h"
    constant: str  # "kInsertRoom"
    name: str      # "insert_room"
    sql: str


def sources(folder):
    return sorted(p for p in (ROOT / folder).rglob('*') if p.suffix in ('.h', '.cc'))


def written_in(folder):
    """Fails where SQL stands otherwise than all other statements do."""
    found = []
    for path in sources(folder):
        text = path.read_text()
        here = [Statement(str(path.relative_to(ROOT)), *match.groups()) for match in DECLARATION.finditer(text)]
        if len(here) != text.count('R"sql('):
            raise SystemExit(f'citus: {path}: a statement is not written as Statement kName{{"name", R"sql(...)sql"}}')
        found += here
    return found


def of_service(service):
    """Its own, and those of common/ that all services send."""
    return written_in(f'services/{service}') + [s for folder in SHARED for s in written_in(folder)]


def migrations_of(service):
    return (sorted((ROOT / 'common/db/schema').glob('*.sql')) +
            sorted((ROOT / 'services' / service / 'migrations').glob('*.sql')))
