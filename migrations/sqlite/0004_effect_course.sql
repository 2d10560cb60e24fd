-- How carrying an effect out went so far, so that one which was cut off can be followed until its end is known.
-- when the hotel's system was first called for it, and when the latest call began
ALTER TABLE effects ADD COLUMN sent_at TEXT;
ALTER TABLE effects ADD COLUMN called_at TEXT;
-- calls that were begun, repeats included; whoever writes a result names the call that it belongs to
ALTER TABLE effects ADD COLUMN calls BIGINT NOT NULL DEFAULT 0;
-- how many of its steps are known to stand
ALTER TABLE effects ADD COLUMN steps_done BIGINT NOT NULL DEFAULT 0;
-- the hotel system's own key of the charge
ALTER TABLE effects ADD COLUMN external_id TEXT;
-- when it has to be looked at again: to learn what became of it, or to tell the guest
ALTER TABLE effects ADD COLUMN due_at TEXT;
-- when staff took over while it was under way
ALTER TABLE effects ADD COLUMN overtaken_at TEXT;
CREATE INDEX effects_due ON effects (due_at) WHERE due_at IS NOT NULL;
