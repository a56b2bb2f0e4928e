package dataset

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

// said is a message that is being told.
type said struct {
	id         [16]byte
	externalID string
	at         time.Time // by the platform
	received   time.Time // when we heard of it
	content    channels.Message
	status     channels.DeliveryState
	reaction   string
	author     *agent // nil: the customer, or another application of the business
}

// message tells what somebody writes in a conversation, and what follows from it.
func (t *teller) message(c *chat, at time.Time) {
	m := t.say(c, at)
	c.Add(m.content.Direction, at, false, c.account.window)
	c.latest = at
	if m.author != nil {
		c.Unread = 0 // who answers has read
	}
	webhook, lane := t.origin(c, m)
	t.messageRow(c, m, webhook, lane)
	if m.author != nil {
		t.sendRow(c, m)
	}
	t.attach(m)
	if c.messages++; c.messages == 1 {
		t.change("conversation.created", c, nil, nil, m.received)
	}
	t.change("message.created", c, m.id, nil, m.received)
	t.aftermath(c, m)
}

// say makes up a message. Customers begin most conversations; after that they and the business take turns more often than not.
func (t *teller) say(c *chat, at time.Time) said {
	m := said{id: t.id(at), at: at, received: at.Add(time.Duration(300+t.IntN(900)) * time.Millisecond)}
	m.externalID = externalID(c.account.channel, uint64(t.told))
	m.content = channels.Message{Direction: channels.In, Type: channels.TypeText, Sender: c.identity, Text: t.words(c)}
	answers := 350
	switch {
	case c.messages == 0:
		answers = 80
	case !c.WaitingSince.IsZero():
		answers = 550
	}
	if t.chance(answers) {
		m.content.Direction, m.content.Sender = channels.Out, c.account.externalID
		m.status = t.outcome(c)
		if t.chance(850) || m.status == channels.Failed {
			m.author = &t.cast.agents[t.favourite(agentCount)]
		}
	}
	if t.chance(80) {
		t.illustrate(&m.content)
	}
	if t.chance(10) && m.status != channels.Failed {
		m.reaction = "👍"
	}
	return m
}

// words are what a message says. A rare word is in the same number of messages of every set.
func (t *teller) words(c *chat) string {
	text := c.speaker.sentence(t.Rand)
	if every := max(t.Messages/rareTimes, 1); t.told%every == every/2 {
		text += " " + RareWord
	}
	return text
}

// outcome is how far a message of ours got.
func (t *teller) outcome(c *chat) channels.DeliveryState {
	switch drawn := t.IntN(1000); {
	case drawn < 5:
		return channels.Failed
	case !c.account.receipts && !c.account.watermarks:
		return channels.Sent
	case drawn < 100 && c.account.receipts:
		return channels.Delivered
	}
	return channels.Read
}

// illustrate puts a picture or a document into a message.
func (t *teller) illustrate(m *channels.Message) {
	a := channels.Attachment{Kind: channels.Image, MIME: "image/jpeg", Bytes: int64(20_000 + t.IntN(900_000))}
	if t.chance(200) {
		a.Kind, a.MIME, a.Name = channels.Document, "application/pdf", fmt.Sprintf("invoice-%d.pdf", t.IntN(1_000_000))
	}
	a.MediaID = fmt.Sprint(1_000_000_000_000_000 + t.Int64N(1e15))
	m.Type, m.Attachments = channels.MessageType(a.Kind), []channels.Attachment{a}
	if t.chance(600) {
		m.Text = ""
	}
}

func (t *teller) messageRow(c *chat, m said, webhook any, lane string) {
	var reactions, author, authorID, code, reason any
	var contact uuid.UUID
	if m.content.Direction == channels.In {
		contact = c.contact
	}
	if m.author != nil {
		author, authorID = m.author.name, [16]byte(m.author.id)
	}
	if m.status == channels.Failed {
		code, reason = "131026", "The message could not be delivered to this number."
	}
	if m.reaction != "" {
		reactions = document(map[string][]string{t.reactor(c, m): {m.reaction}})
	}
	var status any
	if m.status != "" {
		status = string(m.status)
	}
	drawn := int64(2)
	if m.author != nil {
		drawn = 1
	}
	t.batch.add(messages, m.id, t.numbers(drawn), [16]byte(c.account.id), c.Thread, lane, m.externalID, "processed", nil, nil, webhook, [16]byte(c.ID), optional(contact),
		string(m.content.Direction), string(m.content.Type), optionalText(m.content.Text), document(m.content), status, reactions, m.at, m.received,
		m.received.Add(200*time.Millisecond), author, authorID, code, reason)
}

// sendRow tells of the way of a message of ours to the platform, which is over.
func (t *teller) sendRow(c *chat, m said) {
	outgoing := document(channels.Outgoing{Content: channels.Content{Text: m.content.Text}})
	t.batch.add(sends, m.id, int64(t.told+1), [16]byte(c.ID), hexed(mixed(uint64(t.told)), t.Uint64()), int16(0), hexed(t.Uint64(), t.Uint64()), true, outgoing, "done", int32(1), m.at)
}

// attach tells of a message's attachments, and of their files, which we have.
func (t *teller) attach(m said) {
	for i, a := range m.content.Attachments {
		file := t.id(m.received)
		t.batch.add(attachments, m.id, int16(i), string(a.Kind), a.MediaID, a.MIME, optionalText(a.Name), a.Bytes, document(a))
		t.batch.add(files, file, m.id, int16(i), a.MediaID, "stored", m.received.Add(time.Minute), m.received,
			"incoming/"+uuid.UUID(file).String(), a.Bytes, a.MIME, hexed(t.Uint64(), t.Uint64(), t.Uint64(), t.Uint64()), m.received.Add(time.Second))
	}
}

// change is an entry of the feed, which goes back as far as it is kept.
func (t *teller) change(kind string, c *chat, message, event any, at time.Time) {
	if at.After(t.Until.Add(-Retention)) {
		t.batch.add(feed, kind, [16]byte(c.ID), message, event, at)
	}
}

// externalID is the platform's id of a message: as long and as random as the real ones.
func externalID(channel string, number uint64) string {
	a, b := mixed(number+1), mixed(number+1<<40)
	switch channel {
	case "whatsapp":
		return "wamid." + base64.StdEncoding.EncodeToString([]byte("\x1c\x18\x0d"+hexed(a, b)))
	case "telegram":
		return fmt.Sprint(number + 1)
	}
	return "m_" + base64.URLEncoding.EncodeToString([]byte(hexed(a, b)+hexed(b, a)))
}

func hexed(numbers ...uint64) string {
	b := make([]byte, 0, 32)
	for _, n := range numbers {
		b = binary.BigEndian.AppendUint64(b, n)
	}
	return hex.EncodeToString(b)
}

// document renders a value of the product's vocabulary, which can always be rendered.
func document(v any) []byte {
	rendered, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return rendered
}

// liveLane is the lane of what is said in a conversation.
func liveLane(c *chat) string { return inbox.LiveLane(c.Thread) }
