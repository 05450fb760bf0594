-- What the second look at an alarm mail needs, and whose each mail is: one address may be a customer's, a dealer's and a
-- contact's.

-- 1: who hears of the episode has been decided. Whoever is linked later hears only of the next.
ALTER TABLE episodes ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
UPDATE episodes SET told = 1 WHERE EXISTS (SELECT 1 FROM outbox WHERE outbox.cause = episodes.cause);

-- The ownership period that the news belongs to; NULL: no gateway's news.
ALTER TABLE outbox ADD COLUMN ownership_id BIGINT;
-- Whose mail it is: "account 7", "contact 3"; empty while nobody's.
ALTER TABLE outbox ADD COLUMN recipient TEXT NOT NULL DEFAULT '';
-- 1: the recipient is closed, and the address goes as soon as the mail is done.
ALTER TABLE outbox ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0;
CREATE INDEX outbox_of_recipient ON outbox (recipient) WHERE recipient <> '';

ALTER TABLE mail_decisions ADD COLUMN recipient TEXT NOT NULL DEFAULT '';
CREATE INDEX mail_decisions_of_recipient ON mail_decisions (recipient) WHERE recipient <> '';
