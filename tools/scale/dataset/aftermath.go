package dataset

import (
	"time"

	"omni/channels"
	"omni/internal/inbox"
)

// aftermath tells what the platform says of a message later: how far it got, who reacted to it, and what happened besides.
func (t *teller) aftermath(c *chat, m said) {
	switch {
	case m.content.Direction == channels.In:
	case c.account.receipts:
		t.receipts(c, m)
	case c.account.watermarks && m.status == channels.Read:
		t.watermark(c, m)
	}
	if m.reaction != "" {
		update := channels.Update{Reaction: &channels.Reaction{Target: m.externalID, Actor: t.reactor(c, m), Emojis: []string{m.reaction}}}
		t.event(c, m, channels.KindReaction, m.externalID+"/"+update.Reaction.Actor, m.at.Add(time.Minute), update)
	}
	if t.chance(2) {
		update := channels.Update{System: &channels.System{Type: "referral", Referral: &channels.Referral{Source: "ad", SourceID: "23842"}}}
		t.event(c, m, channels.KindSystem, m.externalID+"/referral", m.at.Add(-time.Second), update)
	}
}

// reactor is who reacts to a message: the other side.
func (t *teller) reactor(c *chat, m said) string {
	if m.content.Direction == channels.In {
		return c.account.externalID
	}
	return c.identity
}

// receipts are one for each step that a message of ours got on.
func (t *teller) receipts(c *chat, m said) {
	steps := []channels.DeliveryState{channels.Sent, channels.Delivered, channels.Read}
	switch m.status {
	case channels.Failed:
		steps = []channels.DeliveryState{channels.Failed}
	case channels.Delivered:
		steps = steps[:2]
	}
	at := m.at
	for _, step := range steps {
		at = at.Add(time.Duration(500+t.IntN(20_000)) * time.Millisecond)
		status := channels.Status{Target: m.externalID, State: step, Recipient: c.identity}
		var code, title any
		if step == channels.Failed {
			status.Errors = []channels.Error{{Code: 131026, Title: "Message undeliverable"}}
			code, title = int32(131026), "Message undeliverable"
		}
		id := t.event(c, m, channels.KindStatus, m.externalID+"/"+string(step), at, channels.Update{Status: &status})
		t.batch.add(messageStatuses, id, [16]byte(c.account.id), m.externalID, string(step), c.identity, code, title, at, at.Add(time.Second))
	}
}

// watermark says that the customer has read everything up to a message of ours.
func (t *teller) watermark(c *chat, m said) {
	mark := channels.Watermark{State: channels.Read, Until: m.at, Actor: c.identity}
	c.Mark(mark)
	t.event(c, m, channels.KindRead, m.externalID, m.at.Add(30*time.Second), channels.Update{Watermark: &mark})
}

// event tells of something that is no message, and returns its id.
func (t *teller) event(c *chat, m said, kind channels.Kind, key string, at time.Time, update channels.Update) [16]byte {
	received := at.Add(time.Second)
	id := t.id(received)
	var target, message any
	if kind != channels.KindRead && kind != channels.KindSystem {
		target, message = m.externalID, m.id
	}
	_, lane := inbox.Lane(channels.Event{Kind: kind, Thread: c.Thread})
	content := document(update)
	webhook := t.webhook(c, lane, string(content), received)
	t.batch.add(messageEvents, id, t.numbers(2), [16]byte(c.account.id), c.Thread, lane, string(kind), key, "processed", webhook, target, content, [16]byte(c.ID), at, received,
		received.Add(200*time.Millisecond))
	switch kind {
	case channels.KindSystem:
		t.change("event.created", c, nil, id, received)
	case channels.KindRead:
		t.change("conversation.updated", c, nil, id, received)
	default:
		t.change("message.updated", c, message, id, received)
	}
	return id
}
