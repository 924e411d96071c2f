-- The database of usher-user: psql -v shards=32 -f user.sql
\ir common.sql
SELECT create_distributed_function('metadata_size(jsonb)');
SELECT pg_temp.distribute('users', NULL, :shards);
SELECT pg_temp.distribute('user_sagas', 'users', :shards);
SELECT pg_temp.distribute('idempotency_keys', 'users', :shards);
SELECT pg_temp.distribute('audit', 'users', :shards);
SELECT pg_temp.distribute('sagas', 'users', :shards);
SELECT pg_temp.finish('schema_migrations');
