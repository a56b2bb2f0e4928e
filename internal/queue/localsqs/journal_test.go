package localsqs

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"omni/internal/flock"
)

// journaled makes a box with a journal, whose log it returns.
func journaled(t testing.TB, o Options) (*box, *bytes.Buffer) {
	log := &bytes.Buffer{}
	o.Journal, o.Log = filepath.Join(t.TempDir(), "journal"), slog.New(slog.NewTextHandler(log, nil))
	return newBox(t, o), log
}

func (b *box) reopen() {
	b.Helper()
	path, log := b.journal.path, b.log
	if err := b.Server.Close(); err != nil {
		b.Fatal(err)
	}
	b.Server = b.open(Options{Journal: path, Log: log, Clock: b.clock})
}

// state is all a server knows, as text.
func (b *box) state() string {
	var text strings.Builder
	b.Server.snapshot(b.clock.Now().UnixMilli(), func(c change) { text.Write(encode(c)) })
	return text.String()
}

func (b *box) journalSize() int64 {
	b.Helper()
	info, err := os.Stat(b.journal.path)
	if err != nil {
		b.Fatal(err)
	}
	return info.Size()
}

func TestJournalKeepsEverything(t *testing.T) {
	t.Parallel()
	b, _ := journaled(t, Options{})
	dead := b.queue("dead.fifo", fifo)
	attributes := map[string]string{"RedrivePolicy": `{"deadLetterTargetArn":"` + b.arn("dead.fifo") + `","maxReceiveCount":"2"}`}
	for name, value := range fifo {
		attributes[name] = value
	}
	url := b.queue("q.fifo", attributes)
	b.send(url, "g", "a")
	b.send(url, "g", "b")
	first := b.receive(url, 1)[0]
	b.reopen()

	b.want(url) // still in flight
	b.send(url, "g", "a")
	b.hide(url, first, 0) // by the receipt from before
	b.reopen()

	b.want(url, "a", "b") // and no duplicate of a
	b.clock.Advance(31 * time.Second)
	b.reopen()

	b.want(url, "b") // a was received twice
	b.want(dead, "a")
	b.reopen()
	b.want(dead)
	b.clock.Advance(31 * time.Second)
	b.delete(dead, b.want(dead, "a")[0])
	b.reopen()
	b.clock.Advance(31 * time.Second)
	b.want(dead)
}

// Whatever a crash leaves of the last line, all calls before it are there and that call is not.
func TestTornTail(t *testing.T) {
	t.Parallel()
	b, log := journaled(t, Options{})
	url := b.queue("q", nil)
	b.send(url, "", "kept")
	whole := b.journalSize()
	before := b.state()
	b.send(url, "", "torn")
	b.Server.Close()
	full, err := os.ReadFile(b.journal.path)
	if err != nil {
		t.Fatal(err)
	}
	for size := whole; size < int64(len(full)); size++ {
		if err := os.WriteFile(b.journal.path, full[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		log.Reset()
		b.reopen()
		if got := b.state(); got != before {
			t.Fatalf("cut at %d, the state is\n%s\nwant\n%s", size, got, before)
		}
		if told := strings.Contains(log.String(), "cutting off"); told != (size > whole) {
			t.Fatalf("cut at %d, the log says %q", size, log)
		}
		if b.journalSize() != whole {
			t.Fatalf("cut at %d, the torn line is still there", size)
		}
	}
	b.send(url, "", "next")
	b.reopen()
	b.want(url, "kept", "next")
}

func TestDamageIsRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]func([]byte) []byte{
		"a byte in the middle": func(journal []byte) []byte {
			journal[len(journal)/2] ^= 1
			return journal
		},
		"a line missing": func(journal []byte) []byte { return journal[bytes.IndexByte(journal, '\n')+1:] },
		"another file":   func([]byte) []byte { return []byte(`{"a": "config"}`) },
		"another format": func([]byte) []byte { return line(change{Op: "start0"}) },
		"older than the sums": func(journal []byte) []byte {
			return bytes.ReplaceAll(journal, journal[:sumWidth], nil)
		},
		"a queue that is not there": func(journal []byte) []byte {
			return append(journal, line(change{Op: opPurge, Queue: "other"})...)
		},
	}
	for name, damage := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, _ := journaled(t, Options{})
			url := b.queue("q", nil)
			for range 5 {
				b.send(url, "", "x")
			}
			b.Server.Close()
			journal, err := os.ReadFile(b.journal.path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(b.journal.path, damage(journal), 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := Open(Options{Journal: b.journal.path})
			if err == nil {
				s.Close()
				t.Fatal("a damaged journal was opened")
			}
			if !strings.Contains(err.Error(), "delete "+b.journal.path+" to begin") {
				t.Errorf("%q does not say what to do", err)
			}
		})
	}
}

// line is what the journal would write for a change.
func line(c change) []byte {
	var j journal
	j.add(c)
	return j.seal()
}

func TestJournalHasOneOwner(t *testing.T) {
	t.Parallel()
	b, _ := journaled(t, Options{})
	if _, err := Open(Options{Journal: b.journal.path}); !errors.Is(err, flock.ErrHeld) {
		t.Fatalf("got %v, want ErrHeld", err)
	}
}

// The journal of a queue through which much has gone stays in proportion to what is in it.
func TestCompaction(t *testing.T) {
	t.Parallel()
	b, log := journaled(t, Options{})
	b.journal.minDead = 10_000
	url := b.queue("q.fifo", fifo)
	b.send(url, "waiting", "stays")
	kept := b.receive(url, 1)[0]
	b.hide(url, kept, 43_000)
	var biggest int64
	for i := range 500 {
		b.clock.Advance(10 * time.Second)
		b.send(url, "g", fmt.Sprint(i, strings.Repeat("x", 200)))
		b.delete(url, b.receive(url, 1)[0])
		biggest = max(biggest, b.journalSize())
	}
	if biggest > 60_000 || !strings.Contains(log.String(), "rewrote") {
		t.Fatalf("the journal grew to %d bytes", biggest)
	}
	before := b.state()
	b.reopen()
	if got := b.state(); got != before {
		t.Fatalf("the state is\n%s\nwant\n%s", got, before)
	}
	b.delete(url, kept) // by its receipt from before all that
}

func TestCompactionOnStart(t *testing.T) {
	t.Parallel()
	b, log := journaled(t, Options{Sync: true})
	url := b.queue("q", nil)
	body := strings.Repeat("x", 1<<20)
	for range 9 { // just more than journalMinDead
		b.send(url, "", body)
		b.delete(url, b.receive(url, 1)[0])
		b.journal.minDead = 1 << 40
	}
	if b.journalSize() < journalMinDead {
		t.Fatal("the journal was rewritten too early for this test")
	}
	log.Reset()
	b.reopen()
	if size := b.journalSize(); size > 1000 || !strings.Contains(log.String(), "rewrote") {
		t.Fatalf("the journal has %d bytes after the start", size)
	}
}

// An unfinished rewrite is as if it had not begun.
func TestLeftoverOfCompaction(t *testing.T) {
	t.Parallel()
	b, _ := journaled(t, Options{})
	url := b.queue("q", nil)
	b.send(url, "", "x")
	if err := os.WriteFile(b.journal.path+".new", []byte("half a li"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.reopen()
	b.want(url, "x")
	if _, err := os.Stat(b.journal.path + ".new"); !os.IsNotExist(err) {
		t.Fatalf("the leftover is still there: %v", err)
	}
}

// When a change cannot be kept, it is not acknowledged, and neither is anything after it.
func TestJournalFailureStopsAnswers(t *testing.T) {
	t.Parallel()
	b, _ := journaled(t, Options{})
	url := b.queue("q", nil)
	b.send(url, "", "kept")
	b.journal.file.Close()
	in := sendInput{url, sendEntry{MessageBody: "lost"}}
	for _, call := range []func() error{
		func() error { return b.try(t.Context(), "SendMessage", in, nil) },
		func() error { return b.try(t.Context(), "ReceiveMessage", receiveInput{QueueUrl: url}, nil) },
	} {
		var e *Error
		if err := call(); !errors.As(err, &e) || e.Status != 500 {
			t.Fatalf("got %v, want an internal failure", err)
		}
	}
	path := b.journal.path
	b.Server.Close() // complains of the closed file
	b.Server = b.open(Options{Journal: path, Clock: b.clock})
	b.want(url, "kept")
}

// While the disk is full every call fails and none is acknowledged. Afterwards the server goes on by itself, with nothing lost and nothing torn.
func TestAFullDisk(t *testing.T) {
	t.Parallel()
	full, err := os.OpenFile("/dev/full", os.O_RDWR, 0)
	if err != nil {
		t.Skip("this system has no /dev/full:", err)
	}
	defer full.Close()
	b, _ := journaled(t, Options{})
	url := b.queue("q", nil)
	b.send(url, "", "before")
	disk := b.journal.file
	b.journal.file = full
	for range 2 {
		if err := b.try(t.Context(), "SendMessage", sendInput{url, sendEntry{MessageBody: "meanwhile"}}, nil); err == nil {
			t.Fatal("a message was acknowledged that is in no file")
		}
	}
	if _, err := disk.WriteString("00000000 [{"); err != nil { // what fitted of the line
		t.Fatal(err)
	}
	b.journal.file = disk
	b.send(url, "", "after")
	b.reopen()
	b.want(url, "before", "meanwhile", "after") // once: the second call was refused before it did anything
}
