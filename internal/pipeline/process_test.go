package pipeline_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/pipeline"
)

// shelf is a row store in memory.
type shelf struct {
	rows     []inbox.Row
	done     []string // "id: text" or "id dead: reason", in order
	finished []uuid.UUID
	fail     map[string]error // by external id
	back     time.Time        // it fails until then
	shapes   []string

	ingestErr error

	looked    int         // how often one job's rows were looked for
	lookedFor []inbox.Job // at once
	lookErr   error
}

func (s *shelf) Pending(_ context.Context, _ inbox.Job, _ []channels.Event, max int) ([]inbox.Row, error) {
	s.looked++
	return s.rows[:min(max, len(s.rows))], nil
}

func (s *shelf) PendingOf(_ context.Context, jobs []inbox.Job, _ int) (map[uuid.UUID][]inbox.Row, error) {
	s.lookedFor = jobs
	seen := map[uuid.UUID][]inbox.Row{}
	for _, job := range jobs {
		for _, row := range s.rows {
			if row.Event.Thread == job.Lane {
				seen[job.ID] = append(seen[job.ID], row)
			}
		}
	}
	return seen, s.lookErr
}

func (s *shelf) Apply(_ context.Context, c inbox.Change) (inbox.FollowUp, error) {
	if err := s.fail[c.Row.Event.ID]; err != nil {
		return inbox.FollowUp{}, err
	}
	if time.Now().Before(s.back) {
		return inbox.FollowUp{}, errors.New("connection lost")
	}
	text := ""
	if c.Update.Message != nil {
		text = c.Update.Message.Text
	}
	s.take(c.Row.Event.ID+": "+text, c.Fulfils)
	return inbox.FollowUp{}, nil
}

func (s *shelf) Bury(_ context.Context, row inbox.Row, reason string) error {
	s.take(row.Event.ID+" dead: "+reason, nil)
	return nil
}

func (s *shelf) Finish(_ context.Context, job uuid.UUID) error {
	s.finished = append(s.finished, job)
	return nil
}

func (s *shelf) Ingest(_ context.Context, w inbox.Webhook) (inbox.Stored, error) {
	for _, e := range w.Events {
		s.rows = append(s.rows, inbox.Row{Channel: w.Channel, Event: e})
	}
	return inbox.Stored{New: len(w.Events), Jobs: []inbox.Job{{ID: uuid.Nil}}}, s.ingestErr
}

func (s *shelf) FirstSight(_ context.Context, _ inbox.Row, shape string) (bool, error) {
	s.shapes = append(s.shapes, shape)
	return len(s.shapes) == 1, nil
}

func (s *shelf) take(what string, fulfils *uuid.UUID) {
	s.rows = s.rows[1:]
	s.done = append(s.done, what)
	if fulfils != nil {
		s.finished = append(s.finished, *fulfils)
	}
}

func (s *shelf) put(channel, thread, text string) {
	id := fmt.Sprint(len(s.rows) + 1)
	kind := channels.KindMessage
	if text == "?" {
		kind = channels.KindUnknown
	}
	s.rows = append(s.rows, inbox.Row{Channel: channel, Event: channels.Event{
		Kind: kind, Thread: thread, ID: id, Raw: fmt.Appendf(nil, "%s %s %s", thread, id, text),
	}})
}

func process(t *testing.T, s *shelf) (map[string]int, error) {
	t.Helper()
	m := &meter{counts: map[string]int{}}
	p := pipeline.Processor{Store: s, Meter: m, Log: slog.New(slog.NewJSONHandler(&bytes.Buffer{}, nil))}
	return m.counts, p.Process(t.Context(), inbox.Job{ID: uuid.Max}, nil, nil)
}

func TestRowsAreProcessedInOrderAndTheLastOneEndsTheJob(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	for _, text := range []string{"one", "?", "three"} {
		s.put("plainchat", "a", text)
	}
	counts, err := process(t, s)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"1: one", "2: ", "3: three"}, s.done); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(s.finished) != 1 || s.finished[0] != uuid.Max || counts["processed"] != 3 {
		t.Errorf("finished %v, counted %v", s.finished, counts)
	}
}

func TestMoreRowsThanOneReadAreProcessed(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 99, 100, 101, 250} {
		s := &shelf{}
		for i := range n {
			s.put("plainchat", "a", fmt.Sprint(i))
		}
		if _, err := process(t, s); err != nil || len(s.done) != n || len(s.finished) != 1 {
			t.Errorf("%d rows: %d done, finished %v, %v", n, len(s.done), s.finished, err)
		}
	}
}

func TestWhatCanNeverBeProcessedIsDeadAtOnceAndTheRestGoesOn(t *testing.T) {
	for name, test := range map[string]struct{ channel, thread, text, reason string }{
		"Normalize refuses it":       {"plainchat", "a", "incomprehensible", "normalizing: nobody understands this"},
		"Normalize panics":           {"plainchat", "a", "panic", "normalizing: Normalize panicked: a mistake of the plugin"},
		"the update is empty":        {"plainchat", "a", "empty", "the channel's update of a message event has no message"},
		"it names nobody":            {"plainchat", "", "hello", "the message names neither a chat nor a sender"},
		"its channel is gone":        {"pigeon", "a", "hello", `this build has no channel "pigeon"`},
		"the database can't hold it": {"plainchat", "a", "unstorable", "processing: the database refuses this data"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, last := range []bool{false, true} {
				s := &shelf{fail: map[string]error{}}
				s.put(test.channel, test.thread, test.text)
				want := []string{"1 dead: " + test.reason}
				if !last {
					s.put("plainchat", "a", "next")
					want = append(want, "2: next")
				}
				if test.text == "unstorable" {
					s.fail["1"] = fmt.Errorf("processing: %w", inbox.ErrUnstorable)
				}
				counts, err := process(t, s)
				if diff := cmp.Diff(want, s.done); diff != "" || err != nil {
					t.Errorf("%v (-want +got):\n%s", err, diff)
				}
				if counts["dead"] != 1 || len(s.finished) != 1 {
					t.Errorf("counted %v, finished %v", counts, s.finished)
				}
			}
		})
	}
}

func TestWhenTheStoreFailsTheJobComesAgain(t *testing.T) {
	t.Parallel()
	s := &shelf{fail: map[string]error{"2": errors.New("connection lost")}}
	for _, text := range []string{"one", "two", "three"} {
		s.put("plainchat", "a", text)
	}
	_, err := process(t, s)
	if err == nil || !strings.Contains(err.Error(), "connection lost") || len(s.finished) != 0 {
		t.Errorf("an error and an open job wanted, got %v, finished %v", err, s.finished)
	}
	s.fail = nil
	if _, err := process(t, s); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"1: one", "2: two", "3: three"}, s.done); diff != "" {
		t.Errorf("each row once and in order (-want +got):\n%s", diff)
	}
}

func TestAPartIsStoredAndThenProcessed(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	w := &inbox.Webhook{Channel: "plainchat", Events: []channels.Event{{Kind: channels.KindMessage, Thread: "a", ID: "1", Raw: []byte("a 1 hello")}}}
	p := pipeline.Processor{Store: s, Meter: &meter{counts: map[string]int{}}, Log: slog.New(slog.DiscardHandler)}
	if err := p.Process(t.Context(), inbox.Job{ID: uuid.Max}, w, nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"1: hello"}, s.done); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	s.ingestErr = inbox.ErrUnstorable
	if err := p.Process(t.Context(), inbox.Job{}, w, nil); !errors.Is(err, inbox.ErrUnstorable) {
		t.Errorf("a part that can never be stored: %v", err)
	}
}

func TestAStoreThatIsAwayIsWaitedForWithinTheCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{back: time.Now().Add(20 * time.Second)}
		s.put("plainchat", "a", "one")
		p := pipeline.Processor{Store: s, Meter: &meter{counts: map[string]int{}}, Log: slog.New(slog.DiscardHandler)}
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		if err := p.Process(ctx, inbox.Job{}, nil, nil); err != nil || len(s.done) != 1 {
			t.Errorf("back after 20 of 30 seconds: %v, done %v", err, s.done)
		}
	})
}

// Jobs that come together are looked for together, and each lane once; whoever has seen nothing looks for itself.
func TestJobsOfABatchAreLookedForTogether(t *testing.T) {
	t.Parallel()
	job := func(lane string) inbox.Job { return inbox.Job{ID: uuid.New(), Lane: lane} }
	jobs := []inbox.Job{job("a"), job("b"), job("a")}
	for _, c := range []struct {
		name    string
		lookErr error
		looked  int
	}{
		{"seen", nil, 1}, // the second job of a finds nothing left
		{"not seen", errors.New("connection lost"), 3},
	} {
		s := &shelf{lookErr: c.lookErr}
		s.put("plainchat", "a", "one")
		s.put("plainchat", "b", "two")
		p := pipeline.Processor{Store: s, Meter: &meter{counts: map[string]int{}}, Log: slog.New(slog.DiscardHandler)}
		seen := p.LookAhead(t.Context(), jobs)
		if diff := cmp.Diff(jobs[:2], s.lookedFor); diff != "" {
			t.Errorf("%s: looked for together (-want +got):\n%s", c.name, diff)
		}
		for _, job := range jobs {
			if err := p.Process(t.Context(), job, nil, seen); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff([]string{"1: one", "2: two"}, s.done); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		if s.looked != c.looked {
			t.Errorf("%s: looked for one job's rows %d times, want %d", c.name, s.looked, c.looked)
		}
	}
	s := &shelf{}
	p := pipeline.Processor{Store: s, Log: slog.New(slog.DiscardHandler)}
	if p.LookAhead(t.Context(), jobs[:1]); s.lookedFor != nil {
		t.Error("one job was looked for beforehand, which saves nothing")
	}
}
