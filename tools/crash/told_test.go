package crash

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"omni/internal/inbox"
)

// tell gives a subscriber everything that there is for it, as a deliverer would.
func (w *world) tell(t *testing.T, s *subscriber) {
	t.Helper()
	rows, err := w.conn.Query(t.Context(), `SELECT id, type, sequence, data FROM subscription_events`)
	if err != nil {
		t.Fatal(err)
	}
	var id uuid.UUID
	var kind string
	var sequence int64
	var data []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &kind, &sequence, &data}, func() error {
		told := &toldEvent{Event: inbox.Event{ID: id, Type: inbox.EventType(kind), Sequence: sequence}, times: 1}
		s.got[id] = told
		return json.Unmarshal(data, &told.Data)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheLedgerSeesWhatSubscribersWereNotTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s, err := openSubscriber(inbox.Subscription{Description: "everything", Channels: []string{"whatsapp"}}, rand.New(rand.NewPCG(1, 1)))
	if err != nil {
		t.Fatal(err)
	}
	defer s.http.Close()
	if s.Subscription, err = w.store.AddSubscription(t.Context(), inbox.Actor{}, s.Subscription); err != nil {
		t.Fatal(err)
	}
	b := talkTo(t, w, "whatsapp", "text", "echo_text", "status_read", "text")
	if err := w.finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.tell(t, s)
	all := len(s.got)
	for _, c := range []struct {
		harm func()
		want string // part of a complaint; empty: there is none
	}{
		{func() {}, ""},
		{func() { forgetOne(s) }, "1 changes were never delivered"},
		{func() { changeOne(s, func(e *toldEvent) { e.Sequence = 9999 }) }, "was told as 9999"},
		{func() { changeOne(s, func(e *toldEvent) { e.Data.Message.Text = "otherwise" }) }, "was last told as"},
	} {
		clear(s.got)
		w.tell(t, s)
		c.harm()
		witness := w.witness(b)
		witness.subscribers = []*subscriber{s}
		l, err := readLedger(t.Context(), w.url, witness)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(l.complaints, "\n"); !strings.Contains(got, c.want) || c.want == "" && (got != "" || l.told.taken != all) {
			t.Errorf("%d told; complaints %q, want %q", l.told.taken, got, c.want)
		}
	}
}

// forgetOne loses an event of a conversation, which is about no message.
func forgetOne(s *subscriber) {
	for id, told := range s.got {
		if told.Type == inbox.ConversationCreated {
			delete(s.got, id)
			return
		}
	}
}

// changeOne changes the last event of a message.
func changeOne(s *subscriber, change func(*toldEvent)) {
	var last *toldEvent
	for _, told := range s.got {
		if told.Data.Message != nil && (last == nil || told.Sequence > last.Sequence) {
			last = told
		}
	}
	change(last)
}
