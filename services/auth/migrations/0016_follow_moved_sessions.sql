-- Where sessions went that moved to another company: whoever shows a refresh token of one ends what it goes on as.
-- additive
ALTER TABLE sessions
  -- The session that somebody signed in with, of one that moved since; none: it is this one.
  ADD COLUMN first_company_id text,
  ADD COLUMN first_session_id uuid;

CREATE OR REPLACE VIEW live_sessions AS
  SELECT s.* FROM sessions s
  JOIN methods m ON m.company_id = s.company_id AND m.key_type = s.key_type
    AND m.principal_key = s.principal_key
  WHERE s.created_at > m.sessions_since;

CREATE TABLE moved_sessions (
  company_id text NOT NULL,
  session_id uuid NOT NULL,
  -- Whose it was.
  user_id uuid NOT NULL,
  key_type text NOT NULL,
  principal_key text NOT NULL,
  first_company_id text NOT NULL,
  first_session_id uuid NOT NULL,
  -- In the row of the first one alone: what it goes on as, however often it moved.
  now_company_id text,
  now_session_id uuid,
  -- When the session ends, by whatever name.
  expires_at timestamptz NOT NULL,
  CONSTRAINT moved_sessions_pk PRIMARY KEY (company_id, session_id)
);
CREATE INDEX moved_sessions_by_expiry ON moved_sessions (expires_at);
