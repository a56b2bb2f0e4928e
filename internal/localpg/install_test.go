package localpg

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// manage puts a package manager of both names first on the PATH; it writes down its arguments and ends with the status.
func manage(t *testing.T, status string) (called string) {
	t.Helper()
	dir := t.TempDir()
	called = filepath.Join(dir, "called")
	script := "#!/bin/sh\necho \"$@\" >> '" + called + "'\necho 'no such package'\nexit " + status + "\n"
	for _, name := range []string{"apt-get", "brew"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir+":/usr/bin:/bin")
	return called
}

func TestInstallSaysWhatItDoes(t *testing.T) {
	called := manage(t, "0")
	var log bytes.Buffer
	if err := install(t.Context(), &log); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(called)
	if err != nil || !strings.Contains(string(content), "postgresql") {
		t.Errorf("called with %q, %v", content, err)
	}
	for line := range strings.Lines(string(content)) {
		if !strings.Contains(log.String(), strings.TrimSpace(line)) {
			t.Errorf("the log does not show %q:\n%s", line, log.String())
		}
	}
}

func TestInstallThatFailsSaysWhatElseToDo(t *testing.T) {
	manage(t, "100")
	err := install(t.Context(), &bytes.Buffer{})
	if !errors.Is(err, errNotFound) || !strings.Contains(err.Error(), "no such package") || !strings.Contains(err.Error(), "--database-url") {
		t.Errorf("%v, want the manager's words and what to do instead", err)
	}
}

func TestNoPackageManager(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if err := install(t.Context(), &bytes.Buffer{}); !errors.Is(err, errNotFound) {
		t.Errorf("%v, want the advice", err)
	}
}
