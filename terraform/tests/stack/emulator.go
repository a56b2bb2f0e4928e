package stack

import (
	"bufio"
	"context"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
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
	return serve(t, python, filepath.Join(Repository(t), "terraform", "tests", "emulator", "motod.py"), "-H", "127.0.0.1", "-p", "0")
}

// serve starts the program, which chooses a free port, and returns the URL that it then names in its log.
func serve(t *testing.T, program string, args ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	command := exec.CommandContext(ctx, program, args...)
	log, err := command.StderrPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		stop()
		t.Fatal("starting the emulator: ", err)
	}
	urls, ended := make(chan string, 1), make(chan string, 1)
	go scan(log, urls, ended)
	t.Cleanup(func() {
		stop()
		<-ended
		_ = command.Wait() // killed
	})
	select {
	case url := <-urls:
		return url
	case last := <-ended:
		ended <- last
		t.Fatal("the emulator ended before it listened: ", last)
		return ""
	}
}

// scan finds the emulator's URL in its log, and reads on so that it never waits for a reader.
func scan(log io.Reader, urls, ended chan<- string) {
	var last string
	found := false
	for lines := bufio.NewScanner(log); lines.Scan(); last = lines.Text() {
		if _, url, is := strings.Cut(lines.Text(), "Running on "); is && !found {
			found = true
			urls <- strings.TrimSpace(url)
		}
	}
	_, _ = io.Copy(io.Discard, log) // after a line too long to scan
	ended <- last
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
