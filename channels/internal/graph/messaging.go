package graph

import (
	"errors"
	"fmt"
	"strconv"

	"omni/channels"
	"omni/channels/internal/wire"
)

// Messaging reads what Messenger and Instagram have in common: both are Meta's Messenger Platform and report a chat's events as items
// of entry[].messaging[].
type Messaging struct {
	Object   string // of the webhook body: page, instagram
	Identity string // kind of a person's scoped id: psid, igsid

	// Change makes the event of a change that is no messaging item; nil: [Piece.Change].
	Change func(Piece) channels.Event
	// System says what such a change means.
	System func(Piece) channels.Update
}

// contents are the keys by which a messaging item says what it is, in the order in which they are looked for.
var contents = []string{"message", "postback", "reaction", "message_edit", "delivery", "read"}

// content finds what an item says and its key; "" when it says nothing that we know.
func content(item wire.Object) (key string, body wire.Object) {
	for _, key := range contents {
		if body := item.Object(key); body != nil {
			return key, body
		}
	}
	for _, notice := range notices {
		if body := item.Object(notice.key); body != nil {
			return notice.key, body
		}
	}
	return "", nil
}

// Parse splits a webhook body into its events.
func (m Messaging) Parse(body []byte) ([]channels.Event, error) {
	pieces, err := m.split(body)
	if err != nil {
		return nil, err
	}
	var events []channels.Event
	for _, p := range pieces {
		events = append(events, m.events(p)...)
	}
	return events, nil
}

func (m Messaging) events(p Piece) []channels.Event {
	if p.Field != "" {
		if m.Change != nil {
			return []channels.Event{m.Change(p)}
		}
		return []channels.Event{p.Change()}
	}
	key, body := content(p.Value)
	if key == "delivery" || key == "read" {
		return receipts(p, key, body)
	}
	kind := kindOf(key, body)
	return []channels.Event{p.event(kind, readPeople(p).thread(), itemID(p, kind, key, body), p.Value.Time("timestamp"))}
}

// kindOf tells the kind of an item. Facts about a message that is not named are of no use to anyone: they are unknown.
func kindOf(key string, body wire.Object) channels.Kind {
	named := body.ID("mid") != ""
	switch {
	case key == "message" && body.Bool("is_deleted") && named:
		return channels.KindDelete
	case key == "message" && !body.Bool("is_deleted"), key == "postback":
		return channels.KindMessage
	case key == "reaction" && named:
		return channels.KindReaction
	case key == "message_edit" && named:
		return channels.KindEdit
	case isNotice(key):
		return channels.KindSystem
	}
	return channels.KindUnknown
}

// itemID makes the event's id of what Meta's own deduplication advice names for each kind. entry[].time is never part of it: it changes
// when a delivery is tried again.
func itemID(p Piece, kind channels.Kind, key string, body wire.Object) string {
	mid, sender, at := body.ID("mid"), readParty(p.Value, "sender").name(), p.Value.ID("timestamp")
	number := body.ID("num_edit")
	switch {
	case kind == channels.KindReaction:
		return channels.HashID(key, mid, sender, body.String("action"), symbol(body), at)
	case kind == channels.KindEdit && number != "":
		return mid + "/" + number
	case kind == channels.KindEdit:
		return channels.HashID(key, mid, body.String("text"), at)
	case (kind == channels.KindMessage || kind == channels.KindDelete) && mid != "":
		return mid
	case key == "postback":
		return channels.HashID(key, sender, at, body.String("payload"), body.String("title"))
	case kind == channels.KindSystem:
		return channels.HashID(key, sender, at, string(p.Value[key]))
	}
	return channels.HashID(string(kind), string(p.raw))
}

// Normalize says what an event of Parse means.
func (m Messaging) Normalize(e channels.Event) (channels.Update, error) {
	pieces, err := m.split(e.Raw)
	if err != nil {
		return channels.Update{}, fmt.Errorf("reading the event's body: %w", err)
	}
	if len(pieces) != 1 {
		return channels.Update{}, errors.New("reading the event's body: it holds " + strconv.Itoa(len(pieces)) + " pieces, want one")
	}
	p := pieces[0]
	if again := m.events(p); len(again) != 1 || again[0].Kind != e.Kind {
		return channels.Update{}, fmt.Errorf("reading the event's body: it holds no %s", e.Kind)
	}
	if p.Field != "" && e.Kind == channels.KindSystem {
		return m.System(p), nil
	}
	return m.update(e.Kind, p), nil
}

func (m Messaging) update(kind channels.Kind, p Piece) channels.Update {
	who := readPeople(p)
	key, body := content(p.Value)
	u := channels.Update{Person: who.identities(m.Identity), Aliases: who.aliases(), Standby: p.standby}
	notes := notes{}
	switch kind {
	case channels.KindMessage:
		u.Message = readMessage(key, body, who, notes)
		notes.add("prior_message_source", p.Value.Object("prior_message").String("source"))
	case channels.KindEdit:
		u.Edit = readEdit(body, who)
	case channels.KindReaction:
		u.Reaction = &channels.Reaction{Target: body.ID("mid"), Actor: who.sender.name(), Emojis: emojis(body)}
	case channels.KindDelete:
		u.Delete = &channels.Delete{Target: body.ID("mid"), Direction: who.direction(), Actor: who.sender.name()}
	case channels.KindStatus:
		mid, _ := receiptOf(body)
		u.Status = &channels.Status{Target: mid, State: receiptState(key), Recipient: who.sender.name()}
	case channels.KindRead:
		_, until := receiptOf(body)
		u.Watermark = &channels.Watermark{State: receiptState(key), Until: until, Actor: who.sender.name()}
	case channels.KindSystem:
		u.System = readNotice(key, p.Value[key], who, notes)
	}
	if kind != channels.KindUnknown && opensWindow(key, body) && !who.out {
		u.Window = Window
	}
	if len(notes) > 0 {
		u.Extra = notes
	}
	return u
}

func emojis(reaction wire.Object) []string {
	if reaction.String("action") == "unreact" {
		return []string{}
	}
	return []string{symbol(reaction)}
}

// symbol is the emoji of a reaction, else its word: love, sad, other.
func symbol(reaction wire.Object) string {
	for _, key := range []string{"emoji", "reaction"} {
		if s := reaction.String(key); s != "" {
			return s
		}
	}
	return "other"
}

func readEdit(body wire.Object, who people) *channels.Edit {
	number, _ := body.Int("num_edit")
	content := &channels.Message{Direction: who.direction(), Sender: who.sender.name(), Text: body.String("text")}
	content.Type = messageType(content, false)
	return &channels.Edit{Target: body.ID("mid"), Number: int(number), Content: content}
}

// notes collects Update.Extra.
type notes map[string]string

// add keeps a value that is not empty; the first one of a name stays.
func (n notes) add(name, value string) {
	if _, taken := n[name]; value != "" && !taken {
		n[name] = value
	}
}
