package crash

import (
	"cmp"
	"context"
	"crypto/sha256"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"omni/channels"
	platforms "omni/channels/simulate"
	"omni/internal/inbox"
)

// poison is what was answered with 200 although it is nonsense.
type poison struct {
	deliveries int
	unreadable map[[32]byte]bool // bodies that have no events, by digest: kept with the reason
	events     map[row]bool
}

// row is what makes a row unique in its table.
type row struct {
	account uuid.UUID
	kind    channels.Kind
	key     string
}

// poisoned writes down an accepted body of nonsense. Which events it has only the channel can say.
func (b *books) poisoned(name, account string, secrets channels.Secrets, w platforms.Webhook) error {
	channel, err := channels.Open(name, channels.Env{Account: account, Secrets: secrets})
	if err != nil {
		return err
	}
	events, unreadable := channels.Guarded("Parse", func() ([]channels.Event, error) {
		return channel.Parse(&channels.Request{Header: w.Header, Body: w.Body})
	})
	b.mu.Lock()
	defer b.mu.Unlock()
	b.deliveries++
	digest := sha256.Sum256(w.Body)
	b.bodies[digest] = true
	b.poison.deliveries++
	if unreadable != nil {
		b.poison.unreadable[digest] = true
	}
	for _, e := range events {
		owner := storable(inbox.Key(cmp.Or(e.Account, account)))
		b.poison.events[row{inbox.AccountID(name, owner), e.Kind, storable(inbox.Key(e.ID))}] = true
	}
	return nil
}

// storable is text as PostgreSQL can hold it.
func storable(s string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\ufffd")
}

// poisonQuery finds what became of rows. Messages and all others are in two tables.
const poisonQuery = `
SELECT coalesce(m.state, e.state, ''), coalesce(m.reason, e.reason, ''), w.kind
FROM unnest($1::uuid[], $2::text[], $3::text[]) AS w (account, kind, key)
LEFT JOIN messages m ON w.kind = 'message' AND m.channel_account_id = w.account AND m.external_id = w.key
LEFT JOIN message_events e ON w.kind <> 'message' AND e.channel_account_id = w.account AND e.kind = w.kind AND e.key = w.key`

// poisonFigures are the numbers of a ledger about nonsense.
type poisonFigures struct {
	webhooks, unreadable, events, processed, unknown int
	dead                                             map[string]int // by reason
}

// comparePoison looks up what became of nonsense: it is understood, or dead with a reason, or kept whole with the reason why it has no events.
func (l *ledger) comparePoison(ctx context.Context, pool *pgxpool.Pool, p poison) error {
	l.poison = poisonFigures{webhooks: p.deliveries, events: len(p.events), dead: map[string]int{}}
	var accounts []uuid.UUID
	var kinds, keys []string
	for e := range p.events {
		accounts, kinds, keys = append(accounts, e.account), append(kinds, string(e.kind)), append(keys, e.key)
	}
	rows, err := pool.Query(ctx, poisonQuery, accounts, kinds, keys)
	if err != nil {
		return err
	}
	var state, reason, kind string
	_, err = pgx.ForEachRow(rows, []any{&state, &reason, &kind}, func() error {
		switch inbox.State(state) {
		case inbox.StateProcessed:
			l.poison.processed++
			if channels.Kind(kind) == channels.KindUnknown {
				l.poison.unknown++
			}
		case inbox.StateDead:
			l.poison.dead[reasonKind(reason)]++
		default:
			l.complain("poison: a %s is %q and neither processed nor dead", kind, state)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return l.compareUnreadable(ctx, pool, p)
}

// compareUnreadable looks for the reason with every body that has no events because it cannot be read.
func (l *ledger) compareUnreadable(ctx context.Context, pool *pgxpool.Pool, p poison) error {
	rows, err := pool.Query(ctx, `SELECT DISTINCT sha256(body) FROM webhook_logs WHERE coalesce(parse_error, '') <> ''`)
	if err != nil {
		return err
	}
	explained, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	if err != nil {
		return err
	}
	l.poison.unreadable = len(explained)
	for _, digest := range explained {
		if !p.unreadable[[32]byte(digest)] {
			l.complain("a webhook is logged as one that cannot be read, and can be")
		}
	}
	if missing := len(p.unreadable) - len(explained); missing > 0 {
		l.complain("%d webhooks that cannot be read are not logged with a reason", missing)
	}
	return nil
}

// reasonKind is a reason without what differs from one to the next.
func reasonKind(reason string) string {
	head, _, _ := strings.Cut(reason, ": ")
	rest := strings.TrimPrefix(reason, head+": ")
	if words := strings.Fields(rest); rest != reason && len(words) > 0 {
		return head + ": " + strings.Join(words[:min(len(words), 6)], " ")
	}
	return head
}
