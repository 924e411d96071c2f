"""What pgbench runs beside each scenario: the same statements, over the same rows."""

from statements import filled, load

ROOMS = "services/room/room_sql.h"
ROOM_LISTS = "services/room/room_list_sql.h"
USERS = "services/user/user_sql.h"
METHODS = "services/auth/method/method_sql.h"
SESSIONS = "services/auth/session/session_sql.h"

PLACES = 64  # different rows that a script goes through


def _people(seed):
    return seed["people"][:PLACES]


def permissions(seed):
    """find_access for everybody, as Permissions asks for oneself."""
    sql = load(ROOMS)["find_access"]
    rooms = seed["roomIds"]
    variables = {"company": seed["companyId"]}
    script = ""
    for i in range(PLACES):
        person = seed["people"][i % len(seed["people"])]
        variables[f"room{i}"] = rooms[i * 7 % len(rooms)]
        variables[f"user{i}"] = person["userId"]
        script += filled(sql, [":company", f":room{i}", f":user{i}", "NULL::uuid"])
    return script, variables, PLACES


def list_rooms(seed):
    """The first 100 rooms as an administrator sees them."""
    sql = load(ROOM_LISTS)["list_all_rooms"]
    variables = {"company": seed["companyId"], "user": seed["people"][0]["userId"], "all": "true",
                 "parts": 15, "limit": 100, "offset": 0, "share": 4 * 1024 * 1023 // 2 // 100}
    return filled(sql, [":company", ":user", ":all", ":all", ":parts", ":limit", ":offset",
                        ":share"]), variables, 1


def _each_their_own(statements):
    """A script in which each of eight clients goes through rows that no other one touches."""
    script = ""
    for client in range(8):
        script += f"\\{'if' if client == 0 else 'elif'} :client_id = {client}\n"
        script += "".join(statements[client::8])
    return script + "\\endif\n", len(statements) // 8


def profile_update(seed):
    """An UPDATE by primary key and nothing else: the ceiling of userProfileUpdate."""
    sql = ("UPDATE users SET firstname = $3, lastname = $4, title = $5 "
           "WHERE company_id = $1 AND user_id = $2")
    variables = {"company": seed["companyId"], "first": "Ada", "title": "Dr."}
    updates = []
    for i, person in enumerate(_people(seed)):
        variables[f"user{i}"] = person["userId"]
        variables[f"last{i}"] = person["username"]
        updates.append(filled(sql, [":company", f":user{i}", ":first", f":last{i}", ":title"]))
    script, statements = _each_their_own(updates)
    return script, variables, statements


def own_profile_update(seed):
    """What userProfileUpdate does: the same with its audit row."""
    sql = load(USERS)["replace_profile"]
    variables = {"company": seed["companyId"], "first": "Ada", "title": "Prof.",
                 "rpc": "user.profileUpdate", "request": "0", "peer": "127.0.0.1"}
    updates = []
    for i, person in enumerate(_people(seed)):
        variables[f"user{i}"] = person["userId"]
        variables[f"last{i}"] = person["username"]
        updates.append(filled(sql, [":company", f":user{i}", ":first", f":last{i}", ":title",
                                    f":user{i}", ":rpc", ":request", ":peer"]))
    script, statements = _each_their_own(updates)
    return script, variables, statements


def sign_in_by_code(seed, secrets):
    """The two statements of signing in with an API key; `secrets` as in the table, by client ID."""
    find = load(METHODS)["find_method"]
    opened = load(SESSIONS)["open_session"]
    variables = {"company": seed["companyId"], "kind": "authorization_code",
                 "rpc": "auth.authenticate", "request": "0", "peer": "127.0.0.1",
                 "agent": "grpc-c++/1.51.1", "hash": "\\\\x" + "00" * 32,
                 "lifetime": 30 * 24 * 3600 * 10**6}  # microseconds
    pairs = []
    for i, person in enumerate(_people(seed)):
        variables[f"user{i}"] = person["userId"]
        variables[f"key{i}"] = person["clientId"].casefold()
        variables[f"secret{i}"] = "\\x" + secrets[person["clientId"]]
        pair = filled(find, [":company", ":kind", f":key{i}"])
        pair += filled(opened, [
            ":company", ":kind", f":key{i}", f":secret{i}", "gen_random_uuid()", f":user{i}",
            "NULL", f":key{i}", "''", "0", ":hash", ":lifetime", ":rpc", ":request", ":peer",
            "NULL", "NULL", "NULL", ":agent", "NULL", "NULL"])
        pairs.append(pair)
    script, statements = _each_their_own(pairs)
    return script, variables, statements


def refresh(seed, sessions):
    """The transaction of a refresh; `sessions`: IDs of open sessions."""
    statements = load(SESSIONS)
    variables = {"company": seed["companyId"], "rpc": "auth.authenticate", "request": "0",
                 "peer": "127.0.0.1", "agent": "grpc-c++/1.51.1", "hash": "\\\\x" + "00" * 32}
    transactions = []
    for i, session in enumerate(sessions[:PLACES]):
        variables[f"session{i}"] = session
        transactions.append(
            "BEGIN;\n" + filled(statements["lock_session"], [":company", f":session{i}"]) +
            filled(statements["rotate_session"],
                   [":company", f":session{i}", ":hash", ":hash", "''", "''", "now()", ":rpc",
                    ":request", ":peer", ":agent"]) + "COMMIT;\n")
    script, count = _each_their_own(transactions)
    return script, variables, count


# Rooms that are open to those with an entry; {company} is an expression, with n for their number.
GROWN_ROOMS = """
INSERT INTO rooms (company_id, room_id, display_name, metadata, entry_count, sub_room_count,
                   entries_text, sub_rooms_text)
SELECT {company}, gen_random_uuid(), 'Room ' || n,
       jsonb_build_object('building', 'South', 'number', n::text), 0, 0, '', ''
FROM generate_series(1, {more}) AS n
"""

GROWN_RIGHTS = """
WITH new AS (
  SELECT company_id, room_id, row_number() OVER () AS n FROM rooms
  WHERE entry_count = 0
), written AS (
  INSERT INTO room_rights (company_id, room_id, user_id, rights)
  SELECT new.company_id, new.room_id, who.user_id, 32
  FROM new CROSS JOIN LATERAL (VALUES (gen_random_uuid()), (gen_random_uuid())) AS who (user_id)
  RETURNING room_id
)
UPDATE rooms SET entry_count = 2 WHERE entry_count = 0
"""

# An ordinary user's own rooms among those of the company.
OWN_ROOMS = """
INSERT INTO room_rights (company_id, room_id, user_id, rights)
SELECT company_id, room_id, '{user}', 32 FROM rooms
WHERE company_id = '{company}' AND default_rights IS NULL AND entry_count = 2 LIMIT 250
"""

# Rooms with {entries} entries each; their IDs are answered.
CROWDED_ROOMS = """
WITH made AS (
  INSERT INTO rooms (company_id, room_id, display_name, entry_count, entries_text)
  SELECT '{company}', gen_random_uuid(), 'Crowded room', {entries}, NULL FROM generate_series(1, 8)
  RETURNING room_id
)
SELECT room_id FROM made
"""
CROWDS = """
INSERT INTO room_rights (company_id, room_id, user_id, rights)
SELECT company_id, room_id, gen_random_uuid(), 32
FROM rooms CROSS JOIN generate_series(1, {entries})
WHERE company_id = '{company}' AND entry_count = {entries}
"""
