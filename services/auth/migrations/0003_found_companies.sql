-- Companies come and go: 3 is one that was destroyed, until everything of it is cleared.
-- additive
ALTER TABLE companies DROP CONSTRAINT companies_status,
  ADD CONSTRAINT companies_status CHECK (status IN (1, 2, 3));

-- Foundings that were given up: whatever comes late for one of them is refused.
CREATE TABLE given_up_foundings (
  company_id text NOT NULL,
  user_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT given_up_foundings_pk PRIMARY KEY (company_id, user_id)
);
CREATE INDEX given_up_foundings_by_age ON given_up_foundings (created_at);
