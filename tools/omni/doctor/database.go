package doctor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"omni/internal/inbox"
	"omni/internal/store"
)

// DeadReasons counts dead letters by reason.
type DeadReasons interface {
	DeadReasons(context.Context, inbox.DeadFilter) ([]inbox.DeadReason, error)
}

// A database that wakes up takes a quarter of a minute.
const databaseTime = 45 * time.Second

// Database looks at a database: whether it answers, its schema, what is dead and what is overdue. dead reads the same database.
func Database(ctx context.Context, url string, dead DeadReasons) []Finding {
	ctx, cancel := context.WithTimeout(ctx, databaseTime)
	defer cancel()
	connection, err := pgx.Connect(ctx, url)
	if err != nil {
		return []Finding{found(Problem, "database", "Look whether it runs and whether this machine may reach it.", "it is not reached: %s", withoutURL(err))}
	}
	defer connection.Close(ctx)
	schema, there := examineSchema(ctx, connection)
	if !there {
		return []Finding{schema}
	}
	return []Finding{schema, examineDead(ctx, dead), examineOverdue(ctx, connection)}
}

// withoutURL says why a connection failed. The text of pgx's error has the user and the host in it, and never the password.
func withoutURL(err error) string {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return refused.Message
	}
	return err.Error()
}

// examineSchema reads the schema's version. there is false when nothing can be asked of it.
func examineSchema(ctx context.Context, connection *pgx.Conn) (schema Finding, there bool) {
	var version int64
	err := connection.QueryRow(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&version)
	var refused *pgconn.PgError
	switch undefinedTable := "42P01"; {
	case errors.As(err, &refused) && refused.Code == undefinedTable, err == nil && version == 0:
		return found(Problem, "schema", "Make it with `omni migrate`; a deploy does that by itself.", "the database has none"), false
	case err != nil:
		return found(Problem, "schema", "Look at the database's log.", "%s", withoutURL(err)), false
	}
	return compareSchema(version), true
}

// compareSchema says whether this command and the database belong together. A newer schema serves older code as well.
func compareSchema(version int64) Finding {
	latest, err := store.LatestSchema()
	switch {
	case err != nil:
		return found(Problem, "schema", "This omni is broken: build it again.", "%v", err)
	case version < latest:
		return found(Problem, "schema", "Bring it up to date with `omni migrate`, or deploy.", "version %d, and this omni needs %d", version, latest)
	case version > latest:
		return found(Warning, "schema", "Use the omni that was deployed.", "version %d, and this omni knows %d", version, latest)
	}
	return ok("schema", "version %d", version)
}

// most is how many reasons are shown, and longest how many characters of each.
const (
	most    = 5
	longest = 100
)

func examineDead(ctx context.Context, dead DeadReasons) Finding {
	reasons, err := dead.DeadReasons(ctx, inbox.DeadFilter{})
	if err != nil {
		return found(Problem, "dead letters", "Look at the database's log.", "%v", err)
	}
	if len(reasons) == 0 {
		return ok("dead letters", "none")
	}
	total, lines := 0, []string(nil)
	for i, reason := range reasons {
		total += reason.Number
		if i < most {
			lines = append(lines, fmt.Sprintf("%6d  %s", reason.Number, shorten(reason.Reason)))
		}
	}
	if rest := len(reasons) - most; rest > 0 {
		lines = append(lines, fmt.Sprintf("        and %d other reasons", rest))
	}
	return found(Problem, "dead letters", "Look at them with `omni dead list`, repair the cause, and send them on their way with `omni dead redrive`.",
		"%d could not be processed\n%s", total, strings.Join(lines, "\n"))
}

func shorten(text string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return string(runes)
}

// overdueQuery counts jobs that should long be done. The overdue check queues them again by itself and moves due_at, so age tells.
const overdueQuery = `
SELECT count(*), coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8
FROM queue_logs WHERE closed_at IS NULL AND created_at < now() - interval '10 minutes'`

func examineOverdue(ctx context.Context, connection *pgx.Conn) Finding {
	var jobs int
	var seconds float64
	if err := connection.QueryRow(ctx, overdueQuery).Scan(&jobs, &seconds); err != nil {
		return found(Problem, "overdue jobs", "Look at the database's log.", "%s", withoutURL(err))
	}
	if jobs == 0 {
		return ok("overdue jobs", "none")
	}
	oldest := time.Duration(seconds * float64(time.Second)).Round(time.Minute)
	return found(Warning, "overdue jobs", "They are queued again by themselves; if they stay, look at the log of the processor function.",
		"%d are open for more than 10 minutes, the oldest for %s", jobs, oldest)
}
