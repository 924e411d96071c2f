-- Favorite rooms of users, and the permission groups of companies that have their own.
CREATE TABLE favorites (
  company_id text NOT NULL,
  -- A user who was there when it was written.
  user_id uuid NOT NULL,
  room_id uuid NOT NULL,
  -- The order in which they were added.
  position bigint GENERATED ALWAYS AS IDENTITY,
  CONSTRAINT favorites_pk PRIMARY KEY (company_id, user_id, room_id)
);
CREATE INDEX favorites_in_order ON favorites (company_id, user_id, position) INCLUDE (room_id);

CREATE TABLE permission_groups (
  company_id text NOT NULL,
  group_id text NOT NULL,
  name text NOT NULL,
  sort_order integer NOT NULL,
  -- Bit n is the right with number n of common.RoomPermission.
  rights integer NOT NULL,
  CONSTRAINT permission_groups_pk PRIMARY KEY (company_id, group_id),
  CONSTRAINT permission_groups_order CHECK (sort_order >= 0)
);
