package whatsapp

import (
	"encoding/json"
	"slices"
	"strings"

	"omni/channels"
	"omni/channels/internal/wire"
)

// lists are the lists of a value that are known, with what makes items of their elements. Which field a list comes under is not
// checked: the media of the history come in "messages", the progress of calls in "statuses".
var lists = []list{
	{"history", splitHistory},
	{"messages", each((*place).message)},
	{"message_echoes", each((*place).echo)},
	{"statuses", each((*place).status)},
	{"calls", each((*place).call)},
	{"groups", each((*place).group)},
	{"user_id_update", each((*place).idUpdate)},
	{"user_preferences", each((*place).preference)},
	{"state_sync", each((*place).stateSync)},
	{"errors", splitErrors},
}

type list struct {
	key   string
	split func(p *place, key string, elements []json.RawMessage) []item
}

func isList(key string) bool {
	return slices.ContainsFunc(lists, func(l list) bool { return l.key == key })
}

// element is one element of a list, before it is an item.
type element struct {
	raw    json.RawMessage
	fields wire.Object
	frame  frame
}

// frame puts an element back into the list that it was taken from, as a member of the value.
type frame func(raw json.RawMessage) wire.Pair

func inList(key string) frame {
	return func(raw json.RawMessage) wire.Pair { return wire.Pair{Key: key, Value: wire.Array(raw)} }
}

// each makes one item of each element, an unknown one of what is not an object.
func each(read func(*place, element) item) func(*place, string, []json.RawMessage) []item {
	return func(p *place, key string, elements []json.RawMessage) []item {
		frame := inList(key)
		items := make([]item, 0, len(elements))
		for _, raw := range elements {
			if fields, ok := wire.ParseObject(raw); ok {
				items = append(items, read(p, element{raw, fields, frame}))
			} else {
				items = append(items, p.unknownElement(frame, raw))
			}
		}
		return items
	}
}

func (p *place) unknownElement(frame frame, raw json.RawMessage) item {
	return p.unknown(p.around(frame(raw)), raw)
}

// item makes the event of an element. An event without an id of the platform's gets a hash.
func (p *place) item(kind channels.Kind, e element, id string, who party) item {
	if id == "" || kind == channels.KindUnknown {
		id = p.hash(string(kind), e.raw)
	}
	around := []wire.Pair{e.frame(e.raw)}
	if who.contact != nil {
		around = append(around, wire.Pair{Key: "contacts", Value: wire.Array(who.contact.raw)})
	}
	event := channels.Event{Kind: kind, Account: p.account, Thread: who.thread(), ID: id,
		At: e.fields.Time("timestamp"), Raw: p.around(around...)}
	return item{Event: event, place: p, fields: e.fields, who: who, system: systemMessage}
}

func (p *place) message(e element) item {
	if p.field == "history" {
		return p.pastMedia(e)
	}
	who := p.sender(e.fields)
	if system := e.fields.Object("system"); who.thread() == "" {
		who = p.party(system.ID("wa_id"), system.ID("user_id"), system.ID("parent_user_id"))
	}
	return p.item(messageKind(e.fields), e, e.fields.ID("id"), who)
}

// echo is a message that the business wrote in the WhatsApp Business app, or something that it did to one there.
func (p *place) echo(e element) item {
	it := p.item(messageKind(e.fields), e, e.fields.ID("id"), p.receiver(e.fields))
	it.out = true
	return it
}

// messageKind tells what an element of "messages" really is: unknown if it is a change to a message that it does not name, or has
// neither id nor type.
func messageKind(o wire.Object) channels.Kind {
	var kind channels.Kind
	var target string
	switch o.String("type") {
	case "system":
		return channels.KindSystem
	case "reaction":
		kind, target = channels.KindReaction, o.Object("reaction").ID("message_id")
	case "edit":
		kind, target = channels.KindEdit, o.Object("edit").ID("original_message_id")
	case "revoke":
		kind, target = channels.KindDelete, o.Object("revoke").ID("original_message_id")
	case "":
		kind, target = channels.KindMessage, o.ID("id")
	default:
		return channels.KindMessage
	}
	if target == "" {
		return channels.KindUnknown
	}
	return kind
}

// status is the fate of a message, or the progress of a call: that has a status too and is never applied to messages.
func (p *place) status(e element) item {
	who := p.recipient(e.fields)
	id, state := e.fields.ID("id"), e.fields.String("status")
	if p.field == "calls" || e.fields.String("type") == "call" {
		return p.item(channels.KindSystem, e, joined(id, state), who).telling(callStatus)
	}
	if id == "" || state == "" {
		return p.item(channels.KindUnknown, e, "", who)
	}
	eventID := joined(id, state)
	if who.group != "" && who.main() != "" {
		eventID += "/" + who.main() // each member of a group has a status
	}
	return p.item(channels.KindStatus, e, eventID, who)
}

func (p *place) call(e element) item {
	o := e.fields
	who := p.sender(o)
	out := o.String("direction") == "BUSINESS_INITIATED" || p.isBusiness(o.ID("from"))
	if out {
		who = p.receiver(o)
	}
	it := p.item(channels.KindSystem, e, joined(o.ID("id"), o.String("event")), who).telling(call)
	it.out = out
	return it
}

func (p *place) group(e element) item {
	return p.item(channels.KindSystem, e, "", p.groupMember(e.fields)).telling(group)
}

func (p *place) idUpdate(e element) item {
	o := e.fields
	who := p.party(o.ID("wa_id"), o.Object("user_id").ID("previous"), o.Object("parent_user_id").ID("previous"))
	if who.thread() == "" {
		who = p.party("", o.Object("user_id").ID("current"), o.Object("parent_user_id").ID("current"))
	}
	return p.item(channels.KindSystem, e, "", who).telling(idUpdate)
}

func (p *place) preference(e element) item {
	o := e.fields
	who := p.party(o.ID("wa_id"), o.ID("user_id"), o.ID("parent_user_id"))
	return p.item(channels.KindSystem, e, "", who).telling(preference)
}

// stateSync is a change in the address book of the WhatsApp Business app. It belongs to no chat: whoever stands there need not have
// written ever.
func (p *place) stateSync(e element) item {
	it := p.item(channels.KindSystem, e, "", party{}).telling(stateSync)
	it.At = e.fields.Object("metadata").Time("timestamp")
	return it
}

// splitErrors makes one item of the list: its elements describe one failure.
func splitErrors(p *place, key string, elements []json.RawMessage) []item {
	if len(elements) == 0 {
		return nil
	}
	whole := func(raw json.RawMessage) wire.Pair { return wire.Pair{Key: key, Value: raw} }
	return []item{p.failure(element{raw: wire.Array(elements...), frame: whole})}
}

func (p *place) failure(e element) item {
	e.fields = wire.Object{"errors": e.raw}
	it := p.item(channels.KindSystem, e, p.notice("system", e.raw), party{}).telling(failure)
	it.At = p.sentAt
	return it
}

// accountEvent is a whole value that tells about the account, a phone number or a template.
func (p *place) accountEvent(change, value json.RawMessage, fields wire.Object) item {
	event := channels.Event{Kind: channels.KindSystem, Account: p.account, ID: p.notice("account", value), At: p.sentAt,
		Raw: p.aroundChange(change)}
	return item{Event: event, place: p, fields: fields}.telling(account)
}

// telling names the function that says what an item of KindSystem means.
func (it item) telling(system func(item, *channels.Update) *channels.System) item {
	it.system = system
	return it
}

// joined makes an event id of a platform's id and what tells several events about it apart; empty without the platform's id.
func joined(id, part string) string {
	if id == "" || part == "" {
		return id
	}
	return id + "/" + strings.ToLower(part)
}
