-- The database of usher-room: psql -v shards=32 -f room.sql
\ir common.sql
SELECT create_distributed_function('metadata_size(jsonb)');
SELECT pg_temp.distribute('rooms', NULL, :shards);
SELECT pg_temp.distribute('room_rights', 'rooms', :shards);
SELECT pg_temp.distribute('sub_rooms', 'rooms', :shards);
SELECT pg_temp.distribute('room_presence', 'rooms', :shards);
SELECT pg_temp.distribute('engine_commands', 'rooms', :shards);
SELECT pg_temp.distribute('chat_rooms', 'rooms', :shards);
SELECT pg_temp.distribute('chat_messages', 'rooms', :shards);
SELECT pg_temp.distribute('idempotency_keys', 'rooms', :shards);
SELECT pg_temp.distribute('audit', 'rooms', :shards);
SELECT pg_temp.distribute('sagas', 'rooms', :shards);
SELECT pg_temp.finish('schema_migrations');
