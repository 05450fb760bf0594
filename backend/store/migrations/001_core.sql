-- Core tables: gateways as devices, who owns them when, alarms, mails, audit.
-- Instants are microseconds since 1970 UTC. $ID is the dialect's self-numbering key, never reused.
-- Accounts, dealers, links, contacts, sessions and tokens are in the migrations that follow.

-- A gateway that the factory made. Device facts come from its own reports and are empty until then.
CREATE TABLE gateways (
  gateway_id TEXT PRIMARY KEY,
  password_hash TEXT NOT NULL,
  model TEXT NOT NULL DEFAULT '',
  serial TEXT NOT NULL DEFAULT '',
  firmware TEXT NOT NULL DEFAULT '',
  first_seen BIGINT,
  last_seen BIGINT,
  settings_revision BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX gateways_last_seen ON gateways (last_seen);

CREATE TABLE gateway_keys (
  public_key TEXT PRIMARY KEY,
  gateway_id TEXT NOT NULL REFERENCES gateways (gateway_id),
  revoked_at BIGINT
);

CREATE TABLE units (
  gateway_id TEXT NOT NULL REFERENCES gateways (gateway_id),
  unit_no INTEGER NOT NULL,
  model TEXT NOT NULL,
  serial TEXT NOT NULL,
  kind TEXT NOT NULL,
  firmware TEXT NOT NULL,
  PRIMARY KEY (gateway_id, unit_no)
);

-- A period in which an account owns a gateway, with the site that it named. until_time NULL: the current owner.
CREATE TABLE ownerships (
  id $ID,
  gateway_id TEXT NOT NULL REFERENCES gateways (gateway_id),
  account_id BIGINT NOT NULL,
  site_name TEXT NOT NULL,
  zip TEXT NOT NULL,
  pref TEXT NOT NULL,
  city TEXT NOT NULL,
  addr TEXT NOT NULL,
  from_time BIGINT NOT NULL,
  until_time BIGINT
);
CREATE UNIQUE INDEX ownerships_current ON ownerships (gateway_id) WHERE until_time IS NULL;
CREATE INDEX ownerships_of_gateway ON ownerships (gateway_id, from_time);
CREATE INDEX ownerships_of_account ON ownerships (account_id);

-- Up to where a stream's events have become alarms.
CREATE TABLE marks (
  gateway_id TEXT NOT NULL,
  stream TEXT NOT NULL,
  mark BIGINT NOT NULL,
  PRIMARY KEY (gateway_id, stream)
);

CREATE TABLE episodes (
  id $ID,
  gateway_id TEXT NOT NULL,
  ownership_id BIGINT,
  unit_no INTEGER NOT NULL,
  code TEXT NOT NULL,
  state TEXT NOT NULL,
  cause TEXT NOT NULL,
  detail TEXT NOT NULL,
  raised_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  cleared_at BIGINT,
  mail_due_at BIGINT,
  closes_at BIGINT,
  flaps INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX episodes_of_gateway ON episodes (gateway_id, raised_at);
CREATE INDEX episodes_active ON episodes (gateway_id, code) WHERE state <> 'closed';
CREATE INDEX episodes_of_cause ON episodes (cause);
CREATE INDEX episodes_mail_due ON episodes (mail_due_at) WHERE mail_due_at IS NOT NULL;
CREATE INDEX episodes_closing ON episodes (closes_at) WHERE closes_at IS NOT NULL;

-- One mail per (kind, cause, address). next_attempt is NULL once its state is final.
CREATE TABLE outbox (
  id $ID,
  kind TEXT NOT NULL,
  cause TEXT NOT NULL,
  address TEXT NOT NULL,
  address_key TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  created BIGINT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt BIGINT,
  expires BIGINT,
  gateway_id TEXT,
  after_id BIGINT,
  UNIQUE (kind, cause, address_key)
);
CREATE INDEX outbox_next_attempt ON outbox (next_attempt) WHERE next_attempt IS NOT NULL;
CREATE INDEX outbox_of_address ON outbox (address_key, kind, created);

-- The trail: what was decided about each possible recipient, and what the mail server said.
CREATE TABLE mail_decisions (
  id $ID,
  time BIGINT NOT NULL,
  outbox_id BIGINT,
  kind TEXT NOT NULL,
  cause TEXT NOT NULL,
  address TEXT NOT NULL,
  decision TEXT NOT NULL,
  reply TEXT NOT NULL
);
CREATE INDEX mail_decisions_of_cause ON mail_decisions (cause);

CREATE TABLE audit (
  id $ID,
  time BIGINT NOT NULL,
  actor TEXT NOT NULL,
  address TEXT NOT NULL,
  act TEXT NOT NULL,
  object TEXT NOT NULL,
  result TEXT NOT NULL
);
CREATE INDEX audit_time ON audit (time);

-- Single values: 'clock' = the newest instant at which anything here was committed.
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value BIGINT NOT NULL
);
