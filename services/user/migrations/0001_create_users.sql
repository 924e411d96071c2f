-- The users of each company, and what is under way with them: creations and removals that auth has a part in.
CREATE TABLE users (
  company_id text NOT NULL,
  -- UUIDv7: the order of the IDs is the order of creation.
  user_id uuid NOT NULL,
  -- '' where there is none.
  email text NOT NULL DEFAULT '',
  -- What the address is compared by: NFC and case-folded. NULL where there is none.
  email_key text,
  firstname text NOT NULL DEFAULT '',
  lastname text NOT NULL DEFAULT '',
  title text NOT NULL DEFAULT '',
  metadata jsonb NOT NULL DEFAULT '{}',
  -- 1 being created, 2 active, 3 being removed; only active ones are seen by anybody. The address is
  -- reserved in all three.
  state smallint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT users_pk PRIMARY KEY (company_id, user_id),
  CONSTRAINT users_email UNIQUE (company_id, email_key),
  CONSTRAINT users_state CHECK (state IN (1, 2, 3))
) WITH (fillfactor = 85); -- profiles change: their new version shall fit beside the old one

CREATE TABLE user_sagas (
  company_id text NOT NULL,
  user_id uuid NOT NULL,
  -- 1 creation, 2 removal.
  kind smallint NOT NULL,
  -- Until then it belongs to whoever began or took it; after that any replica takes it.
  lease_until timestamptz NOT NULL,
  -- A second call wants the same removal: only auth's word settles it then.
  contested boolean NOT NULL DEFAULT false,
  -- Whose call it was; NULL and '' where nobody's.
  caller_id uuid,
  rpc text NOT NULL,
  request_id text NOT NULL,
  idempotency_key text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT user_sagas_pk PRIMARY KEY (company_id, user_id),
  CONSTRAINT user_sagas_user FOREIGN KEY (company_id, user_id)
    REFERENCES users (company_id, user_id) ON DELETE CASCADE,
  CONSTRAINT user_sagas_kind CHECK (kind IN (1, 2))
);
CREATE INDEX user_sagas_by_lease ON user_sagas (lease_until);
