package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// settings are those of a server that counts statements, if it is to.
func (b *bench) settings() []string {
	if !b.statements {
		return nil
	}
	return []string{"shared_preload_libraries=pg_stat_statements", "pg_stat_statements.track_planning=on", "pg_stat_statements.track=all"}
}

// withStatements adds to a comparison what the statements of both sides cost the server, if that is asked for.
func (b *bench) withStatements(ctx context.Context, s *stage, database string, compared table) ([]table, error) {
	tables := []table{compared}
	if !b.statements {
		return tables, nil
	}
	for _, name := range []string{database, "pgbench"} {
		t, err := s.statements(ctx, name)
		if err != nil {
			return nil, fmt.Errorf("reading what statements cost: %w", err)
		}
		tables = append(tables, t)
	}
	return tables, nil
}

// costliest are the statements of a database that took the server longest, of one that ran often.
const costliest = `
SELECT s.query, s.calls::float8, s.total_plan_time * 1000 / s.calls, s.total_exec_time * 1000 / s.calls, s.wal_bytes::float8 / s.calls
FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
WHERE d.datname = current_database() AND s.calls >= 100
ORDER BY s.total_exec_time + s.total_plan_time DESC
LIMIT 20`

// statements reads what a database's statements have cost since the server started.
func (s *stage) statements(ctx context.Context, database string) (table, error) {
	t := table{title: "Statements of " + database, columns: []string{"calls", "planning, µs", "execution, µs", "WAL, bytes"}}
	conn, err := pgx.Connect(ctx, s.server.URL(database))
	if err != nil {
		return t, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "CREATE EXTENSION IF NOT EXISTS pg_stat_statements"); err != nil {
		return t, err
	}
	rows, err := conn.Query(ctx, costliest)
	if err != nil {
		return t, err
	}
	t.rows, err = pgx.CollectRows(rows, func(found pgx.CollectableRow) (row, error) {
		var query string
		figures := make([]float64, len(t.columns))
		err := found.Scan(&query, &figures[0], &figures[1], &figures[2], &figures[3])
		return row{name: called(query), figures: figures}, err
	})
	return t, err
}

// called is the name of a query of ours, or how another one begins.
func called(query string) string {
	if _, named, ok := strings.Cut(query, "-- name: "); ok {
		name, _, _ := strings.Cut(named, " ")
		return name
	}
	words := strings.Fields(query)
	return strings.Join(words[:min(len(words), 4)], " ")
}
