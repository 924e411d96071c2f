-- How often secrets were guessed: for an account from a source, for an account, from a source. Keys are keyed
-- hashes, so that the table tells neither names nor addresses (docs/auth.md, "Guessing").
-- additive
CREATE TABLE guesses (
  -- '' of sources: they count for all companies. No reference: what does not exist is counted as well.
  company_id text NOT NULL,
  key uuid NOT NULL,
  -- Of an account from a source: in a row.
  failures bigint NOT NULL DEFAULT 0,
  -- Of an account from a source: when it may be tried again. Else when all that was counted has run off.
  free_at timestamptz,
  -- Of an account from a source: when somebody got in last.
  right_at timestamptz,
  -- Says nothing any more from then on.
  forget_at timestamptz NOT NULL,
  CONSTRAINT guesses_pk PRIMARY KEY (company_id, key)
) WITH (fillfactor = 80);
CREATE INDEX guesses_by_end ON guesses (forget_at);
