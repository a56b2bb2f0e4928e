package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"omni/gen/db"
)

// transaction is what the work in a transaction asks the database with. It begins with the first question and can end with the last, so that
// beginning and ending cost no round trips of their own.
type transaction struct {
	q     *db.Queries
	conn  *pgx.Conn
	begun bool
	ended bool

	audience *audience // nil: nobody is told of what it writes
}

func newTransaction(conn *pgx.Conn) *transaction {
	t := &transaction{conn: conn}
	t.q = db.New(beginner{t})
	return t
}

// rollbackTime bounds the end of a transaction whose caller has no time left. A connection that is still in one is not used again.
const rollbackTime = 5 * time.Second

// run does the work, and ends the transaction unless the work did.
func (t *transaction) run(ctx context.Context, work func(*transaction) error) error {
	err := work(t)
	if err == nil && t.begun && !t.ended {
		err = t.conclude(ctx)
	}
	if err != nil && t.begun {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackTime)
		defer cancel()
		_, rollbackErr := t.conn.Exec(ctx, "rollback")
		err = errors.Join(err, rollbackErr)
	}
	return err
}

// together makes several queries in one round trip. They run one after the other, each with a snapshot of its own, so that what follows a
// lock sees what was committed while it waited. It returns the first error. No query can depend on the result of another, and each is asked
// twice: to write it down, then to read its answer.
func (t *transaction) together(ctx context.Context, queries ...query) error {
	return t.send(ctx, false, queries)
}

// conclude is together for the last queries of a transaction: it commits as well.
func (t *transaction) conclude(ctx context.Context, queries ...query) error {
	return t.send(ctx, true, queries)
}

func (t *transaction) send(ctx context.Context, last bool, queries []query) error {
	recorded := &recorder{}
	first := !t.begun
	if first {
		recorded.batch.Queue("begin")
	}
	if last {
		queries = append(queries, t.audience.tell(ctx)...)
	}
	if err := recorded.write(queries); err != nil {
		return err
	}
	if last {
		recorded.batch.Queue("commit")
	}
	t.begun = true
	results := t.conn.SendBatch(ctx, &recorded.batch)
	err := readAll(results, first, last, queries)
	if closing := results.Close(); err == nil {
		err = closing
	}
	t.ended = last && err == nil
	return err
}

// readAll reads the answers, and returns the first error.
func readAll(results pgx.BatchResults, first, last bool, queries []query) error {
	if first {
		if _, err := results.Exec(); err != nil {
			return err
		}
	}
	reading := db.New(reader{results})
	for _, q := range queries {
		if err := q(reading); err != nil {
			return err
		}
	}
	if last {
		_, err := results.Exec()
		return err
	}
	return nil
}

// beginner begins the transaction before a single query, if none has.
type beginner struct{ *transaction }

func (b beginner) begin(ctx context.Context) error {
	if b.begun {
		return nil
	}
	b.begun = true
	_, err := b.conn.Exec(ctx, "begin")
	return err
}

func (b beginner) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	if err := b.begin(ctx); err != nil {
		return pgconn.CommandTag{}, err
	}
	return b.conn.Exec(ctx, sql, args...)
}

func (b beginner) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	if err := b.begin(ctx); err != nil {
		return nil, err
	}
	return b.conn.Query(ctx, sql, args...)
}

func (b beginner) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	if err := b.begin(ctx); err != nil {
		return failedRow{err}
	}
	return b.conn.QueryRow(ctx, sql, args...)
}

type failedRow struct{ err error }

func (r failedRow) Scan(...any) error { return r.err }
