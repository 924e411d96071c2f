"""The SQL statements of the services as they stand in their source text: what no list can leave out."""
import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent
SERVICES = ('auth', 'user', 'company', 'room', 'business_logic')
SHARED = ('common/db', 'common/saga')
PIECE = r'(?:R"sql\(.*?\)sql"|"(?:[^"\\]|\\.)*"|k\w+(?:\.text)?)'
DECLARATION = re.compile(r'\bStatement\s+(k\w+)\s*\{\s*"(\w+)"\s*,\s*(' + PIECE + r')\s*\}', re.S)
# What several statements have in common (common/db/joined_sql.h).
SHARED_TEXT = re.compile(r'constexpr char (k\w+)\[\]\s*=\s*(R"sql\(.*?\)sql")\s*;', re.S)
JOINED = re.compile(r'constexpr auto (k\w+)\s*=\s*db::Joined\(((?:\s*' + PIECE + r'\s*,?)+)\)\s*;', re.S)

class Statement(NamedTuple):
    file: str      # "services/room/room_sql.h"
    constant: str  # "kInsertRoom"
    name: str      # "insert_room"
    sql: str


def sources(folder):
    return sorted(p for p in (ROOT / folder).rglob('*') if p.suffix in ('.h', '.cc'))


def text_of(piece, constants):
    if piece.startswith('R"sql('):
        return piece[len('R"sql('):-len(')sql"')]
    if piece.startswith('"'):
        return piece[1:-1]
    return constants[piece.removesuffix('.text')]


def constants_in(folder):
    """Named pieces and what is joined of them, in any order of the files."""
    constants, joined = {}, {}
    for path in sources(folder):
        text = path.read_text()
        constants.update((name, text_of(piece, {})) for name, piece in SHARED_TEXT.findall(text))
        joined.update((name, re.findall(PIECE, pieces, re.S)) for name, pieces in JOINED.findall(text))
    while joined:
        ready = [name for name, pieces in joined.items()
                 if not any(p.removesuffix('.text') in joined for p in pieces if p.startswith('k'))]
        for name in ready:
            constants[name] = ''.join(text_of(piece, constants) for piece in joined.pop(name))
    return constants


def written_in(folder):
    """Fails where SQL stands otherwise than all other statements do."""
    found = []
    constants = constants_in(folder)
    for path in sources(folder):
        text = path.read_text()
        here = [Statement(str(path.relative_to(ROOT)), constant, name, text_of(piece, constants))
                for constant, name, piece in DECLARATION.findall(text)]
        pieces = (sum(piece.startswith('R"sql(') for _, _, piece in DECLARATION.findall(text)) +
                  len(SHARED_TEXT.findall(text)) +
                  sum(pieces.count('R"sql(') for _, pieces in JOINED.findall(text)))
        if pieces != text.count('R"sql('):
            raise SystemExit(f'citus: {path}: a statement is not written as Statement kName{{"name", R"sql(...)sql"}}'
                             ' or {"name", kNameSql.text}')
        found += here
    return found


def of_service(service):
    """Its own, and those of common/ that all services send."""
    return written_in(f'services/{service}') + [s for folder in SHARED for s in written_in(folder)]


def migrations_of(service):
    return (sorted((ROOT / 'common/db/schema').glob('*.sql')) +
            sorted((ROOT / 'services' / service / 'migrations').glob('*.sql')))
