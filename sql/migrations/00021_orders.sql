-- Orders in which lists are read that were put together or sorted before, however long they were.

-- +goose Up

-- What is unread, whoever looks after it: the lists of all agents had to be put together for it.
CREATE INDEX conversations_unread_all ON conversations (status, last_message_at DESC, id)
    WHERE merged_into IS NULL AND last_message_at IS NOT NULL AND unread_count > 0;

-- Dead letters, what died last first.
DROP INDEX messages_dead, message_events_dead, dead_jobs_waiting;
CREATE INDEX messages_dead ON messages (processed_at DESC, id DESC) WHERE state = 'dead';
CREATE INDEX message_events_dead ON message_events (processed_at DESC, id DESC) WHERE state = 'dead';
CREATE INDEX dead_jobs_waiting ON dead_jobs (died_at DESC, id DESC) WHERE redriven_at IS NULL;

-- +goose Down
DROP INDEX dead_jobs_waiting, message_events_dead, messages_dead;
CREATE INDEX messages_dead ON messages (seq) WHERE state = 'dead';
CREATE INDEX message_events_dead ON message_events (seq) WHERE state = 'dead';
CREATE INDEX dead_jobs_waiting ON dead_jobs (died_at) WHERE redriven_at IS NULL;
DROP INDEX conversations_unread_all;
