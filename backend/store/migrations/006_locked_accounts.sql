-- An operator may lock an account; NULL: it is not locked. Microseconds since 1970 UTC.

ALTER TABLE accounts ADD COLUMN locked_at BIGINT;
