package agents

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"omni/internal/inbox"
)

// findQuery finds messages that can be answered, and those that never will.
const findQuery = `
SELECT w.n, m.id, coalesce(c.merged_into, c.id), c.title IS NOT NULL, m.state = 'processed' AND m.direction = 'in' AND NOT m.history
FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS w (account, key, n)
JOIN messages m ON m.channel_account_id = w.account AND m.external_id = w.key AND m.state <> 'stored'
LEFT JOIN conversations c ON c.id = m.conversation_id
ORDER BY m.seq`

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
		var accounts, keys []string
		for _, m := range part {
			accounts = append(accounts, inbox.AccountID(m.channel, inbox.Key(m.account)).String())
			keys = append(keys, strings.ReplaceAll(inbox.Key(m.id), "\x00", ""))
		}
		rows, err := opened.DB.Query(ctx, findQuery, accounts, keys)
		if err != nil {
			return nil, all, fmt.Errorf("looking for messages to answer: %w", err)
		}
		found := map[int]bool{}
		for rows.Next() {
			var n int
			var row uuid.UUID
			var conversation *uuid.UUID
			var group, answerable bool
			if err := rows.Scan(&n, &row, &conversation, &group, &answerable); err != nil {
				rows.Close()
				return nil, all, err
			}
			found[n-1] = true
			if answerable && conversation != nil {
				questions = append(questions, question{message: part[n-1], row: row, conversation: *conversation, group: group})
			}
		}
		if rows.Err() != nil {
			return nil, all, rows.Err()
		}
		for n, m := range part {
			if !found[n] {
				later = append(later, m)
			}
		}
	}
	return questions, later, nil
}
