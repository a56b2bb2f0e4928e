-- Real time: who may open sockets, who may tell them something, and who clears them away. The tables came with the agents.

-- +goose Up

-- A socket is opened by whoever has a ticket, which is used up by that.
GRANT INSERT ON tickets TO omni_api;
GRANT SELECT (hash, agent_id, expires_at), DELETE ON tickets TO omni_realtime;
GRANT SELECT (id), INSERT (id, agent_id), DELETE ON connections TO omni_realtime;
GRANT SELECT (id, state) ON agents TO omni_realtime;

-- Whoever writes changes tells all sockets of them. The processor hears which ones are gone.
GRANT SELECT ON connections TO omni_processor, omni_api, omni_sweeper;
GRANT SELECT (id, state) ON agents TO omni_processor, omni_sweeper;
GRANT DELETE ON connections TO omni_processor;

-- What is stale goes with the sweeper.
GRANT DELETE ON connections, tickets TO omni_sweeper;
GRANT SELECT (expires_at) ON tickets TO omni_sweeper;

-- +goose Down
REVOKE ALL ON tickets, connections FROM omni_api, omni_realtime, omni_processor, omni_sweeper;
REVOKE SELECT (id, state) ON agents FROM omni_realtime, omni_processor, omni_sweeper;
