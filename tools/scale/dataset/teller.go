package dataset

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"omni/internal/inbox"
)

// batchLines is how many messages, or conversations, are copied at once.
const batchLines = 10_000

// teller tells a script as rows.
type teller struct {
	Options
	*rand.Rand
	script   script
	speakers []speaker
	cast     cast
	chats    []chat
	batch    batch
	emit     func(batch) error
	seq      int64 // of inbound_seq
	told     int   // messages
}

func newTeller(o Options) *teller {
	random := rand.New(rand.NewPCG(o.Seed, uint64(o.Messages)))
	return &teller{Options: o, Rand: random, batch: batch{}, script: newScript(o, random), speakers: newSpeakers(random)}
}

// tell hands out the rows in batches.
func (t *teller) tell(emit func(batch) error) error {
	t.emit = emit
	t.introduce()
	if err := t.meet(); err != nil {
		return err
	}
	if err := t.talk(); err != nil {
		return err
	}
	t.bury()
	return t.conclude()
}

// flush hands out what there is.
func (t *teller) flush() error {
	b := t.batch
	t.batch = batch{}
	return t.emit(b)
}

// talk tells the messages in their order.
func (t *teller) talk() error {
	began := time.Now()
	for i, line := range t.script.lines {
		t.message(&t.chats[line.conversation], t.since().Add(line.after))
		if t.told++; t.told%batchLines > 0 && t.told < len(t.script.lines) {
			continue
		}
		if err := t.flush(); err != nil {
			return err
		}
		if i%(len(t.script.lines)/10+1) < batchLines {
			rate := float64(t.told) / time.Since(began).Seconds()
			fmt.Fprintf(t.Log, "  %d of %d messages, %.0f a second\n", t.told, len(t.script.lines), rate)
		}
	}
	return nil
}

// id is a UUIDv7 of a time.
func (t *teller) id(at time.Time) [16]byte {
	var id [16]byte
	binary.BigEndian.PutUint64(id[:8], uint64(at.UnixMilli())<<16|0x7000|uint64(t.IntN(1<<12)))
	binary.BigEndian.PutUint64(id[8:], t.Uint64())
	id[8] = id[8]&0x3f | 0x80
	return id
}

// numbers draws sequence numbers, of which the last is returned: an event has one when it is stored and another when it is processed.
func (t *teller) numbers(n int64) int64 {
	t.seq += n
	return t.seq
}

// chance is true so many times of a thousand.
func (t *teller) chance(perMille int) bool { return t.IntN(1000) < perMille }

// optional is null for the nil id.
func optional(id uuid.UUID) any {
	if id == uuid.Nil {
		return nil
	}
	return [16]byte(id)
}

// optionalTime is null for the zero time.
func optionalTime(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at
}

// optionalText is null for the empty text.
func optionalText(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// chat is a conversation with what is known of who takes part.
type chat struct {
	inbox.Conversation
	account  *account
	speaker  *speaker
	identity string    // the platform's id of the customer
	contact  uuid.UUID // who writes; also in a group, where the conversation has none
	born     time.Time
	latest   time.Time // when something was last written; receipts come after it
	messages int
}
