package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/store/storetest"
)

func TestMoment(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]time.Time{
		"2026-11-22":                time.Date(2026, 11, 22, 0, 0, 0, 0, time.Local),
		"2026-11-22T15:04":          time.Date(2026, 11, 22, 15, 4, 0, 0, time.Local),
		"2026-11-22 15:04:05":       time.Date(2026, 11, 22, 15, 4, 5, 0, time.Local),
		"2026-11-22T15:04:05Z":      time.Date(2026, 11, 22, 15, 4, 5, 0, time.UTC),
		"2026-11-22T15:04:05+02:00": time.Date(2026, 11, 22, 13, 4, 5, 0, time.UTC),
		"90m":                       time.Now().Add(-90 * time.Minute),
		"7d":                        time.Now().Add(-7 * 24 * time.Hour),
	} {
		var m moment
		if err := m.UnmarshalText([]byte(given)); err != nil || m.Sub(want).Abs() > time.Minute {
			t.Errorf("%s: %s, %v", given, m, err)
		}
	}
	for _, given := range []string{"", "soon", "d", "-5h", "2026-13-01"} {
		if err := new(moment).UnmarshalText([]byte(given)); err == nil {
			t.Errorf("%q is taken", given)
		}
	}
}

func TestOperatorsCommandsHelp(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"replay", "dead", "dead list", "dead show", "dead redrive", "media", "media list", "media retry"} {
		status, help, _ := omni(t, "", append(strings.Fields(command), "--help")...)
		if status != 0 || !strings.Contains(help, "Examples:") {
			t.Errorf("%s --help: status %d, without examples:\n%s", command, status, help)
		}
	}
	for args, want := range map[string]string{
		"replay --since soon":             "nor a duration such as",
		"replay --limit=-1":               "cannot be negative",
		"replay --webhook 7":              "`omni replay --help`",
		"dead list --limit 0":             "`omni dead list --help`",
		"dead redrive":                    "say --all",
		"dead redrive --kind message":     "say --all",
		"dead redrive --all " + someID:    "do not go together",
		"dead redrive --kind x " + someID: "do not go together",
		"media list --limit 0":            "`omni media list --help`",
		"media list --state lost":         "--state",
		"media retry":                     "say --all",
		"media retry --all " + someID:     "do not go together",
		"dead redrive --all --bulk-queue-url http://127.0.0.1:1/1/b.fifo": "needs --message-queue-url",
	} {
		status, _, errs := omni(t, "", strings.Fields(args)...)
		if status == 0 || !strings.Contains(errs, want) {
			t.Errorf("%s: status %d, %q, want %q", args, status, errs, want)
		}
	}
}

const someID = "01a20446-067f-7693-a288-fb8e3183780a"

func TestADeadMessageIsFoundRedrivenAndReplayed(t *testing.T) {
	t.Parallel()
	s, url := storetest.New(t)
	stored, err := s.Ingest(t.Context(), inbox.Webhook{
		ID: uuid.Must(uuid.NewV7()), Channel: "telegram", CredentialAccount: "support", Headers: map[string]string{}, Body: []byte(telegramText),
		Events: []channels.Event{{Kind: channels.KindMessage, Account: "support", Thread: "7", ID: "7/2", At: time.Unix(1700000000, 0), Raw: []byte(telegramText)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := s.Pending(t.Context(), stored.Jobs[0], nil, 10)
	if err != nil {
		t.Fatal(err)
	}
	die := func() {
		t.Helper()
		if err := s.Bury(t.Context(), rows[0], "normalizing: an old mistake"); err != nil {
			t.Fatal(err)
		}
	}
	die()
	on := func(in string, args ...string) string {
		t.Helper()
		_, out, errs := omni(t, in, append(args, "--database-url", url)...)
		return out + errs
	}
	id := rows[0].ID.String()
	for _, step := range []struct {
		args, want string
	}{
		{"dead list --reason mistake --since 1h", id},
		{"dead list --since 2099-01-01", "There are no dead letters."},
		{"dead show " + id, "It would be understood now"},
		{"dead redrive " + id, "see the flags"},
		{"dead redrive --all --channel telegram --yes", "1 row stored again, 0 jobs queued.\nThe queue cannot be reached (no queue is known here)"},
		{"dead list", "There are no dead letters."},
		{"dead redrive " + id, "is not dead: it waits to be processed"},
		{"replay", "Nothing differs"},
	} {
		if got := on("", strings.Fields(step.args)...); !strings.Contains(got, step.want) {
			t.Errorf("%s: no %q in:\n%s", step.args, step.want, got)
		}
	}
	die()
	for _, step := range []struct {
		args, want string
	}{
		{"replay --channel messenger", "There are no such webhooks."},
		{"replay --since 1h --limit 5", "dead, would be understood now  telegram message \"7/2\""},
		{"replay --apply --details 0", "1 of 1 differences are written."},
		{"replay --apply", "Nothing differs"},
	} {
		if got := on("", strings.Fields(step.args)...); !strings.Contains(got, step.want) {
			t.Errorf("%s: no %q in:\n%s", step.args, step.want, got)
		}
	}
}

func TestTheQuestionIsAsked(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]bool{"y\n": true, " YES \n": true, "n\n": false, "\n": false, "": false, "maybe\n": false} {
		var out strings.Builder
		sure, err := confirm(streams{in: strings.NewReader(answer), out: &out}, false)("Really?")
		if err != nil || sure != want || out.String() != "Really? [y/N] " {
			t.Errorf("%q: %t, %v, asked %q", answer, sure, err, out.String())
		}
	}
}
