package app

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"omni/internal/inbox"
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

func TestReadConfigTakesRetention(t *testing.T) {
	t.Parallel()
	c, err := ReadConfig("any", environment(map[string]string{
		"RETENTION": `{"messages": 730, "channels": {"whatsapp": {"messages": 365, "webhooks": 30}, "telegram": {"messages": 0}}}`,
	}))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct {
		kind    inbox.Keepsake
		channel string
		days    int
	}{
		{inbox.KeptMessages, "messenger", 730}, {inbox.KeptMessages, "whatsapp", 365}, {inbox.KeptMessages, "telegram", 0},
		{inbox.KeptWebhooks, "whatsapp", 30}, {inbox.KeptWebhooks, "telegram", 90}, {inbox.KeptFiles, "whatsapp", 0},
	} {
		if days := c.Retention.days(want.kind, want.channel, 90); days != want.days {
			t.Errorf("%s of %s: %d days, want %d", want.kind, want.channel, days, want.days)
		}
	}
	if days := c.Retention.longest(inbox.KeptMessages, 90); days != 0 {
		t.Errorf("a channel keeps its messages for good, and the longest is %d days", days)
	}
	for given, want := range map[string]string{
		`730`:                                 `want JSON such as {"messages": 730}`,
		`{"messages": 730`:                    `want JSON such as {"messages": 730}`,
		`{"mesages": 730}`:                    `"mesages" is none of [messages`,
		`{"messages": "2y"}`:                  `messages: want a whole number of days, or 0 for good`,
		`{"messages": 1.5}`:                   `messages: want a whole number of days, or 0 for good`,
		`{"messages": -1}`:                    `messages: want a whole number of days, or 0 for good`,
		`{"messages": null}`:                  `messages: want a whole number of days, or 0 for good`,
		`{"channels": {"whatsapp": 30}}`:      `channels: want JSON such as`,
		`{"channels": {"pigeon": {}}}`:        `pigeon`,
		`{"channels": {"telegram": {"x":1}}}`: `telegram: "x" is none of`,
	} {
		if _, err := ReadConfig("any", environment(map[string]string{"RETENTION": given})); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", given, err, want)
		}
	}
}
