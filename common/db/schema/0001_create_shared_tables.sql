-- What every service keeps beside its own data: answers to calls that a client may repeat, and who
-- changed what.
CREATE TABLE idempotency_keys (
  company_id text NOT NULL,
  user_id uuid NOT NULL,
  rpc text NOT NULL,
  key text NOT NULL,
  request_hash text NOT NULL,
  answer text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT idempotency_keys_pk PRIMARY KEY (company_id, user_id, rpc, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE TABLE audit (
  company_id text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  user_id uuid,
  rpc text NOT NULL,
  object text NOT NULL,
  detail text NOT NULL DEFAULT '',
  request_id text NOT NULL,
  peer text NOT NULL
);
CREATE INDEX audit_by_company ON audit (company_id, at);
