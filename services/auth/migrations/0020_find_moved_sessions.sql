-- Whoever ends the sessions of a method looks for those that moved to another company.
-- additive
CREATE INDEX moved_sessions_by_method ON moved_sessions (company_id, key_type, principal_key);
