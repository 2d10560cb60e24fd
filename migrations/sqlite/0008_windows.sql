-- until when the guest's vendor takes free words; NULL: it has no such limit, or it is not known
ALTER TABLE conversations ADD COLUMN window_closes_at TEXT;
