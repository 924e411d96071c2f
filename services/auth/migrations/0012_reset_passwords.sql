-- Password resets that were asked for, one for each password method. Rows of company '-' stand in for methods
-- that do not exist, so that asking takes as long.
-- additive
CREATE TABLE password_resets (
  company_id text NOT NULL,
  principal_key text NOT NULL,
  user_id uuid,
  -- A keyed hash of the token, and one of the sealed secret that it is to replace.
  token_hash bytea NOT NULL,
  secret_mark bytea NOT NULL,
  -- The mail that tells the token, or the decoy in its place.
  mail_id uuid NOT NULL,
  expires_at timestamptz NOT NULL,
  -- How often a mail was asked for since then.
  counted integer NOT NULL,
  counted_since timestamptz NOT NULL,
  CONSTRAINT password_resets_pk PRIMARY KEY (company_id, principal_key)
);
CREATE INDEX password_resets_by_expiry ON password_resets (expires_at);
CREATE INDEX password_resets_by_user ON password_resets (company_id, user_id);
