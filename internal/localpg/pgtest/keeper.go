package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"omni/internal/flock"
	"omni/internal/localpg"
)

// keeperEnv makes a process of any test binary the keeper of the folder it names.
const keeperEnv = "OMNI_PGTEST_KEEPER"

// idle is how long the server stays without users: longer than `go test ./...` takes from one package to the next.
const idle = 15 * time.Second

// A keeper is this very binary, started once more: it needs no program that the machine might lack.
func init() {
	if dir := os.Getenv(keeperEnv); dir != "" {
		if err := keep(dir, idle); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
}

// base is the folder of the shared server and its lock files, one for each user of the machine.
func base() string {
	return filepath.Join(os.TempDir(), "omni-pgtest-"+strconv.Itoa(os.Geteuid()))
}

func usersLock(base string) string    { return filepath.Join(base, "users.lock") }
func keeperLock(base string) string   { return filepath.Join(base, "keeper.lock") }
func serverFolder(base string) string { return filepath.Join(base, "server") }

// membership is what a process that uses a server knows of it.
type membership struct {
	admin string // connection string of the database from which others are made
	// user shows the keeper that the shared server is needed. It is never released: the kernel does that when the process ends,
	// however it ends.
	user *flock.Lock
}

// join makes this process a user of the shared server, and starts the server and its keeper where they do not run.
func join(ctx context.Context, base string) (membership, error) {
	if err := makeBase(base); err != nil {
		return membership{}, err
	}
	user, err := flock.Shared(usersLock(base))
	if err != nil {
		return membership{}, err
	}
	if err := startKeeper(base); err != nil {
		return membership{}, err
	}
	s, err := localpg.Start(ctx, localpg.Options{Dir: serverFolder(base), Fresh: true})
	if err != nil {
		return membership{}, fmt.Errorf("%w (or name a server for tests in PGTEST_URL)", err)
	}
	return membership{s.URL("postgres"), user}, nil
}

// makeBase makes the folder, which the server's user has to be able to enter. In a folder that all can write to, it may be another's.
func makeBase(base string) error {
	if err := os.Mkdir(base, 0o711); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	info, err := os.Lstat(base)
	if err != nil {
		return err
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); !info.IsDir() || !ok || int(stat.Uid) != os.Geteuid() {
		return fmt.Errorf("%s is not a folder of ours: remove it", base)
	}
	return nil
}

// startKeeper starts a keeper unless there is one. Should two processes start one at the same time, one keeper leaves at once.
func startKeeper(base string) error {
	lock, err := flock.TryExclusive(keeperLock(base))
	if errors.Is(err, flock.ErrHeld) {
		return nil
	}
	if err != nil {
		return err
	}
	lock.Release()
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("starting the keeper of the test server: %w", err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), keeperEnv+"="+base)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for the tests; the keeper clears up after them
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting the keeper of the test server: %w", err)
	}
	return cmd.Process.Release()
}

// keep waits until the server of the folder has had no user for the time, stops it and deletes its data.
func keep(base string, idle time.Duration) error {
	keeper, err := flock.TryExclusive(keeperLock(base))
	if errors.Is(err, flock.ErrHeld) {
		return nil // another keeper does it
	}
	if err != nil {
		return err
	}
	defer keeper.Release()
	users, err := awaitNoUsers(base, idle)
	if err != nil {
		return err
	}
	// Released after keeper is: who waits for it must find no keeper, and start one.
	defer func() { keeper.Release(); users.Release() }()
	s, err := localpg.Attach(serverFolder(base))
	if err != nil || s == nil {
		return err
	}
	if err := s.Stop(); err != nil {
		return err
	}
	return os.RemoveAll(s.Dir)
}

// awaitNoUsers returns the users' lock, taken alone, once the server has been without users for the time.
func awaitNoUsers(base string, idle time.Duration) (*flock.Lock, error) {
	look := min(idle/10, time.Second)
	for last := time.Now(); ; time.Sleep(look) {
		lock, err := flock.TryExclusive(usersLock(base))
		switch {
		case errors.Is(err, flock.ErrHeld):
			last = time.Now()
		case err != nil:
			return nil, err
		case time.Since(last) >= idle:
			return lock, nil
		default:
			lock.Release()
		}
	}
}
