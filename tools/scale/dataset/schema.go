package dataset

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"
)

// schema is what tables lose while they are filled, as PostgreSQL itself would write it down.
type schema struct {
	keys    []piece // primary keys and unique constraints
	indexes []piece
	links   []piece // foreign keys
}

// piece is one constraint or index.
type piece struct {
	name, table  string
	create, drop string
}

// readConstraints lists constraints of a kind that are not inherited. A partitioned table's make those of its partitions.
const readConstraints = `
	SELECT conname, conrelid::regclass::text,
	       format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)),
	       format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)
	FROM pg_constraint
	WHERE connamespace = 'public'::regnamespace AND conparentid = 0 AND contype = ANY ($1::text[]::"char"[])
	ORDER BY pg_total_relation_size(conrelid) DESC, conname`

// readIndexes lists the indexes that belong to no constraint and to no partition. Of a partitioned table they are written down as ON ONLY.
const readIndexes = `
	SELECT x.indexrelid::regclass::text, x.indrelid::regclass::text, replace(pg_get_indexdef(x.indexrelid), ' ON ONLY ', ' ON '),
	       format('DROP INDEX %s', x.indexrelid::regclass)
	FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid
	WHERE c.relnamespace = 'public'::regnamespace AND NOT c.relispartition
	  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x'))
	ORDER BY 1`

// stripSchema makes the past partitions of the logs, and takes keys, indexes and foreign keys off the tables.
func stripSchema(ctx context.Context, url string, o Options) (schema, error) {
	var s schema
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return s, fmt.Errorf("connecting to prepare the tables: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if err := makePastPartitions(ctx, conn, o); err != nil {
		return s, err
	}
	for _, part := range []struct {
		pieces *[]piece
		query  string
		args   []any
	}{
		{&s.links, readConstraints, []any{[]string{"f"}}},
		{&s.keys, readConstraints, []any{[]string{"p", "u"}}},
		{&s.indexes, readIndexes, nil},
	} {
		if *part.pieces, err = readPieces(ctx, conn, part.query, part.args...); err != nil {
			return s, err
		}
		for _, p := range *part.pieces {
			if _, err := conn.Exec(ctx, p.drop); err != nil {
				return s, fmt.Errorf("taking %s off for the load: %w", p.name, err)
			}
		}
	}
	return s, nil
}

func readPieces(ctx context.Context, conn *pgx.Conn, query string, args ...any) ([]piece, error) {
	rows, err := conn.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("reading how the tables are made: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (p piece, err error) {
		return p, row.Scan(&p.name, &p.table, &p.create, &p.drop)
	})
}

// makePastPartitions makes the months of the logs that ensure_partitions had made in their time.
func makePastPartitions(ctx context.Context, conn *pgx.Conn, o Options) error {
	const create = `
		SELECT format('CREATE TABLE IF NOT EXISTS %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', log || to_char($1::timestamp, '_YYYY_MM'), log,
		    uuid_floor($1::timestamp AT TIME ZONE 'UTC'), uuid_floor(($1::timestamp + interval '1 month') AT TIME ZONE 'UTC'))
		FROM unnest(ARRAY['webhook_logs', 'queue_logs']) AS log`
	first := o.Until.Add(-logged).UTC()
	for month := time.Date(first.Year(), first.Month(), 1, 0, 0, 0, 0, time.UTC); month.Before(o.Until); month = month.AddDate(0, 1, 0) {
		rows, err := conn.Query(ctx, create, month)
		if err != nil {
			return fmt.Errorf("naming the partitions of %s: %w", month.Format("2006-01"), err)
		}
		statements, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return fmt.Errorf("naming the partitions of %s: %w", month.Format("2006-01"), err)
		}
		for _, statement := range statements {
			if _, err := conn.Exec(ctx, statement); err != nil {
				return fmt.Errorf("making the partitions of %s: %w", month.Format("2006-01"), err)
			}
		}
	}
	return nil
}

// sequences go on behind what was copied.
var sequences = []piece{
	{name: "inbound_seq", create: `SELECT setval('inbound_seq', greatest((SELECT max(seq) FROM messages), (SELECT max(seq) FROM message_events)))`},
	{name: "the order of sends", create: `SELECT setval(pg_get_serial_sequence('sends', 'seq'), (SELECT max(seq) FROM sends))`},
}

// restore puts everything back, the index that takes longest first, and gathers the planner's statistics.
func (s schema) restore(ctx context.Context, url string, o Options) error {
	slices.SortStableFunc(s.indexes, func(a, b piece) int { return cmp.Compare(b.effort(), a.effort()) })
	began := time.Now()
	for _, step := range []struct {
		doing   string
		pieces  []piece
		workers int
	}{
		{"keys", s.keys, 1}, // one table is locked at a time
		{"indexes", s.indexes, o.Loaders},
		{"foreign keys", s.links, 1},
		{"sequences", sequences, 1},
		{"statistics", []piece{{name: "the statistics", create: "VACUUM (ANALYZE)"}}, 1},
	} {
		if err := build(ctx, url, step.pieces, step.workers); err != nil {
			return err
		}
		fmt.Fprintf(o.Log, "  %s after %s\n", step.doing, time.Since(began).Round(time.Second))
	}
	return nil
}

// effort orders indexes by how long they take: words longest, then those of messages.
func (p piece) effort() int {
	effort := 0
	if strings.Contains(p.create, "USING gin") {
		effort += 2
	}
	if p.table == messages.name {
		effort++
	}
	return effort
}

// build executes the statements that create pieces, over as many connections as there are workers.
func build(ctx context.Context, url string, pieces []piece, workers int) error {
	group, ctx := errgroup.WithContext(ctx)
	queue := make(chan piece)
	for range workers {
		group.Go(func() error {
			conn, err := pgx.Connect(ctx, url)
			if err != nil {
				return fmt.Errorf("connecting to put the tables together: %w", err)
			}
			defer conn.Close(context.WithoutCancel(ctx))
			for p := range queue {
				if _, err := conn.Exec(ctx, p.create); err != nil {
					return fmt.Errorf("putting back %s: %w", p.name, err)
				}
			}
			return nil
		})
	}
	group.Go(func() error {
		defer close(queue)
		for _, p := range pieces {
			select {
			case queue <- p:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		return nil
	})
	return group.Wait()
}
