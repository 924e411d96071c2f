-- additive
-- Who owns a company is remembered by user ID; the e-mail address is for showing: an address can be
-- given to somebody else. NULL: nobody has said so yet (usher-company --bootstrap does), and nobody is
-- taken for the owner.
ALTER TABLE companies ADD COLUMN owner_id uuid;
