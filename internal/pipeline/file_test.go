package pipeline_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/internal/inbox"
	"omni/internal/pipeline"
)

// shelves are a store of files and their queue, which remember what they were given.
type shelves struct {
	recorded []inbox.FileDecision
	follows  inbox.Recorded // what follows from any outcome
	overdue  []inbox.OverdueFile
	retried  *inbox.Fetch
	queued   []inbox.Fetch
	reported []inbox.FetchOutcome
	storeErr error
	queueErr error
}

func (a *shelves) RecordFile(_ context.Context, _ inbox.FetchOutcome, decide func(time.Time) inbox.FileDecision) (inbox.Recorded, error) {
	if a.storeErr != nil {
		return inbox.Recorded{}, a.storeErr
	}
	a.recorded = append(a.recorded, decide(shelvesTime))
	return a.follows, nil
}

func (a *shelves) OverdueFiles(_ context.Context, most int) ([]inbox.OverdueFile, error) {
	n := min(most, len(a.overdue))
	found := a.overdue[:n]
	a.overdue = a.overdue[n:]
	return found, a.storeErr
}

func (a *shelves) RetryFile(context.Context, uuid.UUID) (*inbox.Fetch, error) {
	return a.retried, a.storeErr
}

func (a *shelves) Fetch(_ context.Context, fetches []inbox.Fetch) error {
	if a.queueErr == nil {
		a.queued = append(a.queued, fetches...)
	}
	return a.queueErr
}

func (a *shelves) ReportFetch(_ context.Context, _ inbox.Job, o inbox.FetchOutcome) error {
	a.reported = append(a.reported, o)
	return a.queueErr
}

// shelvesTime is when the files of these tests were wanted, and it is now.
var shelvesTime = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func newShelves() (*pipeline.Files, *shelves, *meter, *bytes.Buffer) {
	a, m, log := &shelves{}, &meter{counts: map[string]int{}}, &bytes.Buffer{}
	return &pipeline.Files{
		Store: a, Queue: a, Meter: m, Log: slog.New(slog.NewJSONHandler(log, nil)), Now: func() time.Time { return shelvesTime },
	}, a, m, log
}

func TestWhatFollowsFromAnOutcomeOfAFile(t *testing.T) {
	t.Parallel()
	next := &inbox.Fetch{Job: inbox.Job{ID: uuid.Max, Attempt: 2}}
	for name, c := range map[string]struct {
		follows inbox.Recorded
		counter string
		queued  int
	}{
		"stored":   {inbox.Recorded{News: inbox.FileStored}, pipeline.CountMediaStored, 0},
		"again":    {inbox.Recorded{News: inbox.FileWaiting, Next: next}, pipeline.CountMediaRetried, 1},
		"gone":     {inbox.Recorded{News: inbox.FileGone}, pipeline.CountMediaMissing, 0},
		"refused":  {inbox.Recorded{News: inbox.FileRefused}, pipeline.CountMediaMissing, 0},
		"given up": {inbox.Recorded{News: inbox.FileFailed}, pipeline.CountMediaFailed, 0},
		"old":      {inbox.Recorded{}, "", 0},
	} {
		files, a, m, _ := newShelves()
		a.follows = c.follows
		if err := files.Record(t.Context(), inbox.FetchOutcome{Result: inbox.FetchFailed, Attempt: 1}); err != nil {
			t.Fatal(err)
		}
		if len(a.queued) != c.queued || len(a.recorded) != 1 || a.recorded[0].State != inbox.FileWaiting {
			t.Errorf("%s: %+v", name, a)
		}
		if c.counter != "" && m.counts[c.counter] != 1 || c.counter == "" && len(m.counts) != 0 {
			t.Errorf("%s: counted %v", name, m.counts)
		}
	}
	files, a, _, _ := newShelves()
	a.storeErr = errors.New("no database")
	if err := files.Record(t.Context(), inbox.FetchOutcome{}); err == nil {
		t.Error("what could not be recorded is lost")
	}
}

func TestWhatIsNotQueuedIsLogged(t *testing.T) {
	t.Parallel()
	files, a, _, log := newShelves()
	a.queueErr = errors.New("no queue")
	files.Dispatch(t.Context(), []inbox.Fetch{{Job: inbox.Job{ID: uuid.Max}}})
	if !strings.Contains(log.String(), uuid.Max.String()) || !strings.Contains(log.String(), "overdue") {
		t.Errorf("logged %s", log)
	}
}

func TestOverdueFilesAreQueuedAgainForADay(t *testing.T) {
	t.Parallel()
	files, a, m, _ := newShelves()
	for range 150 { // more than are taken at once
		a.overdue = append(a.overdue, inbox.OverdueFile{Wanted: shelvesTime.Add(-time.Hour), Fetch: inbox.Fetch{Job: inbox.Job{Attempt: 2}}})
	}
	old := inbox.OverdueFile{Wanted: shelvesTime.Add(-24 * time.Hour), Fetch: inbox.Fetch{Job: inbox.Job{ID: uuid.Max, Attempt: 9}}}
	a.overdue = append(a.overdue, old)
	n, err := files.Rescue(t.Context())
	if n != 151 || err != nil || len(a.queued) != 150 || m.counts[pipeline.CountOverdueMedia] != 151 {
		t.Errorf("%d, %v; %d queued, counted %v", n, err, len(a.queued), m.counts)
	}
	if len(a.reported) != 1 || a.reported[0].File != uuid.Max || a.reported[0].Attempt != 9 || a.reported[0].Result != inbox.FetchFailed {
		t.Errorf("what is to be given up: %+v", a.reported)
	}
}

func TestWithoutAQueueFilesWait(t *testing.T) {
	t.Parallel()
	files, a, _, log := newShelves()
	files.Queue = nil
	a.overdue = []inbox.OverdueFile{{Wanted: shelvesTime}}
	files.Dispatch(t.Context(), []inbox.Fetch{{}})
	if n, err := files.Rescue(t.Context()); n != 0 || err != nil || len(a.overdue) != 1 || log.Len() != 0 {
		t.Errorf("%d, %v, %s", n, err, log)
	}
}

func TestAFileIsRetriedByHand(t *testing.T) {
	t.Parallel()
	files, a, _, _ := newShelves()
	if again, err := files.Retry(t.Context(), uuid.Max); again || err != nil || len(a.queued) != 0 {
		t.Errorf("of a file that is stored: %t, %v", again, err)
	}
	a.retried = &inbox.Fetch{Job: inbox.Job{ID: uuid.Max, Attempt: 2}}
	if again, err := files.Retry(t.Context(), uuid.Max); !again || err != nil || len(a.queued) != 1 {
		t.Errorf("%t, %v, %d queued", again, err, len(a.queued))
	}
	a.storeErr = inbox.ErrNotFound
	if _, err := files.Retry(t.Context(), uuid.Max); !errors.Is(err, inbox.ErrNotFound) {
		t.Errorf("of no file: %v", err)
	}
}
