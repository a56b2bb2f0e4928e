package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"omni/channels"
	"omni/channels/internal/wire"
)

// Piece is one thing that a webhook of Messenger or Instagram reports, with its place in the body.
type Piece struct {
	Account string      // entry[].id, or ""
	Field   string      // of a change; "" for a messaging item and for what is neither
	Value   wire.Object // the messaging item or the change's value; nil when that is no object

	standby bool                               // another application answers this chat
	sent    time.Time                          // entry[].time: when Meta sent it, which a retry changes
	sentAs  string                             // the same as it came
	raw     json.RawMessage                    // what Value was read from
	narrow  func(piece json.RawMessage) []byte // the body with nothing in it but the given piece at this place
}

// split cuts a webhook body into its pieces, in the order of the body. Samples in Meta's documentation wrap the body in [ ] and some
// leave out `object`; both are understood.
func (m Messaging) split(body []byte) ([]Piece, error) {
	var pieces []Piece
	list, isList := wire.ParseArray(body)
	if !isList {
		list = []json.RawMessage{body}
	}
	for _, raw := range list {
		o, ok := wire.ParseObject(raw)
		if !ok {
			return nil, errors.New("the body is not a JSON object")
		}
		if err := m.checkObject(o); err != nil {
			return nil, err
		}
		pieces = append(pieces, splitEntries(o)...)
	}
	return pieces, nil
}

func (m Messaging) checkObject(o wire.Object) error {
	switch {
	case !o.Has("object") && !o.Has("entry"):
		return errors.New("the body has neither object nor entry")
	case o.Has("object") && o.String("object") != m.Object:
		return fmt.Errorf("the body's object is %.60q, not %q", o.String("object"), m.Object)
	}
	return nil
}

func splitEntries(o wire.Object) []Piece {
	if !o.Has("entry") {
		return nil
	}
	entries, ok := wire.ParseArray(o["entry"])
	if !ok {
		return []Piece{{raw: o["entry"], narrow: func(piece json.RawMessage) []byte {
			return wire.Narrow(wire.Pair{Key: "object", Value: o["object"]}, wire.Pair{Key: "entry", Value: piece})
		}}}
	}
	var pieces []Piece
	for _, raw := range entries {
		pieces = append(pieces, splitEntry(o["object"], raw)...)
	}
	return pieces
}

// splitEntry cuts up one entry. One that holds nothing besides its id and time reports nothing; one that holds only what we do not
// know is a piece itself.
func splitEntry(object, raw json.RawMessage) []Piece {
	inEntries := func(entry json.RawMessage) []byte {
		return wire.Narrow(wire.Pair{Key: "object", Value: object}, wire.Pair{Key: "entry", Value: wire.Array(entry)})
	}
	e, ok := wire.ParseObject(raw)
	if !ok {
		return []Piece{{raw: raw, narrow: inEntries}}
	}
	en := entry{id: e["id"], time: e["time"], within: inEntries}
	en.base = Piece{Account: e.ID("id"), sent: e.Time("time"), sentAs: e.ID("time")}
	var pieces []Piece
	for _, list := range entryLists {
		if e.Has(list.key) {
			pieces = append(pieces, en.list(list.key, e[list.key], list.read)...)
		}
	}
	if e.Has("field") {
		pieces = append(pieces, en.bareChange(e))
	}
	if pieces == nil && hasStrangers(e) {
		return []Piece{{Account: en.base.Account, raw: raw, narrow: inEntries}}
	}
	return pieces
}

// entryLists are the lists that an entry can hold, and how one element of each is read.
var entryLists = []struct {
	key  string
	read func(p Piece) Piece
}{
	{"messaging", func(p Piece) Piece { return p.asItem(false) }},
	{"standby", func(p Piece) Piece { return p.asItem(true) }},
	{"changes", Piece.asChange},
	{"changed_fields", Piece.asChangedField},
}

// hasStrangers reports whether the entry holds anything besides its id, its time and its lists.
func hasStrangers(e wire.Object) bool {
	for key := range e {
		switch key {
		case "id", "time", "messaging", "standby", "changes", "changed_fields", "field":
		default:
			if e.Has(key) {
				return true
			}
		}
	}
	return false
}

// entry is what the pieces of one entry have in common.
type entry struct {
	id, time json.RawMessage
	base     Piece
	within   func(entry json.RawMessage) []byte
}

// with writes the body of the entry with the given members besides id and time.
func (en entry) with(members ...wire.Pair) []byte {
	pairs := []wire.Pair{{Key: "id", Value: en.id}, {Key: "time", Value: en.time}}
	return en.within(wire.Narrow(append(pairs, members...)...))
}

// list reads the elements of one of the entry's lists; what should be a list and is none is one piece.
func (en entry) list(key string, raw json.RawMessage, read func(Piece) Piece) []Piece {
	elements, ok := wire.ParseArray(raw)
	if !ok {
		p := en.base
		p.raw, p.narrow = raw, func(piece json.RawMessage) []byte { return en.with(wire.Pair{Key: key, Value: piece}) }
		return []Piece{p}
	}
	pieces := make([]Piece, len(elements))
	narrow := func(piece json.RawMessage) []byte { return en.with(wire.Pair{Key: key, Value: wire.Array(piece)}) }
	for i, element := range elements {
		p := en.base
		p.raw, p.narrow = element, narrow
		pieces[i] = read(p)
	}
	return pieces
}

// bareChange reads the form of Instagram Login, where field and value stand in the entry itself.
// Source: developers.facebook.com/docs/instagram-platform/webhooks/examples.
func (en entry) bareChange(e wire.Object) Piece {
	p := en.base
	p.raw = wire.Narrow(wire.Pair{Key: "field", Value: e["field"]}, wire.Pair{Key: "value", Value: e["value"]})
	p.narrow = func(change json.RawMessage) []byte {
		o, _ := wire.ParseObject(change)
		return en.with(wire.Pair{Key: "field", Value: o["field"]}, wire.Pair{Key: "value", Value: o["value"]})
	}
	return p.asChange()
}

func (p Piece) asItem(standby bool) Piece {
	p.Value, _ = wire.ParseObject(p.raw)
	p.standby = standby
	return p
}

// asChange reads {field, value}. The App Dashboard's test button sends messaging items in this form: they become items like any other.
func (p Piece) asChange() Piece {
	change, _ := wire.ParseObject(p.raw)
	field := change.String("field")
	if field == "" {
		return p
	}
	around := p.narrow
	p.raw = change["value"]
	p.narrow = func(value json.RawMessage) []byte {
		return around(wire.Narrow(wire.Pair{Key: "field", Value: change["field"]}, wire.Pair{Key: "value", Value: value}))
	}
	p.Value = change.Object("value")
	if isMessagingField(field) && isItem(p.Value) {
		p.standby = field == "standby"
		return p
	}
	p.Field = field
	return p
}

// isMessagingField reports whether the field is one of messages, message_reads, messaging_postbacks and their like.
func isMessagingField(field string) bool {
	return field == "standby" || strings.HasPrefix(field, "messag")
}

func isItem(value wire.Object) bool {
	key, _ := content(value)
	return key != "" || value.Has("sender") || value.Has("recipient")
}

// asChangedField reads one element of changed_fields, which comes instead of changes when the subscription does not include values.
func (p Piece) asChangedField() Piece {
	element, around := p.raw, p.narrow
	field := wire.Object{"field": element}.String("field")
	if field == "" {
		return p
	}
	p.Field, p.raw = field, nil
	p.narrow = func(json.RawMessage) []byte { return around(element) }
	return p
}

// event makes an event of the piece as a whole.
func (p Piece) event(kind channels.Kind, thread, id string, at time.Time) channels.Event {
	return channels.Event{Kind: kind, Account: p.Account, Thread: thread, ID: id, At: at, Raw: p.narrow(p.raw)}
}

// Change is the event of a change that is no messaging item. It belongs to no chat. One without a value says nothing but when it was
// sent, so only then is that time part of the id. The value of a messaging field should have been an item: it is unknown.
func (p Piece) Change() channels.Event {
	at := p.Value.Time("created_time")
	if at.IsZero() {
		at = p.sent
	}
	kind, said := channels.KindSystem, string(bytes.TrimSpace(p.raw))
	switch {
	case said == "" || said == "null":
		said = p.sentAs
	case isMessagingField(p.Field):
		kind = channels.KindUnknown
	}
	return p.event(kind, "", channels.HashID(p.Field, said), at)
}
