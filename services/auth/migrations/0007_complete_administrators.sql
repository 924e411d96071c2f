-- Company administrators hold every permission but the platform's: whoever held all that there were of those gets
-- MANAGE_COMPANY (16) and MANAGE_BILLING (17) as well. Without them nobody could hand them out in a company that is
-- there already, nor act on an administrator of a company that was founded since, who holds them.
-- additive
UPDATE methods SET permissions = permissions | 196608
WHERE permissions & 42110 = 42110 AND key_type <> 'guest_access';

-- What was granted at sign-in bounds what a session has: without this they would come with the next sign-in only.
UPDATE sessions SET permissions = permissions | 196608
WHERE permissions & 42110 = 42110 AND key_type <> 'guest_access';
