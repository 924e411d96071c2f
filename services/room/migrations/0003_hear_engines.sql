-- Who is in which room, as media engines tell, and what they are to be told.
-- additive

-- What one engine has said last of one room. It counts while reported_at is young enough.
CREATE TABLE room_presence (
  company_id text NOT NULL,
  room_id uuid NOT NULL,
  -- Chosen by the engine.
  engine_id text NOT NULL,
  -- Everybody in it: services/room/engine/occupants_text.h.
  occupants text NOT NULL,
  -- Of these the ones that are online: who takes part, who watches.
  active integer NOT NULL,
  passive integer NOT NULL,
  reported_at timestamptz NOT NULL,
  CONSTRAINT room_presence_pk PRIMARY KEY (company_id, room_id, engine_id)
);
CREATE INDEX room_presence_by_engine ON room_presence (company_id, engine_id);

-- What an engine has not yet acknowledged.
CREATE TABLE engine_commands (
  company_id text NOT NULL,
  engine_id text NOT NULL,
  -- A new one each time that the same is ordered again, so that no acknowledgement takes a later order away.
  command_id uuid NOT NULL,
  -- Numbers of CommandKind.
  kind smallint NOT NULL,
  -- NULL: all rooms.
  room_id uuid,
  -- NULL: not about one user.
  user_id uuid,
  -- Numbers of usher.engine.v1.Reason.
  reason smallint NOT NULL,
  written_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT engine_commands_pk PRIMARY KEY (company_id, engine_id, command_id)
);
-- The same is ordered once, however often it is said.
CREATE UNIQUE INDEX engine_commands_once
  ON engine_commands (company_id, engine_id, kind, room_id, user_id) NULLS NOT DISTINCT;
