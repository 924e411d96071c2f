-- The companies (tenants) of the platform. The platform's own table: its key is the company itself.
CREATE TABLE companies (
  company_id text NOT NULL,
  display_name text NOT NULL,
  -- E-mail of the first administrator; '' where there is none (the operator's company).
  owner_email text NOT NULL DEFAULT '',
  -- 1 being created, 2 active, 3 being destroyed; only active ones are seen by anybody.
  state smallint NOT NULL,
  branding_enabled boolean NOT NULL DEFAULT false,
  branding_title text NOT NULL DEFAULT '',
  navbar_background text NOT NULL DEFAULT '',
  logo_url text NOT NULL DEFAULT '',
  logo_alternative_url text NOT NULL DEFAULT '',
  logo_height bigint NOT NULL DEFAULT 0,
  logo_width bigint NOT NULL DEFAULT 0,
  metadata jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT companies_pk PRIMARY KEY (company_id),
  CONSTRAINT companies_state CHECK (state IN (1, 2, 3))
);
