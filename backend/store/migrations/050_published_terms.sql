-- Terms of use that the operator published, beside those that the program ships. Instants: microseconds since 1970 UTC.

CREATE TABLE published_terms (
  kind TEXT NOT NULL,
  version TEXT NOT NULL,
  effective BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (kind, version)
);
