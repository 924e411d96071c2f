-- What a company is in the operator's books, and logos of the next generation of clients.
-- additive
ALTER TABLE companies
  ADD COLUMN customer_id text NOT NULL DEFAULT '',
  ADD COLUMN plan_id text NOT NULL DEFAULT '',
  ADD COLUMN logo_square_48_url text NOT NULL DEFAULT '',
  ADD COLUMN logo_square_96_url text NOT NULL DEFAULT '';
