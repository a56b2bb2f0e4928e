-- Whoever asks whether something is erased may see first whether anything is: that costs a tenth of asking, and it is asked for every event.

-- +goose Up
GRANT SELECT (expires_at) ON erasure_tombstones TO omni_processor, omni_api; -- the sweeper has it already

-- +goose Down
REVOKE SELECT (expires_at) ON erasure_tombstones FROM omni_processor, omni_api;
