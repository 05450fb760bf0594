-- Attempts that are counted: log-ins, registrations, proofs of passwords. subject is a hash; a row is of no use from
-- expires on. Instants are microseconds since 1970 UTC.

CREATE TABLE attempts (
  id $ID,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  time BIGINT NOT NULL,
  expires BIGINT NOT NULL
);
CREATE INDEX attempts_of_subject ON attempts (kind, subject, time);
CREATE INDEX attempts_expire ON attempts (expires);
