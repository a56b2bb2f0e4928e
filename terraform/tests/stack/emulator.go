package stack

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"omni/internal/mototest"
)

// StartEmulator runs the AWS emulator until the test ends and returns its URL. Without it the test is skipped.
func StartEmulator(t *testing.T) string {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		Missing(t, "python3 is not installed")
	}
	if out, err := exec.CommandContext(t.Context(), python, "-c", "import moto.server").CombinedOutput(); err != nil {
		Missing(t, "the AWS emulator is not installed (pip install 'moto[server]==5.2.*'): "+lastLine(string(out)))
	}
	return mototest.Run(t, python, filepath.Join(Repository(t), "terraform", "tests", "emulator", "motod.py"))
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
