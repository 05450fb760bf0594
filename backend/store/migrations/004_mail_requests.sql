-- What people asked for and will be answered by mail. Written for every address alike; a duty decides what to send, so
-- that neither pages nor their time tell which addresses are known. form: JSON of field names and values.

CREATE TABLE mail_requests (
  id $ID,
  kind TEXT NOT NULL,
  account_kind TEXT NOT NULL CHECK (account_kind IN ('customer', 'dealer')),
  form TEXT NOT NULL,
  time BIGINT NOT NULL
);
