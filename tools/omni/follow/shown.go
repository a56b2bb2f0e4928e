package follow

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Shown is everything of conversations and messages that is looked at: a line for each, by id.
type Shown struct {
	Conversations, Messages map[uuid.UUID]string
}

// Equal reports whether two show the same.
func (s Shown) Equal(o Shown) bool { return s.Differences(o) == 0 }

// Differences counts what two show otherwise.
func (s Shown) Differences(o Shown) int {
	return differences(s.Conversations, o.Conversations) + differences(s.Messages, o.Messages)
}

func differences(a, b map[uuid.UUID]string) (n int) {
	for id, line := range a {
		if other, ok := b[id]; !ok || other != line {
			n++
		}
	}
	for id := range b {
		if _, ok := a[id]; !ok {
			n++
		}
	}
	return n
}

// Conversation returns one of the conversations that are shown.
func (s Shown) Conversation(choose func(n int) int) (id uuid.UUID, ok bool) {
	if len(s.Conversations) == 0 {
		return uuid.Nil, false
	}
	ids := slices.SortedFunc(maps.Keys(s.Conversations), func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	return ids[choose(len(ids))], true
}

// Shown is what the dashboard shows.
func (d *Dashboard) Shown() Shown {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := Shown{map[uuid.UUID]string{}, map[uuid.UUID]string{}}
	for id, c := range d.conversations {
		s.Conversations[id] = fmt.Sprint(c.Status, " ", c.Unread)
		if c.Assignee != nil {
			s.Conversations[id] += " " + c.Assignee.ID.String()
		}
	}
	for id, m := range d.messages {
		status, deleted := "-", m.DeletedAt != nil
		if m.Status != nil {
			status = *m.Status
		}
		s.Messages[id] = fmt.Sprint(m.Conversation, " ", m.Direction, " ", status, " ", map[bool]string{true: "t", false: "f"}[deleted])
		if m.Text != "" && !deleted {
			s.Messages[id] += " " + m.Text
		}
	}
	return s
}

const (
	conversationsQuery = `SELECT id, concat_ws(' ', status, unread_count, assignee_id) FROM conversations WHERE merged_into IS NULL AND last_message_at IS NOT NULL`
	// A message that is a reaction is shown with its target.
	messagesQuery = `SELECT id, concat_ws(' ', conversation_id, direction, coalesce(status, '-'), deleted_at IS NOT NULL, CASE WHEN deleted_at IS NULL THEN text END)
		FROM messages WHERE state = 'processed' AND merged_into IS NULL AND conversation_id IS NOT NULL AND type <> 'reaction'`
)

// InDatabase is what a dashboard should show that was there from the beginning.
func InDatabase(ctx context.Context, db *pgxpool.Pool) (s Shown, err error) {
	if s.Conversations, err = byID(ctx, db, conversationsQuery); err != nil {
		return s, fmt.Errorf("reading conversations: %w", err)
	}
	if s.Messages, err = byID(ctx, db, messagesQuery); err != nil {
		return s, fmt.Errorf("reading messages: %w", err)
	}
	return s, nil
}

func byID(ctx context.Context, db *pgxpool.Pool, query string) (map[uuid.UUID]string, error) {
	rows, err := db.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	found := map[uuid.UUID]string{}
	var id uuid.UUID
	var line string
	_, err = pgx.ForEachRow(rows, []any{&id, &line}, func() error {
		found[id] = line
		return nil
	})
	return found, err
}
