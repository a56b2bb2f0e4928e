package web

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"omni/internal/flock"
)

// workshop is a repository with a dashboard, and stands in for Node's programs.
type workshop struct {
	t    *testing.T
	root string
	node string // its version; empty: there is none

	mu       sync.Mutex
	broken   bool
	commands []string
	building int
}

const packageLock = `{"packages": {"": {"version": "1"}, "node_modules/a": {"version": "1.0.0"}, "node_modules/fsevents": {"version": "2.3.3", "optional": true}}}`

func newWorkshop(t *testing.T) *workshop {
	t.Helper()
	w := &workshop{t: t, root: t.TempDir(), node: "v22.1.0"}
	w.write("web/package.json", "{}")
	w.write("web/package-lock.json", packageLock)
	w.write("web/src/main.tsx", "one")
	w.write("gen/openapi.json", "{}")
	return w
}

func (w *workshop) write(name, content string) {
	w.t.Helper()
	path := filepath.Join(w.root, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// run does what npm would: an installation leaves its list, a build the sources in dist.
func (w *workshop) run(_ context.Context, dir, name string, args ...string) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	command := strings.Join(append([]string{name}, args...), " ")
	w.commands = append(w.commands, command)
	switch command {
	case "node --version":
		if w.node == "" {
			return "", errors.New("executable file not found")
		}
		return w.node + "\n", nil
	case "npm ci --no-audit --no-fund":
		w.write("web/node_modules/.package-lock.json", strings.ReplaceAll(packageLock, `"": {"version": "1"}, `, ""))
	case "npm run build":
		source, err := os.ReadFile(filepath.Join(dir, "src/main.tsx"))
		if err != nil {
			return "", err
		}
		if w.broken {
			return "src/main.tsx(1,1): error TS1005", errors.New("exit status 2")
		}
		w.building++
		w.write("web/dist/index.html", string(source))
		w.write("web/src/api/schema.ts", strings.Repeat("x", w.building)) // made by the build, and so no source
	}
	return "", nil
}

// build builds and returns what the page is made of.
func (w *workshop) build() (page, said string, err error) {
	var out bytes.Buffer
	source := Source{Root: w.root, Out: filepath.Join(w.root, "build", "web"), Say: &out, Run: w.run}
	err = source.Build(w.t.Context(), func(dir string) error {
		content, err := os.ReadFile(filepath.Join(dir, "index.html"))
		page = string(content)
		return err
	})
	return page, out.String(), err
}

func TestTheDashboardIsBuiltWhenItsSourcesHaveChanged(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	page, said, err := w.build()
	if err != nil || page != "one" || !strings.Contains(said, "npm ci") || !strings.Contains(said, "Building the dashboard took") {
		t.Fatalf("%q, %v\n%s", page, err, said)
	}
	for _, step := range []struct {
		change, content string
		page            string
		builds          int
		installs        bool
	}{
		{"", "", "one", 1, false},
		{"web/tests/inbox.test.ts", "a test", "one", 1, false},
		{"web/.env.local", "", "one", 1, false},
		{"web/src/main.tsx", "two", "two", 2, false},
		{"gen/openapi.json", `{"openapi": "3.1.0"}`, "two", 3, false},
		{"web/package-lock.json", strings.ReplaceAll(packageLock, "1.0.0", "1.0.1"), "two", 4, true},
	} {
		if step.change != "" {
			w.write(step.change, step.content)
		}
		w.commands = nil
		page, said, err := w.build()
		installed := strings.Contains(strings.Join(w.commands, ";"), "npm ci")
		if err != nil || page != step.page || w.building != step.builds || installed != step.installs {
			t.Errorf("after a change of %q: %q, built %d times, installed %v, %v\n%s", step.change, page, w.building, installed, err, said)
		}
	}
}

func TestWithoutWhatItNeedsNothingIsBuilt(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{"": "there is no node", "v18.20.4": "node is v18.20.4", "what?": "node is what?"} {
		w := newWorkshop(t)
		w.node = version
		_, _, err := w.build()
		if missing := (MissingError{}); !errors.As(err, &missing) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "nodejs.org") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", version, err)
		}
	}
	source := Source{Root: t.TempDir(), Out: filepath.Join(t.TempDir(), "web")}
	if err := source.Build(t.Context(), nil); !errors.Is(err, ErrNoSource) {
		t.Errorf("without web/: %v", err)
	}
}

func TestAfterAFailureTheEarlierBuildIsLeft(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	source := Source{Root: w.root, Out: filepath.Join(w.root, "build", "web")}
	if err := source.Left(nil); err == nil {
		t.Error("there is a build before the first")
	}
	if _, _, err := w.build(); err != nil {
		t.Fatal(err)
	}
	w.write("web/src/main.tsx", "two")
	w.broken = true
	if _, _, err := w.build(); err == nil || !strings.Contains(err.Error(), "TS1005") {
		t.Errorf("a broken build: %v", err)
	}
	err := source.Left(func(dir string) error {
		content, err := os.ReadFile(filepath.Join(dir, "index.html"))
		if string(content) != "one" {
			t.Errorf("what is left is %q", content)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	w.broken = false
	if page, _, err := w.build(); err != nil || page != "two" {
		t.Errorf("repaired: %q, %v", page, err)
	}
}

func TestSeveralBuildAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if page, _, err := w.build(); err != nil || page != "one" {
				t.Errorf("%q, %v", page, err)
			}
		})
	}
	all.Wait()
	if w.building != 1 {
		t.Errorf("built %d times", w.building)
	}
}

func TestWhoWaitsForAnotherBuildCanBeStopped(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	lock, err := wait(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := wait(ctx, path); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

// What a killed process leaves behind keeps the lock, so that nobody builds beside it.
func TestAProgramHasTheLockToo(t *testing.T) {
	t.Parallel()
	path, marker := filepath.Join(t.TempDir(), "lock"), filepath.Join(t.TempDir(), "marker")
	lock, err := wait(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	script := "until [ -e " + marker + " ]; do sleep 0.01; done >/dev/null 2>&1 & echo $CI$NO_COLOR"
	if said, err := (runner{lock}).run(t.Context(), t.TempDir(), "sh", "-c", script); err != nil || said != "11\n" {
		t.Errorf("%q, %v", said, err)
	}
	if err := lock.Release(); err != nil {
		t.Error(err)
	}
	if _, err := flock.TryExclusive(path); !errors.Is(err, flock.ErrHeld) {
		t.Errorf("while the program runs on: %v", err)
	}
	if err := os.WriteFile(marker, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	again, err := wait(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	again.Release()
}
