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
	return failedRow{errRecorded}
}

// write writes down the queries.
func (r *recorder) write(queries []query) error {
	writing := db.New(r)
	for _, q := range queries {
		if err := q(writing); !errors.Is(err, errRecorded) {
			return fmt.Errorf("writing down a query: %w", err) // it asked nothing: a mistake of ours
		}
	}
	return nil
}

// reader gives the generated queries their answers, in the order in which they were asked.
type reader struct{ results pgx.BatchResults }

func (r reader) Exec(context.Context, string, ...any) (pgconn.CommandTag, error) {
	return r.results.Exec()
}

func (r reader) Query(context.Context, string, ...any) (pgx.Rows, error) { return r.results.Query() }

func (r reader) QueryRow(context.Context, string, ...any) pgx.Row { return r.results.QueryRow() }
