-- The sessions of a method by age: the oldest are ended where there are too many. Takes the place of
-- the index on the method alone.
-- additive
CREATE INDEX sessions_by_method_and_age
  ON sessions (company_id, key_type, principal_key, created_at, session_id);
DROP INDEX sessions_by_method;
