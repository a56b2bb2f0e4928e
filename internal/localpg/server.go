package localpg

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"omni/internal/flock"
)

// launch makes what is missing and starts the server. It takes over the lock, which shows that nothing of an earlier server runs any more.
func launch(ctx context.Context, o Options, owner *account, lock *flock.Lock) (*Server, error) {
	defer lock.Release()
	if err := clearStale(o); err != nil {
		return nil, err
	}
	programs, err := findOrInstall(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := makeCluster(ctx, o, programs, owner); err != nil {
		return nil, err
	}
	port, err := choosePort(o.Port)
	if err != nil {
		return nil, err
	}
	s, err := run(o, port, programs, owner, lock)
	if err != nil {
		return nil, err
	}
	if err := s.awaitReady(ctx); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// clearStale removes what a server that was killed left behind; it would keep a new one from starting.
func clearStale(o Options) error {
	if o.Fresh {
		return os.RemoveAll(dataDir(o.Dir))
	}
	err := os.Remove(filepath.Join(dataDir(o.Dir), "postmaster.pid"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// makeCluster runs initdb unless the folder has a cluster. It is made beside its place and moved there when it is complete, so that an
// interrupted initdb leaves nothing that looks like a cluster.
func makeCluster(ctx context.Context, o Options, programs programs, owner *account) error {
	data := dataDir(o.Dir)
	if written, err := os.ReadFile(filepath.Join(data, "PG_VERSION")); err == nil {
		if got := strings.TrimSpace(string(written)); got != strconv.Itoa(programs.major) {
			return fmt.Errorf("the data in %s was written by PostgreSQL %s, but %s is version %d: install version %s, or delete that folder to start anew",
				data, got, programs.dir, programs.major, got)
		}
		return nil
	}
	fmt.Fprintf(o.Log, "Making a PostgreSQL %d database cluster in %s.\n", programs.major, data)
	unfinished := data + ".new"
	if err := os.RemoveAll(unfinished); err != nil {
		return err
	}
	args := []string{"--pgdata", unfinished, "--username", User, "--auth", "trust", "--encoding", "UTF8", "--no-instructions"}
	args = append(args, localeArgs(programs.major)...)
	if !o.Fsync {
		args = append(args, "--no-sync")
	}
	cmd := exec.CommandContext(ctx, programs.path("initdb"), args...)
	owner.dress(cmd, o.Dir)
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("running initdb: %w\n%s", err, bytes.TrimSpace(output))
	}
	return os.Rename(unfinished, data)
}

// run starts the server's process, which inherits the lock.
func run(o Options, port int, programs programs, owner *account, lock *flock.Lock) (*Server, error) {
	log, err := os.Create(logFile(o.Dir))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd := exec.Command(programs.path("postgres"), serverArgs(o, port)...)
	owner.dress(cmd, o.Dir)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.ExtraFiles = []*os.File{lock.File()}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting PostgreSQL: %w", err)
	}
	s := &Server{Dir: o.Dir, Port: port, pid: cmd.Process.Pid, child: true}
	return s, cmd.Process.Release() // reaped by its id, see ended
}

func serverArgs(o Options, port int) []string {
	args := []string{"-D", dataDir(o.Dir), "-p", strconv.Itoa(port)}
	settings := []string{
		"listen_addresses=127.0.0.1",
		"unix_socket_directories=", // the usual folder may not be ours, and a path of our own can be too long for a socket
		"timezone=UTC", "log_timezone=UTC",
		"max_connections=200",
	}
	if !o.Fsync {
		settings = append(settings, "fsync=off", "full_page_writes=off", "synchronous_commit=off")
	}
	for _, setting := range append(settings, o.Settings...) {
		args = append(args, "-c", setting)
	}
	return args
}
