-- The sessions of a method end all at once, however many there are: those that were opened at or before
-- sessions_since are over, and their rows are deleted later, in pieces. Servers of the release before would
-- continue such sessions.
ALTER TABLE methods ADD COLUMN sessions_since timestamptz NOT NULL DEFAULT '-infinity';
-- What a method of the same name has left behind is nothing to the new one.
ALTER TABLE methods ALTER COLUMN sessions_since SET DEFAULT clock_timestamp();
-- It would delete the sessions together with their method.
ALTER TABLE sessions DROP CONSTRAINT sessions_method;

-- USER_ADMIN and COMPANY_ADMIN: who can sign tokens for others.
CREATE INDEX sessions_that_sign ON sessions (company_id, key_type, principal_key, created_at)
  WHERE permissions & 544 <> 0;

-- Whose rows are to be deleted.
CREATE TABLE ended_sessions (
  company_id text NOT NULL,
  key_type text NOT NULL,
  principal_key text NOT NULL,
  ended_until timestamptz NOT NULL,
  CONSTRAINT ended_sessions_pk PRIMARY KEY (company_id, key_type, principal_key)
);

CREATE VIEW live_sessions AS
  SELECT s.* FROM sessions s
  JOIN methods m ON m.company_id = s.company_id AND m.key_type = s.key_type
    AND m.principal_key = s.principal_key
  WHERE s.created_at > m.sessions_since;
