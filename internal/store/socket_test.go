package store_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

// hires makes an agent.
func (f *fixture) hires(state string) uuid.UUID {
	f.t.Helper()
	id := uuid.New()
	if _, err := f.db.Exec(f.t.Context(), `INSERT INTO agents (id, subject, name, role, state) VALUES ($1, $2, 'Ada', 'agent', $3)`, id, id.String(), state); err != nil {
		f.t.Fatal(err)
	}
	return id
}

// ticket makes a ticket of an agent that is good until then, and returns its hash.
func (f *fixture) ticket(agent uuid.UUID, expires time.Time) []byte {
	f.t.Helper()
	hash := inbox.TicketHash(inbox.NewTicket())
	if err := f.AddTicket(f.t.Context(), hash, inbox.TicketHolder{Agent: agent}, expires); err != nil {
		f.t.Fatal(err)
	}
	return hash
}

func TestATicketOpensOneConnection(t *testing.T) {
	f := setup(t)
	soon := time.Now().Add(time.Minute)
	ada, disabled := f.hires("active"), f.hires("disabled")
	good := f.ticket(ada, soon)
	for name, test := range map[string]struct {
		ticket []byte
		want   bool
	}{
		"too late":             {f.ticket(ada, time.Now().Add(-time.Second)), false},
		"of a disabled agent":  {f.ticket(disabled, soon), false},
		"never made":           {inbox.TicketHash("made up"), false},
		"good":                 {good, true},
		"the ticket, not hash": {[]byte("made up"), false},
	} {
		if opened, err := f.OpenConnection(t.Context(), name, test.ticket); opened != test.want || err != nil {
			t.Errorf("%s: %t, %v", name, opened, err)
		}
	}
	if opened, err := f.OpenConnection(t.Context(), "again", good); opened || err != nil {
		t.Errorf("again: %t, %v", opened, err)
	}
	f.want(`SELECT id, agent_id = '`+ada.String()+`' FROM connections`, "good true")
	f.want(`SELECT count(*) FROM tickets`, "0") // whatever came of them
}

func TestOneTicketForManyAtOnceOpensOneConnection(t *testing.T) {
	f := setup(t)
	ticket := f.ticket(f.hires("active"), time.Now().Add(time.Minute))
	const many = 10
	opened := make(chan bool, many)
	for n := range many {
		go func() {
			ok, err := f.OpenConnection(t.Context(), string(rune('a'+n)), ticket)
			if err != nil {
				t.Error(err)
			}
			opened <- ok
		}()
	}
	number := 0
	for range many {
		if <-opened {
			number++
		}
	}
	if number != 1 {
		t.Errorf("%d connections are open", number)
	}
}

func TestConnectionsThatMayBeOpen(t *testing.T) {
	f := setup(t)
	ada, ben := f.hires("active"), f.hires("active")
	for id, agent := range map[string]uuid.UUID{"a1": ada, "a2": ada, "b": ben, "old": ada} {
		if opened, err := f.OpenConnection(t.Context(), id, f.ticket(agent, time.Now().Add(time.Minute))); !opened || err != nil {
			t.Fatal(opened, err)
		}
	}
	f.ticket(ada, time.Now().Add(-time.Second))
	unused := f.ticket(ada, time.Now().Add(time.Minute))
	f.text(`UPDATE connections SET connected_at = now() - interval '3 hours' WHERE id = 'old'`)
	f.wantOpen("a1", "a2", "b")
	f.text(`UPDATE agents SET state = 'disabled' WHERE id = '` + ben.String() + `'`)
	f.wantOpen("a1", "a2")
	if err := f.CloseConnections(t.Context(), []string{"a1", "never seen"}); err != nil {
		t.Fatal(err)
	}
	f.wantOpen("a2")
	if expired, err := f.ExpireSockets(t.Context()); expired != 1 || err != nil {
		t.Errorf("%d connections expired, %v", expired, err)
	}
	f.want(`SELECT id FROM connections ORDER BY id`, "a2", "b")
	if opened, err := f.OpenConnection(t.Context(), "a3", unused); !opened || err != nil {
		t.Errorf("a ticket that was good: %t, %v", opened, err)
	}
	f.want(`SELECT count(*) FROM tickets`, "0")
}

func (f *fixture) wantOpen(want ...string) {
	f.t.Helper()
	open, err := f.Connections(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	var ids []string
	for _, c := range open {
		ids = append(ids, c.ID)
	}
	slices.Sort(ids)
	if !slices.Equal(ids, want) {
		f.t.Errorf("open are %v, want %v", ids, want)
	}
}

// What is written into the feed is counted when it is committed, so that somebody can be told.
func TestChangesAreCounted(t *testing.T) {
	f := setup(t)
	before := f.Changes()
	f.writes("4912")
	if f.Changes() == before {
		t.Error("a message is no change")
	}
	before = f.Changes()
	if _, err := f.Connections(t.Context()); err != nil || f.Changes() != before {
		t.Errorf("looking is a change: %v", err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	change := inbox.Change{Row: inbox.Row{Event: channels.Event{Kind: channels.KindMessage}}}
	if _, err := f.Apply(over, change); err == nil || f.Changes() != before {
		t.Errorf("what failed is a change: %v", err)
	}
}
