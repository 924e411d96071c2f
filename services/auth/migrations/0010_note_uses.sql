-- Where and when sessions and methods were used last.
-- additive
ALTER TABLE sessions ADD COLUMN peer text NOT NULL DEFAULT '';

CREATE OR REPLACE VIEW live_sessions AS
  SELECT s.* FROM sessions s
  JOIN methods m ON m.company_id = s.company_id AND m.key_type = s.key_type
    AND m.principal_key = s.principal_key
  WHERE s.created_at > m.sessions_since;

-- Apart from the methods: whoever signs in has those locked, and nobody shall wait for a note.
CREATE TABLE method_uses (
  company_id text NOT NULL,
  key_type text NOT NULL,
  principal_key text NOT NULL,
  used_at timestamptz NOT NULL,
  CONSTRAINT method_uses_pk PRIMARY KEY (company_id, key_type, principal_key)
);
CREATE INDEX method_uses_by_age ON method_uses (used_at);
