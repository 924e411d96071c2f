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
-- accepted, and by nothing else.
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

-- Those that still hold: it is the same user, nobody has been handed the first method since, and the
-- secret of the second is the one that was shown.
CREATE VIEW open_links AS
  SELECT l.* FROM company_links l
  JOIN methods f ON f.company_id = l.company_id AND f.key_type = l.key_type
    AND f.principal_key = l.principal_key
  JOIN methods t ON t.company_id = l.to_company_id AND t.key_type = l.to_key_type
    AND t.principal_key = l.to_principal_key
  WHERE f.user_id = l.user_id AND t.user_id = l.user_id
    AND f.handed_since <= l.created_at AND t.secret_since <= l.created_at;

-- Where somebody signed in whose session goes on in another company: whatever ends the sessions of that
-- method ends this one as well.
ALTER TABLE sessions
  ADD COLUMN origin_company_id text,
  ADD COLUMN origin_key_type text,
  ADD COLUMN origin_principal_key text;

CREATE OR REPLACE VIEW live_sessions AS
  SELECT s.* FROM sessions s
  JOIN methods m ON m.company_id = s.company_id AND m.key_type = s.key_type
    AND m.principal_key = s.principal_key
  WHERE s.created_at > m.sessions_since
    AND (s.origin_company_id IS NULL OR EXISTS (
      SELECT 1 FROM methods o
      WHERE o.company_id = s.origin_company_id AND o.key_type = s.origin_key_type
        AND o.principal_key = s.origin_principal_key AND o.sessions_since < s.created_at));
