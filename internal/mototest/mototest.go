// Package mototest runs moto, an emulator of AWS, for the tests of what speaks to AWS.
package mototest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// Start runs moto until the test ends and returns its URL. Without moto the test is skipped; what says in the reason what was not tested.
func Start(t *testing.T, what string) string {
	t.Helper()
	program, err := exec.LookPath("moto_server")
	if err != nil {
		t.Skip(what + " was not held to the contract: moto_server is not installed (pip install 'moto[server]==5.2.*')")
	}
	return Run(t, program)
}

// Run is [Start] for a program of the caller's that takes moto_server's options and logs as it does.
func Run(t *testing.T, program string, args ...string) string {
	t.Helper()
	url, stop, err := run(program, append(args, "-H", "127.0.0.1", "-p", "0")...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return url
}

// run starts the program, which chooses a free port, and returns the URL that it then names in its log. stop ends it and waits for its end.
func run(program string, args ...string) (url string, stop func(), err error) {
	ctx, kill := context.WithCancel(context.Background())
	command := exec.CommandContext(ctx, program, args...)
	log, err := command.StderrPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		kill()
		return "", nil, fmt.Errorf("starting the emulator: %w", err)
	}
	urls, ended := make(chan string, 1), make(chan string, 1)
	go scan(log, urls, ended)
	select {
	case url := <-urls:
		return url, func() { kill(); <-ended; _ = command.Wait() }, nil // it was killed: no news
	case last := <-ended:
		kill()
		_ = command.Wait() // its last line says more
		return "", nil, fmt.Errorf("the emulator ended before it listened: %s", last)
	}
}

// scan finds the emulator's URL in its log, and reads on to its end so that the emulator never waits for a reader.
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
