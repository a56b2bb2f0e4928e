package store_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/internal/inbox"
)

// Jobs of a chat name it. One job does what several were made for, and if all of that is erased nothing of the others stays.
func TestJobsGoWithTheErasedEventsThatTheyWereFor(t *testing.T) {
	f := setup(t)
	f.take(received("m1", "4912", "hello", noon))
	first := f.ingest(received("m2", "4912", "are you", noon).Event).Jobs[0]
	second := f.ingest(received("m3", "4912", "there?", noon).Event).Jobs[0]
	other := f.ingest(received("m4", "bob", "hello", noon).Event).Jobs[0]
	contact := uuid.MustParse(f.text(`SELECT contact_id::text FROM messages WHERE external_id = 'm1'`)[0])
	if _, _, err := f.BeginErasure(t.Context(), inbox.Actor{}, contact, "Ticket 4711"); err != nil {
		t.Fatal(err)
	}
	newest := f.ingest(received("m5", "4912", "somebody new", noon).Event).Jobs[0]
	f.execute(`UPDATE erasure_tombstones SET before = (SELECT webhook_log_id FROM messages WHERE external_id = 'm5')`) // however quick this is

	rows, err := f.Pending(t.Context(), second, nil, 10)
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, fulfils := range []*uuid.UUID{nil, &second.ID} {
		next, err := f.Apply(t.Context(), inbox.Change{Row: rows[i], Update: received("", "4912", "hello", noon).Update, Fulfils: fulfils})
		if err != nil || !next.Erased {
			t.Fatalf("%+v, %v", next, err)
		}
	}
	f.want(`SELECT external_id FROM messages WHERE state = 'stored' ORDER BY seq`, "m4", "m5")
	f.want(`SELECT id::text FROM queue_logs WHERE closed_at IS NULL ORDER BY id`, other.ID.String(), newest.ID.String())
	if err := f.Finish(t.Context(), first.ID); err != nil {
		t.Error(err)
	}
	f.process(newest, "")
	f.want(`SELECT state FROM messages WHERE external_id = 'm5'`, "processed")
	f.want(`SELECT count(*) FROM queue_logs WHERE lane = 'live/4912' AND closed_at IS NOT NULL`, "2") // of m1, which a step of the erasure removes, and m5
}

// A page that is open knows the chat by its name, and so do the tickets with which it opens sockets.
func TestAnErasedVisitorsPagesAreForgotten(t *testing.T) {
	f := setup(t)
	f.take(received("m1", "ada", "hello", noon), received("m2", "bob", "hello", noon))
	account := uuid.MustParse(f.text(`SELECT id::text FROM channel_accounts`)[0])
	for _, thread := range []string{"ada", "bob"} {
		for _, ticket := range []string{"used", "kept"} {
			hash := inbox.TicketHash(thread + ticket)
			holder := inbox.TicketHolder{Chat: inbox.VisitorChat{Account: account, Thread: thread}}
			if err := f.AddTicket(t.Context(), hash, holder, time.Now().Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
		}
		if opened, err := f.OpenConnection(t.Context(), "socket of "+thread, inbox.TicketHash(thread+"used")); err != nil || !opened {
			t.Fatal(opened, err)
		}
	}
	contact := uuid.MustParse(f.text(`SELECT contact_id::text FROM messages WHERE external_id = 'm1'`)[0])
	if _, _, err := f.BeginErasure(t.Context(), inbox.Actor{}, contact, "Ticket 4711"); err != nil {
		t.Fatal(err)
	}
	f.want(`SELECT id, thread FROM connections`, "socket of bob bob")
	f.want(`SELECT thread FROM tickets`, "bob")
}
