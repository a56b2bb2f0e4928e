package app

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"omni/internal/store"
	"omni/internal/store/storetest"
)

func TestTheSweeperDropsWhatIsPastItsRetentionAndReportsIt(t *testing.T) {
	t.Parallel()
	opened, url := storetest.New(t)
	pool, err := pgxpool.New(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if _, err := pool.Exec(t.Context(), `DO $$ BEGIN
		EXECUTE format('CREATE TABLE queue_logs_old PARTITION OF queue_logs FOR VALUES FROM (%L) TO (%L)', uuid_floor(now() - interval '41 days'), uuid_floor(now() - interval '40 days'));
	END $$`); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	p := Parts{Store: opened, Log: slog.New(slog.NewTextHandler(&log, nil))}
	dropped := []store.Expired{{Partition: "queue_logs_old", Outcome: store.OutcomeDropped}}
	for _, c := range []struct {
		days int
		want []store.Expired
	}{{0, nil}, {41, nil}, {40, dropped}, {40, nil}} {
		p.RetentionDays = c.days
		swept, err := p.Sweep(t.Context())
		if diff := cmp.Diff(c.want, swept.Expired); err != nil || diff != "" {
			t.Errorf("after %d days: %v (-want +got):\n%s", c.days, err, diff)
		}
	}
	if line := log.String(); strings.Count(line, "\n") != 1 || !strings.Contains(line, "partition=queue_logs_old outcome=dropped") {
		t.Errorf("the log says %q", line)
	}
}

func TestReadConfigTakesDays(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]int{"": 90, "0": 0, "400": 400} {
		c, err := ReadConfig("any", environment(map[string]string{"RETENTION_DAYS": given}))
		if err != nil || c.RetentionDays != want {
			t.Errorf("%q: %d, %v", given, c.RetentionDays, err)
		}
	}
	for _, given := range []string{"-1", "3 months", "1.5"} {
		if _, err := ReadConfig("any", environment(map[string]string{"RETENTION_DAYS": given})); err == nil || !strings.Contains(err.Error(), "RETENTION_DAYS=") {
			t.Errorf("%q: %v", given, err)
		}
	}
}
