// Package web builds the agents' dashboard from web/ and serves it on a laptop.
package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"omni/internal/flock"
)

// Source is where the dashboard is built, and where to.
type Source struct {
	Root string // the repository, with web/ in it
	Out  string // folder for the files; beside it are its stamp and its lock
	Say  io.Writer
	// Run runs a program of Node's in a folder and returns what it said. nil: it is run.
	Run func(ctx context.Context, dir, name string, args ...string) (output string, err error)
}

// ErrNoSource means that there is no dashboard to build.
var ErrNoSource = errors.New("there is no web/ here to build the dashboard from")

// Build makes the files unless those that are there were made of the same sources, and hands them to use while nobody else can replace them. Several processes
// may build at once: one does it, and the others wait. After an error nothing has changed.
func (s Source) Build(ctx context.Context, use func(dir string) error) error {
	if _, err := os.Stat(s.web("package.json")); errors.Is(err, fs.ErrNotExist) {
		return ErrNoSource
	}
	if err := os.MkdirAll(filepath.Dir(s.Out), 0o755); err != nil {
		return fmt.Errorf("making a folder for the dashboard: %w", err)
	}
	lock, err := wait(ctx, s.Out+".lock")
	if err != nil {
		return err
	}
	defer lock.Release()
	if s.Run == nil {
		s.Run = runner{lock}.run
	}
	fingerprint, err := s.fingerprint()
	if err != nil {
		return fmt.Errorf("reading the dashboard's sources: %w", err)
	}
	if !s.built(fingerprint) {
		if err := s.make(ctx, fingerprint); err != nil {
			return err
		}
	}
	return use(s.Out)
}

// Left hands the files of an earlier build to use, whatever they were made of.
func (s Source) Left(use func(dir string) error) error {
	if _, err := os.Stat(filepath.Join(s.Out, indexFile)); err != nil {
		return err
	}
	return use(s.Out)
}

func (s Source) web(name string) string { return filepath.Join(s.Root, "web", name) }

// wait takes a lock as soon as nobody has it.
func wait(ctx context.Context, path string) (*flock.Lock, error) {
	for {
		lock, err := flock.TryExclusive(path)
		if !errors.Is(err, flock.ErrHeld) {
			return lock, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting for another process that builds the dashboard: %w", ctx.Err())
		case <-time.After(lockPause):
		}
	}
}

// lockPause is between two looks at a lock that another process has.
const lockPause = 100 * time.Millisecond

// stamp is the file that says what the files were made of.
func (s Source) stamp() string { return s.Out + ".sources" }

// built reports whether the files are there, whole, and were made of what the fingerprint is of.
func (s Source) built(fingerprint string) bool {
	said, err := os.ReadFile(s.stamp())
	if err != nil || strings.TrimSpace(string(said)) != fingerprint {
		return false
	}
	_, err = os.Stat(filepath.Join(s.Out, indexFile))
	return err == nil
}

// make installs what the build needs, builds, and puts the files into their place.
func (s Source) make(ctx context.Context, fingerprint string) error {
	if err := s.checkNode(ctx); err != nil {
		return err
	}
	if !s.installed() {
		if err := s.step(ctx, "Installing what the dashboard is built with", "npm", "ci", "--no-audit", "--no-fund"); err != nil {
			return err
		}
	}
	if err := s.step(ctx, "Building the dashboard", "npm", "run", "build"); err != nil {
		return err
	}
	return s.place(fingerprint)
}

// step runs one command in web/ and says what it does and how long it took.
func (s Source) step(ctx context.Context, what, name string, args ...string) error {
	command := strings.Join(append([]string{name}, args...), " ")
	fmt.Fprintf(s.Say, "%s (%s in web/) ...\n", what, command)
	start := time.Now()
	if output, err := s.Run(ctx, s.web(""), name, args...); err != nil {
		return fmt.Errorf("%s in web/: %w\n%s", command, err, end(output))
	}
	fmt.Fprintf(s.Say, "%s took %.0f s.\n", what, time.Since(start).Seconds())
	return nil
}

// maxOutput is how much of a program's output tells what was wrong.
const maxOutput = 2000

func end(output string) string {
	return strings.TrimSpace(output[max(0, len(output)-maxOutput):])
}

// place puts the files of web/dist in the place of those that are there.
func (s Source) place(fingerprint string) error {
	unfinished := s.Out + ".new"
	err := os.RemoveAll(unfinished)
	if err == nil {
		err = os.CopyFS(unfinished, os.DirFS(s.web("dist")))
	}
	if err == nil {
		err = os.RemoveAll(s.stamp())
	}
	if err == nil {
		err = os.RemoveAll(s.Out)
	}
	if err == nil {
		err = os.Rename(unfinished, s.Out)
	}
	if err == nil {
		err = os.WriteFile(s.stamp(), []byte(fingerprint+"\n"), 0o644)
	}
	if err != nil {
		return fmt.Errorf("putting the dashboard's files into their place: %w", err)
	}
	return nil
}
