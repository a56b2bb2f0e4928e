package flock

import (
	"errors"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestLocks(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	first, err := TryExclusive(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := TryExclusive(path); !errors.Is(err, ErrHeld) {
		t.Errorf("a second lock: %v", err)
	}
	if err := first.Release(); err != nil {
		t.Fatal(err)
	}
	one, err := Shared(path)
	if err != nil {
		t.Fatal(err)
	}
	other, err := Shared(path)
	if err != nil {
		t.Fatal(err)
	}
	one.Release()
	if _, err := TryExclusive(path); !errors.Is(err, ErrHeld) {
		t.Errorf("alone while another shares it: %v", err)
	}
	other.Release()
	last, err := TryExclusive(path)
	if err != nil {
		t.Fatalf("after every release: %v", err)
	}
	last.Release()
}

func TestChildHoldsTheLock(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	lock, err := TryExclusive(path)
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command("cat") // ends with its standard input
	in, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	child.ExtraFiles = append(child.ExtraFiles, lock.File())
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lock.Release()
	if _, err := TryExclusive(path); !errors.Is(err, ErrHeld) {
		t.Errorf("while the child lives: %v", err)
	}
	in.Close()
	if err := child.Wait(); err != nil {
		t.Fatal(err)
	}
	after, err := TryExclusive(path)
	if err != nil {
		t.Fatalf("after the child's end: %v", err)
	}
	after.Release()
}

func TestFolderThatDoesNotExist(t *testing.T) {
	t.Parallel()
	if _, err := TryExclusive(filepath.Join(t.TempDir(), "none", "lock")); err == nil || errors.Is(err, ErrHeld) {
		t.Errorf("a lock without a folder: %v", err)
	}
}
