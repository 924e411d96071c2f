-- Of methods of type ldap. Their secret is in the directory: in `secret` stands which entry they belong to, as soon as
-- somebody has come by them, so that whoever gets the name after somebody has left is not taken for them.
-- additive
ALTER TABLE methods
  -- When somebody asked the directory, or set out to, whether whoever is signed in is still there.
  ADD COLUMN directory_checked_at timestamptz NOT NULL DEFAULT '-infinity',
  -- Whether the user service was asked to make the profile.
  ADD COLUMN profile_made boolean NOT NULL DEFAULT false;
