-- The audit can be read: what was answered, and an order among rows of the same time. The table is written anew,
-- which takes as long as it is large, and nobody signs in meanwhile.
-- additive
ALTER TABLE audit
  -- common.ReplyStatusCode: 0 is done.
  ADD COLUMN outcome integer NOT NULL DEFAULT 0,
  ADD COLUMN sequence bigint NOT NULL GENERATED ALWAYS AS IDENTITY;
-- All companies, the newest first: what a platform administrator reads.
CREATE INDEX audit_by_time ON audit (at);

-- What a row is about, as usher.audit.v1.Kind counts it. Whoever writes rows of a kind writes them so that they are
-- found here.
CREATE FUNCTION audit_kind(object text, detail text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN detail LIKE 'opened by %' OR detail LIKE 'sign-in %' THEN 1
    WHEN detail = 'continued' OR detail LIKE 'refresh %' THEN 2
    WHEN object LIKE 'session %' OR detail = 'session ended'
      OR detail LIKE '% oldest sessions ended' THEN 3
    WHEN object LIKE 'company %' THEN 5
    WHEN object LIKE 'reset %' OR detail LIKE 'password reset%' THEN 6
    WHEN object LIKE 'mail %' THEN 7
    WHEN object LIKE 'key %' THEN 8
    WHEN object LIKE 'invitation %' OR object LIKE 'activation_token %' THEN 9
    ELSE 4
  END
$$;
