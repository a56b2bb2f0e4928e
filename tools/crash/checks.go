package crash

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
)

// check counts what there must be none of.
type check struct {
	what  string // follows the number
	query string
}

// checks hold for any database that has come to rest.
var checks = []check{
	{"rows are stored and not processed", `SELECT
		(SELECT count(*) FROM messages WHERE state = 'stored') + (SELECT count(*) FROM message_events WHERE state = 'stored')`},
	{"jobs are open", `SELECT count(*) FROM queue_logs WHERE closed_at IS NULL`},
	{"answers are still on their way", `SELECT count(*) FROM sends WHERE state <> 'done'`},
	{"jobs were given up", `SELECT count(*) FROM dead_jobs WHERE redriven_at IS NULL`},
	{"rows share their external id with another", `SELECT
		(SELECT count(*) FROM (SELECT FROM messages WHERE external_id IS NOT NULL GROUP BY channel_account_id, external_id HAVING count(*) > 1) AS doubled) +
		(SELECT count(*) FROM (SELECT FROM message_events GROUP BY channel_account_id, kind, key HAVING count(*) > 1) AS doubled)`},
	{"messages were not announced in the feed exactly once", `SELECT count(*) FROM (
		SELECT FROM messages m LEFT JOIN feed f ON f.message_id = m.id AND f.kind = 'message.created'
		WHERE m.state = 'processed' AND m.merged_into IS NULL GROUP BY m.id HAVING count(f.message_id) <> 1) AS wrong`},
	{"conversations were not announced in the feed exactly once", `SELECT count(*) FROM (
		SELECT FROM conversations c LEFT JOIN feed f ON f.conversation_id = c.id AND f.kind = 'conversation.created'
		GROUP BY c.id HAVING count(f.conversation_id) <> CASE WHEN c.last_message_at IS NULL THEN 0 ELSE 1 END) AS wrong`},
	{"conversations count other than the messages they received", `SELECT count(*) FROM conversations c
		WHERE c.merged_into IS NULL AND c.unread_count <> (SELECT count(*) FROM messages m
			WHERE m.conversation_id = c.id AND m.state = 'processed' AND m.direction = 'in' AND NOT m.history)`},
	{"statuses have no receipt", `SELECT count(*) FROM message_events e
		WHERE e.kind = 'status' AND e.state = 'processed' AND NOT EXISTS (SELECT FROM message_statuses s WHERE s.id = e.id)`},
	{"processed messages have no conversation", `SELECT count(*) FROM messages WHERE state = 'processed' AND conversation_id IS NULL AND merged_into IS NULL`},
	{"rows point to a conversation or contact that was merged into another", `SELECT
		(SELECT count(*) FROM messages m JOIN conversations c ON c.id = m.conversation_id WHERE c.merged_into IS NOT NULL) +
		(SELECT count(*) FROM messages m JOIN contacts c ON c.id = m.contact_id WHERE c.merged_into IS NOT NULL) +
		(SELECT count(*) FROM contact_identities i JOIN contacts c ON c.id = i.contact_id WHERE c.merged_into IS NOT NULL) +
		(SELECT count(*) FROM conversation_threads t JOIN conversations c ON c.id = t.conversation_id WHERE c.merged_into IS NOT NULL)`},
}

const unexplainedQuery = `SELECT
	(SELECT count(*) FROM messages WHERE state = 'dead' AND coalesce(reason, '') = '') +
	(SELECT count(*) FROM message_events WHERE state = 'dead' AND coalesce(reason, '') = '')`

func (l *ledger) runChecks(ctx context.Context, pool *pgxpool.Pool) error {
	for _, c := range checks {
		var n int
		if err := pool.QueryRow(ctx, c.query).Scan(&n); err != nil {
			return fmt.Errorf("counting which %s: %w", c.what, err)
		}
		if n > 0 {
			l.complain("%d %s", n, c.what)
		}
	}
	if err := pool.QueryRow(ctx, unexplainedQuery).Scan(&l.unexplained); err != nil {
		return fmt.Errorf("counting dead rows without a reason: %w", err)
	}
	if l.unexplained > 0 {
		l.complain("%d rows are dead without a reason", l.unexplained)
	}
	return nil
}
