package pipeline_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/internal/inbox"
	"omni/internal/pipeline"
)

// ward is a store of jobs in trouble.
type ward struct {
	overdue [][]inbox.Job // what each look finds
	open    bool          // whether a dead job is still to be done
	kept    []inbox.DeadJob
	err     error
}

func (w *ward) Overdue(context.Context, int) ([]inbox.Job, time.Duration, error) {
	if len(w.overdue) == 0 {
		return nil, 0, w.err
	}
	found := w.overdue[0]
	w.overdue = w.overdue[1:]
	return found, time.Minute, nil
}

func (w *ward) Reopen(_ context.Context, job inbox.Job) (inbox.Job, bool, error) {
	job.Attempt++
	return job, w.open, w.err
}

func (w *ward) KeepDead(_ context.Context, job inbox.DeadJob) error {
	w.kept = append(w.kept, job)
	return w.err
}

func wakes(w *ward, q *recorder, m *meter) *pipeline.Wakes {
	return &pipeline.Wakes{Store: w, Queue: q, Meter: m, Log: slog.New(slog.DiscardHandler)}
}

// stuck is what cannot be rescued.
type stuck struct{}

func (stuck) Rescue(context.Context) (int, error) { return 0, errors.New("it is stuck") }

func TestWhatCannotBeRescuedDoesNotKeepARescueFromTheRest(t *testing.T) {
	t.Parallel()
	w, q := &ward{overdue: [][]inbox.Job{{{}}}}, &recorder{}
	r := pipeline.NewRescue(slog.New(slog.DiscardHandler), time.Now, stuck{}, wakes(w, q, &meter{counts: map[string]int{}}))
	if n, err := r.Run(t.Context()); n != 1 || err == nil || len(q.jobs) != 1 {
		t.Errorf("%d jobs, %v; queued %d", n, err, len(q.jobs))
	}
}

func TestOverdueJobsAreQueuedAgain(t *testing.T) {
	t.Parallel()
	full := make([]inbox.Job, 100)
	w := &ward{overdue: [][]inbox.Job{full, {{ID: uuid.Max}}}}
	q, m := &recorder{}, &meter{counts: map[string]int{}}
	r := pipeline.NewRescue(slog.New(slog.DiscardHandler), time.Now, wakes(w, q, m))
	if n, err := r.Run(t.Context()); n != 101 || err != nil || len(q.jobs) != 101 || m.counts["overdue"] != 101 {
		t.Errorf("%d jobs, %v; queued %d, counted %v", n, err, len(q.jobs), m.counts)
	}
}

func TestAnInstanceLooksForOverdueJobsNowAndThen(t *testing.T) {
	t.Parallel()
	clock := time.Unix(0, 0)
	w := &ward{overdue: [][]inbox.Job{{{}}, {{}}, {{}}}}
	q := &recorder{}
	now := func() time.Time { return clock }
	r := pipeline.NewRescue(slog.New(slog.DiscardHandler), now, wakes(w, q, &meter{counts: map[string]int{}}))
	for range 10 {
		r.Try(t.Context())
		r.Try(t.Context())
		clock = clock.Add(10 * time.Second)
	}
	if len(q.jobs) != 3 {
		t.Errorf("in 90 seconds an instance looked %d times; 3 wanted", len(q.jobs))
	}
}

// An instance whose clock was ahead by days and was put right does not wait for days.
func TestAClockThatGoesBackKeepsNoInstanceFromLooking(t *testing.T) {
	t.Parallel()
	clock := time.Unix(0, 0)
	w, q := &ward{overdue: [][]inbox.Job{{{}}}}, &recorder{}
	r := pipeline.NewRescue(slog.New(slog.DiscardHandler), func() time.Time { return clock }, wakes(w, q, &meter{counts: map[string]int{}}))
	clock = clock.Add(-48 * time.Hour)
	r.Try(t.Context())
	if len(q.jobs) != 1 {
		t.Errorf("an instance looked %d times; 1 wanted", len(q.jobs))
	}
}

func TestDeadJobs(t *testing.T) {
	for name, test := range map[string]struct {
		attempt int
		webhook *inbox.Webhook
		open    bool
		queued  int
		spilled int
		kept    string // part of the reason
	}{
		"a job that is still to be done":      {attempt: 1, open: true, queued: 1},
		"a job that somebody fulfilled":       {attempt: 1},
		"a webhook that is not stored yet":    {attempt: 1, webhook: &inbox.Webhook{}, spilled: 1},
		"a webhook that can hardly be stored": {attempt: 5, webhook: &inbox.Webhook{}, kept: "could not be stored in 5 attempts"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, q := &ward{open: test.open}, &recorder{}
			d := pipeline.DeadLetters{Store: w, Queue: q, Meter: &meter{counts: map[string]int{}}, Log: slog.New(slog.DiscardHandler)}
			if err := d.Job(t.Context(), inbox.Job{ID: uuid.Max, Attempt: test.attempt}, test.webhook, inbox.DeadJob{Body: "body"}); err != nil {
				t.Fatal(err)
			}
			if len(q.jobs) != test.queued || len(q.parts) != test.spilled {
				t.Errorf("queued %v, spilled %v", q.jobs, q.parts)
			}
			if test.kept == "" != (len(w.kept) == 0) || test.kept != "" && !strings.Contains(w.kept[0].Reason, test.kept) {
				t.Errorf("kept %+v", w.kept)
			}
			for _, job := range q.jobs {
				if job.Attempt != test.attempt+1 {
					t.Errorf("sent again as attempt %d: SQS would swallow it", job.Attempt)
				}
			}
		})
	}
}

func TestADeadJobStaysWhereItIsWhileTheStoreIsAway(t *testing.T) {
	t.Parallel()
	w := &ward{open: true, err: errors.New("connection refused")}
	d := pipeline.DeadLetters{Store: w, Queue: &recorder{}, Meter: &meter{counts: map[string]int{}}, Log: slog.New(slog.DiscardHandler)}
	if err := d.Job(t.Context(), inbox.Job{}, nil, inbox.DeadJob{}); err == nil {
		t.Error("an error wanted")
	}
}

func TestADeadAttemptMayHaveDelivered(t *testing.T) {
	t.Parallel()
	q := &recorder{}
	d := pipeline.DeadLetters{Store: &ward{}, Queue: q, Meter: &meter{counts: map[string]int{}}, Log: slog.New(slog.DiscardHandler), Now: time.Now}
	if err := d.Send(t.Context(), inbox.Job{ID: uuid.Max}); err != nil {
		t.Error(err)
	}
	if err := d.Outcome(t.Context(), inbox.Outcome{}, "the body"); err != nil {
		t.Error(err)
	}
	if !slices.Equal(q.reports, []string{"unknown", "the body"}) {
		t.Error(q.reports)
	}
}
