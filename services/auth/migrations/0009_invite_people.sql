-- Invitations (methods of type activation_token) say which method they may create.
-- additive
ALTER TABLE methods
  ADD COLUMN invited_key_type text NOT NULL DEFAULT '',
  ADD COLUMN invited_principal text NOT NULL DEFAULT '';
