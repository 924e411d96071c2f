"""Statements with a fault, each with words of the complaint that the rules must have about it. A rule that finds none
of these would find nothing in the services' statements either."""

# (service whose schema it is about, whether it may go to all shards, SQL, words of the complaint)
STATEMENTS = [
    ('room', False, 'SELECT display_name FROM rooms WHERE room_id = $1', 'rooms is not bound to one company'),
    ('room', False, 'SELECT display_name FROM rooms WHERE company_id > $1', 'rooms is not bound'),
    ('room', False, "SELECT display_name FROM rooms WHERE company_id = $1 OR room_id = $2", 'rooms is not bound'),
    ('room', False, 'SELECT display_name FROM rooms WHERE company_id = ANY ($1::text[])', 'rooms is not bound'),
    ('room', False, 'SELECT 1 FROM rooms r JOIN room_rights e ON e.room_id = r.room_id WHERE r.company_id = $1',
     'room_rights is not bound'),
    ('room', False, 'SELECT 1 FROM rooms r LEFT JOIN room_rights e ON e.room_id = r.room_id AND r.company_id = $1 '
     'WHERE r.company_id = $1', 'room_rights is not bound'),
    ('room', False, 'SELECT 1 FROM rooms r JOIN room_rights e USING (room_id) WHERE r.company_id = $1 AND e.company_id = $2',
     'is about two companies'),
    ('room', False, 'SELECT (SELECT count(*) FROM room_rights e WHERE e.room_id = r.room_id) FROM rooms r '
     'WHERE r.company_id = $1', 'room_rights is not bound'),
    ('room', False, 'SELECT (SELECT count(*) FROM room_rights e WHERE e.company_id = r.company_id) FROM rooms r '
     'WHERE r.company_id = $1', 'room_rights is not bound'),
    ('room', False, 'WITH a AS (SELECT room_id FROM room_rights) SELECT 1 FROM rooms r JOIN a USING (room_id) '
     'WHERE r.company_id = $1', 'room_rights is not bound'),
    ('room', False, 'SELECT 1 FROM (SELECT * FROM rooms ORDER BY room_id LIMIT 1) r WHERE company_id = $1',
     'rooms is not bound'),
    ('room', False, 'SELECT 1 FROM rooms r LEFT JOIN room_rights o ON NOT $2 AND o.company_id = $1 '
     'AND o.room_id = r.room_id WHERE r.company_id = $1', 'on parameters alone in ON: $2'),
    ('room', False, 'SELECT 1 FROM rooms r LEFT JOIN room_rights o ON o.company_id = $1 AND o.user_id = $2 '
     'WHERE r.company_id = $1', 'compares with $2 in ON'),
    ('room', False, 'SELECT 1 FROM rooms WHERE room_id = $1 FOR UPDATE', 'rooms is not bound'),
    ('room', False, 'SELECT coalesce(entries_text, entries_of($1, room_id)) FROM rooms WHERE company_id = $1',
     'entries_of (stable) in CASE or COALESCE'),
    ('room', False, 'SELECT entries_of($1, room_id) FROM rooms WHERE company_id = $1', 'may read tables on a shard'),
    ('room', False, 'SELECT CASE WHEN created_at > now() THEN 1 END FROM rooms WHERE company_id = $1',
     'now (stable) in CASE'),
    ('room', False, 'SELECT coalesce(parent_id, gen_random_uuid()) FROM rooms WHERE company_id = $1',
     'gen_random_uuid (volatile) in CASE or COALESCE'),
    ('room', False, "UPDATE rooms SET entries_text = entries_text || room_id WHERE company_id = $1",
     'textanycat (stable) with columns'),
    ('room', False, "UPDATE rooms SET created_at = created_at + interval '1 day' WHERE company_id = $1",
     'timestamptz_pl_interval (stable) with columns'),
    ('room', False, 'UPDATE rooms SET created_at = clock_timestamp() WHERE company_id = $1', 'clock_timestamp (volatile)'),
    ('room', False, 'UPDATE rooms SET company_id = $2 WHERE company_id = $1', 'changes the company'),
    ('room', False, 'DELETE FROM rooms WHERE company_id = $1 RETURNING now()', 'now (stable) in RETURNING'),
    ('room', False, 'DELETE FROM rooms WHERE ctid = ANY (ARRAY(SELECT ctid FROM rooms LIMIT 10))', 'takes a ctid'),
    ('room', False, "INSERT INTO rooms (company_id, room_id, display_name) VALUES ('acme', $1, $2)",
     'neither given nor read'),
    ('room', False, 'INSERT INTO rooms (company_id, room_id, display_name) SELECT lower(company_id), room_id, $2 '
     'FROM rooms WHERE company_id = $1', 'neither given nor read'),
    ('room', False, 'INSERT INTO rooms (company_id, room_id, display_name) VALUES ($1, $2, $3) '
     'ON CONFLICT (company_id, room_id) DO UPDATE SET created_at = now()', 'now (stable) in DO UPDATE SET'),
    ('room', False, 'INSERT INTO rooms (company_id, room_id, display_name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
     'does not name the company'),
    ('room', False, 'INSERT INTO rooms (company_id, room_id, display_name) VALUES ($1, $2, $3) ON CONFLICT '
     '(company_id, room_id) DO UPDATE SET sub_room_count = 1 WHERE rooms.created_at < now()',
     'now (stable) in the WHERE of ON CONFLICT'),
    ('auth', False, 'SELECT 1 FROM live_sessions WHERE session_id = $1', 'is not bound'),
    ('auth', False, 'SELECT 1 FROM revocations v JOIN users u ON u.company_id = $1 WHERE v.company_id = $1',
     'local and distributed tables'),
    ('auth', True, 'SELECT 1 FROM sessions WHERE expires_at < $1 FOR UPDATE', 'locks rows of all shards'),
    ('auth', True, 'DELETE FROM sessions WHERE ctid = ANY (ARRAY(SELECT ctid FROM sessions LIMIT 10))',
     'sub-select in a change of all shards'),
    ('auth', True, 'SELECT 1 FROM audit ORDER BY at LIMIT (SELECT $1::bigint)', 'sub-select in the LIMIT of all shards'),
    ('auth', True, 'SELECT 1 FROM users u JOIN sessions s ON s.user_id = u.user_id', 'something else than their companies'),
    ('auth', True, 'SELECT 1 FROM (SELECT count(*) < 9 AS few FROM users) n LEFT JOIN LATERAL '
     '(SELECT * FROM sessions WHERE n.few LIMIT 3) s ON true', 'anew for each row'),
    ('auth', True, 'WITH RECURSIVE r AS (SELECT user_id FROM users UNION SELECT u.user_id FROM users u JOIN r '
     'USING (user_id)) SELECT 1 FROM r', 'recursive over all shards'),
]

# What is right, and must not be complained about.
SOUND = [
    ('room', False, 'SELECT 1 FROM rooms r LEFT JOIN room_rights e ON e.company_id = r.company_id AND e.room_id = r.room_id '
     'WHERE r.company_id = $1'),
    ('room', False, 'DELETE FROM rooms WHERE company_id = $1 AND ctid = ANY (ARRAY(SELECT ctid FROM rooms '
     'WHERE company_id = $1 LIMIT 10))'),
    ('auth', False, 'SELECT 1 FROM live_sessions WHERE company_id = $1 AND session_id = $2'),
    ('auth', True, 'DELETE FROM sessions WHERE expires_at < $1'),
]

# Changes of room's schema, and of what is asked for, which the stand-in has to refuse as Citus does.
TABLES = [
    ('CREATE TABLE bad (company_id text, a int PRIMARY KEY)', 'do not include the partition column: bad_pkey'),
    ('CREATE TABLE bad (company_id text, a int, UNIQUE (a), PRIMARY KEY (company_id, a))',
     'do not include the partition column: bad_a_key'),
    ('CREATE TABLE bad (company_id text, room_id uuid, other text, FOREIGN KEY (other, room_id) REFERENCES rooms)',
     'foreign key'),
    ('CREATE TABLE near (company_id text PRIMARY KEY); CREATE TABLE bad (company_id text REFERENCES near)', 'foreign key'),
    ('CREATE TABLE bad (company_id text, room_id uuid, FOREIGN KEY (company_id, room_id) REFERENCES rooms '
     'ON DELETE SET NULL)', 'foreign key'),
    ("CREATE TABLE bad (company_id text); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; "
     'CREATE TRIGGER t BEFORE INSERT ON bad FOR EACH ROW EXECUTE FUNCTION f()', 'has triggers'),
    ('CREATE TABLE bad (company_id text, a int GENERATED ALWAYS AS IDENTITY)', 'identity column'),
    ('CREATE TABLE bad (company text)', 'column "company_id" of relation "bad" does not exist'),
    ('CREATE TABLE bad (company_id uuid)', 'cannot colocate'),
    ('CREATE VIEW bad AS SELECT company_id FROM rooms', 'is not a regular'),
]

# Statements of migrations that a distributed database refuses, and their complaint.
MIGRATIONS = [
    ('ALTER TABLE t DROP CONSTRAINT a, ADD CONSTRAINT a CHECK (b > 1);', 'ADD CONSTRAINT'),
    ('ALTER TABLE t ADD COLUMN b int,\n  ADD CONSTRAINT c CHECK (b IN (1, 2));', 'ADD CONSTRAINT'),
    ('CREATE TRIGGER t AFTER INSERT ON u FOR EACH ROW EXECUTE FUNCTION f();', 'CREATE TRIGGER'),
]
