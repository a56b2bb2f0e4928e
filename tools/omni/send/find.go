package send

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Last stands for the conversation in which a customer wrote last.
const Last = "last"

// Conversation is one that was found.
type Conversation struct {
	ID      uuid.UUID
	Channel string
	Thread  string
	Name    string
	At      *time.Time // when the customer wrote last; nil: never
}

func (c Conversation) String() string {
	name := c.Thread
	if c.Name != "" {
		name = c.Name + " (" + c.Thread + ")"
	}
	return fmt.Sprintf("%s on %s, conversation %s", name, c.Channel, c.ID)
}

// most is how many conversations are named when it is not clear which is meant.
const most = 6

const findQuery = `SELECT c.id, a.channel, c.thread, coalesce(c.title, p.name, ''), c.last_inbound_at
FROM conversations c JOIN channel_accounts a ON a.id = c.channel_account_id LEFT JOIN contacts p ON p.id = c.contact_id
WHERE c.merged_into IS NULL AND CASE WHEN $1 = '` + Last + `' THEN c.last_inbound_at IS NOT NULL ELSE
	c.id::text = $1 OR lower($1) IN (lower(c.title), lower(p.name), lower(p.username), p.phone)
	OR EXISTS (SELECT FROM conversation_threads t WHERE t.conversation_id = c.id AND t.thread = $1) END
ORDER BY c.last_inbound_at DESC NULLS LAST, c.id LIMIT $2`

// Find finds the one conversation that to means: its id, the platform's name of the chat, the customer's name or number, or [Last].
func Find(ctx context.Context, db *pgxpool.Pool, to string) (Conversation, error) {
	rows, err := db.Query(ctx, findQuery, to, most)
	if err != nil {
		return Conversation{}, fmt.Errorf("looking for the conversation: %w", err)
	}
	defer rows.Close()
	var found []Conversation
	for rows.Next() {
		var c Conversation
		if err := rows.Scan(&c.ID, &c.Channel, &c.Thread, &c.Name, &c.At); err != nil {
			return Conversation{}, fmt.Errorf("looking for the conversation: %w", err)
		}
		found = append(found, c)
	}
	switch {
	case rows.Err() != nil:
		return Conversation{}, fmt.Errorf("looking for the conversation: %w", rows.Err())
	case len(found) == 0 && to == Last:
		return Conversation{}, fmt.Errorf("no customer has written yet: `omni simulate --count 1` plays one")
	case len(found) == 0:
		return Conversation{}, fmt.Errorf("there is no conversation %q", to)
	case len(found) > 1 && to != Last:
		return Conversation{}, several(to, found)
	}
	return found[0], nil
}

func several(to string, found []Conversation) error {
	var lines []string
	for _, c := range found {
		lines = append(lines, "  "+c.String())
	}
	return fmt.Errorf("%q may mean several conversations; name one by its id:\n%s", to, strings.Join(lines, "\n"))
}
