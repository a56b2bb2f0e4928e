package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"omni/channels"
	"omni/internal/localpg/pgtest"
	"omni/tools/omni/state"
)

// omni runs a command line in a folder of its own.
func omni(t *testing.T, in string, args ...string) (status int, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status = run(context.Background(), args, streams{in: strings.NewReader(in), out: &stdout, err: &stderr, piped: true})
	return status, stdout.String(), stderr.String()
}

func TestHelpTeaches(t *testing.T) {
	t.Parallel()
	status, out, _ := omni(t, "")
	if status != 0 {
		t.Errorf("status %d without arguments", status)
	}
	for _, command := range []string{"dev", "simulate", "send", "tail", "parse", "migrate", "version"} {
		if !strings.Contains(out, "\n  "+command+" ") {
			t.Errorf("the help does not list %s:\n%s", command, out)
		}
		status, help, _ := omni(t, "", command, "--help")
		if status != 0 || command != "version" && !strings.Contains(help, "Examples:") {
			t.Errorf("%s --help: status %d, without examples:\n%s", command, status, help)
		}
	}
	_, help, _ := omni(t, "", "simulate", "--help")
	for _, want := range []string{"--rate=20", "$DATABASE_URL", "$OMNI_URL", "--duplicates=0.05"} {
		if !strings.Contains(help, want) {
			t.Errorf("no %s in:\n%s", want, help)
		}
	}
}

func TestUsageErrorsSayWhereToReadOn(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"bogus":                              "`omni --help`",
		"simulate --rate fast":               "`omni simulate --help`",
		"simulate --rate=-1":                 "cannot be negative",
		"simulate --forge 2":                 "fraction from 0 to 1",
		"simulate --batch 0":                 "at least 1",
		"dev --log-level loud":               "`omni dev --help`",
		"send":                               "say something",
		"send --react x":                     "--reply-to",
		"send hi --param x":                  "--template",
		"dev --platforms x --real-platforms": "can't be used together",
		"parse":                              "`omni parse --help`",
		"parse pigeon --account a b":         "b",
	} {
		status, _, errs := omni(t, "", strings.Fields(args)...)
		if status == 0 || !strings.HasPrefix(errs, "omni: ") || !strings.Contains(errs, want) {
			t.Errorf("%s: status %d, %q, want %q", args, status, errs, want)
		}
	}
}

const telegramText = `{"update_id": 1, "message": {"message_id": 2, "date": 1700000000, "text": "hello",
	"from": {"id": 7, "is_bot": false, "first_name": "Ada"}, "chat": {"id": 7, "type": "private", "first_name": "Ada"}}}`

func TestParseFromStandardInputAndFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "webhook.json")
	if err := os.WriteFile(file, []byte(telegramText), 0o600); err != nil {
		t.Fatal(err)
	}
	_, fromStdin, errs := omni(t, telegramText, "parse", "telegram")
	_, fromFile, _ := omni(t, "", "parse", "telegram", file)
	if fromStdin != fromFile || !strings.Contains(fromStdin, "text hello") || errs != "" {
		t.Errorf("from standard input:\n%s%s\nfrom a file:\n%s", fromStdin, errs, fromFile)
	}
	if _, out, _ := omni(t, telegramText, "parse", "telegram", "--json"); !strings.Contains(out, `"text": "hello"`) {
		t.Errorf("as JSON:\n%s", out)
	}
	for want, args := range map[string][]string{
		"no such file":   {"parse", "telegram", file + "x"},
		"there are: ":    {"parse", "pigeon"},
		"does not under": {"parse", "telegram"},
	} {
		if status, _, errs := omni(t, "not JSON", args...); status == 0 || !strings.Contains(errs, want) {
			t.Errorf("%q: status %d, %q, want %q", args, status, errs, want)
		}
	}
}

func TestEveryChannelIsLinked(t *testing.T) {
	t.Parallel()
	if len(channels.Specs()) < 4 {
		t.Errorf("%d channels are linked", len(channels.Specs()))
	}
}

func TestVersionLine(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		info debug.BuildInfo
		want string
	}{
		"bare": {debug.BuildInfo{GoVersion: "go1.26"}, "omni (devel), go1.26 "},
		"released": {debug.BuildInfo{GoVersion: "go1.26", Main: debug.Module{Version: "v1.2.3"}, Settings: []debug.BuildSetting{
			{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.time", Value: "2026-01-02T03:04:05Z"}, {Key: "vcs.modified", Value: "true"},
		}}, "omni v1.2.3 commit 0123456789ab of 2026-01-02T03:04:05Z with local changes, go1.26 "},
	} {
		if got := versionLine(&c.info); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if status, out, _ := omni(t, "", "version"); status != 0 || !strings.HasPrefix(out, "omni ") {
		t.Errorf("status %d, %q", status, out)
	}
}

func TestMigrateAndTail(t *testing.T) {
	t.Parallel()
	url := pgtest.New(t, "", nil)
	status, out, errs := omni(t, "", "migrate", "--database-url", url)
	if status != 0 || !strings.Contains(out, "applied 00001") || !strings.Contains(out, "up to date") {
		t.Errorf("migrate: %d, %q, %q", status, out, errs)
	}
	if _, out, _ := omni(t, "", "migrate", "--database-url", url); strings.Contains(out, "applied") {
		t.Errorf("the second time: %q", out)
	}
	if status, out, errs := omni(t, "", "tail", "--database-url", url, "--all", "--no-follow"); status != 0 || out != "" {
		t.Errorf("tail of nothing: %d, %q, %q", status, out, errs)
	}
}

func TestNothingRuns(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("DATABASE_URL", "")
	t.Setenv("OMNI_URL", "")
	for _, command := range []string{"simulate", "tail", "migrate"} {
		if status, _, errs := omni(t, "", command); status == 0 || !strings.Contains(errs, "`omni dev`") {
			t.Errorf("%s: %d, %q, want what to start", command, status, errs)
		}
	}
}

func TestFillIn(t *testing.T) {
	t.Parallel()
	folder := state.Folder(t.TempDir())
	release, err := folder.Claim()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	local := state.Dev{URL: "http://127.0.0.1:8080", DatabaseURL: "postgres://local"}
	if err := folder.Announce(local); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		given                 simulateCommand
		url, database, period string
	}{
		"local":               {simulateCommand{}, local.URL, local.DatabaseURL, "10s"},
		"elsewhere":           {simulateCommand{URL: "https://example.com"}, "https://example.com", "", "10s"},
		"another database":    {simulateCommand{DatabaseURL: "postgres://other"}, local.URL, "postgres://other", "10s"},
		"a count":             {simulateCommand{Count: 5}, local.URL, local.DatabaseURL, "0s"},
		"a count and a limit": {simulateCommand{Count: 5, Duration: 1e9}, local.URL, local.DatabaseURL, "1s"},
	} {
		got := c.given
		if _, err := got.fillIn(folder); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got.URL != c.url || got.DatabaseURL != c.database || got.Duration.String() != c.period || got.Seed == 0 || got.Secrets != folder.Secrets() {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
