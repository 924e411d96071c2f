-- The rooms of each company: what they are called, who may do what in them, and their parts.
CREATE TABLE rooms (
  company_id text NOT NULL,
  -- UUIDv7: the order of the IDs is the order of creation.
  room_id uuid NOT NULL,
  parent_id uuid,
  display_name text NOT NULL,
  -- 0: no limit.
  active_participants bigint NOT NULL DEFAULT 0,
  allow_spectators boolean NOT NULL DEFAULT false,
  metadata jsonb NOT NULL DEFAULT '{}',
  -- Bit n is the right with number n of common.RoomPermission. NULL: no default rights.
  default_rights integer,
  -- How many rows of room_rights and sub_rooms belong to the room. Both change only while its row
  -- is locked, so that limits can be kept without counting.
  entry_count integer NOT NULL DEFAULT 0,
  sub_room_count integer NOT NULL DEFAULT 0,
  -- What entries_of and sub_rooms_of say, kept beside the room while it is short, so that a list of
  -- rooms is a read of one table. NULL: too long, ask them.
  entries_text text DEFAULT '',
  sub_rooms_text text DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT rooms_pk PRIMARY KEY (company_id, room_id),
  CONSTRAINT rooms_parent FOREIGN KEY (company_id, parent_id)
    REFERENCES rooms (company_id, room_id),
  CONSTRAINT rooms_parent_is_another CHECK (parent_id <> room_id),
  CONSTRAINT rooms_entry_count CHECK (entry_count >= 0),
  CONSTRAINT rooms_sub_room_count CHECK (sub_room_count >= 0)
);
CREATE INDEX rooms_by_parent ON rooms (company_id, parent_id) WHERE parent_id IS NOT NULL;
-- Rooms that everybody in the company may join (bit 5) or administer (bit 1): 34 = 2^5 + 2^1.
CREATE INDEX rooms_open_by_default ON rooms (company_id, room_id) WHERE default_rights & 34 <> 0;

CREATE TABLE room_rights (
  company_id text NOT NULL,
  room_id uuid NOT NULL,
  -- Whether there is such a user is not asked.
  user_id uuid NOT NULL,
  rights integer NOT NULL,
  CONSTRAINT room_rights_pk PRIMARY KEY (company_id, room_id, user_id),
  CONSTRAINT room_rights_room FOREIGN KEY (company_id, room_id)
    REFERENCES rooms (company_id, room_id)
);
CREATE INDEX room_rights_by_user ON room_rights (company_id, user_id, room_id) INCLUDE (rights);

CREATE TABLE sub_rooms (
  company_id text NOT NULL,
  room_id uuid NOT NULL,
  -- Chosen by the client.
  sub_room_id text NOT NULL,
  display_name text NOT NULL,
  sort bigint NOT NULL DEFAULT 0,
  CONSTRAINT sub_rooms_pk PRIMARY KEY (company_id, room_id, sub_room_id),
  CONSTRAINT sub_rooms_room FOREIGN KEY (company_id, room_id)
    REFERENCES rooms (company_id, room_id)
);

-- The entries of a room as one text: user ID and rights behind chr(31), entries behind chr(30). The
-- edge lets no control characters into names and IDs.
CREATE FUNCTION entries_of(company text, room uuid) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce(string_agg(e.user_id || chr(31) || e.rights, chr(30)), '')
  FROM room_rights e WHERE e.company_id = company AND e.room_id = room
$$;

-- Likewise ID, sort and display name of the sub-rooms.
CREATE FUNCTION sub_rooms_of(company text, room uuid) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce(string_agg(s.sub_room_id || chr(31) || s.sort || chr(31) || s.display_name,
                             chr(30)), '')
  FROM sub_rooms s WHERE s.company_id = company AND s.room_id = room
$$;
