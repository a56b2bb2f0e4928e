package simulate

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	platforms "omni/channels/simulate"
	"omni/internal/inbox"
)

// Database is the [Ledger] of a server whose database is at hand. It reads the tables without the server's own code, so that a mistake of
// that code does not hide itself.
type Database struct{ pool *pgxpool.Pool }

// NewDatabase makes a ledger of a database.
func NewDatabase(pool *pgxpool.Pool) Database { return Database{pool} }

// statesQuery finds what of the given events is stored. Messages and all others are in two tables.
const statesQuery = `
SELECT w.n, coalesce(m.state, e.state)
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS w (account, kind, thread, key, n)
LEFT JOIN messages m ON w.kind = 'message' AND m.channel_account_id = w.account AND m.external_id = w.key AND m.thread = w.thread
LEFT JOIN message_events e ON w.kind <> 'message' AND e.channel_account_id = w.account AND e.kind = w.kind AND e.key = w.key AND e.thread = w.thread
WHERE coalesce(m.state, e.state) IS NOT NULL`

// Lookup implements [Ledger].
func (d Database) Lookup(
	ctx context.Context, channel string, expected []platforms.Expected, account string,
) (map[platforms.Expected]State, error) {
	var accounts, kinds, threads, keys []string
	for _, e := range expected {
		owner := e.Account
		if owner == "" {
			owner = account
		}
		accounts = append(accounts, inbox.AccountID(channel, inbox.Key(owner)).String())
		kinds = append(kinds, string(e.Kind))
		threads = append(threads, storable(e.Thread))
		keys = append(keys, storable(e.ID))
	}
	rows, err := d.pool.Query(ctx, statesQuery, accounts, kinds, threads, keys)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	states := map[platforms.Expected]State{}
	for rows.Next() {
		var number int
		var state State
		if err := rows.Scan(&number, &state); err != nil {
			return nil, err
		}
		states[expected[number-1]] = state
	}
	return states, rows.Err()
}

// storable is a platform's id as a PostgreSQL index can hold it.
func storable(id string) string {
	return strings.ReplaceAll(inbox.Key(id), "\x00", "")
}
