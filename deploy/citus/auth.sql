-- The database of usher-auth: psql -v shards=32 -f auth.sql
\ir common.sql
SELECT create_distributed_function('metadata_size(jsonb)');
SELECT pg_temp.distribute('companies', NULL, :shards);
SELECT pg_temp.distribute('users', 'companies', :shards);
SELECT pg_temp.distribute('methods', 'companies', :shards);
SELECT pg_temp.distribute('sessions', 'companies', :shards);
SELECT pg_temp.distribute('ended_sessions', 'companies', :shards);
SELECT pg_temp.distribute('company_links', 'companies', :shards);
SELECT pg_temp.distribute('method_uses', 'companies', :shards);
SELECT pg_temp.distribute('moved_sessions', 'companies', :shards);
SELECT pg_temp.distribute('given_up_foundings', 'companies', :shards);
SELECT pg_temp.distribute('key_states', 'companies', :shards);
SELECT pg_temp.distribute('idempotency_keys', 'companies', :shards);
SELECT pg_temp.distribute('audit', 'companies', :shards);
SELECT pg_temp.distribute('sagas', 'companies', :shards);
-- The feed of revocations is one order of all companies, which every server asks for twice a second.
-- A source of guesses counts for all companies. The mail of all companies is one queue, of which each server takes what is
-- due and locks it; resets are renewed beside their mail.
SELECT pg_temp.finish('schema_migrations', 'revocations', 'guesses', 'mail_outbox', 'password_resets');
