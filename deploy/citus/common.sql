-- What the files of the five databases begin with. For psql, on the coordinator; the variable `shards` is how many
-- pieces each table is cut into, which cannot be changed easily: a company is in one of them.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET lock_timeout = 0;
SET statement_timeout = 0;
-- Rows are locked by our statements, which Citus does where each shard is in one place (replicas are PostgreSQL's).
SET citus.shard_replication_factor = 1;

-- The functions here are for this session alone.
SET citus.enable_ddl_propagation = off;

-- Distributes a table by company, unless that has been done. `beside`: the table whose rows of the same company are to be
-- in the same place; NULL for the first table of a database.
CREATE FUNCTION pg_temp.distribute(wanted text, beside text, shards integer) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM citus_tables WHERE table_name = wanted::regclass AND citus_table_type = 'distributed') THEN
    RETURN format('%s: is distributed already', wanted);
  END IF;
  IF beside IS NULL THEN
    PERFORM create_distributed_table(wanted::regclass, 'company_id', colocate_with => 'none', shard_count => shards);
  ELSE
    PERFORM create_distributed_table(wanted::regclass, 'company_id', colocate_with => beside);
  END IF;
  RETURN format('%s: distributed', wanted);
END $$;

-- Gives back what the distributed tables have left on the coordinator, and complains about tables that nobody has
-- decided on. `stay`: those that stay on the coordinator.
CREATE FUNCTION pg_temp.finish(VARIADIC stay text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  forgotten text;
BEGIN
  SELECT string_agg(c.relname, ', ' ORDER BY c.relname) INTO forgotten FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> ALL (stay)
    AND NOT EXISTS (SELECT 1 FROM citus_tables t
                    WHERE t.table_name = c.oid::regclass AND t.citus_table_type = 'distributed')
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e');
  IF forgotten IS NOT NULL THEN
    RAISE EXCEPTION 'nothing says what is to become of: %', forgotten
      USING HINT = 'Take the files of deploy/citus that belong to the release of the schema.';
  END IF;
  -- Each shard has its copy; the rows that are still here would be in the way of constraints.
  PERFORM truncate_local_data_after_distributing_table(table_name) FROM citus_tables
  WHERE citus_table_type = 'distributed' AND pg_relation_size(table_name) > 0;
  RETURN 'nothing is left to distribute';
END $$;

SET citus.enable_ddl_propagation = on;
