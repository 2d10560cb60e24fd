-- the channel's own id of the guest, where it has one that outlasts an address (WhatsApp's business-scoped user id)
ALTER TABLE conversations ADD COLUMN lasting_id TEXT;
CREATE UNIQUE INDEX conversations_by_lasting_id ON conversations (property_id, channel, lasting_id) WHERE lasting_id IS NOT NULL;
