package store_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

// age makes every job older by an interval of PostgreSQL's.
func (f *fixture) age(interval string) {
	f.t.Helper()
	if _, err := f.db.Exec(f.t.Context(), `UPDATE queue_logs SET created_at = created_at - $1::interval, due_at = due_at - $1::interval`, interval); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) overdue() []inbox.Job {
	f.t.Helper()
	jobs, oldest, err := f.Overdue(f.t.Context(), 10)
	if err != nil {
		f.t.Fatal(err)
	}
	if len(jobs) > 0 && oldest < time.Minute {
		f.t.Errorf("the oldest overdue job is said to be %s old", oldest)
	}
	return jobs
}

func TestJobsThatNobodyFulfilsAreOverdueAtGrowingIntervals(t *testing.T) {
	f := setup(t)
	job := f.ingest(received("m1", "4912", "hello", noon).Event).Jobs[0]
	if jobs := f.overdue(); len(jobs) != 0 {
		t.Fatalf("a new job is overdue: %v", jobs)
	}
	for attempt, after := range []string{"3 minutes", "5 minutes", "9 minutes"} {
		f.age(after)
		jobs := f.overdue()
		if len(jobs) != 1 || jobs[0].ID != job.ID || jobs[0].Attempt != attempt+2 || jobs[0].UpTo != job.UpTo || jobs[0].Lane != job.Lane {
			t.Fatalf("after %s more: %+v", after, jobs)
		}
		if jobs := f.overdue(); len(jobs) != 0 {
			t.Errorf("it was taken twice: %v", jobs)
		}
	}
	if err := f.Finish(t.Context(), job.ID); err != nil {
		t.Fatal(err)
	}
	f.age("1 year")
	if jobs := f.overdue(); len(jobs) != 0 {
		t.Errorf("a fulfilled job is overdue: %v", jobs)
	}
}

func TestADeadJobIsReopenedUnlessItIsFulfilled(t *testing.T) {
	f := setup(t)
	hello := received("m1", "4912", "hello", noon)
	job := f.ingest(hello.Event).Jobs[0]
	again, ok, err := f.Reopen(t.Context(), job)
	if err != nil || !ok || again.Attempt != 2 || again.Lane != job.Lane || again.Queue != inbox.LiveQueue {
		t.Errorf("%+v, %t, %v", again, ok, err)
	}
	if err := f.Finish(t.Context(), job.ID); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := f.Reopen(t.Context(), job); ok || err != nil {
		t.Errorf("a fulfilled job was reopened: %v", err)
	}
}

func TestAJobThatIsGivenUpIsKept(t *testing.T) {
	f := setup(t)
	dead := inbox.DeadJob{ID: uuid.Must(uuid.NewV7()), Queue: "q", Body: "{\x00", Reason: "no job", Receives: 3}
	if err := f.KeepDead(t.Context(), dead); err != nil {
		t.Fatal(err)
	}
	f.want(`SELECT queue, body, reason, receive_count FROM dead_jobs`, "q { no job 3")
}

func TestReceiptsAndHistoryHaveLanesOfTheirOwn(t *testing.T) {
	f := setup(t)
	old := received("m0", "4912", "long ago", noon)
	old.History = true
	stored := f.ingest(received("m1", "4912", "now", noon).Event, old.Event, status("s1", "4912", "m1", channels.Read, noon).Event)
	queues := map[string]int{}
	for _, job := range stored.Jobs {
		queues[job.Queue]++
	}
	if len(stored.Jobs) != 2 || queues[inbox.LiveQueue] != 1 || queues[inbox.BulkQueue] != 1 {
		t.Errorf("one live and one bulk job wanted, got %+v", stored.Jobs)
	}
}

func TestPartsOfAWebhookAreStoredInAnyOrder(t *testing.T) {
	f := setup(t)
	w := inbox.Webhook{
		ID: uuid.Must(uuid.NewV7()), Channel: channel, CredentialAccount: "default", Body: []byte("body"),
		Events: []channels.Event{
			{Kind: channels.KindMessage, Account: account, Thread: "a", ID: "m1", Raw: []byte("{}")},
			{Kind: channels.KindMessage, Account: account, Thread: "b", ID: "m2", Raw: []byte("{}")},
			{Kind: channels.KindStatus, Account: account, Thread: "a", ID: "s1", Raw: []byte("{}")},
		},
	}
	parts := inbox.Split(w, uuid.New)
	for range 2 { // and twice, as a queue may deliver them
		for i := len(parts) - 1; i >= 0; i-- {
			if _, err := f.Ingest(t.Context(), parts[i].Webhook); err != nil {
				t.Fatal(err)
			}
		}
	}
	f.want(`SELECT convert_from(body, 'UTF8') FROM webhook_logs`, "body")
	f.want(`SELECT (SELECT count(*) FROM messages), (SELECT count(*) FROM message_events)`, "2 1")
}

func TestAnUnknownShapeIsNewOnce(t *testing.T) {
	f := setup(t)
	row := inbox.Row{ID: uuid.Must(uuid.NewV7()), Channel: channel}
	for _, want := range []bool{true, false} {
		if first, err := f.FirstSight(t.Context(), row, "field=new"); first != want || err != nil {
			t.Errorf("first sight: %t, %v", first, err)
		}
	}
}
