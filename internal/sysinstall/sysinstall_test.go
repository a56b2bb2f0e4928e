package sysinstall

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var abacus = Program{Name: "Abacus", Apt: []string{"abacus-debian"}, Brew: []string{"--cask", "abacus-brew"}}

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
	if err := Install(t.Context(), abacus, &log); err != nil {
		t.Fatal(err)
	}
	want := "--cask abacus-brew"
	if os.Geteuid() == 0 {
		want = "abacus-debian"
	}
	content, err := os.ReadFile(called)
	if err != nil || !strings.Contains(string(content), want) {
		t.Errorf("called with %q, %v", content, err)
	}
	for line := range strings.Lines("Abacus\n" + string(content)) {
		if !strings.Contains(log.String(), strings.TrimSpace(line)) {
			t.Errorf("the log does not show %q:\n%s", line, log.String())
		}
	}
}

func TestFailureHasTheManagersWords(t *testing.T) {
	manage(t, "100")
	if err := Install(t.Context(), abacus, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "no such package") {
		t.Errorf("%v, want the manager's words", err)
	}
}

func TestNoPackageManager(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if err := Install(t.Context(), abacus, &bytes.Buffer{}); !errors.Is(err, ErrNoManager) {
		t.Errorf("%v, want ErrNoManager", err)
	}
}
