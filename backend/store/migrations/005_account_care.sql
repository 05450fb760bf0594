-- What people do with accounts that exist: news by mail, a new mail address, agreeing to new terms.

-- What an owner wants to hear of by mail (0 or 1).
ALTER TABLE accounts ADD COLUMN notify_fault INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN notify_offline INTEGER NOT NULL DEFAULT 0;

-- The newest mail address that an account asked for and has not confirmed yet.
CREATE TABLE mail_changes (
  account_id BIGINT PRIMARY KEY REFERENCES accounts (id),
  mail TEXT NOT NULL
);

CREATE INDEX agreements_of_account ON agreements (account_id, id);
-- For what is kept only for a while.
CREATE INDEX login_history_time ON login_history (time);
CREATE INDEX registrations_expire ON registrations (expires);
