package state

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var running = Dev{PID: 42, URL: "http://127.0.0.1:8080", DatabaseURL: "postgres://x", QueueURL: "http://127.0.0.1:9324"}

func TestClaimAnnounceRunning(t *testing.T) {
	t.Parallel()
	folder := Folder(filepath.Join(t.TempDir(), "a", ".omni"))
	if _, err := folder.Running(); !errors.Is(err, ErrNotRunning) {
		t.Errorf("before anything: %v", err)
	}
	release, err := folder.Claim()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := folder.Claim(); err == nil || !strings.Contains(err.Error(), "starting") {
		t.Errorf("a second claim before the first is announced: %v", err)
	}
	if err := folder.Announce(running); err != nil {
		t.Fatal(err)
	}
	if _, err := folder.Claim(); err == nil || !strings.Contains(err.Error(), "process 42") {
		t.Errorf("a second claim: %v, want one that names the process", err)
	}
	if got, err := folder.Running(); got != running || err != nil {
		t.Errorf("running: %+v, %v", got, err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	if _, err := folder.Running(); !errors.Is(err, ErrNotRunning) {
		t.Errorf("after the release: %v", err)
	}
	if release, err = folder.Claim(); err != nil {
		t.Errorf("claiming again: %v", err)
	}
	release()
}

func TestWhatAKilledProcessLeftIsNotBelieved(t *testing.T) {
	t.Parallel()
	folder := Folder(t.TempDir())
	if err := folder.Announce(running); err != nil { // and no lock: the process is gone
		t.Fatal(err)
	}
	if _, err := folder.Running(); !errors.Is(err, ErrNotRunning) {
		t.Errorf("running: %v", err)
	}
	release, err := folder.Claim()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if _, err := os.Stat(folder.devFile()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a claim keeps what another process announced: %v", err)
	}
}

func TestFindGoesUpToTheModule(t *testing.T) {
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	below := filepath.Join(root, "a", "b")
	if err := os.MkdirAll(below, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "go.mod"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(below)
	if got, err := Find(); string(got) != filepath.Join(root, ".omni") || err != nil {
		t.Errorf("found %s, %v", got, err)
	}
}
