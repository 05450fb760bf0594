-- People: accounts of customers and dealers, provisional registrations, mail links, web sessions, drafts, links, contacts.
-- Instants are microseconds since 1970 UTC. *_hash of a token is its BLAKE2b-256 in hexadecimal.

-- A fully registered account. login_id is the mail address of a customer, the 販売店ID of a dealer.
-- mail_folded: the address in lower case; one account of a kind per address.
CREATE TABLE accounts (
  id $ID,
  kind TEXT NOT NULL CHECK (kind IN ('customer', 'dealer')),
  state TEXT NOT NULL CHECK (state IN ('active', 'closed')),
  login_id TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  dealer_name TEXT NOT NULL,
  sei TEXT NOT NULL,
  mei TEXT NOT NULL,
  sei_kana TEXT NOT NULL,
  mei_kana TEXT NOT NULL,
  mail TEXT NOT NULL,
  mail_folded TEXT NOT NULL,
  zip TEXT NOT NULL,
  pref TEXT NOT NULL,
  city TEXT NOT NULL,
  addr TEXT NOT NULL,
  tel TEXT NOT NULL,
  corp_name TEXT NOT NULL,
  dept_name TEXT NOT NULL,
  created BIGINT NOT NULL,
  UNIQUE (kind, login_id),
  UNIQUE (kind, mail_folded)
);

-- The 販売店ID of a dealer's account; rows stay for ever, so that no number is given twice.
CREATE TABLE dealers (
  dealer_id INTEGER PRIMARY KEY,
  account_id BIGINT NOT NULL UNIQUE REFERENCES accounts (id)
);

-- Each agreement to a version of the terms, for ever.
CREATE TABLE agreements (
  id $ID,
  account_id BIGINT NOT NULL REFERENCES accounts (id),
  terms_version TEXT NOT NULL,
  agreed BIGINT NOT NULL,
  address TEXT NOT NULL
);

CREATE TABLE login_history (
  id $ID,
  account_id BIGINT NOT NULL REFERENCES accounts (id),
  time BIGINT NOT NULL,
  site TEXT NOT NULL,
  address TEXT NOT NULL,
  user_agent TEXT NOT NULL,
  result TEXT NOT NULL
);
CREATE INDEX login_history_of_account ON login_history (account_id, time);

-- A provisional account: what was entered, as JSON of field names and values, and the gateway that it reserves.
CREATE TABLE registrations (
  id $ID,
  kind TEXT NOT NULL CHECK (kind IN ('customer', 'dealer')),
  state TEXT NOT NULL CHECK (state IN ('pending', 'replaced', 'completed')),
  mail_folded TEXT NOT NULL,
  gateway_id TEXT,
  form TEXT NOT NULL,
  mails INTEGER NOT NULL,
  created BIGINT NOT NULL,
  expires BIGINT NOT NULL
);
CREATE UNIQUE INDEX registrations_pending_mail ON registrations (kind, mail_folded) WHERE state = 'pending';
CREATE UNIQUE INDEX registrations_pending_gateway ON registrations (gateway_id) WHERE state = 'pending';

-- A URL in a mail. subject is the id of what it is for: a registration, a contact.
CREATE TABLE link_tokens (
  token_hash TEXT PRIMARY KEY,
  purpose TEXT NOT NULL,
  subject BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  used BIGINT,
  wrong INTEGER NOT NULL DEFAULT 0,
  locked_until BIGINT
);
CREATE INDEX link_tokens_of_subject ON link_tokens (purpose, subject);

CREATE TABLE web_sessions (
  session_hash TEXT PRIMARY KEY,
  site TEXT NOT NULL,
  account_id BIGINT NOT NULL REFERENCES accounts (id),
  started BIGINT NOT NULL,
  seen BIGINT NOT NULL
);
CREATE INDEX web_sessions_of_account ON web_sessions (account_id);

-- What was entered in a wizard and not yet submitted (state open), or where it led to (done).
CREATE TABLE drafts (
  session_hash TEXT NOT NULL,
  wizard TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'done')),
  form TEXT NOT NULL,
  expires BIGINT NOT NULL,
  PRIMARY KEY (session_hash, wizard)
);
CREATE INDEX drafts_expire ON drafts (expires);

-- A dealer looks after a gateway in one ownership period. ended NULL: now. Never more than five at a time.
CREATE TABLE links (
  id $ID,
  gateway_id TEXT NOT NULL REFERENCES gateways (gateway_id),
  ownership_id BIGINT NOT NULL REFERENCES ownerships (id),
  dealer_id INTEGER NOT NULL REFERENCES dealers (dealer_id),
  slot INTEGER NOT NULL CHECK (slot BETWEEN 1 AND 5),
  linked BIGINT NOT NULL,
  ended BIGINT
);
CREATE UNIQUE INDEX links_slot ON links (ownership_id, slot) WHERE ended IS NULL;
CREATE UNIQUE INDEX links_dealer ON links (ownership_id, dealer_id) WHERE ended IS NULL;
CREATE INDEX links_of_dealer ON links (dealer_id) WHERE ended IS NULL;
CREATE INDEX links_of_gateway ON links (gateway_id) WHERE ended IS NULL;

-- 保守担当者: gets alarm mails once its address is verified. notify_* are 0 or 1.
CREATE TABLE contacts (
  id $ID,
  dealer_id INTEGER NOT NULL REFERENCES dealers (dealer_id),
  name TEXT NOT NULL,
  mail TEXT NOT NULL,
  mail_folded TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'verified', 'undeliverable')),
  notify_fault INTEGER NOT NULL,
  notify_offline INTEGER NOT NULL,
  mails INTEGER NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0,
  created BIGINT NOT NULL,
  UNIQUE (dealer_id, mail_folded)
);
