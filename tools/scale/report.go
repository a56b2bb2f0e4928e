package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/jackc/pgx/v5"

	"omni/internal/store"
	"omni/tools/scale/dataset"
)

// table is the report's: what each operation took on each database, and how that compares to the smallest.
type table struct {
	out *tabwriter.Writer
}

// columns starts a table.
func columns(out io.Writer) *tabwriter.Writer {
	return tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
}

func newTable(out io.Writer, subjects []*subject) table {
	t := table{out: columns(out)}
	fmt.Fprint(t.out, "  milliseconds\t")
	for _, s := range subjects {
		fmt.Fprintf(t.out, "%s\t", short(s.size))
	}
	for _, s := range subjects[1:] {
		fmt.Fprintf(t.out, "%s : %s\t", short(s.size), short(subjects[0].size))
	}
	fmt.Fprintln(t.out)
	return t
}

// short writes a number of messages as people do.
func short(size int) string {
	if size >= 1_000_000 {
		return fmt.Sprintf("%g M", float64(size)/1e6)
	}
	return fmt.Sprintf("%g k", float64(size)/1e3)
}

func (t table) add(o operation, found []measured) {
	fmt.Fprintf(t.out, "  %-56s\t", o.name)
	for _, m := range found {
		fmt.Fprintf(t.out, "%.2f\t", milliseconds(m.each))
	}
	for _, m := range found[1:] {
		fmt.Fprintf(t.out, "%.2f\t", m.ratio(found[0]))
	}
	fmt.Fprintf(t.out, "  %s%s\n", o.goal.verdict(found), results(found))
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func (m measured) ratio(smallest measured) float64 { return float64(m.each) / float64(smallest.each) }

// verdict says whether the largest database kept to the goal.
func (g goal) verdict(found []measured) string {
	smallest, largest := found[0], found[len(found)-1]
	text, met := fmt.Sprintf("at most %g", g.ratio), largest.ratio(smallest) <= g.ratio
	if g.budget > 0 {
		text, met = fmt.Sprintf("within %s", g.budget), largest.each <= g.budget
	}
	if met {
		return text + ": met"
	}
	return text + ": MISSED"
}

// results tells of each database how much came of it, unless that is the same.
func results(found []measured) string {
	text, same := "", true
	for _, m := range found {
		text += fmt.Sprintf(" %d", m.result)
		same = same && m.result == found[0].result
	}
	if same {
		return ""
	}
	return "; found" + text
}

func (t table) flush() error { return t.out.Flush() }

// retention lets the sweeper drop what is past its time, once on each database: afterwards it is gone.
func retention(ctx context.Context, out io.Writer, subjects []*subject) error {
	fmt.Fprintln(out, "\nRetention, once")
	t := columns(out)
	fmt.Fprintln(t, "  \tpartitions dropped\tms\tchanges deleted\tms\tms for 5,000\t")
	for _, s := range subjects {
		before := time.Now().Add(-dataset.Retention)
		began := time.Now()
		dropped, err := s.store.DropExpired(ctx, store.LogTimes{Webhooks: before, Jobs: before})
		if err != nil {
			return fmt.Errorf("dropping old partitions: %w", err)
		}
		partitions := time.Since(began)
		began = time.Now()
		deleted, err := s.store.ExpireFeed(ctx, before.Add(10*24*time.Hour))
		if err != nil {
			return fmt.Errorf("deleting from the feed: %w", err)
		}
		feed := time.Since(began)
		fmt.Fprintf(t, "  %s\t%d\t%.0f\t%d\t%.0f\t%.0f\t\n", short(s.size), len(dropped), milliseconds(partitions), deleted, milliseconds(feed),
			milliseconds(feed)/max(float64(deleted)/5000, 1))
	}
	return t.Flush()
}

// disk prints what the largest database takes of it.
func disk(ctx context.Context, out io.Writer, subjects []*subject) error {
	s := subjects[len(subjects)-1]
	const query = `
		SELECT coalesce(p.relname, c.relname), sum(pg_table_size(c.oid))::bigint, sum(pg_indexes_size(c.oid))::bigint
		FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid LEFT JOIN pg_class p ON p.oid = i.inhparent
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
		GROUP BY 1 HAVING sum(pg_total_relation_size(c.oid)) > 1e6 ORDER BY sum(pg_total_relation_size(c.oid)) DESC`
	rows, err := s.conn.Query(ctx, query)
	if err != nil {
		return fmt.Errorf("reading sizes: %w", err)
	}
	fmt.Fprintf(out, "\nDisk at %s messages: MB, and MB for a million messages\n", short(s.size))
	t := columns(out)
	fmt.Fprintln(t, "  \trows\tindexes\tfor a million\t")
	var name string
	var heap, indexes, all int64
	if _, err := pgx.ForEachRow(rows, []any{&name, &heap, &indexes}, func() error {
		all += heap + indexes
		fmt.Fprintf(t, "  %-20s\t%d\t%d\t%d\t\n", name, heap>>20, indexes>>20, perMillion(heap+indexes, s.size))
		return nil
	}); err != nil {
		return fmt.Errorf("reading sizes: %w", err)
	}
	fmt.Fprintf(t, "  %-20s\t\t%d\t%d\t\n", "all", all>>20, perMillion(all, s.size))
	return t.Flush()
}

func perMillion(bytes int64, messages int) int64 { return bytes * 1_000_000 / int64(messages) >> 20 }
