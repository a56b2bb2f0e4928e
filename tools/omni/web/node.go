package web

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"omni/internal/flock"
)

// minNode is the oldest Node that the build works with; it is in web/package.json as well.
const minNode = 20

// MissingError means that the dashboard cannot be built for want of a program.
type MissingError struct{ What string }

func (e MissingError) Error() string {
	return fmt.Sprintf("the dashboard is built with Node %d or newer and npm, and %s: install them from https://nodejs.org", minNode, e.What)
}

// runner runs programs that have the build's lock as well: should this process be killed, nobody builds beside what it leaves behind.
type runner struct{ lock *flock.Lock }

// run runs a program without a terminal and without colours.
func (r runner) run(ctx context.Context, dir, name string, args ...string) (output string, err error) {
	command := exec.CommandContext(ctx, name, args...)
	command.Dir, command.ExtraFiles = dir, []*os.File{r.lock.File()}
	command.Env = append(os.Environ(), "NO_COLOR=1", "CI=1")
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.WaitDelay = killAfter
	out, err := command.CombinedOutput()
	return string(out), err
}

// killAfter is how long a program has to end by itself.
const killAfter = 5 * time.Second

// checkNode looks for the programs.
func (s Source) checkNode(ctx context.Context) error {
	said, err := s.Run(ctx, s.web(""), "node", "--version")
	if err != nil {
		return MissingError{"there is no node here"}
	}
	version := strings.TrimSpace(said)
	major, _, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	if n, err := strconv.Atoi(major); err != nil || n < minNode {
		return MissingError{"node is " + version + " here"}
	}
	if _, err := s.Run(ctx, s.web(""), "npm", "--version"); err != nil {
		return MissingError{"there is no npm here"}
	}
	return nil
}

// lockFile is what npm writes down of a tree of packages.
type lockFile struct {
	Packages map[string]struct {
		Version  string `json:"version"`
		Optional bool   `json:"optional"`
		Link     bool   `json:"link"`
	} `json:"packages"`
}

// installed reports whether every package that web/package-lock.json names is there in its version. npm writes down in node_modules what it put there.
func (s Source) installed() bool {
	wanted, err := readLock(s.web("package-lock.json"))
	if err != nil {
		return false
	}
	there, err := readLock(s.web("node_modules/.package-lock.json"))
	if err != nil {
		return false
	}
	for name, want := range wanted.Packages {
		got, ok := there.Packages[name]
		if name != "" && !want.Optional && (!ok || got.Version != want.Version) {
			return false
		}
	}
	return true
}

func readLock(path string) (lock lockFile, err error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return lock, err
	}
	return lock, json.Unmarshal(content, &lock)
}
