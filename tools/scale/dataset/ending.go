package dataset

import (
	"fmt"
	"time"

	"omni/internal/inbox"
)

// Of a thousand conversations so many stand so at the end; the rest is resolved. That is far more open work than an inbox has that is looked after:
// the lists of it are to be long.
const (
	open       = 600
	pending    = 80
	snoozed    = 80
	assigned   = 600
	labelled   = 600
	noted      = 200
	readAnyway = 300 // somebody has read what nobody has answered
)

// conclude tells how conversations stand at the end, and what agents did in them.
func (t *teller) conclude() error {
	for i := range t.chats {
		c := &t.chats[i]
		t.settle(c)
		t.conversationRow(c)
		t.deeds(c)
		if (i+1)%batchLines == 0 {
			if err := t.flush(); err != nil {
				return err
			}
		}
	}
	return t.flush()
}

// settle says where a conversation stands in the agents' work.
func (t *teller) settle(c *chat) {
	switch drawn := t.IntN(1000); {
	case drawn < open:
		c.Status = inbox.Open
	case drawn < open+pending:
		c.Status = inbox.Pending
	case drawn < open+pending+snoozed:
		c.Status = inbox.Snoozed
		c.SnoozedUntil = t.Until.Add(30*day + time.Duration(t.IntN(1000))*time.Hour)
	default:
		c.Status, c.WaitingSince, c.Unread = inbox.Resolved, time.Time{}, 0
	}
	if t.chance(readAnyway) {
		c.Unread = 0
	}
	if t.chance(assigned) {
		c.Assignee = t.cast.agents[t.favourite(agentCount)].id
	}
}

func (t *teller) conversationRow(c *chat) {
	t.batch.add(conversations, [16]byte(c.ID), [16]byte(c.account.id), c.Thread, optionalText(c.Title), optional(c.Contact), string(c.Status), optionalTime(c.LastMessageAt),
		optionalTime(c.LastInboundAt), optionalTime(c.WindowExpiresAt), int32(c.Unread), optionalTime(c.ReadUntil), optional(c.Assignee),
		optionalTime(c.SnoozedUntil), optionalTime(c.WaitingSince), c.born, c.latest)
}

// deeds are the labels, notes and entries of the audit log of a conversation.
func (t *teller) deeds(c *chat) {
	if t.chance(labelled) {
		label := t.cast.labels[t.favourite(labelCount)]
		t.batch.add(conversationLabels, [16]byte(c.ID), [16]byte(label), string(c.Status), optionalTime(c.LastMessageAt), c.latest)
	}
	if t.chance(noted) {
		author := t.cast.agents[t.favourite(agentCount)]
		t.batch.add(notes, t.id(c.latest), [16]byte(c.ID), [16]byte(author.id), c.speaker.sentence(t.Rand), c.latest.Add(time.Minute))
	}
	if c.Assignee != [16]byte{} {
		t.audit(c, "conversation.assigned", fmt.Sprintf(`{"was":null,"is":{"id":%q,"name":"Agent"}}`, c.Assignee), c.born.Add(time.Minute))
	}
	if c.Status != inbox.Open {
		t.audit(c, "conversation.status", fmt.Sprintf(`{"was":{"status":"open"},"is":{"status":%q}}`, c.Status), c.latest.Add(time.Minute))
	}
}

func (t *teller) audit(c *chat, action, detail string, at time.Time) {
	by := t.cast.agents[t.favourite(agentCount)]
	t.batch.add(auditLog, t.id(at), at, [16]byte(by.id), action, c.ID.String(), [16]byte(c.ID), detail)
}
