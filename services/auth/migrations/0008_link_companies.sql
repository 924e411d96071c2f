-- Which methods in different companies are one person's, so that a session can go on in the other
-- company. A user ID in common says nothing: administrators make users, and put secrets into methods of
-- theirs. Servers of the release before would not note who replaces a secret.
ALTER TABLE methods
  -- When the secret was put there, by whomever (hashing it anew puts nothing there).
  ADD COLUMN secret_since timestamptz NOT NULL DEFAULT '-infinity',
  -- When somebody put it there who had not shown the one before.
  ADD COLUMN handed_since timestamptz NOT NULL DEFAULT '-infinity';
ALTER TABLE methods
  ALTER COLUMN secret_since SET DEFAULT clock_timestamp(),
  ALTER COLUMN handed_since SET DEFAULT clock_timestamp();

-- Whoever has signed in with the first method may go on with the second. Made where an invitation is
-- accepted, and by nothing else. It holds as long as both are the same user's, nobody has been handed the
-- first since (handed_since), and the secret of the second is the one that was shown (secret_since).
CREATE TABLE company_links (
  company_id text NOT NULL,
  key_type text NOT NULL,
  principal_key text NOT NULL,
  to_company_id text NOT NULL,
  to_key_type text NOT NULL,
  to_principal_key text NOT NULL,
  user_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT company_links_pk PRIMARY KEY (company_id, key_type, principal_key, to_company_id,
    to_key_type, to_principal_key)
);
-- For clearing up.
CREATE INDEX company_links_by_age ON company_links (created_at);

-- Where somebody signed in whose session goes on in another company: whatever ends the sessions of that
-- method ends this one as well.
ALTER TABLE sessions
  ADD COLUMN origin_company_id text,
  ADD COLUMN origin_key_type text,
  ADD COLUMN origin_principal_key text;

CREATE INDEX sessions_by_origin ON sessions (origin_company_id, origin_key_type, origin_principal_key)
  WHERE origin_company_id IS NOT NULL;

CREATE OR REPLACE VIEW live_sessions AS
  SELECT s.* FROM sessions s
  JOIN methods m ON m.company_id = s.company_id AND m.key_type = s.key_type
    AND m.principal_key = s.principal_key
  WHERE s.created_at > m.sessions_since;
