-- The guest's latest message when it became known that a row was sent: a yes counts only after it.
ALTER TABLE outbox ADD COLUMN sent_after_seq BIGINT;

-- What cannot wait is found however long an account's queue is.
CREATE INDEX outbox_urgent ON outbox (integration_id, due_at) WHERE due_at IS NOT NULL AND voice IN ('emergency', 'alert');
