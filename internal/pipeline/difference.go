package pipeline

import (
	"encoding/json"
	"reflect"
	"strings"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

// Verdict is how today's reading of an event compares with what is stored of it.
type Verdict string

// The verdicts.
const (
	Same       Verdict = "same"
	New        Verdict = "new"        // nothing is stored of it
	Changed    Verdict = "changed"    // it means something else today
	Understood Verdict = "understood" // it is dead, and would be understood now
	Dead       Verdict = "dead"       // it is dead, and would be so today
	Lost       Verdict = "lost"       // it was understood, and would not be today
	Gone       Verdict = "gone"       // it was found in the webhook, and would not be today
	Unreadable Verdict = "unreadable" // the webhook was read, and could not be today
)

// Difference is one way in which today's code and what is stored disagree.
type Difference struct {
	Verdict    Verdict
	Channel    string
	Webhook    uuid.UUID
	ReceivedAt time.Time // the webhook
	Row        uuid.UUID // nil: nothing is stored
	Event      channels.Event
	Before     *inbox.Reading // what is stored; nil: nothing, or nothing that was understood
	After      *inbox.Reading // what today's code says; nil: it understands nothing
	Reason     string         // why the row is dead, or why today's code does not understand
	Written    bool           // today's reading was written over what is stored
	Refused    string         // why the database does not take it
}

// Tally counts what a replay found in one channel.
type Tally struct {
	Webhooks   int // read
	Unreadable int // of these, that cannot be read today
	Events     int // found in them
	Same       int
	New        int
	Changed    int
	Understood int // dead, and would be understood now
	Dead       int // dead, and would be so today
	Lost       int // understood, and would not be today
	Gone       int // stored, and not found any more
	Repeated   int // came with an earlier webhook, or twice in the body
	Waiting    int // not processed yet
	Written    int // differences that were written
	Refused    int // differences that the database does not take
}

// Plus adds up two tallies.
func (t Tally) Plus(other Tally) Tally {
	sum := reflect.ValueOf(&t).Elem()
	for i := range sum.NumField() {
		sum.Field(i).SetInt(sum.Field(i).Int() + reflect.ValueOf(other).Field(i).Int())
	}
	return t
}

func (t *Tally) count(v Verdict) {
	switch v {
	case Same:
		t.Same++
	case New:
		t.New++
	case Changed:
		t.Changed++
	case Understood:
		t.Understood++
	case Dead:
		t.Dead++
	case Lost:
		t.Lost++
	}
}

// Progress is how far a replay is.
type Progress struct {
	Webhooks int               // read
	At       time.Time         // when the last of them came in
	Tallies  map[string]*Tally // by channel
}

func (p *Progress) of(channel string) *Tally {
	tally := p.Tallies[channel]
	if tally == nil {
		tally = &Tally{}
		p.Tallies[channel] = tally
	}
	return tally
}

// judge compares a row that is processed or dead, nil if there is none, with today's reading, nil if there is a reason for having none.
func judge(row *inbox.KeptRow, today *inbox.Reading, reason string) Difference {
	d := Difference{Verdict: New, After: today, Reason: reason}
	if row == nil {
		return d
	}
	d.Row = row.ID
	switch {
	case row.State == inbox.StateDead && today != nil:
		d.Verdict, d.Reason = Understood, row.Reason
	case row.State == inbox.StateDead:
		d.Verdict = Dead
	case today == nil:
		d.Verdict, d.Before = Lost, &row.Reading
	default:
		d.Verdict, d.Before = Changed, &row.Reading
		if row.Folded {
			today.Text = ""
		}
		if equal(*d.Before, *today) {
			d.Verdict = Same
		}
	}
	return d
}

// equal compares what readings say, not how their JSON is written.
func equal(a, b inbox.Reading) bool {
	contentA, contentB := a.Content, b.Content
	a.Content, b.Content = nil, nil
	sameTime := a.At.Equal(b.At)
	a.At, b.At = time.Time{}, time.Time{}
	return sameTime && reflect.DeepEqual(a, b) && reflect.DeepEqual(parsed(contentA), parsed(contentB))
}

func parsed(content json.RawMessage) any {
	decoder := json.NewDecoder(strings.NewReader(string(content)))
	decoder.UseNumber()
	var v any
	if decoder.Decode(&v) != nil {
		return string(content) // no JSON: equal only to itself
	}
	return v
}
