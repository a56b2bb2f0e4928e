package localpg

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// install fetches the server with the package manager of this machine, and says so.
func install(ctx context.Context, log io.Writer) error {
	steps := installSteps()
	if steps == nil {
		return errNotFound
	}
	fmt.Fprintln(log, "PostgreSQL is not installed on this machine; installing it. This takes a minute or two.")
	for _, step := range steps {
		fmt.Fprintf(log, "  %s\n", strings.Join(step, " "))
		cmd := exec.CommandContext(ctx, step[0], step[1:]...)
		cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive", "HOMEBREW_NO_AUTO_UPDATE=1")
		if output, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("installing PostgreSQL: %s: %w\n%s\n%w", strings.Join(step, " "), err, tail(output), errNotFound)
		}
	}
	return nil
}

// installSteps are the commands that install the server here; nil where there is no package manager that we may use without a password.
func installSteps() [][]string {
	if path, err := exec.LookPath("brew"); err == nil && os.Geteuid() != 0 {
		return [][]string{{path, "install", "postgresql@17"}}
	}
	if path, err := exec.LookPath("apt-get"); err == nil && os.Geteuid() == 0 {
		return [][]string{{path, "update"}, {path, "install", "-y", "--no-install-recommends", "postgresql"}}
	}
	return nil
}

func tail(output []byte) string {
	return strings.TrimSpace(string(output[max(0, len(output)-1000):]))
}
