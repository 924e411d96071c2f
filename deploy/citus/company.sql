-- The database of usher-company: psql -v shards=32 -f company.sql
\ir common.sql
SELECT create_distributed_function('metadata_size(jsonb)');
SELECT pg_temp.distribute('companies', NULL, :shards);
SELECT pg_temp.distribute('idempotency_keys', 'companies', :shards);
SELECT pg_temp.distribute('audit', 'companies', :shards);
SELECT pg_temp.distribute('sagas', 'companies', :shards);
SELECT pg_temp.finish('schema_migrations');
