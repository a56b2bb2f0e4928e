package agents

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"omni/internal/inbox"
)

// findQuery finds messages that have come to their end: those that can be answered, and others.
const findQuery = `
SELECT w.n - 1 AS n, m.id AS row, coalesce(c.merged_into, c.id) AS conversation, c.title IS NOT NULL AS is_group,
	m.state = 'processed' AND m.direction = 'in' AND NOT m.history AND c.id IS NOT NULL AS answerable
FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS w (account, key, n)
JOIN messages m ON m.channel_account_id = w.account AND m.external_id = w.key AND m.state <> 'stored'
LEFT JOIN conversations c ON c.id = m.conversation_id
ORDER BY m.seq`

// found is a row of it. Those that are not answerable may have no conversation.
type found struct {
	N            int
	Row          uuid.UUID
	Conversation *uuid.UUID
	Group        bool
	Answerable   bool
}

// find looks for messages in the database. Those that are not processed yet are for later.
func (a *Agents) find(ctx context.Context, all []message) (questions []question, later []message, err error) {
	if len(all) == 0 {
		return nil, nil, nil
	}
	opened, err := a.o.Desk(ctx)
	if err != nil {
		return nil, all, err
	}
	for part := range slices.Chunk(all, lookAt) {
		rows, err := look(ctx, opened.DB, part)
		if err != nil {
			return nil, all, fmt.Errorf("looking for messages to answer: %w", err)
		}
		ended := map[int]bool{}
		for _, f := range rows {
			ended[f.N] = true
			if f.Answerable {
				questions = append(questions, question{message: part[f.N], row: f.Row, conversation: *f.Conversation, group: f.Group})
			}
		}
		for n, m := range part {
			if !ended[n] {
				later = append(later, m)
			}
		}
	}
	return questions, later, nil
}

func look(ctx context.Context, db *pgxpool.Pool, part []message) ([]found, error) {
	var accounts, keys []string
	for _, m := range part {
		accounts = append(accounts, inbox.AccountID(m.channel, inbox.Key(m.account)).String())
		keys = append(keys, strings.ReplaceAll(inbox.Key(m.id), "\x00", ""))
	}
	rows, err := db.Query(ctx, findQuery, accounts, keys)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[found])
}
