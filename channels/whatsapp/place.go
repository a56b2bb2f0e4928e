package whatsapp

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"omni/channels"
	"omni/channels/internal/wire"
)

// item is an event together with what Normalize needs of it.
type item struct {
	channels.Event
	*place
	fields wire.Object                                   // the element itself; nil for what is not an object
	who    party                                         // the customer it is from or about
	out    bool                                          // the business did it
	system func(item, *channels.Update) *channels.System // what it means, if it is of KindSystem
}

// place is where an item stands in a body: what surrounds it, and is kept around it in its event's Raw.
type place struct {
	body, entry, change, value []wire.Pair // the members of each level besides those on the way to the item

	waba     string    // entry.id: the WhatsApp Business Account
	sentAt   time.Time // entry.time: when Meta sent the webhook, and nearest to the truth for what has no time of its own
	field    string
	account  string // value.metadata.phone_number_id
	business string // the digits of value.metadata.display_phone_number
	contacts contacts
}

// members lists the members of o that keep wants, sorted because maps are not.
func members(o wire.Object, keep func(key string) bool) []wire.Pair {
	var pairs []wire.Pair
	for key, value := range o {
		if !keep(key) {
			continue
		}
		if pairs == nil {
			pairs = make([]wire.Pair, 0, len(o))
		}
		pairs = append(pairs, wire.Pair{Key: key, Value: value})
	}
	slices.SortFunc(pairs, func(a, b wire.Pair) int { return strings.Compare(a.Key, b.Key) })
	return pairs
}

// with adds a member to a copy.
func with(head []wire.Pair, key string, value json.RawMessage) []wire.Pair {
	return append(slices.Clip(head), wire.Pair{Key: key, Value: value})
}

// around writes the body with just these members in the value, besides its own.
func (p *place) around(members ...wire.Pair) json.RawMessage {
	value := wire.Narrow(slices.Concat(p.value, members)...)
	return p.aroundChange(wire.Narrow(with(p.change, "value", value)...))
}

func (p *place) aroundChange(change json.RawMessage) json.RawMessage {
	return p.aroundEntry(wire.Narrow(with(p.entry, "changes", wire.Array(change))...))
}

func (p *place) aroundEntry(entry json.RawMessage) json.RawMessage {
	return wire.Narrow(with(p.body, "entry", wire.Array(entry))...)
}

// unknown is what stands where nothing, or something else, was expected.
func (p *place) unknown(raw, identity json.RawMessage) item {
	event := channels.Event{Kind: channels.KindUnknown, Account: p.account, ID: p.hash("unknown", identity), At: p.sentAt, Raw: raw}
	return item{Event: event, place: p}
}

// hash identifies what has no id by all that it says. The time of the webhook is left out, because a repetition has another.
func (p *place) hash(list string, raw json.RawMessage) string {
	return channels.HashID(p.waba, p.field, list, string(raw))
}

// notice identifies what Meta tells an account and gives no id: by all that it says and the day, because the same words may be true again.
func (p *place) notice(list string, raw json.RawMessage) string {
	if p.sentAt.IsZero() {
		return p.hash(list, raw)
	}
	return channels.HashID(p.hash(list, raw), p.sentAt.Format(time.DateOnly))
}
