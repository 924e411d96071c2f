-- The languages of users: BCP 47 tags, '' where there are none.
-- additive
ALTER TABLE users
  ADD COLUMN ui_language text NOT NULL DEFAULT '',
  -- The best first, with a space between two.
  ADD COLUMN spoken_languages text NOT NULL DEFAULT '';
