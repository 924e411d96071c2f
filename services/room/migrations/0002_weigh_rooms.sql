-- How many bytes of a reply the parts of a room take at least: what a list looks at before it reads them.
CREATE FUNCTION metadata_size(metadata jsonb) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(sum(6 + octet_length(m.key) + octet_length(m.value)), 0)::integer
  FROM jsonb_each_text(metadata) m
$$;

CREATE FUNCTION sub_rooms_size(company text, room uuid) RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(9 + octet_length(s.sub_room_id) + octet_length(s.display_name)), 0)::integer
  FROM sub_rooms s WHERE s.company_id = company AND s.room_id = room
$$;

ALTER TABLE rooms
  ADD COLUMN metadata_size integer NOT NULL GENERATED ALWAYS AS (metadata_size(metadata)) STORED,
  -- Written together with sub_rooms_text.
  ADD COLUMN sub_rooms_size integer NOT NULL DEFAULT 0;
UPDATE rooms SET sub_rooms_size = sub_rooms_size(company_id, room_id) WHERE sub_room_count > 0;
