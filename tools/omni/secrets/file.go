package secrets

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"omni/internal/flock"
)

// File is the JSON file of local secrets, by channel, credential account and name. What belongs to other channels is carried along unread.
type File struct {
	Path  string
	Named bool // an operator named it: it is not the one that `omni secrets` uses by itself
}

// Flags implements [Store].
func (f File) Flags() string {
	if !f.Named {
		return ""
	}
	return " --file " + f.Path
}

// Read implements [Store].
func (f File) Read(_ context.Context, channel string) (Accounts, string, error) {
	all, version, err := f.read()
	if err != nil || all[channel] == nil {
		return nil, version, err
	}
	var accounts Accounts
	if err := json.Unmarshal(all[channel], &accounts); err != nil {
		return nil, "", fmt.Errorf("reading the secrets of %s in %s: %w", channel, f.Path, err)
	}
	return accounts, version, nil
}

// Write implements [Store]. A reader of the file sees all of the old one or all of the new one.
func (f File) Write(ctx context.Context, channel string, accounts Accounts, version string) error {
	lock, err := f.lock(ctx)
	if err != nil {
		return err
	}
	defer lock.Release()
	all, current, err := f.read()
	if err != nil {
		return err
	}
	if current != version {
		return ErrChanged
	}
	if all[channel], err = json.Marshal(accounts); err != nil {
		return fmt.Errorf("writing the secrets of %s: %w", channel, err)
	}
	return f.replace(all)
}

// lock keeps others who write with this code out; they need it for milliseconds.
func (f File) lock(ctx context.Context) (*flock.Lock, error) {
	if err := os.MkdirAll(filepath.Dir(f.Path), 0o755); err != nil {
		return nil, fmt.Errorf("making the folder of the secrets: %w", err)
	}
	retry := time.NewTicker(5 * time.Millisecond)
	defer retry.Stop()
	for {
		lock, err := flock.TryExclusive(f.Path + ".lock")
		if !errors.Is(err, flock.ErrHeld) {
			return lock, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-retry.C:
		}
	}
}

func (f File) read() (all map[string]json.RawMessage, version string, err error) {
	all = map[string]json.RawMessage{}
	content, err := os.ReadFile(f.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return all, "", nil
	}
	if err != nil {
		return nil, "", fmt.Errorf("reading the secrets: %w", err)
	}
	if err := json.Unmarshal(content, &all); err != nil {
		return nil, "", fmt.Errorf("reading the secrets in %s: %w", f.Path, err)
	}
	sum := sha256.Sum256(content)
	return all, hex.EncodeToString(sum[:]), nil
}

func (f File) replace(all map[string]json.RawMessage) error {
	content, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the secrets: %w", err)
	}
	unfinished, err := os.CreateTemp(filepath.Dir(f.Path), ".secrets-*") // mode 0600
	if err != nil {
		return fmt.Errorf("writing the secrets: %w", err)
	}
	defer os.Remove(unfinished.Name()) // does nothing after the rename
	_, err = unfinished.Write(append(content, '\n'))
	if err := errors.Join(err, unfinished.Sync(), unfinished.Close()); err != nil {
		return fmt.Errorf("writing the secrets: %w", err)
	}
	if err := os.Rename(unfinished.Name(), f.Path); err != nil {
		return fmt.Errorf("writing the secrets: %w", err)
	}
	return nil
}
