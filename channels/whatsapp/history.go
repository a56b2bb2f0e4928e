package whatsapp

import (
	"encoding/json"

	"omni/channels"
	"omni/channels/internal/wire"
)

// splitHistory takes the chunks of a chat history apart: history[].threads[].messages[]. A chunk may hold thousands of messages.
func splitHistory(p *place, key string, chunks []json.RawMessage) []item {
	var items []item
	for _, raw := range chunks {
		items = append(items, p.chunk(inList(key), raw)...)
	}
	return items
}

func (p *place) chunk(outer frame, raw json.RawMessage) []item {
	chunk, ok := wire.ParseObject(raw)
	threads, hasThreads := wire.ParseArray(chunk["threads"])
	errs, hasErrors := wire.ParseArray(chunk["errors"])
	if !ok || !hasThreads && !hasErrors {
		return []item{p.unknownElement(outer, raw)}
	}
	head := members(chunk, func(key string) bool { return key != "threads" && key != "errors" })
	var items []item
	for _, thread := range threads {
		items = append(items, p.thread(outer.inside(head, "threads"), thread)...)
	}
	if len(errs) > 0 { // the business declined to share its history
		whole := func(raw json.RawMessage) wire.Pair { return outer(wire.Narrow(with(head, "errors", raw)...)) }
		items = append(items, p.failure(element{raw: wire.Array(errs...), frame: whole}))
	}
	return items
}

func (p *place) thread(outer frame, raw json.RawMessage) []item {
	thread, ok := wire.ParseObject(raw)
	messages, hasMessages := wire.ParseArray(thread["messages"])
	if !ok || !hasMessages {
		return []item{p.unknownElement(outer, raw)}
	}
	inner := outer.inside(members(thread, func(key string) bool { return key != "messages" }), "messages")
	var items []item
	for _, raw := range messages {
		if fields, ok := wire.ParseObject(raw); ok {
			items = append(items, p.threadItems(element{raw, fields, inner}, thread)...)
		} else {
			items = append(items, p.unknownElement(inner, raw))
		}
	}
	return items
}

// inside is the frame of the list under key in an element of the outer list that has these other members.
func (outer frame) inside(head []wire.Pair, key string) frame {
	return func(raw json.RawMessage) wire.Pair {
		return outer(wire.Narrow(with(head, key, wire.Array(raw))...))
	}
}

// threadItems makes two items of a message that the business sent and whose fate is told: the message without its history_context and
// a status of that alone, so that the Raw of each is only itself.
func (p *place) threadItems(e element, thread wire.Object) []item {
	from := e.fields.ID("from")
	out := p.isBusiness(from) || from != "" && thread.ID("id") != "" && from != thread.ID("id")
	told := out && e.fields.ID("id") != "" && e.fields.Object("history_context").String("status") != ""
	if !told {
		return []item{p.past(e, out, thread)}
	}
	fate := members(e.fields, func(key string) bool { return isFate[key] })
	content := members(e.fields, func(key string) bool { return key != "history_context" })
	if len(fate) == len(e.fields) {
		return []item{p.pastStatus(e, thread)}
	}
	return []item{p.past(e.only(content), out, thread), p.pastStatus(e.only(fate), thread)}
}

// isFate has the members that a status out of the history keeps of its message. The time is the message's, not the status's.
var isFate = map[string]bool{"id": true, "from": true, "to": true, "to_user_id": true, "history_context": true}

// only is the element reduced to some of its members.
func (e element) only(kept []wire.Pair) element {
	e.raw = wire.Narrow(kept...)
	e.fields, _ = wire.ParseObject(e.raw)
	return e
}

// past is a message, or a change to one, out of the history.
func (p *place) past(e element, out bool, thread wire.Object) item {
	it := p.item(messageKind(e.fields), e, e.fields.ID("id"), p.partner(e.fields, out, thread))
	it.out, it.History = out, true
	return it
}

// pastMedia is the file of a message that stands in the history as a media_placeholder, from either side. It has the message's id, and
// may come before it, so it is an edit of it.
// Source: the reference of the history webhook, "Media message asset payload".
func (p *place) pastMedia(e element) item {
	it := p.past(e, p.isBusiness(e.fields.ID("from")), wire.Object{})
	if it.Kind == channels.KindMessage {
		it.Kind = channels.KindEdit
	}
	return it
}

func (p *place) pastStatus(e element, thread wire.Object) item {
	state := e.fields.Object("history_context").String("status")
	it := p.item(channels.KindStatus, e, joined(e.fields.ID("id"), state), p.partner(e.fields, true, thread))
	it.History = true
	return it
}
