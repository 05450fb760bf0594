-- The ingest asks with every group of frames how many keys were revoked.
CREATE INDEX gateway_keys_revoked ON gateway_keys (revoked_at) WHERE revoked_at IS NOT NULL;
