package follow

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/google/uuid"
)

// conversation and message are as much of what the API says as is looked at.
type conversation struct {
	ID            uuid.UUID  `json:"id"`
	Status        string     `json:"status"`
	Unread        int        `json:"unread"`
	LastMessageAt *time.Time `json:"last_message_at"` // null: nobody has written yet, and it is in no list
	Assignee      *struct {
		ID uuid.UUID `json:"id"`
	} `json:"assignee"`
}

type message struct {
	ID           uuid.UUID  `json:"id"`
	Conversation uuid.UUID  `json:"conversation"`
	Direction    string     `json:"direction"`
	Text         string     `json:"text"`
	Status       *string    `json:"status"`
	DeletedAt    *time.Time `json:"deleted_at"`
}

type change struct {
	Cursor         string        `json:"cursor"`
	Kind           string        `json:"kind"`
	At             time.Time     `json:"at"` // when the transaction began
	ConversationID *uuid.UUID    `json:"conversation_id"`
	MessageID      *uuid.UUID    `json:"message_id"`
	MergedInto     *uuid.UUID    `json:"merged_into"`
	Conversation   *conversation `json:"conversation"`
	Message        *message      `json:"message"`
}

// look reads the feed to its end. What is read is shown, and the cursor moves, at once or not at all.
func (d *Dashboard) look(ctx context.Context) error {
	for {
		var page struct {
			Changes []change `json:"changes"`
			Next    string   `json:"next"`
			More    bool     `json:"more"`
			Pending bool     `json:"pending"`
		}
		if err := d.Call(ctx, http.MethodGet, fmt.Sprintf("/v1/feed?limit=%d&after=%s", d.o.Page, url.QueryEscape(d.cursor)), nil, &page); err != nil {
			return err
		}
		d.show(page.Changes, page.Next)
		switch {
		case page.More:
		case page.Pending:
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(pendingFor):
			}
		default:
			return nil
		}
	}
}

// show folds changes into what is shown. Objects show the present, so that the latest counts.
func (d *Dashboard) show(changes []change, next string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range changes {
		d.changes[c.Cursor]++
		if c.MergedInto != nil {
			d.merge(c)
			continue
		}
		if c.Conversation != nil && c.Conversation.LastMessageAt != nil {
			d.conversations[c.Conversation.ID] = *c.Conversation
		}
		if c.Message == nil {
			continue
		}
		d.messages[c.Message.ID] = *c.Message
		if c.Kind == "message.created" {
			d.create(*c.Message, c.At)
		}
	}
	d.cursor = next
}

func (d *Dashboard) create(m message, at time.Time) {
	d.created[m.ID]++
	if d.created[m.ID] > 1 || d.o.Created == nil {
		return
	}
	var framed time.Time
	if n, _ := slices.BinarySearchFunc(d.framed, at, time.Time.Compare); n < len(d.framed) {
		framed = d.framed[n]
	}
	d.o.Created(m.Text, framed)
}

// merge forgets what has turned out to be another. Everything of a conversation belongs to the other then.
func (d *Dashboard) merge(c change) {
	if c.MessageID != nil {
		delete(d.messages, *c.MessageID)
		return
	}
	delete(d.conversations, *c.ConversationID)
	for id, m := range d.messages {
		if m.Conversation == *c.ConversationID {
			m.Conversation = *c.MergedInto
			d.messages[id] = m
		}
	}
}
