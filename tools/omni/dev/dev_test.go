package dev

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	_ "omni/gen/simulators"
	"omni/internal/app"
	"omni/internal/localpg"
	"omni/internal/localpg/pgtest"
	"omni/tools/omni/simulate"
	"omni/tools/omni/state"
)

// buffer is a writer for several goroutines.
type buffer struct {
	mu  sync.Mutex
	out bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.out.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.out.String()
}

// begin runs a local server and returns when it is announced. stop ends it as Ctrl-C does.
func begin(t *testing.T, o Options) (running state.Dev, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- Run(ctx, o) }()
	stop = sync.OnceValue(func() error {
		cancel()
		return <-done
	})
	t.Cleanup(func() { stop() })
	for {
		running, err := o.State.Running()
		if err == nil {
			return running, stop
		}
		select {
		case err := <-done:
			t.Fatalf("ended while starting: %v", err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func TestSimulatedCustomersLoseNothing(t *testing.T) {
	t.Parallel()
	out := &buffer{}
	o := Options{
		State: state.Folder(filepath.Join(t.TempDir(), ".omni")), Address: "127.0.0.1:0", DatabaseURL: pgtest.New(t, "", nil),
		Pollers: 4, Out: out, Log: quiet,
	}
	running, stop := begin(t, o)
	pool, err := pgxpool.New(t.Context(), running.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	var report strings.Builder
	err = simulate.Run(t.Context(), simulate.Options{
		URL: running.URL, Count: 150, Batch: 3, Customers: 5, Concurrency: 8, Duplicates: 0.3, Reorder: 0.3, Forge: 0.1, Seed: 11, Wait: 20 * time.Second,
	}, simulate.Parts{
		Secrets: app.SecretsFile(o.State.Secrets()), Ledger: simulate.NewDatabase(pool), Client: http.DefaultClient,
		Progress: simulate.NewProgress(io.Discard, false), Out: &report,
	})
	if err != nil {
		t.Errorf("%v\n%s", err, report.String())
	}
	if _, err := o.State.Claim(); err == nil || !strings.Contains(err.Error(), running.URL) {
		t.Errorf("a second server with the same folder: %v", err)
	}
	if err := stop(); err != nil {
		t.Errorf("stopping: %v", err)
	}
	if _, err := o.State.Running(); !errors.Is(err, state.ErrNotRunning) {
		t.Errorf("after the end: %v", err)
	}
	for _, want := range []string{"/webhooks/telegram/demo", "omni simulate", "processed", "Stopping"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in:\n%s", want, out.String())
		}
	}
}

func TestTakenPort(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	folder := state.Folder(t.TempDir())
	err = Run(t.Context(), Options{State: folder, Address: listener.Addr().String(), Out: io.Discard, Log: quiet})
	if err == nil || !strings.Contains(err.Error(), "--listen") {
		t.Errorf("%v, want one that says what to do", err)
	}
	release, err := folder.Claim()
	if err != nil {
		t.Fatalf("the folder is still claimed: %v", err)
	}
	release()
}

func TestUnreachableDatabase(t *testing.T) {
	t.Parallel()
	err := Run(t.Context(), Options{
		State: state.Folder(t.TempDir()), Address: "127.0.0.1:0", DatabaseURL: "postgres://127.0.0.1:1/none", Out: io.Discard, Log: quiet,
	})
	if err == nil {
		t.Error("started without a database")
	}
}

func TestStackUndoesInReverseAndGoesOnAfterErrors(t *testing.T) {
	t.Parallel()
	var order []string
	broken := errors.New("broken")
	var s stack
	s.push(func() error { order = append(order, "first"); return nil })
	s.push(func() error { order = append(order, "second"); return broken })
	if err := s.close(); !errors.Is(err, broken) || strings.Join(order, " ") != "second first" {
		t.Errorf("%v, %q", err, order)
	}
}

func TestMeter(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	m := newMeter(&out)
	m.Count("telegram", map[string]int{"stored": 1, "dead": 0})
	m.Count("telegram", map[string]int{"stored": 2, "received": 1})
	m.Count("whatsapp", map[string]int{"dead": 0})
	m.flush()
	m.flush() // nothing new
	if got := out.String(); !strings.HasSuffix(got, "  telegram   received 1, stored 3\n") || strings.Count(got, "\n") != 1 {
		t.Errorf("got %q", got)
	}
}

func TestAPostgreSQLThatRanAlreadyOutlivesAFailedStart(t *testing.T) {
	t.Parallel()
	folder := state.Folder(filepath.Join(t.TempDir(), ".omni"))
	pgDir, journal := folder.Path("postgres"), folder.Path("queues.journal")
	o := Options{State: folder, Address: "127.0.0.1:0", Pollers: 1, Out: io.Discard, Log: quiet}
	if err := os.MkdirAll(string(folder), 0o755); err != nil {
		t.Fatal(err)
	}
	fail := func() {
		t.Helper()
		if err := os.WriteFile(journal, []byte("no journal\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), journal) {
			t.Fatalf("started with a broken journal: %v", err)
		}
	}
	runs := func() bool {
		t.Helper()
		server, err := localpg.Attach(pgDir)
		if err != nil {
			t.Fatal(err)
		}
		return server != nil
	}
	fail()
	if runs() {
		t.Error("the PostgreSQL that it started runs after it failed")
	}
	already, err := localpg.Start(t.Context(), localpg.Options{Dir: pgDir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		already.Stop()
		os.RemoveAll(already.Dir) // as root it is elsewhere
	})
	fail()
	if !runs() {
		t.Fatal("the PostgreSQL that ran already was stopped")
	}
	if err := os.Remove(journal); err != nil {
		t.Fatal(err)
	}
	_, stop := begin(t, o)
	if err := stop(); err != nil {
		t.Errorf("stopping: %v", err)
	}
	if runs() {
		t.Error("the PostgreSQL that it took over runs after the end")
	}
}
