package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"omni/internal/store/storetest"
)

// testStage is a stage on the tests' own PostgreSQL, with a database for the product.
func testStage(t *testing.T) (s *stage, ours string) {
	t.Helper()
	_, ours = storetest.New(t)
	_, theirs := storetest.New(t)
	direct, err := pgxpool.New(t.Context(), theirs)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(direct.Close)
	return &stage{folder: t.TempDir(), theirs: theirs, direct: direct}, ours
}

// column is what a table's column holds.
type column struct {
	values int     // that are not null
	size   float64 // mean length as text
}

func columns(t *testing.T, url, table string) map[string]column {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	rows, err := conn.Query(t.Context(), fmt.Sprintf(`SELECT key, count(*), avg(length(value))::float8
		FROM %s AS t, json_each_text(row_to_json(t)) WHERE value IS NOT NULL GROUP BY key`, table))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]column{}
	var name string
	var c column
	if _, err := pgx.ForEachRow(rows, []any{&name, &c.values, &c.size}, func() error { all[name] = c; return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

// sameColumns wants values in the same columns, about as long: customers have names and ids of different lengths.
func sameColumns(t *testing.T, ours, theirs string, tables ...string) {
	t.Helper()
	about := cmp.Comparer(func(a, b column) bool { return a.values == b.values && math.Abs(a.size-b.size) < 8+a.size/10 })
	for _, table := range tables {
		product := columns(t, ours, table)
		if len(product) < 5 {
			t.Errorf("the product wrote only %v to %s", product, table)
		}
		if diff := cmp.Diff(product, columns(t, theirs, table), about); diff != "" {
			t.Errorf("%s: the product (-) and pgbench (+) write different rows:\n%s", table, diff)
		}
	}
}

// The yardstick of ingest is fair if its rows are those of the product.
func TestPgbenchInsertsTheRowsOfTheProduct(t *testing.T) {
	t.Parallel()
	s, ours := testStage(t)
	w, err := newWebhooks("handler", ours, 1, &taker{}, "live")
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	yardstick, err := newIngestScript(t.Context(), s, w.traffic)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []contender{w, yardstick} {
		if err := one.prepare(t.Context(), 20); err != nil {
			t.Fatal(err)
		}
		if _, err := one.run(t.Context(), 2, 20); err != nil {
			t.Fatal(err)
		}
	}
	sameColumns(t, ours, s.theirs, "webhook_logs", "messages", "queue_logs")
}

func TestPgbenchProcessesRowsLikeTheProduct(t *testing.T) {
	t.Parallel()
	s, ours := testStage(t)
	j, err := newJobs(ours, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer j.store.Close()
	yardstick, err := newProcessScript(t.Context(), s, j.traffic)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []contender{j, yardstick} {
		if err := one.prepare(t.Context(), 20); err != nil {
			t.Fatal(err)
		}
		if _, err := one.run(t.Context(), 2, 20); err != nil {
			t.Fatal(err)
		}
	}
	sameColumns(t, ours, s.theirs, "messages", "queue_logs")
	if err := j.troubles.err(); err != nil {
		t.Error(err)
	}
}

func TestTheSampleOfEachChannelCanBeReadAgain(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"instagram", "messenger", "telegram", "whatsapp"} {
		s, err := newSample(name)
		if err != nil {
			t.Fatal(err)
		}
		if len(s.events) < 20 {
			t.Errorf("%s: only %d events", name, len(s.events))
		}
		for i, request := range s.requests {
			if err := s.channel.Verify(request); err != nil {
				t.Errorf("%s, request %d: %v", name, i, err)
			}
		}
	}
}

func TestReadRate(t *testing.T) {
	t.Parallel()
	got, err := readRate("latency average = 2.5 ms\ninitial connection time = 3 ms\ntps = 1234.500000 (without initial connection time)\n")
	if got != 1234.5 || err != nil {
		t.Errorf("got %g, %v", got, err)
	}
	if _, err := readRate("pgbench: error: out of memory"); err == nil || !strings.Contains(err.Error(), "out of memory") {
		t.Errorf("got %v", err)
	}
}

func TestInParallelDoesEverythingOnce(t *testing.T) {
	t.Parallel()
	var done [1000]atomic.Int32
	if _, err := inParallel(8, len(done), func(i int) error { done[i].Add(1); return nil }); err != nil {
		t.Fatal(err)
	}
	for i := range done {
		if n := done[i].Load(); n != 1 {
			t.Errorf("piece %d was done %d times", i, n)
		}
	}
}

func TestInParallelStopsAtAnError(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	var calls atomic.Int32
	_, err := inParallel(2, 1_000_000, func(int) error { calls.Add(1); return broken })
	if !errors.Is(err, broken) || calls.Load() > 2 {
		t.Errorf("%d calls, %v", calls.Load(), err)
	}
}

func TestComparisonIsTheMedianOfTheRoundsOwnRatios(t *testing.T) {
	t.Parallel()
	c := comparison{
		yardstick: []pace{{rate: 100, server: 1}, {rate: 1000, server: 2}, {rate: 10, server: 3}},
		others:    [][]pace{{{rate: 50, cpu: 7, server: 4}, {rate: 600, cpu: 8, server: 5}, {rate: 4, cpu: 9, server: 6}}},
	}
	got := c.row("handler", 0, atLeast(0.4))
	if diff := cmp.Diff([]float64{0.5, 0.4, 0.6, 50, 100, 8, 5, 2}, got.figures); diff != "" {
		t.Error(diff)
	}
	if got.verdict() != "at least 0.4: met" {
		t.Errorf("verdict %q", got.verdict())
	}
}

func TestReports(t *testing.T) {
	t.Parallel()
	tables := []table{{title: "Ingest", columns: []string{"ratio", "a second"}, rows: []row{
		{name: "handler", figures: []float64{0.345, 1234.5}, goal: atLeast(0.4)}, {name: "alone", figures: []float64{3, 12.34}},
	}}}
	var text, json strings.Builder
	if err := errors.Join(writeText(&text, tables), writeJSON(&json, tables)); err != nil {
		t.Fatal(err)
	}
	want := `
Ingest
             ratio  a second
    handler   0.34      1234  at least 0.4: MISSED
    alone        3      12.3
`
	if diff := cmp.Diff(want, text.String()); diff != "" {
		t.Error(diff)
	}
	for _, part := range []string{`"case": "handler"`, `"ratio": 0.345`, `"goal": "at least 0.4"`, `"met": false`} {
		if !strings.Contains(json.String(), part) {
			t.Errorf("%s is not in\n%s", part, json.String())
		}
	}
}

func TestAnUnknownMeasurementIsRefusedWithTheKnownOnes(t *testing.T) {
	t.Parallel()
	err := run(t.Context(), []string{"--only", "ingest,speed"}, io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), `no measurement "speed"; there are: roundtrips, ingest`) {
		t.Errorf("got %v", err)
	}
}
