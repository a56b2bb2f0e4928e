package dead

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	_ "omni/gen/dispatch"
	"omni/internal/inbox"
	"omni/internal/store"
	"omni/internal/store/storetest"
)

// belt is a queue that remembers what it was given.
type belt struct {
	jobs   []inbox.Job
	bodies []string
	broken error
}

func (b *belt) Send(_ context.Context, jobs []inbox.Job) error {
	if b.broken == nil {
		b.jobs = append(b.jobs, jobs...)
	}
	return b.broken
}

func (b *belt) Resend(_ context.Context, body string, id uuid.UUID) error {
	if b.broken == nil && id != uuid.Nil {
		b.bodies = append(b.bodies, body)
	}
	return b.broken
}

// bench is a store with dead letters: messages 1 and 2 of telegram, of which today's code understands the first, and a job.
type bench struct {
	*store.Store
	t         *testing.T
	out       strings.Builder
	asked     []string
	answer    bool
	rows      []uuid.UUID
	job       uuid.UUID
	queue     *belt
	webhookID uuid.UUID
}

const understood = `{"update_id": 1, "message": {"message_id": 1, "date": 1700000000, "text": "hello \u009b",
	"from": {"id": 7, "is_bot": false, "first_name": "Ada"}, "chat": {"id": 7, "type": "private", "first_name": "Ada"}}}`

func newBench(t *testing.T) *bench {
	t.Helper()
	t.Parallel()
	s, _ := storetest.New(t)
	b := &bench{Store: s, t: t, answer: true, queue: &belt{}, job: uuid.Must(uuid.NewV7()), webhookID: uuid.Must(uuid.NewV7())}
	stored, err := s.Ingest(t.Context(), inbox.Webhook{
		ID: b.webhookID, Channel: "telegram", CredentialAccount: "support", RequestID: "request-1", Body: []byte("the whole body"),
		Events: []channels.Event{
			{Kind: channels.KindMessage, Account: "support", Thread: "7", ID: "7/1", At: time.Unix(1700000000, 0), Raw: []byte(understood)},
			{Kind: channels.KindMessage, Account: "support", Thread: "7", ID: "7/2", Raw: []byte("no \x1b JSON")},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := s.Pending(t.Context(), stored.Jobs[0], nil, 10)
	if err != nil {
		t.Fatal(err)
	}
	for n, row := range rows {
		b.rows = append(b.rows, row.ID)
		if err := s.Bury(t.Context(), row, fmt.Sprintf("normalizing: mistake\x1b %d", n+1)); err != nil {
			t.Fatal(err)
		}
	}
	err = s.KeepDead(t.Context(), inbox.DeadJob{ID: b.job, Queue: "arn:dead", Body: `{"version":1,"kind":"odd"}`, Reason: "this is no job", Receives: 9})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bench) redriver() Redriver {
	return Redriver{Store: b.Store, Queue: b.queue, Out: &b.out, Confirm: func(question string) (bool, error) {
		b.asked = append(b.asked, question)
		return b.answer, nil
	}}
}

// dead counts what is still dead.
func (b *bench) dead() int {
	b.t.Helper()
	letters, err := b.DeadLetters(b.t.Context(), inbox.DeadFilter{}, 0)
	if err != nil {
		b.t.Fatal(err)
	}
	return len(letters)
}

// says fails unless the output holds every part, and then forgets it.
func (b *bench) says(parts ...string) {
	b.t.Helper()
	got := b.out.String()
	b.out.Reset()
	for _, part := range parts {
		if !strings.Contains(got, part) {
			b.t.Errorf("no %q in:\n%s", part, got)
		}
	}
	if strings.ContainsAny(got, "\x1b\u009b") {
		b.t.Errorf("what could drive the terminal is in:\n%q", got)
	}
}

func TestList(t *testing.T) {
	b := newBench(t)
	if err := List(t.Context(), b.Store, &b.out, inbox.DeadFilter{}, 2); err != nil {
		t.Fatal(err)
	}
	b.says("3 dead letters, by reason:", "1  this is no job", `1  normalizing: mistake\x1b 2`, "CHANNEL", b.job.String(), "-  ", "and 1 older one")
	if err := List(t.Context(), b.Store, &b.out, inbox.DeadFilter{Channel: "telegram", Reason: "mistake"}, 10); err != nil {
		t.Fatal(err)
	}
	b.says("2 dead letters", b.rows[0].String(), b.rows[1].String())
	if err := List(t.Context(), b.Store, &b.out, inbox.DeadFilter{Channel: "pigeon"}, 10); err != nil {
		t.Fatal(err)
	}
	b.says("There are no dead letters.")
}

func TestShow(t *testing.T) {
	b := newBench(t)
	for id, parts := range map[uuid.UUID][]string{
		b.rows[0]: {
			"message of telegram", "dead since", `normalizing: mistake\x1b 1`, "support (credential account support)", "7/1", "2023-11-14", b.webhookID.String(),
			"14 bytes, request request-1", `"first_name": "Ada"`, "What today's code makes of it", "text hello", "omni dead redrive " + b.rows[0].String(),
		},
		b.rows[1]: {`no \x1b JSON`, "does not understand", "It would die again: normalizing"},
		b.job:     {"this is no job", "arn:dead", "9 times", `"kind": "odd"`},
	} {
		if err := Show(t.Context(), b.Store, &b.out, id, false); err != nil {
			t.Fatal(err)
		}
		b.says(parts...)
	}
	if _, err := b.Redrive(t.Context(), inbox.Actor{}, b.rows); err != nil {
		t.Fatal(err)
	}
	if err := Show(t.Context(), b.Store, &b.out, b.rows[0], false); err != nil {
		t.Fatal(err)
	}
	b.says("waits to be processed", "redriven")
	if err := Show(t.Context(), b.Store, &b.out, uuid.Max, false); err == nil || !strings.Contains(err.Error(), "no row and no dead job") {
		t.Errorf("of an unknown id: %v", err)
	}
}

func TestRedriveByID(t *testing.T) {
	b := newBench(t)
	if err := b.redriver().ByID(t.Context(), []uuid.UUID{b.rows[1], b.job, b.rows[1]}); err != nil {
		t.Fatal(err)
	}
	b.says("1 row stored again, 1 job queued.", "1 dead job sent again.")
	if b.dead() != 1 || len(b.queue.jobs) != 1 || b.queue.jobs[0].Lane != "live/7" || len(b.queue.bodies) != 1 || len(b.asked) != 1 {
		t.Errorf("%d still dead, queue %+v, asked %q", b.dead(), b.queue, b.asked)
	}
	for id, want := range map[uuid.UUID]string{b.rows[1]: "waits to be processed", uuid.Max: "nothing dead has the id"} {
		if err := b.redriver().ByID(t.Context(), []uuid.UUID{b.rows[0], id}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if b.dead() != 1 {
		t.Error("something was done although not all of it could be")
	}
}

func TestRedriveByFilter(t *testing.T) {
	b := newBench(t)
	b.answer = false
	if err := b.redriver().ByFilter(t.Context(), inbox.DeadFilter{}); err != nil {
		t.Fatal(err)
	}
	b.says("Nothing was done.", b.rows[0].String())
	if b.dead() != 3 || b.asked[0] != "Send 3 dead letters on the way again?" {
		t.Errorf("%d dead, asked %q", b.dead(), b.asked)
	}
	b.answer = true
	if err := b.redriver().ByFilter(t.Context(), inbox.DeadFilter{Kind: "message"}); err != nil {
		t.Fatal(err)
	}
	b.says("2 rows stored again, 1 job queued.")
	if err := b.redriver().ByFilter(t.Context(), inbox.DeadFilter{Kind: "message"}); err != nil {
		t.Fatal(err)
	}
	b.says("There are no such dead letters.")
	if b.dead() != 1 || len(b.asked) != 2 {
		t.Errorf("%d dead, asked %q", b.dead(), b.asked)
	}
}

func TestRowsAreStoredEvenWithoutAQueue(t *testing.T) {
	for name, queue := range map[string]Queue{"broken": &belt{broken: errors.New("connection refused")}, "none": nil} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			r := b.redriver()
			r.Queue = queue
			if err := r.ByFilter(t.Context(), inbox.DeadFilter{Kind: "message"}); err != nil {
				t.Fatal(err)
			}
			b.says("2 rows stored again, 0 jobs queued.", "the overdue check queues them within minutes")
			if err := r.ByFilter(t.Context(), inbox.DeadFilter{}); err == nil || !strings.Contains(err.Error(), "1 job not sent, and dead as before") {
				t.Errorf("a job that cannot be sent: %v", err)
			}
			if b.dead() != 1 {
				t.Errorf("%d dead", b.dead())
			}
		})
	}
}
