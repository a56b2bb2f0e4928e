package crash

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"omni/tools/omni/desk"
	"omni/tools/omni/state"
)

// server is `omni dev` with somebody who starts it again whenever it ends.
type server struct {
	binary   string
	folder   string
	address  string
	args     []string // of omni dev
	faults   *faultFile
	postgres *cluster
	disks    *disks // nil: everything is on the machine's own
	cancel   context.CancelFunc
	done     chan struct{} // closed when it is not started any more

	mu       sync.Mutex
	process  *os.Process // nil while it does not run
	database string
	down     time.Duration // how long it stays dead after it was killed
	killed   bool          // the process was killed by us
	kills    int
	failed   int // times that it ended by itself
	desk     *desk.Desk
	deskOf   state.Dev // where the desk is
}

// How long a server may take to start, and how soon one is started again that ended by itself, as it does while its database is in trouble.
const (
	startTimeout = 2 * time.Minute
	startAgain   = 200 * time.Millisecond
	lookEvery    = 20 * time.Millisecond
)

func logPath(folder string) string { return filepath.Join(folder, "dev.log") }

// newServer chooses where a server will be.
func newServer(binary, folder string) (*server, error) {
	address, err := freeAddress()
	s := &server{binary: binary, folder: folder, address: address, done: make(chan struct{})}
	s.faults = &faultFile{path: filepath.Join(folder, "faults.json")}
	s.args = []string{"dev", "--listen", s.address, "--no-dashboard", "--fault-file", s.faults.path}
	return s, err
}

// start returns when the server answers. Who takes its answers is for the platforms at the URL.
func (s *server) start(ctx context.Context, platforms string) error {
	s.args = append(s.args, "--platforms", platforms)
	s.postgres = &cluster{dir: s.state().Path("postgres")}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s.cancel = cancel
	go s.supervise(running)
	if err := s.awaitUp(ctx); err != nil {
		s.end()
		return err
	}
	return nil
}

// freeAddress finds a port that stays the server's through all its lives.
func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("choosing a port: %w", err)
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

func (s *server) url() string { return "http://" + s.address }

func (s *server) state() state.Folder { return state.Folder(filepath.Join(s.folder, ".omni")) }

// supervise starts the server again and again until it is told to stop.
func (s *server) supervise(ctx context.Context) {
	defer close(s.done)
	for ctx.Err() == nil {
		if err := s.live(ctx); err != nil {
			fmt.Fprintln(os.Stderr, "crash:", err) // the run will miss the server and fail
		}
		_ = pause(ctx, s.rest())
	}
}

// live runs the server until it ends or is killed.
func (s *server) live(ctx context.Context) error {
	log, err := os.OpenFile(logPath(s.folder), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	command := exec.CommandContext(ctx, s.binary, s.args...)
	command.Dir, command.Stdout, command.Stderr = s.folder, log, log
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	fmt.Fprintf(log, "\n==== started at %s\n", time.Now().Format(time.TimeOnly))
	if err := command.Start(); err != nil {
		return fmt.Errorf("starting omni dev: %w", err)
	}
	s.mu.Lock()
	s.process = command.Process
	s.mu.Unlock()
	_ = command.Wait() // it always ends by a signal, or has said why in its log
	s.mu.Lock()
	s.process = nil
	s.mu.Unlock()
	return nil
}

// rest is how long the server stays down now.
func (s *server) rest() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.killed {
		s.failed++
		return startAgain
	}
	s.killed = false
	return s.down
}

// kill ends the process at once, for as long as it is to stay down. It leaves its PostgreSQL alone.
func (s *server) kill(down time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process == nil {
		return nil // between two lives: that is as dead as it gets
	}
	s.down, s.killed = down, true
	s.kills++
	err := s.process.Kill()
	s.process = nil // it may take a moment to die, and is not up any more
	if err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("killing omni dev: %w", err)
	}
	return nil
}

// counts tells how often it was killed, and how often it ended by itself.
func (s *server) counts() (kills, failed int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kills, s.failed
}

// awaitUp waits until the present process answers.
func (s *server) awaitUp(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for !s.up() {
		if pause(ctx, lookEvery) != nil {
			return fmt.Errorf("omni dev does not come up within %s; the end of its log:\n%s", startTimeout, Tail(s.folder, 3000))
		}
	}
	return nil
}

// up reports whether the present process answers, and remembers where its database is: a new life may give it another port.
func (s *server) up() bool {
	running, err := s.state().Running()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil || s.process == nil || running.PID != s.process.Pid {
		return false
	}
	s.database = running.DatabaseURL
	return true
}

// databaseURL is where its database was when it last came up.
func (s *server) databaseURL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.database
}

// end kills the server for good, and its PostgreSQL.
func (s *server) end() {
	s.cancel()
	<-s.done
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.desk != nil {
		s.desk.Close()
	}
	s.postgres.remove()
}
