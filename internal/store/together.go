package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"omni/gen/db"
)

// query is one call of a generated query.
type query func(*db.Queries) error

// transaction is what the work in a transaction asks the database with.
type transaction struct {
	q  *db.Queries
	tx pgx.Tx
}

// together makes several queries in one round trip. They run one after the other, each with a snapshot of its own, so that what follows a
// lock sees what was committed while it waited. It returns the first error. No query can depend on the result of another, and each is asked
// twice: to write it down, then to read its answer.
func (t transaction) together(ctx context.Context, queries ...query) error {
	recorded := &recorder{}
	writing := db.New(recorded)
	for _, q := range queries {
		if err := q(writing); !errors.Is(err, errRecorded) {
			return fmt.Errorf("writing down a query: %w", err) // it asked nothing: a mistake of ours
		}
	}
	results := t.tx.SendBatch(ctx, &recorded.batch)
	reading := db.New(reader{results})
	var first error
	for _, q := range queries {
		if err := q(reading); first == nil {
			first = err
		}
	}
	return errors.Join(first, results.Close())
}

// errRecorded ends each query the first time, when it is only written down.
var errRecorded = errors.New("the query is written down")

// recorder writes down what a generated query asks, instead of asking it.
type recorder struct{ batch pgx.Batch }

func (r *recorder) Exec(_ context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	r.batch.Queue(sql, args...)
	return pgconn.CommandTag{}, errRecorded
}

func (r *recorder) Query(_ context.Context, sql string, args ...any) (pgx.Rows, error) {
	r.batch.Queue(sql, args...)
	return nil, errRecorded
}

func (r *recorder) QueryRow(_ context.Context, sql string, args ...any) pgx.Row {
	r.batch.Queue(sql, args...)
	return noRow{}
}

type noRow struct{}

func (noRow) Scan(...any) error { return errRecorded }

// reader gives the generated queries their answers, in the order in which they were asked.
type reader struct{ results pgx.BatchResults }

func (r reader) Exec(context.Context, string, ...any) (pgconn.CommandTag, error) {
	return r.results.Exec()
}

func (r reader) Query(context.Context, string, ...any) (pgx.Rows, error) { return r.results.Query() }

func (r reader) QueryRow(context.Context, string, ...any) pgx.Row { return r.results.QueryRow() }
