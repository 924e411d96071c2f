-- Several refresh tokens of a session are good at a time: all that were answered for one, until the
-- first of them is used. Servers of the release before keep one, and what they write counts.
-- additive
ALTER TABLE sessions
  -- Hashes in hex, a blank between: of the tokens that are good, of which current_hash is the last,
  -- and of those before them, of which previous_hash is the first. Empty where that one is the only
  -- one; what does not fit to it is out of date.
  ADD COLUMN good_hashes text NOT NULL DEFAULT '',
  ADD COLUMN ended_hashes text NOT NULL DEFAULT '';
