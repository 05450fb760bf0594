-- Settings of gateways: what each said last, what people and AI control asked for, what changed. All of it belongs to an
-- ownership period. form: JSON of setting names and values. Instants are microseconds since 1970 UTC.

CREATE TABLE known_settings (
  ownership_id BIGINT PRIMARY KEY REFERENCES ownerships (id),
  form TEXT NOT NULL,
  revision BIGINT NOT NULL,
  read_at BIGINT NOT NULL
);

-- id is the correlation id on the wire. account_id NULL: AI control or the service itself. late: what an answer after
-- the deadline said.
CREATE TABLE setting_requests (
  id $ID,
  gateway_id TEXT NOT NULL REFERENCES gateways (gateway_id),
  ownership_id BIGINT NOT NULL REFERENCES ownerships (id),
  kind TEXT NOT NULL CHECK (kind IN ('read', 'write')),
  author TEXT NOT NULL CHECK (author IN ('owner', 'dealer', 'ai', 'device')),
  account_id BIGINT REFERENCES accounts (id),
  form TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'done', 'refused', 'timeout', 'cancelled')),
  reason TEXT NOT NULL,
  late TEXT NOT NULL CHECK (late IN ('', 'done', 'refused')),
  created BIGINT NOT NULL,
  deadline BIGINT NOT NULL,
  finished BIGINT
);
CREATE UNIQUE INDEX setting_requests_one_write ON setting_requests (gateway_id)
  WHERE kind = 'write' AND state IN ('queued', 'sent');
CREATE INDEX setting_requests_open ON setting_requests (deadline) WHERE state IN ('queued', 'sent');
CREATE INDEX setting_requests_created ON setting_requests (created);

-- 設定変更履歴, a row for each item. request_id NULL: changed at the device itself.
CREATE TABLE setting_changes (
  id $ID,
  ownership_id BIGINT NOT NULL REFERENCES ownerships (id),
  request_id BIGINT REFERENCES setting_requests (id),
  time BIGINT NOT NULL,
  item TEXT NOT NULL,
  old_value TEXT NOT NULL,
  new_value TEXT NOT NULL
);
CREATE INDEX setting_changes_of_ownership ON setting_changes (ownership_id, id);
CREATE INDEX setting_changes_of_request ON setting_changes (request_id);
CREATE INDEX setting_changes_time ON setting_changes (time);
