-- What people write to each other in rooms.
-- additive

-- How far the chat of a room has come. Its row is locked while a message is written, from before its position is known until
-- it is committed: whoever sees a position has seen all before it.
CREATE TABLE chat_rooms (
  company_id text NOT NULL,
  room_id uuid NOT NULL,
  last_position bigint NOT NULL DEFAULT 0,
  -- No message of a room is older than the one before it.
  last_at timestamptz NOT NULL DEFAULT '1970-01-01T00:00:00Z',
  -- The room was destroyed: what was written in it is forgotten piece by piece.
  gone boolean NOT NULL DEFAULT false,
  CONSTRAINT chat_rooms_pk PRIMARY KEY (company_id, room_id)
);
CREATE INDEX chat_rooms_gone ON chat_rooms (company_id, room_id) WHERE gone;

-- A message that goes to several rooms stands here once for each.
CREATE TABLE chat_messages (
  company_id text NOT NULL,
  room_id uuid NOT NULL,
  -- From 1 on. What users who were removed had written is missing.
  position bigint NOT NULL,
  message_id uuid NOT NULL,
  sender uuid NOT NULL,
  sent_at timestamptz NOT NULL,
  -- In which it was written; '': the main room.
  sub_room_id text NOT NULL,
  -- Heard in the main room and all sub-rooms.
  broadcast boolean NOT NULL,
  body text NOT NULL,
  language text NOT NULL,
  source_language text NOT NULL,
  CONSTRAINT chat_messages_pk PRIMARY KEY (company_id, room_id, position)
);
-- The three ways to look back: one sub-room, what went to all of them, everything.
CREATE INDEX chat_messages_in_sub_room
  ON chat_messages (company_id, room_id, sub_room_id, sent_at, position) WHERE NOT broadcast;
CREATE INDEX chat_messages_to_all ON chat_messages (company_id, room_id, sent_at, position) WHERE broadcast;
CREATE INDEX chat_messages_in_room ON chat_messages (company_id, room_id, sent_at, position);
CREATE INDEX chat_messages_by_sender ON chat_messages (company_id, sender);
CREATE INDEX chat_messages_by_age ON chat_messages (sent_at);
