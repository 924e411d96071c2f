-- What became of each signing key and each key of the pepper, so that each change of it comes to stand in the audit once,
-- however many servers see it. No key is in here.
-- additive
CREATE TABLE key_states (
  -- The operator's.
  company_id text NOT NULL,
  -- "0123456789abcdef", the ID in its tokens; "pepper 2", the second line of the pepper.
  key text NOT NULL,
  -- KeyState in services/auth/key/key_store.h.
  state integer NOT NULL,
  CONSTRAINT key_states_pk PRIMARY KEY (company_id, key)
);
