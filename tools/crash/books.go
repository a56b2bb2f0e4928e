package crash

import (
	"cmp"
	"context"
	"crypto/sha256"
	"sync"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"omni/channels"
	platforms "omni/channels/simulate"
	"omni/internal/inbox"
)

// books say what was answered with 200.
type books struct {
	mu         sync.Mutex
	deliveries int               // repeated ones included
	bodies     map[[32]byte]bool // by digest
	pages      map[string]*page  // by channel
	talks      []*talk
	poison     poison
}

// page is what one channel has accepted.
type page struct {
	account string
	events  []platforms.Expected // each once
	known   map[event]bool
	written int // messages of customers among the events
}

// event is what makes an event unique in its channel. The thread is not part of it.
type event struct {
	account string
	kind    channels.Kind
	id      string
}

// talk is what one customer said, in order: every webhook was sent after the one before was accepted.
type talk struct {
	channel  string
	account  string
	messages []platforms.Expected
	known    map[string]bool // by id
}

func newBooks() *books {
	return &books{
		bodies: map[[32]byte]bool{}, pages: map[string]*page{}, poison: poison{unreadable: map[[32]byte]bool{}, events: map[row]bool{}},
	}
}

// written writes down an accepted webhook about what customers did.
func (b *books) written(channel, account string, w platforms.Webhook) {
	b.record(channel, account, w, true)
}

// told writes down an accepted webhook about what became of answers.
func (b *books) told(channel, account string, w platforms.Webhook) {
	b.record(channel, account, w, false)
}

func (b *books) record(channel, account string, w platforms.Webhook, byCustomers bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.deliveries++
	b.bodies[sha256.Sum256(w.Body)] = true
	p := b.pages[channel]
	if p == nil {
		p = &page{account: account, known: map[event]bool{}}
		b.pages[channel] = p
	}
	for _, reported := range w.Events {
		for _, e := range reported.Expect {
			key := event{e.Account, e.Kind, e.ID}
			if !p.known[key] {
				p.known[key] = true
				p.events = append(p.events, e)
				if byCustomers && e.Kind == channels.KindMessage {
					p.written++
				}
			}
		}
	}
}

// messages counts what customers said on a channel.
func (b *books) messages(channel string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.pages[channel] == nil {
		return 0
	}
	return b.pages[channel].written
}

// newTalk begins a talk and returns how to record its webhooks.
func (b *books) newTalk(channel string) (record func(channel, account string, w platforms.Webhook)) {
	t := &talk{channel: channel, known: map[string]bool{}}
	b.talks = append(b.talks, t)
	return func(channel, account string, w platforms.Webhook) {
		b.written(channel, account, w)
		t.account = account
		for _, reported := range w.Events {
			for _, e := range reported.Expect {
				if e.Kind == channels.KindMessage && !t.known[e.ID] {
					t.known[e.ID] = true
					t.messages = append(t.messages, e)
				}
			}
		}
	}
}

// events counts what has to be in the database, nonsense included, besides our own messages: a platform that shows us one of those shows nothing new.
func (b *books) events(own map[ownID]bool) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := len(b.poison.events)
	for channel, p := range b.pages {
		for _, e := range p.events {
			account := inbox.AccountID(channel, inbox.Key(cmp.Or(e.Account, p.account)))
			if e.Kind != channels.KindMessage || !own[ownID{account, inbox.Key(e.ID)}] {
				n++
			}
		}
	}
	return n
}

// ownID is what a platform calls a message of ours.
type ownID struct {
	account uuid.UUID
	id      string
}

// rowsExpression counts what came in: without our own messages, and without what turned out to be one.
const rowsExpression = `(SELECT count(*) FROM messages m WHERE merged_into IS NULL AND NOT EXISTS (SELECT FROM sends s WHERE s.message_id = m.id))
	+ (SELECT count(*) FROM message_events WHERE webhook_log_id IS NOT NULL)`

// ownIDs reads what platforms call our messages.
func ownIDs(ctx context.Context, conn *pgx.Conn) (map[ownID]bool, error) {
	rows, err := conn.Query(ctx, `SELECT m.channel_account_id, m.external_id FROM sends s JOIN messages m ON m.id = s.message_id
		WHERE m.external_id IS NOT NULL`)
	if err != nil {
		return nil, err
	}
	own := map[ownID]bool{}
	var one ownID
	_, err = pgx.ForEachRow(rows, []any{&one.account, &one.id}, func() error {
		own[one] = true
		return nil
	})
	return own, err
}
