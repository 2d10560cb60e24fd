-- When a channel account may send next, decided here for all nodes.
CREATE TABLE send_pace (
    integration_id BLOB PRIMARY KEY NOT NULL,
    -- least time between two messages, in microseconds; 0: no limit
    gap_micros BIGINT NOT NULL,
    next_at TEXT NOT NULL
);

-- when the latest sending began
ALTER TABLE outbox ADD COLUMN tried_at TEXT;
-- how often the vendor was asked what became of it; a row that is unknown and due is asked about
ALTER TABLE outbox ADD COLUMN looks BIGINT NOT NULL DEFAULT 0;
-- staff have dealt with a row that failed or is unknown
ALTER TABLE outbox ADD COLUMN closed_at TEXT;

CREATE INDEX outbox_by_account ON outbox (integration_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX outbox_sending ON outbox (lease_until) WHERE state = 'sending';
CREATE INDEX outbox_undelivered ON outbox (property_id, created_at, id) WHERE state IN ('failed', 'unknown') AND closed_at IS NULL;
