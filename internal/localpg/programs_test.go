package localpg

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestProbe(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		output string
		want   int // 0: not usable
	}{
		"debian":      {"postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", 15},
		"homebrew":    {"postgres (PostgreSQL) 17.5 (Homebrew)", 17},
		"beta":        {"postgres (PostgreSQL) 18beta1", 18},
		"old":         {"postgres (PostgreSQL) 14.9", 0},
		"another":     {"cockroach 23", 0},
		"says little": {"", 0},
	} {
		dir := t.TempDir()
		script := "#!/bin/sh\necho '" + c.output + "'\n"
		for _, program := range []string{"postgres", "initdb"} {
			if err := os.WriteFile(filepath.Join(dir, program), []byte(script), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		got, ok := probe(t.Context(), dir)
		if ok != (c.want != 0) || ok && got.major != c.want {
			t.Errorf("%s: version %d, usable %t, want %d", name, got.major, ok, c.want)
		}
	}
	if _, ok := probe(t.Context(), t.TempDir()); ok {
		t.Error("an empty folder is an installation")
	}
}

func TestLocaleArgs(t *testing.T) {
	t.Parallel()
	if got := localeArgs(17); !slices.Contains(got, "--locale-provider=builtin") {
		t.Errorf("version 17: %q, want the builtin provider", got)
	}
	if got := localeArgs(16); slices.Contains(got, "--locale-provider=builtin") {
		t.Errorf("version 16 has no builtin provider: %q", got)
	}
}
