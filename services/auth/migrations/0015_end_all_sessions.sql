-- With what a session is used, and signing out everywhere but here.
-- additive
ALTER TABLE sessions
  ADD COLUMN user_agent text NOT NULL DEFAULT '',
  -- Of a session that went on when the others of its user were ended, and was dated anew for it: when it was
  -- opened. Otherwise that is created_at.
  ADD COLUMN begun_at timestamptz;

CREATE OR REPLACE VIEW live_sessions AS
  SELECT s.* FROM sessions s
  JOIN methods m ON m.company_id = s.company_id AND m.key_type = s.key_type
    AND m.principal_key = s.principal_key
  WHERE s.created_at > m.sessions_since;

-- The ending of all sessions of a user is about sessions.
CREATE OR REPLACE FUNCTION audit_kind(object text, detail text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN detail LIKE 'opened by %' OR detail LIKE 'sign-in %' THEN 1
    WHEN detail = 'continued' OR detail LIKE 'refresh %' THEN 2
    WHEN object LIKE 'session %' OR detail = 'session ended' OR detail LIKE 'all sessions ended%'
      OR detail LIKE '% oldest sessions ended' THEN 3
    WHEN object LIKE 'company %' THEN 5
    WHEN object LIKE 'reset %' OR detail LIKE 'password reset%' THEN 6
    WHEN object LIKE 'mail %' THEN 7
    WHEN object LIKE 'key %' THEN 8
    WHEN object LIKE 'invitation %' OR object LIKE 'activation_token %' THEN 9
    ELSE 4
  END
$$;
