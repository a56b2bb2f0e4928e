package app

import (
	"log/slog"
	"os"
	"reflect"
	"strings"
	"testing"
)

func environment(set map[string]string) func(string) string {
	return func(name string) string { return set[name] }
}

func TestReadConfig(t *testing.T) {
	t.Parallel()
	c, err := ReadConfig("processor", environment(map[string]string{"DATABASE_URL": "postgres://x", "LOG_LEVEL": "debug"}))
	if err != nil {
		t.Fatal(err)
	}
	if c.DatabaseURL != "postgres://x" || c.LogLevel != slog.LevelDebug {
		t.Errorf("got %+v", c)
	}
}

func TestReadConfigNamesEverythingThatIsWrong(t *testing.T) {
	t.Parallel()
	_, err := ReadConfig("webhook", environment(map[string]string{"DATABASE_URL": "postgres://x", "LOG_LEVEL": "loud"}))
	if err == nil {
		t.Fatal("an error wanted")
	}
	for _, part := range []string{"configuration of webhook", "MESSAGE_QUEUE_URL is not set (URL of", "CHANNEL_SECRETS is not set", `LOG_LEVEL="loud"`} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q lacks %q", err, part)
		}
	}
	if strings.Contains(err.Error(), "DATABASE_URL") {
		t.Errorf("%q complains about what is set", err)
	}
}

// The README's table of configuration has a row for each field, with the same words.
func TestTheREADMEListsTheConfiguration(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	fields := reflect.TypeFor[Config]()
	for i := range fields.NumField() {
		tag := fields.Field(i).Tag
		row := "| `" + tag.Get("env") + "` | " + tag.Get("for") + " | " + tag.Get("default") + " | " + tag.Get("doc") + " |"
		if !strings.Contains(string(readme), row) {
			t.Errorf("README.md lacks the row\n%s", row)
		}
	}
}
