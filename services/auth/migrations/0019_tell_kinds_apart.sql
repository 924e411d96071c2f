-- Rows of mails, password resets and used invitations are of these kinds: most of them counted as methods. They are judged when
-- they are read, so that those from before are among them.
-- additive
CREATE OR REPLACE FUNCTION audit_kind(object text, detail text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN detail LIKE 'opened by %' OR detail LIKE 'sign-in %' THEN 1
    WHEN detail = 'continued' OR detail LIKE 'refresh %' THEN 2
    WHEN object LIKE 'session %' OR detail = 'session ended' OR detail LIKE 'all sessions ended%'
      OR detail LIKE '% oldest sessions ended' THEN 3
    WHEN object LIKE 'company %' THEN 5
    -- "mail", "password reset mail", "invitation mail", and their IDs.
    WHEN object LIKE 'mail %' OR object LIKE '% mail %' THEN 7
    WHEN object LIKE 'password reset%' OR object LIKE 'reset %' OR detail LIKE 'password reset%' THEN 6
    WHEN object LIKE 'key %' THEN 8
    WHEN object LIKE 'invitation %' OR object LIKE 'activation_token %'
      OR detail LIKE 'created by an invitation%' OR detail LIKE 'joined by an invitation%' THEN 9
    ELSE 4
  END
$$;
