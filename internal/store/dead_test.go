package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

// bury stores events of threads a and b and gives them up, for reasons that name them, and gives up a job.
func (f *fixture) bury() (job uuid.UUID) {
	f.t.Helper()
	stored := f.ingest(
		channels.Event{Kind: channels.KindMessage, Thread: "a", ID: "m1", At: noon, Raw: []byte("raw of m1")},
		channels.Event{Kind: channels.KindMessage, Thread: "a", ID: "m2"},
		channels.Event{Kind: channels.KindReaction, Thread: "b", ID: "r1"},
		channels.Event{Kind: channels.KindStatus, Thread: "b", ID: "s1"},
	)
	for _, job := range stored.Jobs {
		rows, err := f.Pending(f.t.Context(), job, nil, 10)
		if err != nil {
			f.t.Fatal(err)
		}
		for _, row := range rows {
			if err := f.Bury(f.t.Context(), row, "normalizing: No Such "+string(row.Event.Kind)); err != nil {
				f.t.Fatal(err)
			}
		}
		if err := f.Finish(f.t.Context(), job.ID); err != nil {
			f.t.Fatal(err)
		}
	}
	job = uuid.Must(uuid.NewV7())
	err := f.KeepDead(f.t.Context(), inbox.DeadJob{ID: job, Queue: "dead", Body: "nonsense", Reason: "this is no job", Receives: 7})
	if err != nil {
		f.t.Fatal(err)
	}
	return job
}

func TestDeadLettersAreFoundAndCounted(t *testing.T) {
	f := setup(t)
	f.bury()
	for name, test := range map[string]struct {
		give inbox.DeadFilter
		most int
		want int
	}{
		"all":              {inbox.DeadFilter{}, 0, 5},
		"the first":        {inbox.DeadFilter{}, 2, 2},
		"a channel's":      {inbox.DeadFilter{Channel: channel}, 0, 4},
		"another's":        {inbox.DeadFilter{Channel: "pigeon"}, 0, 0},
		"of a kind":        {inbox.DeadFilter{Kind: "reaction"}, 0, 1},
		"jobs":             {inbox.DeadFilter{Kind: inbox.KindJob}, 0, 1},
		"by reason":        {inbox.DeadFilter{Reason: "no such MESSAGE"}, 0, 2},
		"no pattern":       {inbox.DeadFilter{Reason: "%"}, 0, 0},
		"lately":           {inbox.DeadFilter{Since: time.Now().Add(-time.Hour)}, 0, 5},
		"from now on":      {inbox.DeadFilter{Since: time.Now().Add(time.Hour)}, 0, 0},
		"of two at a time": {inbox.DeadFilter{Kind: "message", Reason: "such"}, 0, 2},
	} {
		letters, err := f.DeadLetters(t.Context(), test.give, test.most)
		if err != nil || len(letters) != test.want {
			t.Errorf("%s: %d, %v, want %d", name, len(letters), err, test.want)
		}
		for i := 1; i < len(letters); i++ {
			if letters[i].DiedAt.After(letters[i-1].DiedAt) {
				t.Errorf("%s: not in the order in which they died, last first", name)
			}
		}
	}
	reasons, err := f.DeadReasons(t.Context(), inbox.DeadFilter{})
	if err != nil {
		t.Fatal(err)
	}
	want := []inbox.DeadReason{
		{Reason: "normalizing: No Such message", Number: 2}, {Reason: "normalizing: No Such reaction", Number: 1},
		{Reason: "normalizing: No Such status", Number: 1}, {Reason: "this is no job", Number: 1},
	}
	if diff := cmp.Diff(want, reasons); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestADeadLetterIsShownWithItsOrigin(t *testing.T) {
	f := setup(t)
	job := f.bury()
	row, err := f.DeadRow(t.Context(), f.id("m1"))
	if err != nil {
		t.Fatal(err)
	}
	if string(row.Event.Raw) != "raw of m1" || row.State != inbox.StateDead || row.Reason != "normalizing: No Such message" || row.Webhook.Bytes != 2 ||
		row.Webhook.RequestID != "r-1" || row.Event.Account != account || row.Lane != "live/a" || !row.Event.At.Equal(noon) || !row.RedrivenAt.IsZero() {
		t.Errorf("got %+v", row)
	}
	kept, err := f.DeadJob(t.Context(), job)
	if err != nil || kept.Body != "nonsense" || kept.Receives != 7 || !kept.RedrivenAt.IsZero() {
		t.Errorf("got %+v, %v", kept, err)
	}
	if _, err := f.DeadRow(t.Context(), job); !errors.Is(err, inbox.ErrNotFound) {
		t.Errorf("a job is no row: %v", err)
	}
	if _, err := f.DeadJob(t.Context(), f.id("m1")); !errors.Is(err, inbox.ErrNotFound) {
		t.Errorf("a row is no job: %v", err)
	}
	f.text(`DELETE FROM webhook_logs`)
	if row, err := f.DeadRow(t.Context(), f.id("m1")); err != nil || !row.Webhook.ReceivedAt.IsZero() {
		t.Errorf("without its webhook: %+v, %v", row.Webhook, err)
	}
}

func TestRedrivenRowsAreProcessedAgainInTheirLanes(t *testing.T) {
	f := setup(t)
	job := f.bury()
	all := []uuid.UUID{f.id("m1"), f.id("m2"), f.id("r1"), f.id("s1"), job, uuid.Max}
	done, err := f.Redrive(t.Context(), inbox.Actor{}, all)
	if err != nil || done.Rows != 4 || len(done.Jobs) != 3 {
		t.Fatalf("4 rows and 3 jobs wanted, got %+v, %v", done, err)
	}
	processed := map[string]int{}
	for _, job := range done.Jobs {
		rows, err := f.Pending(t.Context(), job, nil, 10)
		if err != nil {
			t.Fatal(err)
		}
		processed[job.Queue] += len(rows)
	}
	if diff := cmp.Diff(map[string]int{inbox.LiveQueue: 3, inbox.BulkQueue: 1}, processed); diff != "" {
		t.Errorf("rows by queue (-want +got):\n%s", diff)
	}
	f.want(`SELECT DISTINCT state, reason, redriven_at IS NOT NULL, processed_at FROM messages`, "stored <nil> true <nil>")
	f.want(`SELECT DISTINCT state, reason, redriven_at IS NOT NULL, processed_at FROM message_events`, "stored <nil> true <nil>")
	f.want(`SELECT count(*) FROM queue_logs WHERE closed_at IS NULL`, fmt.Sprint(len(done.Jobs)))
	if again, err := f.Redrive(t.Context(), inbox.Actor{}, all); err != nil || again.Rows != 0 || len(again.Jobs) != 0 {
		t.Errorf("the second time: %+v, %v", again, err)
	}
	if err := f.JobRedriven(t.Context(), inbox.Actor{}, job); err != nil {
		t.Fatal(err)
	}
	if letters, err := f.DeadLetters(t.Context(), inbox.DeadFilter{}, 0); err != nil || len(letters) != 0 {
		t.Errorf("still dead: %v, %v", letters, err)
	}
}
