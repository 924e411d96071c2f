-- Who the first administrator is: the owner, by an ID that nobody else can take. NULL for companies that were
-- made before.
-- additive
ALTER TABLE companies ADD COLUMN owner_id uuid;
