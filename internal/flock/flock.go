// Package flock locks files among processes. The kernel releases a lock when the last process that holds its file ends, however it ends,
// so there is never a stale one. A lock is inherited by a child that is started with [Lock.File] among its files.
package flock

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// ErrHeld means that another process has the lock.
var ErrHeld = errors.New("locked by another process")

// Lock is a lock that this process holds.
type Lock struct{ file *os.File }

// TryExclusive takes the lock alone, or returns [ErrHeld] at once. The file is made when it does not exist.
func TryExclusive(path string) (*Lock, error) {
	return open(path, syscall.LOCK_EX|syscall.LOCK_NB)
}

// Shared takes the lock together with others who share it. It waits while somebody has it alone.
func Shared(path string) (*Lock, error) {
	return open(path, syscall.LOCK_SH)
}

func open(path string, how int) (*Lock, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening lock file: %w", err)
	}
	for {
		err = syscall.Flock(int(file.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err == nil {
		return &Lock{file}, nil
	}
	file.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("%s: %w", path, ErrHeld)
	}
	return nil, fmt.Errorf("locking %s: %w", path, err)
}

// File is the open file that carries the lock.
func (l *Lock) File() *os.File { return l.file }

// Release gives the lock up, unless a child holds it too: then it lasts as long as the child.
func (l *Lock) Release() error {
	return l.file.Close()
}
