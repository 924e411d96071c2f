-- Mails until they are sent. What they tell is sealed (services/auth/mail/mail_seal.h).
-- additive
CREATE TABLE mail_outbox (
  company_id text NOT NULL,
  mail_id uuid NOT NULL,
  -- 0 nobody's, 1 password reset, 2 invitation.
  kind smallint NOT NULL,
  -- 0 nobody's, to be thrown away; 1 waits or is under way; 2 dead.
  state smallint NOT NULL,
  user_id uuid,
  -- '': the address that the user service has.
  recipient text NOT NULL DEFAULT '',
  language text NOT NULL DEFAULT '',
  username text NOT NULL DEFAULT '',
  link bytea NOT NULL,
  good_for interval NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  -- When it is to be tried; while it is under way, until when nobody else takes it; of a dead one, since when it is.
  due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  queued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_error text NOT NULL DEFAULT '',
  CONSTRAINT mail_outbox_pk PRIMARY KEY (company_id, mail_id),
  CONSTRAINT mail_outbox_kind CHECK (kind BETWEEN 0 AND 2),
  CONSTRAINT mail_outbox_state CHECK (state BETWEEN 0 AND 2)
);
CREATE INDEX mail_outbox_by_due ON mail_outbox (state, due_at);
