package mototest

import (
	"strings"
	"testing"
)

// TestRun: the URL is found in the midst of the log, and an emulator that would never end is ended.
func TestRun(t *testing.T) {
	t.Parallel()
	const script = `{ echo starting; echo " * Running on http://127.0.0.1:5000 "; while :; do echo a request; done; } >&2`
	url, stop, err := run("sh", "-c", script)
	if err != nil || url != "http://127.0.0.1:5000" {
		t.Fatalf("%q, %v", url, err)
	}
	stop()
}

func TestRunTellsWhyThereIsNoEmulator(t *testing.T) {
	t.Parallel()
	for want, command := range map[string][]string{
		"before it listened: no module moto": {"sh", "-c", "{ echo Traceback; echo no module moto; } >&2; exit 1"},
		"starting the emulator: ":            {"/nowhere/moto_server"},
	} {
		if _, _, err := run(command[0], command[1:]...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", command, err, want)
		}
	}
}
