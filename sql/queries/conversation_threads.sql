-- name: ConversationThreadAdd :many
-- Names a conversation, in a fixed order so that two transactions cannot deadlock. Returns what the names stand for afterwards: another
-- conversation where somebody else was first.
INSERT INTO conversation_threads (channel_account_id, thread, conversation_id)
SELECT @channel_account_id, given.thread, @conversation_id
FROM (SELECT unnest(@threads::text[]) AS thread) AS given
ORDER BY given.thread
ON CONFLICT (channel_account_id, thread) DO UPDATE SET thread = excluded.thread
RETURNING conversation_id;

-- name: ConversationThreadMove :exec
-- Hands the names of one conversation to another.
UPDATE conversation_threads SET conversation_id = @winner WHERE conversation_id = @loser;
