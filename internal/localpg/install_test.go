package localpg

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestInstallThatFailsSaysWhatElseToDo(t *testing.T) {
	dir := t.TempDir()
	for _, manager := range []string{"apt-get", "brew"} {
		if err := os.WriteFile(filepath.Join(dir, manager), []byte("#!/bin/sh\necho 'no such package'\nexit 100\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir+":/usr/bin:/bin")
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
