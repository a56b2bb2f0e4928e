package visitor

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"omni/internal/inbox"
)

// socket is what a page opens.
type socket struct {
	URL       string    `json:"url"` // with a ticket in it that opens one socket, once
	ExpiresAt time.Time `json:"expires_at"`
}

func (h *Handler) ticket(ctx context.Context, c call) (any, error) {
	if h.Tickets == nil {
		return nil, errNoSockets
	}
	ticket, err := h.Tickets.Issue(ctx, inbox.TicketHolder{Chat: c.chat()})
	return socket{URL: absolute(ticket.URL, "ws", c), ExpiresAt: ticket.ExpiresAt.UTC()}, err
}

// absolute makes of a path a URL of the host that was called. Only a laptop has such paths.
func absolute(url, scheme string, c call) string {
	if strings.HasPrefix(url, "/") {
		return scheme + "://" + c.Host + url
	}
	return url
}

type typing struct {
	Typing bool `json:"typing"`
}

// typing tells agents that the visitor writes, or has stopped. Who has not written yet has nobody to tell.
func (h *Handler) typing(ctx context.Context, c call) (any, error) {
	in, err := read[typing](c)
	if err != nil || h.Agents == nil {
		return nil, err
	}
	conversation, err := h.Store.VisitorConversation(ctx, c.chat())
	if err != nil || conversation.ID == uuid.Nil {
		return nil, err
	}
	state := inbox.PresenceLeft
	if in.Typing {
		state = inbox.PresenceTyping
	}
	h.Agents.VisitorTyping(ctx, conversation.ID, state)
	return nil, nil
}
