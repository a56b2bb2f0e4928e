// Package state is the folder .omni, in which the commands keep what belongs to the local server: its secrets, its data, and where it
// listens. It is ignored by git; deleting it starts anew.
package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"omni/internal/flock"
)

// Folder is the path of the folder.
type Folder string

// Find returns the folder of the repository that the working directory is in, or of the working directory itself.
func Find() (Folder, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return Folder(filepath.Join(dir, ".omni")), nil
		}
		if dir == filepath.Dir(dir) {
			return Folder(filepath.Join(start, ".omni")), nil
		}
	}
}

// Path is the path of something in the folder.
func (f Folder) Path(name string) string { return filepath.Join(string(f), name) }

// Secrets is the path of the local secrets.
func (f Folder) Secrets() string { return f.Path("secrets.json") }

// Dev says how to reach a local server that runs.
type Dev struct {
	PID              int    `json:"pid"`
	URL              string `json:"url"`                     // where it takes requests
	DatabaseURL      string `json:"database_url"`            // its PostgreSQL
	QueueURL         string `json:"queue_url"`               // the queue of messages on its server of the SQS protocol
	BulkQueueURL     string `json:"bulk_queue_url"`          // the queue of receipts and history there
	OutboundQueueURL string `json:"outbound_queue_url"`      // the queues of answers there, with {channel} for the channel's name
	MediaQueueURL    string `json:"media_queue_url"`         // the queue of customers' files there
	DemoURL          string `json:"demo_url"`                // a made-up company's site, with visitors
	PlatformsURL     string `json:"platforms_url,omitempty"` // the simulated platforms that take the answers; empty: the real ones do
}

// ErrNotRunning means that no local server uses the folder.
var ErrNotRunning = errors.New("no local server runs: start one with `omni dev`")

// Claim makes the folder and reserves it for this process until release is called or the process ends. Where another process has it, the
// error says which.
func (f Folder) Claim() (release func() error, err error) {
	if err := os.MkdirAll(string(f), 0o755); err != nil {
		return nil, fmt.Errorf("making the folder of the local server: %w", err)
	}
	lock, err := flock.TryExclusive(f.lock())
	if errors.Is(err, flock.ErrHeld) {
		return nil, f.inUse()
	}
	if err != nil {
		return nil, err
	}
	return func() error {
		return errors.Join(f.forget(), lock.Release())
	}, f.forget() // what a killed process left there is not true any more
}

func (f Folder) inUse() error {
	if dev, err := f.read(); err == nil {
		return fmt.Errorf("a local server already runs (process %d, %s): stop it first, with Ctrl-C or `kill %d`", dev.PID, dev.URL, dev.PID)
	}
	return fmt.Errorf("a local server is already starting or stopping with the folder %s: wait a moment, or end its process", f)
}

// Announce writes down how to reach the server of this process, which has claimed the folder.
func (f Folder) Announce(dev Dev) error {
	content, err := json.MarshalIndent(dev, "", "  ")
	if err != nil {
		return err
	}
	unfinished := f.Path("dev.json.new")
	if err := os.WriteFile(unfinished, append(content, '\n'), 0o600); err != nil {
		return fmt.Errorf("writing down where the local server listens: %w", err)
	}
	return os.Rename(unfinished, f.devFile())
}

// Running tells how to reach the local server, or returns [ErrNotRunning].
func (f Folder) Running() (Dev, error) {
	dev, err := f.read()
	if errors.Is(err, os.ErrNotExist) {
		return Dev{}, ErrNotRunning
	}
	if err != nil {
		return Dev{}, err
	}
	if lock, err := flock.TryExclusive(f.lock()); err == nil {
		lock.Release()
		return Dev{}, ErrNotRunning
	}
	return dev, nil
}

func (f Folder) read() (dev Dev, err error) {
	content, err := os.ReadFile(f.devFile())
	if err != nil {
		return Dev{}, err
	}
	if err := json.Unmarshal(content, &dev); err != nil {
		return Dev{}, fmt.Errorf("reading %s: %w", f.devFile(), err)
	}
	return dev, nil
}

func (f Folder) forget() error {
	if err := os.Remove(f.devFile()); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

func (f Folder) devFile() string { return f.Path("dev.json") }
func (f Folder) lock() string    { return f.Path("dev.lock") }
