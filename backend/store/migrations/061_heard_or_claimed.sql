-- Silence that is news to the owner (ALARM-10) counts from the last report, or from the claim when that was later: nobody owned
-- the gateway before.
ALTER TABLE gateways ADD COLUMN heard_or_claimed BIGINT;
UPDATE gateways SET heard_or_claimed = last_seen;
UPDATE gateways SET heard_or_claimed = (
  SELECT from_time FROM ownerships WHERE ownerships.gateway_id = gateways.gateway_id AND until_time IS NULL)
  WHERE EXISTS (
    SELECT 1 FROM ownerships WHERE ownerships.gateway_id = gateways.gateway_id AND until_time IS NULL
    AND from_time > gateways.last_seen);
DROP INDEX gateways_last_seen;
CREATE INDEX gateways_heard_or_claimed ON gateways (heard_or_claimed);
