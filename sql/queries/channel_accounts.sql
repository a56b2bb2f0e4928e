-- name: ChannelAccountList :many
-- Every channel account, with what its platform said of the credentials that serve it, and when something last came in and went out. These two are
-- looked for in the latest conversations of each status, so that they cost the same however many there are.
SELECT a.id, a.channel, a.external_id, a.credential_account, h.state, h.state_since, h.name, h.expires_at, coalesce(h.lacks, '{}')::text[] AS lacks,
       h.detail, h.checked_at, coalesce(seen.inbound_at, '0001-01-01 00:00+00')::timestamptz AS inbound_at,
       coalesce(seen.outbound_at, '0001-01-01 00:00+00')::timestamptz AS outbound_at -- Go's zero time: never
FROM channel_accounts a
LEFT JOIN channel_health h ON h.channel = a.channel AND h.credential_account = a.credential_account
CROSS JOIN LATERAL (
    SELECT max(c.last_inbound_at) AS inbound_at, max(written.at) AS outbound_at
    FROM (VALUES ('open'), ('pending'), ('snoozed'), ('resolved')) AS statuses (status)
    CROSS JOIN LATERAL (
        SELECT v.id, v.last_inbound_at FROM conversations v
        WHERE v.channel_account_id = a.id AND v.status = statuses.status AND v.merged_into IS NULL AND v.last_message_at IS NOT NULL
        ORDER BY v.last_message_at DESC, v.id
        LIMIT 20
    ) AS c
    LEFT JOIN LATERAL (
        SELECT latest.at
        FROM (
            SELECT coalesce(m.occurred_at, m.received_at) AS at, m.direction FROM messages m
            WHERE m.conversation_id = c.id
            ORDER BY coalesce(m.occurred_at, m.received_at) DESC, m.seq DESC
            LIMIT 20
        ) AS latest
        WHERE latest.direction = 'out'
        ORDER BY latest.at DESC
        LIMIT 1
    ) AS written ON true
) AS seen
ORDER BY a.channel, a.external_id;

-- name: ChannelAccountFailures :many
-- Why messages of ours of the last day were not delivered, and how many, for each channel account: of the latest 20,000 messages.
SELECT m.channel_account_id, coalesce(m.error_code, '')::text AS error_code, coalesce(max(m.error_reason), '')::text AS error_reason, count(*) AS number
FROM (SELECT s.message_id FROM sends s WHERE s.created_at > now() - interval '1 day' ORDER BY s.created_at DESC LIMIT 20000) AS recent
CROSS JOIN LATERAL (
    SELECT w.channel_account_id, w.status, w.error_code, w.error_reason FROM messages w WHERE w.id = recent.message_id
    LIMIT 1 -- one by one: otherwise all messages might be read at once
) AS m
WHERE m.status = 'failed'
GROUP BY m.channel_account_id, coalesce(m.error_code, '')
ORDER BY count(*) DESC, coalesce(m.error_code, '');
