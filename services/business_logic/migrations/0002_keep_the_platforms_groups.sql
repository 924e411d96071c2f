-- The platform's permission groups are those of the company ''. (No company can be called so; servers of the release before have
-- them in their code.)
-- additive
-- (The shifts stand in brackets: PostgreSQL's << and | bind alike.)
INSERT INTO permission_groups (company_id, group_id, name, sort_order, rights) VALUES
  ('', 'administrator', 'Administrator', 1,
   (1<<1) | (1<<2) | (1<<3) | (1<<4) | (1<<5) | (1<<6) | (1<<7) | (1<<8) | (1<<9) | (1<<10) | (1<<11) | (1<<15) | (1<<20) | (1<<21) | (1<<22)
   | (1<<25) | (1<<30)),
  -- Published clients look for the names Moderator and Participant.
  ('', 'moderator', 'Moderator', 2,
   (1<<2) | (1<<3) | (1<<4) | (1<<5) | (1<<6) | (1<<8) | (1<<9) | (1<<10) | (1<<11) | (1<<15) | (1<<20) | (1<<21) | (1<<22) | (1<<30)),
  ('', 'participant', 'Participant', 3,
   (1<<2) | (1<<3) | (1<<5) | (1<<6) | (1<<9) | (1<<10) | (1<<21) | (1<<22) | (1<<30)),
  ('', 'listener', 'Listener', 4, (1<<5) | (1<<10) | (1<<22)),
  ('', 'guest', 'Guest', 5, (1<<2) | (1<<3) | (1<<5) | (1<<10));
