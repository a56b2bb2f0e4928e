-- What is known of a message that a platform may have taken, by the database's clock: that of a function may be wrong by minutes.

-- +goose Up
ALTER TABLE sends
    ADD COLUMN listening_since timestamptz,                  -- since when we wait for the platform's word about the latest attempt; null: we do not
    ADD COLUMN doubtful boolean NOT NULL DEFAULT false;      -- an attempt before the latest may have delivered it
GRANT UPDATE (listening_since, doubtful) ON sends TO omni_processor;

-- +goose Down
ALTER TABLE sends DROP COLUMN doubtful, DROP COLUMN listening_since;
