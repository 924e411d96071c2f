-- What a later generation of clients knows of a room; and the rooms of a parent in their order. A reply
-- names the ID of a sub-room twice now: servers of the release before write the smaller size, which is a
-- lower bound as well.
-- additive
ALTER TABLE rooms
  -- 0: no limit.
  ADD COLUMN passive_participants bigint NOT NULL DEFAULT 0,
  -- Numbers of common.RoomMode and common.RoomType.
  ADD COLUMN mode smallint NOT NULL DEFAULT 1,
  ADD COLUMN type smallint NOT NULL DEFAULT 2,
  -- The place among the rooms with the same parent, lowest first; where it is the same, the older first.
  ADD COLUMN sort bigint NOT NULL DEFAULT 0;

-- Rooms at the top stand under the parent of zeros: no index finds what IS NOT DISTINCT FROM.
CREATE INDEX rooms_by_place ON rooms
  (company_id, coalesce(parent_id, '00000000-0000-0000-0000-000000000000'::uuid), sort, room_id);

-- Whether a room has another administrator: of thousands of entries, a few.
CREATE INDEX room_rights_of_administrators ON room_rights (company_id, room_id, user_id)
  WHERE rights & 2 <> 0;

CREATE OR REPLACE FUNCTION sub_rooms_size(company text, room uuid) RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(11 + 2 * octet_length(s.sub_room_id) + octet_length(s.display_name)), 0)::integer
  FROM sub_rooms s WHERE s.company_id = company AND s.room_id = room
$$;
UPDATE rooms SET sub_rooms_size = sub_rooms_size(company_id, room_id) WHERE sub_room_count > 0;
