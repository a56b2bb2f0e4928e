package crash

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// people names a contact by everything the platform calls them.
const people = `(SELECT string_agg(i.kind || ':' || i.value, ' ' ORDER BY i.kind, i.value) FROM contact_identities i WHERE i.contact_id = %s) AS people`

// chat names a conversation by everything the platform calls it.
const chat = `(SELECT string_agg(t.thread, ' ' ORDER BY t.thread) FROM conversation_threads t WHERE t.conversation_id = %s) AS chat`

// told is a time column where a platform told the time: the story is long ago. What came without one is dated by when it was received.
func told(column string) string {
	return fmt.Sprintf("CASE WHEN %[1]s > now() - interval '1 day' THEN 'infinity' ELSE %[1]s END AS %[1]s", column)
}

// dumps are queries whose rows say everything about the conversations that may not depend on how events came: neither keys and
// sequence numbers of ours nor the times at which we did something. Left out is a number that was
// changed: no platform goes on to show the old one, as the simulator does.
var dumps = []struct{ name, query string }{
	{"contact", `SELECT ` + fmt.Sprintf(people, "c.id") + `, name, username,
		CASE WHEN (SELECT count(*) FROM contact_identities i WHERE i.contact_id = c.id AND i.kind = 'wa_id') < 2 THEN phone END AS phone, language
		FROM contacts c WHERE merged_into IS NULL`},
	{"conversation", `SELECT ` + fmt.Sprintf(chat, "c.id") + `, title, ` + fmt.Sprintf(people, "c.contact_id") + `, status, unread_count,
		` + told("last_message_at") + `, ` + told("last_inbound_at") + `, ` + told("window_expires_at") + `, delivered_until, read_until FROM conversations c WHERE merged_into IS NULL`},
	{"message", `SELECT external_id, ` + fmt.Sprintf(chat, "m.conversation_id") + `, ` + fmt.Sprintf(people, "m.contact_id") + `,
		history, state, reason, direction, type, text, content::text, edited::text, reply_to, status, reactions::text, edited_at IS NOT NULL AS was_edited, deleted_at IS NOT NULL AS deleted,
		occurred_at FROM messages m`},
	{"attachment", `SELECT m.external_id, a.position, a.detail::text FROM attachments a JOIN messages m ON m.id = a.message_id`},
	{"event", `SELECT kind, key, history, state, reason, target, content::text, occurred_at FROM message_events`},
	{"receipt", `SELECT external_id, status, recipient, error_code, error_title, occurred_at FROM message_statuses`},
	{"open", `SELECT 'job', lane FROM queue_logs WHERE closed_at IS NULL`},
}

// dump writes the conversations down: a line for each row, sorted.
func dump(ctx context.Context, conn *pgx.Conn) ([]string, error) {
	var all []string
	for _, d := range dumps {
		rows, err := conn.Query(ctx, `SELECT row_to_json(r)::text FROM (`+d.query+`) AS r ORDER BY 1`)
		if err != nil {
			return nil, err
		}
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return nil, fmt.Errorf("dumping each %s: %w", d.name, err)
		}
		for _, line := range lines {
			all = append(all, d.name+" "+line)
		}
	}
	return all, nil
}
