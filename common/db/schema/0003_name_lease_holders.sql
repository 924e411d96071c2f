-- Which server has a saga in its hands, for people who look: its host and process. '' where an older one has.
-- additive
ALTER TABLE sagas ADD COLUMN holder text NOT NULL DEFAULT '';
