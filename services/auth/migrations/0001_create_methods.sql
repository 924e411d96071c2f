-- Who may sign in, with what, and what is signed in: companies as auth knows them, users, authentication
-- methods, sessions, revocations.
CREATE TABLE companies (
  company_id text NOT NULL,
  -- 1 active, 2 switched off; a company that is not here cannot be signed in to.
  status smallint NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT companies_pk PRIMARY KEY (company_id),
  CONSTRAINT companies_status CHECK (status IN (1, 2))
);

CREATE TABLE users (
  company_id text NOT NULL,
  user_id uuid NOT NULL,
  -- authentication.AccountStatus; 5 is the tombstone of a removed user, or of one that was ruled out
  -- before it came: its ID is never used again.
  status smallint NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT users_pk PRIMARY KEY (company_id, user_id),
  CONSTRAINT users_company FOREIGN KEY (company_id) REFERENCES companies (company_id),
  CONSTRAINT users_status CHECK (status BETWEEN 1 AND 5)
);

CREATE TABLE methods (
  company_id text NOT NULL,
  key_type text NOT NULL,
  -- What the principal is compared by: NFC and case-folded for names, as it is for IDs.
  principal_key text NOT NULL,
  principal text NOT NULL,
  user_id uuid NOT NULL,
  -- Sealed (docs/security.md); empty where the secret is elsewhere (a directory).
  secret bytea NOT NULL,
  permissions integer NOT NULL DEFAULT 0,
  status smallint NOT NULL DEFAULT 1,
  metadata jsonb NOT NULL DEFAULT '{}',
  -- Guest access.
  room_id uuid,
  email text NOT NULL DEFAULT '',
  display_name text NOT NULL DEFAULT '',
  shareable boolean NOT NULL DEFAULT false,
  -- Of API keys; kept, never fetched.
  redirect_uri text NOT NULL DEFAULT '',
  -- NULL: never.
  expires_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT methods_pk PRIMARY KEY (company_id, key_type, principal_key),
  CONSTRAINT methods_user FOREIGN KEY (company_id, user_id) REFERENCES users (company_id, user_id),
  CONSTRAINT methods_key_type CHECK (key_type IN ('password', 'authorization_code', 'ldap',
    'guest_access', 'activation_token', 'password_reset', 'oauth2')),
  CONSTRAINT methods_status CHECK (status BETWEEN 1 AND 5)
);
CREATE INDEX methods_by_user ON methods (company_id, user_id);
-- A user's own methods in all companies, among which they may switch.
CREATE INDEX methods_by_user_anywhere ON methods (user_id);

-- A session is what authenticate opens; its refresh token is the current link of a chain.
CREATE TABLE sessions (
  company_id text NOT NULL,
  session_id uuid NOT NULL,
  user_id uuid NOT NULL,
  -- The method that it was opened with. For a guest of a shareable access, user_id is the guest's own
  -- and base_user_id the access's.
  key_type text NOT NULL,
  principal_key text NOT NULL,
  principal text NOT NULL,
  base_user_id uuid,
  display_name text NOT NULL DEFAULT '',
  -- Permissions granted at sign-in; a refreshed token never has more.
  permissions integer NOT NULL,
  -- Keyed hash of the refresh token that is good now, and of the one before it.
  current_hash bytea NOT NULL,
  previous_hash bytea,
  -- When current replaced previous.
  rotated_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT sessions_pk PRIMARY KEY (company_id, session_id),
  CONSTRAINT sessions_method FOREIGN KEY (company_id, key_type, principal_key)
    REFERENCES methods (company_id, key_type, principal_key) ON DELETE CASCADE
);
CREATE INDEX sessions_by_method ON sessions (company_id, key_type, principal_key);
CREATE INDEX sessions_by_user ON sessions (company_id, user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- The feed that makes tokens die everywhere. Written in the transaction that ends what it names.
CREATE TABLE revocations (
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  company_id text NOT NULL,
  -- 1 session, 2 user, 3 company.
  kind smallint NOT NULL,
  subject text NOT NULL,
  issued_until timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- 1 signed out, 2 account inactive, 3 rights taken.
  reason smallint NOT NULL,
  CONSTRAINT revocations_pk PRIMARY KEY (company_id, sequence),
  CONSTRAINT revocations_kind CHECK (kind IN (1, 2, 3)),
  CONSTRAINT revocations_reason CHECK (reason IN (1, 2, 3))
);
CREATE UNIQUE INDEX revocations_by_sequence ON revocations (sequence);
