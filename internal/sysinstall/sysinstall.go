// Package sysinstall installs programs with the package manager of this machine, where one may be used without a password.
package sysinstall

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// Program is what package managers have under names of their own.
type Program struct {
	Name string   // as people call it
	Apt  []string // arguments of apt-get install
	Brew []string // arguments of brew install
}

// ErrNoManager means that there is no package manager here that we may use.
var ErrNoManager = errors.New("there is no package manager here that may be used without a password")

// Install fetches the program, and says so.
func Install(ctx context.Context, p Program, log io.Writer) error {
	steps := p.steps()
	if steps == nil {
		return ErrNoManager
	}
	fmt.Fprintf(log, "%s is not installed on this machine; installing it. This takes a minute or two.\n", p.Name)
	for _, step := range steps {
		fmt.Fprintf(log, "  %s\n", strings.Join(step, " "))
		cmd := exec.CommandContext(ctx, step[0], step[1:]...)
		cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive", "HOMEBREW_NO_AUTO_UPDATE=1")
		if output, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("installing %s: %s: %w\n%s", p.Name, strings.Join(step, " "), err, tail(output))
		}
	}
	return nil
}

// steps are the commands that install it here; nil where no package manager may be used.
func (p Program) steps() [][]string {
	if path, err := exec.LookPath("brew"); err == nil && os.Geteuid() != 0 {
		return [][]string{append([]string{path, "install"}, p.Brew...)}
	}
	if path, err := exec.LookPath("apt-get"); err == nil && os.Geteuid() == 0 {
		return [][]string{{path, "update"}, append([]string{path, "install", "-y", "--no-install-recommends"}, p.Apt...)}
	}
	return nil
}

func tail(output []byte) string {
	return strings.TrimSpace(string(output[max(0, len(output)-1000):]))
}
