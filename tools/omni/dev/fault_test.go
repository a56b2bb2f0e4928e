package dev

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"omni/internal/queue/localsqs"
)

// misbehave returns faults whose file has the content.
func misbehave(t *testing.T, content string) *faults {
	t.Helper()
	path := filepath.Join(t.TempDir(), "faults.json")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return &faults{path: path, log: quiet}
}

func TestFaultsFollowTheirFile(t *testing.T) {
	t.Parallel()
	f := misbehave(t, `{"refuse": ["SendMessageBatch"], "lose": ["DeleteMessageBatch"], "redeliver": true}`)
	for _, c := range []struct {
		action string
		done   bool
		want   error
	}{
		{"SendMessageBatch", false, errFault},
		{"SendMessageBatch", true, nil},
		{"DeleteMessageBatch", false, nil},
		{"DeleteMessageBatch", true, errFault},
		{"ReceiveMessage", false, nil},
		{"ReceiveMessage", false, nil},
		{"ReceiveMessage", false, localsqs.ErrRedeliver},
		{"ReceiveMessage", true, nil},
		{"ReceiveMessage", false, nil},
		{"CreateQueue", false, nil},
	} {
		if got := f.fault(c.action, c.done); !errors.Is(got, c.want) {
			t.Errorf("%s, done %t: %v, want %v", c.action, c.done, got, c.want)
		}
	}
	if err := os.Remove(f.path); err != nil {
		t.Fatal(err)
	}
	if err := f.fault("SendMessageBatch", false); err != nil {
		t.Errorf("without the file: %v", err)
	}
}

func TestFaultsOfAnUnreadableFileAreNone(t *testing.T) {
	t.Parallel()
	if err := misbehave(t, `{"refuse": "everything"`).fault("SendMessageBatch", false); err != nil {
		t.Error(err)
	}
}

func TestWithoutAFileTheQueueIsAsItIs(t *testing.T) {
	t.Parallel()
	if o := (&faults{log: quiet}).in(localsqs.Options{}); o.Fault != nil || o.Clock != nil {
		t.Errorf("got %+v", o)
	}
}

func TestMovingTheClockEndsAWait(t *testing.T) {
	t.Parallel()
	f := misbehave(t, `{}`)
	hour := time.Now().Add(time.Hour)
	reached, stop := f.Until(hour)
	defer stop()
	if err := os.WriteFile(f.path, []byte(`{"ahead_seconds": 3601}`), 0o600); err != nil {
		t.Fatal(err)
	}
	select {
	case at := <-reached:
		if at.Before(hour) {
			t.Errorf("reached at %s, before %s", at, hour)
		}
	case <-time.After(10 * time.Second):
		t.Error("the wait goes on")
	}
}
