package localpg

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"omni/internal/flock"
)

// folder names a folder for a server of the test. As root it stands for one in /var/tmp, because a test's folder is closed to other users.
func folder(t *testing.T) string {
	t.Helper()
	owner, err := serverAccount()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "pg")
	real, err := place(dir, owner, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(real) })
	return dir
}

// begin starts a server that is stopped at the end of the test.
func begin(t *testing.T, o Options) *Server {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	s, err := Start(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// query runs one statement that returns one text.
func query(t *testing.T, url, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var answer string
	if err := conn.QueryRow(t.Context(), sql).Scan(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// keep writes what a later query can look for.
func keep(t *testing.T, url string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), "CREATE TABLE kept AS SELECT 'here' AS word"); err != nil {
		t.Fatal(err)
	}
}

func TestServerKeepsItsDataWhenStoppedAndStarted(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	first := begin(t, Options{Dir: dir})
	for range 2 { // the second finds it there
		if err := first.EnsureDatabase(t.Context(), "omni"); err != nil {
			t.Fatal(err)
		}
	}
	keep(t, first.URL("omni"))
	if err := first.Stop(); err != nil {
		t.Fatal(err)
	}
	if s, err := Attach(dir); s != nil || err != nil {
		t.Fatalf("Attach to a stopped server: %v, %v", s, err)
	}
	second := begin(t, Options{Dir: dir})
	if got := query(t, second.URL("omni"), "SELECT word FROM kept"); got != "here" {
		t.Errorf("read %q after a restart", got)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	fast, safe := begin(t, Options{Dir: folder(t)}), begin(t, Options{Dir: folder(t), Fsync: true})
	for _, c := range []struct {
		server    *Server
		sql, want string
	}{
		{fast, "SHOW fsync", "off"},
		{safe, "SHOW fsync", "on"},
		{safe, "SHOW synchronous_commit", "on"},
		{safe, "SHOW server_encoding", "UTF8"},
		{safe, "SHOW timezone", "UTC"},
		{safe, "SHOW listen_addresses", "127.0.0.1"},
		{safe, "SELECT current_user::text", User},
		{safe, "SELECT lower('ÄÖÉ')", "äöé"},
		{safe, "SELECT string_agg(x, '' ORDER BY x) FROM unnest('{b,a,B}'::text[]) x", "Bab"},
	} {
		if got := query(t, c.server.URL("postgres"), c.sql); got != c.want {
			t.Errorf("%s: %q, want %q", c.sql, got, c.want)
		}
	}
}

func TestSecondStartUsesTheRunningServer(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	first := begin(t, Options{Dir: dir})
	var log bytes.Buffer
	second := begin(t, Options{Dir: dir, Log: &log})
	if second.Port != first.Port {
		t.Fatalf("ports %d and %d: want one server", first.Port, second.Port)
	}
	if !strings.Contains(log.String(), "already runs") {
		t.Errorf("log %q does not say that a server ran already", log.String())
	}
	// Who did not start it can stop it too.
	if err := second.Stop(); err != nil {
		t.Fatal(err)
	}
	if !first.ended() {
		t.Error("the server runs after Stop")
	}
}

func TestStopFindsAServerThatWasRestarted(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	first := begin(t, Options{Dir: dir})
	attached, err := Attach(dir)
	if err != nil || attached == nil {
		t.Fatal(attached, err)
	}
	if !first.Started() || attached.Started() {
		t.Errorf("started: %t, attached: %t", first.Started(), attached.Started())
	}
	if err := first.Stop(); err != nil {
		t.Fatal(err)
	}
	second := begin(t, Options{Dir: dir})
	began := time.Now()
	if err := attached.Stop(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > stopTimeout {
		t.Errorf("Stop took %s", took)
	}
	for !second.ended() { // a process that ends gives up its lock a moment before it can be waited for
		if time.Since(began) > 2*stopTimeout {
			t.Fatal("the restarted server runs after Stop")
		}
		time.Sleep(pollEvery)
	}
}

// What is in postmaster.pid after a kill must not be signalled: the id may be somebody else's by now.
func TestStopSignalsNoStranger(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	server := begin(t, Options{Dir: dir})
	attached, err := Attach(dir)
	if err != nil || attached == nil {
		t.Fatal(attached, err)
	}
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	lock, err := flock.TryExclusive(lockFile(server.Dir)) // as a process that is starting a server has it
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	attached.pid = os.Getpid() // the old id is ours now: a signal would end this test
	if attached.known() {
		t.Error("a process that postmaster.pid does not name is taken for the server")
	}
}

func TestConcurrentStartsMakeOneServer(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	ports := make(chan int)
	for range 4 {
		go func() {
			s, err := Start(t.Context(), Options{Dir: dir})
			if err != nil {
				t.Error(err)
				ports <- 0
				return
			}
			ports <- s.Port
		}()
	}
	first := <-ports
	for range 3 {
		if port := <-ports; port != first {
			t.Errorf("ports %d and %d: want one server", first, port)
		}
	}
	begin(t, Options{Dir: dir}) // for its cleanup
}

func TestStartAfterAKill(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	first := begin(t, Options{Dir: dir, Fsync: true})
	keep(t, first.URL("postgres"))
	if err := syscall.Kill(first.pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	for !first.ended() {
		if err := pause(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	// What stops a server from starting by itself: its postmaster.pid names a living process of another kind.
	pidFile := filepath.Join(dataDir(first.Dir), "postmaster.pid")
	content, err := os.ReadFile(pidFile)
	if err != nil {
		t.Fatalf("a killed server leaves its postmaster.pid: %v", err)
	}
	_, rest, _ := strings.Cut(string(content), "\n")
	if err := os.WriteFile(pidFile, []byte("1\n"+rest), 0o600); err != nil {
		t.Fatal(err)
	}
	second := begin(t, Options{Dir: dir, Fsync: true})
	if got := query(t, second.URL("postgres"), "SELECT word FROM kept"); got != "here" {
		t.Errorf("read %q after a kill", got)
	}
}

func TestFreshStartsEmpty(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	first := begin(t, Options{Dir: dir, Fresh: true})
	if err := first.EnsureDatabase(t.Context(), "old"); err != nil {
		t.Fatal(err)
	}
	if err := first.Stop(); err != nil {
		t.Fatal(err)
	}
	second := begin(t, Options{Dir: dir, Fresh: true})
	if got := query(t, second.URL("postgres"), "SELECT count(*)::text FROM pg_database WHERE datname = 'old'"); got != "0" {
		t.Error("a fresh server has the old database")
	}
}

func TestTakenPort(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", address(0))
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	o := Options{Dir: folder(t), Port: listener.Addr().(*net.TCPAddr).Port}
	if _, err := Start(t.Context(), o); !errors.Is(err, errPortTaken) {
		t.Errorf("Start on a taken port: %v", err)
	}
	s, err := Attach(o.Dir)
	if s != nil || err != nil {
		t.Errorf("a server was left behind: %v, %v", s, err)
	}
}

func TestClusterOfAnotherVersionIsLeftAlone(t *testing.T) {
	t.Parallel()
	s := begin(t, Options{Dir: folder(t)})
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	version := filepath.Join(dataDir(s.Dir), "PG_VERSION")
	if err := os.WriteFile(version, []byte("9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Start(t.Context(), Options{Dir: s.Dir})
	if err == nil || !strings.Contains(err.Error(), "PostgreSQL 9") {
		t.Errorf("Start with the data of version 9: %v", err)
	}
}

func TestStartGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	real := begin(t, Options{Dir: dir})
	if err := real.Stop(); err != nil {
		t.Fatal(err)
	}
	lock, err := flock.TryExclusive(lockFile(real.Dir)) // as a process that is starting the server has it
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	ctx, cancel := context.WithTimeout(t.Context(), 3*pollEvery)
	defer cancel()
	if _, err := Start(ctx, Options{Dir: dir}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Start behind one that takes for ever: %v", err)
	}
}

func TestReadPostmaster(t *testing.T) {
	t.Parallel()
	const running = "4242\n/data\n1700000000\n5433\n\n127.0.0.1\n  1234 0\nready   \n"
	for name, c := range map[string]struct {
		content string
		want    postmasterState
	}{
		"ready":    {running, postmasterState{4242, 5433, true}},
		"starting": {strings.Replace(running, "ready", "starting", 1), postmasterState{4242, 5433, false}},
		"partly":   {"4242\n/data\n", postmasterState{}},
		"garbage":  {"a\nb\nc\nd\ne\nf\ng\nh\n", postmasterState{}},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "postmaster.pid"), []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := readPostmaster(dir); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
