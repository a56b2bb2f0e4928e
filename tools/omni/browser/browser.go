// Package browser finds the Chromium or Chrome that the dashboard's tests drive.
package browser

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"omni/internal/sysinstall"
)

// Variable names a browser that is to be used instead of those that are looked for.
const Variable = "OMNI_BROWSER"

// ErrNotFound says what to do where there is none.
var ErrNotFound = errors.New("neither Chromium nor Chrome is installed: install one, or name one in " + Variable)

// names are looked for in this order; a Mac has no such program on its PATH. web/tests/support/chromium.ts looks for the same.
var names = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"}

var chromium = sysinstall.Program{Name: "Chromium", Apt: []string{"chromium"}, Brew: []string{"--cask", "google-chrome"}}

// Ensure finds a browser, or installs one if it may. It returns the program's path and what it says of its version.
func Ensure(ctx context.Context, mayInstall bool, log io.Writer) (path, version string, err error) {
	path, err = find()
	if mayInstall && errors.Is(err, ErrNotFound) {
		if err := sysinstall.Install(ctx, chromium, log); err != nil {
			return "", "", fmt.Errorf("%w: %w", ErrNotFound, err)
		}
		path, err = find()
	}
	if err != nil {
		return "", "", err
	}
	output, err := exec.CommandContext(ctx, path, "--version").Output()
	if err != nil {
		return "", "", fmt.Errorf("asking %s for its version: %w", path, err)
	}
	return path, strings.TrimSpace(string(output)), nil
}

func find() (string, error) {
	if path := os.Getenv(Variable); path != "" {
		return exec.LookPath(path)
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNotFound
}
