package visitor

import (
	"cmp"
	"time"

	"omni/channels"
	"omni/internal/inbox"
)

// message is a message as the visitor's page shows it. What does not apply to it is null or empty.
type message struct {
	ID      string            `json:"id"`
	From    string            `json:"from"` // visitor or agent
	Name    *string           `json:"name"` // of the agent who wrote it; null: nobody says
	Text    string            `json:"text"`
	File    *file             `json:"file"`
	Choices []channels.Option `json:"choices"` // to pick one of
	Choice  *choice           `json:"choice"`  // what the visitor picked
	Place   *channels.Place   `json:"place"`
	Card    *card             `json:"card"`
	ReplyTo *string           `json:"reply_to"` // id of the message that it answers
	At      time.Time         `json:"at"`
	Status  string            `json:"status"` // sent, delivered or read; of what the visitor wrote: sent, because it is here
	Edited  bool              `json:"edited"`
	Deleted bool              `json:"deleted"` // nothing is left of it
}

type file struct {
	Kind   channels.AttachmentKind `json:"kind"`
	URL    *string                 `json:"url"` // null: it is not stored yet, and a change will follow
	MIME   string                  `json:"mime"`
	Name   string                  `json:"name"`
	Bytes  int64                   `json:"bytes"`
	Width  int                     `json:"width"` // in pixels; 0: nobody knows
	Height int                     `json:"height"`
}

type choice struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

type card struct {
	Name   string   `json:"name"`
	Phones []string `json:"phones"`
	Emails []string `json:"emails"`
}

func messageOf(m inbox.VisitorMessage) message {
	out := message{
		ID: m.ID, From: "visitor", Text: m.Content.Text, Choices: []channels.Option{}, At: m.At.UTC(), Status: string(channels.Sent), Edited: m.Edited,
		Deleted: m.Deleted,
	}
	if m.Direction == channels.Out {
		out.From, out.Status = "agent", cmp.Or(string(m.Status), out.Status)
		out.Name = optional(m.Author)
	}
	out.ReplyTo = optional(m.ReplyTo)
	if m.Choices != nil {
		out.Choices = append(out.Choices, m.Choices.Options...)
	}
	if picked := m.Content.Choice; picked != nil {
		out.Choice = &choice{picked.ID, picked.Title}
	}
	for _, a := range m.Attachments {
		out.attach(a.Detail)
	}
	return out
}

// attach shows an attachment: of each kind the first, and a hosted message has one.
func (m *message) attach(a channels.Attachment) {
	switch {
	case a.Place != nil:
		m.Place = a.Place
	case a.Card != nil:
		m.Card = &card{a.Card.Name, append([]string{}, a.Card.Phones...), append([]string{}, a.Card.Emails...)}
	case m.File == nil:
		m.File = &file{Kind: a.Kind, MIME: a.MIME, Name: a.Name, Bytes: a.Bytes, Width: a.Width, Height: a.Height}
	}
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
