package crash

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"omni/channels"
	"omni/internal/inbox"
)

// toldFigures are the numbers of a ledger about subscribers.
type toldFigures struct{ wanted, taken, again int }

// wantedQuery is what a subscriber has to have been told: the feed, without what one transaction said twice.
const wantedQuery = `SELECT e.id, f.seq
FROM (
	SELECT DISTINCT ON (f.xid, f.kind, f.conversation_id, f.message_id, f.event_id) f.seq, f.kind, f.message_id, f.event_id, f.conversation_id
	FROM feed f ORDER BY f.xid, f.kind, f.conversation_id, f.message_id, f.event_id, f.seq DESC
) AS f
LEFT JOIN messages m ON m.id = f.message_id
LEFT JOIN message_events x ON x.id = f.event_id
LEFT JOIN conversations c ON c.id = f.conversation_id
LEFT JOIN channel_accounts a ON a.id = coalesce(m.channel_account_id, x.channel_account_id, c.channel_account_id)
LEFT JOIN subscription_events e ON e.sequence = f.seq
WHERE (cardinality($1::text[]) = 0 OR f.kind = ANY ($1)) AND (cardinality($2::text[]) = 0 OR a.channel = ANY ($2))`

// compareTold checks that every change of the feed was delivered to each subscriber who wants it, and that who goes by the sequence knows in the end
// what the database has.
func (l *ledger) compareTold(ctx context.Context, pool *pgxpool.Pool, subscribers []*subscriber) error {
	for _, s := range subscribers {
		if err := l.compareSubscriber(ctx, pool, s); err != nil {
			return fmt.Errorf("comparing what %q was told: %w", s.Description, err)
		}
	}
	return nil
}

func (l *ledger) compareSubscriber(ctx context.Context, pool *pgxpool.Pool, s *subscriber) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, wrong := range s.wrong {
		l.complain("subscriber of %s: %s", s.Description, wrong)
	}
	rows, err := pool.Query(ctx, wantedQuery, nonNil(s.Types), nonNil(s.Channels))
	if err != nil {
		return err
	}
	var id uuid.NullUUID
	var sequence int64
	missing := 0
	_, err = pgx.ForEachRow(rows, []any{&id, &sequence}, func() error {
		l.told.wanted++
		switch got := s.got[id.UUID]; {
		case got == nil:
			missing++
		case got.Sequence != sequence:
			l.complain("subscriber of %s: change %d of the feed was told as %d", s.Description, sequence, got.Sequence)
		default:
			l.told.taken++
			l.told.again += got.times - 1
		}
		return nil
	})
	if missing > 0 {
		l.complain("subscriber of %s: %d changes were never delivered", s.Description, missing)
	}
	if err != nil || len(s.Types) > 0 {
		return err
	}
	return l.compareKnown(ctx, pool, s)
}

// compareKnown sets each message as its event with the highest sequence told it against the database.
func (l *ledger) compareKnown(ctx context.Context, pool *pgxpool.Pool, s *subscriber) error {
	latest := map[uuid.UUID]*toldEvent{}
	for _, told := range s.got {
		if m := told.Data.Message; m != nil && (latest[m.ID] == nil || latest[m.ID].Sequence < told.Sequence) {
			latest[m.ID] = told
		}
	}
	rows, err := pool.Query(ctx, `SELECT m.id, coalesce(m.text, ''), coalesce(m.status, ''), m.deleted_at IS NOT NULL
		FROM messages m JOIN channel_accounts a ON a.id = m.channel_account_id
		WHERE m.state = 'processed' AND m.merged_into IS NULL AND m.conversation_id IS NOT NULL AND a.channel = ANY ($1)`, s.Channels)
	if err != nil {
		return err
	}
	var id uuid.UUID
	var text string
	var status channels.DeliveryState
	var deleted bool
	_, err = pgx.ForEachRow(rows, []any{&id, &text, &status, &deleted}, func() error {
		switch told := latest[id]; {
		case told == nil:
			l.complain("subscriber of %s: message %s was never told", s.Description, id)
		case differs(told.Data.Message, text, status, deleted):
			l.complain("subscriber of %s: message %s is %s and was last told as %s", s.Description, id, status, told.Data.Message.Status)
		}
		return nil
	})
	return err
}

func differs(m *inbox.EventMessage, text string, status channels.DeliveryState, deleted bool) bool {
	return m.Text != text || m.Status != status || m.DeletedAt.IsZero() == deleted
}

// nonNil is a list that PostgreSQL does not take for NULL.
func nonNil(list []string) []string { return append([]string{}, list...) }
