-- The database of usher-business-logic: psql -v shards=32 -f business_logic.sql
\ir common.sql
SELECT pg_temp.distribute('favorites', NULL, :shards);
SELECT pg_temp.distribute('permission_groups', 'favorites', :shards);
SELECT pg_temp.distribute('idempotency_keys', 'favorites', :shards);
SELECT pg_temp.distribute('audit', 'favorites', :shards);
SELECT pg_temp.distribute('sagas', 'favorites', :shards);
SELECT pg_temp.finish('schema_migrations');
