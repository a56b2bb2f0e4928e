package secrets

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// openTerminal makes a terminal and the side that types.
func openTerminal(t *testing.T) (keyboard, terminal *os.File) {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("this machine makes no terminals:", err)
	}
	t.Cleanup(func() { keyboard.Close() })
	if err := unix.IoctlSetPointerInt(int(keyboard.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(int(keyboard.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	// It is not closed here: an interrupted reader still holds it, and would restore the settings of whatever has its number next.
	return keyboard, terminal
}

func echoes(t *testing.T, terminal *os.File) bool {
	t.Helper()
	mode, err := unix.IoctlGetTermios(int(terminal.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	return mode.Lflag&unix.ECHO != 0
}

// waitForSilence waits until the terminal does not show what is typed, or the reader gives up.
func waitForSilence(t *testing.T, terminal *os.File, done <-chan error) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); echoes(t, terminal); time.Sleep(time.Millisecond) {
		select {
		case err := <-done:
			t.Fatal("the reader ended:", err)
		default:
		}
		if time.Now().After(deadline) {
			t.Fatal("the terminal goes on showing what is typed")
		}
	}
}

func TestReadHiddenShowsNothing(t *testing.T) {
	t.Parallel()
	keyboard, terminal := openTerminal(t)
	var out bytes.Buffer
	done := make(chan error, 1)
	var got string
	go func() {
		var err error
		got, err = ReadHidden(t.Context(), terminal, &out, "token: ")
		done <- err
	}()
	waitForSilence(t, terminal, done)
	fmt.Fprint(keyboard, "s3cret\n")
	if err := <-done; err != nil || got != "s3cret" {
		t.Errorf("%q, %v", got, err)
	}
	if strings.Contains(out.String(), "s3cret") || !strings.HasPrefix(out.String(), "token: ") {
		t.Errorf("shown: %q", out.String())
	}
	if !echoes(t, terminal) {
		t.Error("the terminal stays silent")
	}
}

func TestReadHiddenGivesTheTerminalBackWhenInterrupted(t *testing.T) {
	t.Parallel()
	_, terminal := openTerminal(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := ReadHidden(ctx, terminal, &bytes.Buffer{}, "token: ")
		done <- err
	}()
	waitForSilence(t, terminal, done)
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if !echoes(t, terminal) {
		t.Error("the terminal stays silent")
	}
}
