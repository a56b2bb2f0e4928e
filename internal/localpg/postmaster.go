package localpg

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"omni/internal/flock"
)

// errPortTaken means that another program listens on the port.
var errPortTaken = errors.New("the port is taken by another program")

// choosePort returns the wanted port if it is free, and any free one when none is wanted.
func choosePort(wanted int) (int, error) {
	listener, err := net.Listen("tcp", address(wanted))
	if errors.Is(err, syscall.EADDRINUSE) {
		return 0, fmt.Errorf("starting PostgreSQL on port %d: %w", wanted, errPortTaken)
	}
	if err != nil {
		return 0, fmt.Errorf("choosing a port for PostgreSQL: %w", err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

// postmasterState is what a server writes about itself into postmaster.pid.
type postmasterState struct {
	pid   int
	port  int
	ready bool // it takes connections
}

// readPostmaster reads postmaster.pid; its lines are pid, data folder, start time, port, socket folder, address, shared memory, status.
// What cannot be read (yet) is zero.
func readPostmaster(data string) postmasterState {
	content, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return postmasterState{}
	}
	lines := strings.Split(string(content), "\n")
	if len(lines) < 8 {
		return postmasterState{}
	}
	pid, _ := strconv.Atoi(strings.TrimSpace(lines[0]))
	port, _ := strconv.Atoi(strings.TrimSpace(lines[3]))
	return postmasterState{pid: pid, port: port, ready: strings.TrimSpace(lines[7]) == "ready"}
}

// awaitReady waits until the server takes connections or its process ends.
func (s *Server) awaitReady(ctx context.Context) error {
	for {
		if state := readPostmaster(dataDir(s.Dir)); state.ready && state.pid == s.pid {
			return nil
		}
		if s.ended() {
			return s.failure()
		}
		if err := pause(ctx); err != nil {
			return fmt.Errorf("waiting for PostgreSQL to start: %w", err)
		}
	}
}

// failure says why the server ended, from its log.
func (s *Server) failure() error {
	log, err := os.ReadFile(logFile(s.Dir))
	if err != nil {
		return fmt.Errorf("PostgreSQL ended while starting, and its log cannot be read: %w", err)
	}
	if bytes.Contains(log, []byte("Address already in use")) {
		return fmt.Errorf("starting PostgreSQL on port %d: %w", s.Port, errPortTaken)
	}
	return fmt.Errorf("PostgreSQL ended while starting. Its log (%s) says:\n%s", logFile(s.Dir), bytes.TrimSpace(log[max(0, len(log)-2000):]))
}

// stopTimeout is how long a fast shutdown may take before it is cut short. It writes what is not on disk yet, which is little here.
const stopTimeout = 30 * time.Second

// Stop shuts the server down, whoever started it, and returns when it has ended. Connections are cut, their transactions rolled back. Stopping
// a server that has ended is no error. One that this process did not start may have been restarted since: then the server that runs in the
// folder now is stopped.
func (s *Server) Stop() error {
	for _, how := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT} { // fast shutdown, immediate shutdown
		if done, err := s.stop(how); done || err != nil {
			return err
		}
	}
	return fmt.Errorf("stopping PostgreSQL (process %d): still running after %s", s.pid, 2*stopTimeout)
}

// stop asks the server to end and waits until it has.
func (s *Server) stop(how syscall.Signal) (done bool, err error) {
	asked := 0
	for deadline := time.Now().Add(stopTimeout); time.Now().Before(deadline); time.Sleep(pollEvery) {
		if s.ended() {
			return true, nil
		}
		if !s.known() || s.pid == asked {
			continue
		}
		if err := syscall.Kill(s.pid, how); err != nil && !errors.Is(err, syscall.ESRCH) {
			return false, fmt.Errorf("stopping PostgreSQL (process %d): %w", s.pid, err)
		}
		asked = s.pid
	}
	return false, nil
}

// known tells whether pid is the server's process. It looks again: of a server that is not our child the id is only good as long as
// postmaster.pid names it, and may be another process's afterwards.
func (s *Server) known() bool {
	if s.child {
		return true
	}
	state := readPostmaster(dataDir(s.Dir))
	if state.ready && answers(state.port) {
		s.pid = state.pid
	}
	return s.pid == state.pid
}

// ended tells whether the server's process is gone, and reaps it if it is our child.
func (s *Server) ended() bool {
	if s.pid == 0 {
		return true
	}
	if s.gone() {
		s.pid = 0 // the id may become another process's
	}
	return s.pid == 0
}

func (s *Server) gone() bool {
	if s.child {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(s.pid, &status, syscall.WNOHANG, nil)
		return pid == s.pid || errors.Is(err, syscall.ECHILD)
	}
	lock, err := flock.TryExclusive(lockFile(s.Dir))
	if err != nil {
		return errors.Is(err, os.ErrNotExist)
	}
	lock.Release()
	return true
}
