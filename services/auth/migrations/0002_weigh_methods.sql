-- How many bytes of a reply the metadata take at least: what a list looks at before it reads them.
CREATE FUNCTION metadata_size(metadata jsonb) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(sum(6 + octet_length(m.key) + octet_length(m.value)), 0)::integer
  FROM jsonb_each_text(metadata) m
$$;

ALTER TABLE methods
  ADD COLUMN metadata_size integer NOT NULL GENERATED ALWAYS AS (metadata_size(metadata)) STORED;
