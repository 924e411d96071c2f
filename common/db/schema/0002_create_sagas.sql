-- What is under way in two services at once, and an order of the audit rows by age, for forgetting old ones.
CREATE TABLE sagas (
  company_id text NOT NULL,
  -- What it is about: an ID of the service's, of which one thing at a time can be under way.
  subject text NOT NULL,
  -- What is under way, and how far it is: numbers of the service's. The state begins at 0.
  kind smallint NOT NULL,
  state smallint NOT NULL DEFAULT 0,
  -- Until then it belongs to whoever began or claimed it; after that any replica claims it.
  lease_until timestamptz NOT NULL,
  -- How often it was claimed.
  attempts integer NOT NULL DEFAULT 0,
  -- Whose call it was; NULL and '' where nobody's.
  caller uuid,
  rpc text NOT NULL,
  request_id text NOT NULL,
  idempotency_key text NOT NULL DEFAULT '',
  peer text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT sagas_pk PRIMARY KEY (company_id, subject)
);
CREATE INDEX sagas_by_lease ON sagas (lease_until);

-- Rows are added in the order of their age: a few ranges of blocks are all that has to be kept.
CREATE INDEX audit_by_age ON audit USING brin (at) WITH (autosummarize = on);
