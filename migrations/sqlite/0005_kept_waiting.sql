-- up to which of their messages the guest has been told that the answer takes longer
ALTER TABLE conversations ADD COLUMN wait_told_seq BIGINT NOT NULL DEFAULT 0;
