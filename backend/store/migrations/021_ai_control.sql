-- AI control of a gateway in one ownership period; without a row it is off. Areas are codes of prefectures.
-- Instants are microseconds since 1970 UTC.

-- next_forecast: when the night charge is decided next, NULL while it is off. decision and ceiling_pct: of the newest
-- decision, made at decided. next_check: when warnings and what is still to be written are looked at; not_before: no
-- write is repeated earlier. warned: since when a warning counts, NULL while there is none; earlier_mode: what it
-- replaced; by_hand (0 or 1): somebody chose another mode since.
CREATE TABLE ai_controls (
  ownership_id BIGINT PRIMARY KEY REFERENCES ownerships (id),
  forecast_area TEXT NOT NULL,
  warning_area TEXT NOT NULL,
  night_charge INTEGER NOT NULL,
  warning_charge INTEGER NOT NULL,
  next_forecast BIGINT,
  next_check BIGINT,
  decided BIGINT,
  decision TEXT NOT NULL,
  ceiling_pct INTEGER NOT NULL,
  not_before BIGINT,
  warned BIGINT,
  earlier_mode TEXT NOT NULL,
  by_hand INTEGER NOT NULL
);
