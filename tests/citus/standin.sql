-- A stand-in for the extension citus: the functions that deploy/citus calls, with the rules of Citus 12 by which they
-- refuse, in its words. It distributes nothing: it writes down what was asked for.
CREATE SCHEMA citus;
SET search_path = citus, public;

CREATE TABLE tables (
  table_name regclass PRIMARY KEY,
  distribution_column text NOT NULL,
  colocation_id integer NOT NULL,
  shard_count integer NOT NULL,
  truncated integer NOT NULL DEFAULT 0
);
CREATE TABLE nodes (place text PRIMARY KEY, coordinator boolean NOT NULL);
CREATE TABLE functions (name regprocedure PRIMARY KEY);
CREATE SEQUENCE colocation_ids;

CREATE VIEW citus_tables AS
  SELECT table_name, 'distributed' AS citus_table_type, distribution_column, colocation_id, shard_count FROM tables;

CREATE FUNCTION refuse(message text, detail text DEFAULT '') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', message USING ERRCODE = 'feature_not_supported', DETAIL = detail;
END $$;

CREATE FUNCTION create_distributed_table(table_name regclass, distribution_column text, distribution_type text DEFAULT 'hash',
                                         colocate_with text DEFAULT 'default', shard_count integer DEFAULT NULL)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  target CONSTANT oid := create_distributed_table.table_name;
  key CONSTANT text := create_distributed_table.distribution_column;
  at smallint;
  type oid;
  name text;
  beside citus.tables;
BEGIN
  IF EXISTS (SELECT FROM citus.tables t WHERE t.table_name = target) THEN
    PERFORM citus.refuse(format('table "%s" is already distributed', target::regclass));
  END IF;
  SELECT attnum, atttypid INTO at, type FROM pg_attribute
  WHERE attrelid = target AND attname = key AND attnum > 0 AND NOT attisdropped;
  IF at IS NULL THEN
    PERFORM citus.refuse(format('column "%s" of relation "%s" does not exist', key, target::regclass));
  END IF;
  IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = target AND attnum = at AND attgenerated <> '') THEN
    PERFORM citus.refuse(format('cannot distribute relation: %s', target::regclass), 'the column is generated');
  END IF;

  -- Each unique or primary key, and each exclusion, contains the column; for exclusions it would have to be by =.
  SELECT i.indexrelid::regclass INTO name FROM pg_index i
  WHERE i.indrelid = target AND (i.indisunique OR i.indisexclusion)
    AND NOT at = ANY (string_to_array(i.indkey::text, ' ')::smallint[]) LIMIT 1;
  IF name IS NOT NULL THEN
    PERFORM citus.refuse(format('cannot create constraint on "%s"', target::regclass), format(
      'Distributed relations cannot have UNIQUE, EXCLUDE, or PRIMARY KEY constraints that do not include the '
      'partition column: %s', name));
  END IF;
  SELECT tgname INTO name FROM pg_trigger WHERE tgrelid = target AND NOT tgisinternal LIMIT 1;
  IF name IS NOT NULL THEN
    PERFORM citus.refuse(format('cannot distribute relation "%s" because it has triggers', target::regclass), name);
  END IF;
  SELECT attname INTO name FROM pg_attribute
  WHERE attrelid = target AND attidentity <> '' AND atttypid <> 'bigint'::regtype LIMIT 1;
  IF name IS NOT NULL THEN
    PERFORM citus.refuse(format('cannot complete operation on %s with smallint/int identity column', target::regclass), name);
  END IF;
  IF EXISTS (SELECT FROM pg_class WHERE oid = target AND (relkind <> 'r' OR relpersistence <> 'p' OR relrowsecurity)) OR
     EXISTS (SELECT FROM pg_rewrite WHERE ev_class = target) OR EXISTS (SELECT FROM pg_inherits WHERE inhrelid = target) THEN
    PERFORM citus.refuse(format('"%s" is not a regular, foreign or partitioned table', target::regclass));
  END IF;

  IF colocate_with = 'none' THEN
    beside := ROW(target, key, nextval('citus.colocation_ids'), coalesce(shard_count, 32), 0);
  ELSE
    IF shard_count IS NOT NULL THEN
      PERFORM citus.refuse('Cannot use colocate_with with a table and shard_count at the same time');
    END IF;
    SELECT t.* INTO beside FROM citus.tables t WHERE t.table_name = colocate_with::regclass;
    IF beside.table_name IS NULL THEN
      PERFORM citus.refuse(format('relation %s is not distributed', colocate_with));
    END IF;
    IF type <> (SELECT atttypid FROM pg_attribute
                WHERE attrelid = beside.table_name AND attname = beside.distribution_column) THEN
      PERFORM citus.refuse(format('cannot colocate tables %s and %s', colocate_with, target::regclass));
    END IF;
  END IF;

  -- To tables beside it, company to company; nothing that would set a company to NULL.
  SELECT c.conname INTO name FROM pg_constraint c
  LEFT JOIN citus.tables t ON t.table_name = c.confrelid
  LEFT JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attname = t.distribution_column
  WHERE c.contype = 'f' AND c.conrelid = target
    AND ((c.confrelid <> target AND t.colocation_id IS DISTINCT FROM beside.colocation_id)
         OR NOT EXISTS (SELECT FROM unnest(c.conkey, c.confkey) AS pair (mine, theirs)
                        WHERE mine = at AND theirs = CASE WHEN c.confrelid = target THEN at ELSE a.attnum END)
         OR c.confdeltype IN ('n', 'd') OR c.confupdtype IN ('n', 'd', 'c'))
  LIMIT 1;
  IF name IS NOT NULL THEN
    PERFORM citus.refuse(
      'cannot create foreign key constraint since relations are not colocated or not referencing a reference table',
      format('%s of %s', name, target::regclass));
  END IF;
  -- What is referenced is in its place before what references it.
  SELECT c.conname INTO name FROM pg_constraint c
  WHERE c.contype = 'f' AND c.confrelid = target AND c.conrelid <> target
    AND EXISTS (SELECT FROM citus.tables t WHERE t.table_name = c.conrelid) LIMIT 1;
  IF name IS NOT NULL THEN
    PERFORM citus.refuse(format('%s was distributed before what it references', name));
  END IF;

  INSERT INTO citus.tables VALUES (target, key, beside.colocation_id, beside.shard_count);
END $$;

CREATE FUNCTION truncate_local_data_after_distributing_table(table_name regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM pg_constraint c
             WHERE c.contype = 'f' AND c.confrelid = truncate_local_data_after_distributing_table.table_name
               AND NOT EXISTS (SELECT FROM citus.tables t WHERE t.table_name = c.conrelid)) THEN
    PERFORM citus.refuse('cannot truncate a table referenced in a foreign key constraint by a local table');
  END IF;
  UPDATE citus.tables t SET truncated = truncated + 1
  WHERE t.table_name = truncate_local_data_after_distributing_table.table_name;
END $$;

CREATE FUNCTION create_distributed_function(name regprocedure) RETURNS void LANGUAGE sql AS $$
  INSERT INTO citus.functions VALUES (name) ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION citus_set_coordinator_host(host text, port integer DEFAULT 5432) RETURNS void LANGUAGE sql AS $$
  INSERT INTO citus.nodes VALUES (host || ':' || port, true) ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION citus_add_node(host text, port integer) RETURNS integer LANGUAGE sql AS $$
  INSERT INTO citus.nodes VALUES (host || ':' || port, false) ON CONFLICT DO NOTHING;
  SELECT 1
$$;

-- For whoever connects from now on, as if it were the system's.
DO $$ BEGIN
  EXECUTE format('ALTER DATABASE %I SET search_path = public, citus', current_database());
END $$;
