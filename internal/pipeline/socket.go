package pipeline

import (
	"context"
	"encoding/json"
	"net/url"
	"time"

	"omni/internal/inbox"
)

// SocketStore keeps tickets, and the connections that are opened with them.
type SocketStore interface {
	// OpenConnection uses up the ticket that has the hash, and reports whether the connection is open now.
	OpenConnection(ctx context.Context, id string, ticket []byte) (bool, error)
	CloseConnections(ctx context.Context, ids []string) error
}

// Sockets is what stands behind the sockets of dashboards.
type Sockets struct {
	Store SocketStore
}

// Open opens a connection with a ticket, and reports whether that is a good one. What is wrong with another is nobody's business.
func (s *Sockets) Open(ctx context.Context, connection, ticket string) (bool, error) {
	if ticket == "" {
		return false, nil
	}
	return s.Store.OpenConnection(ctx, connection, inbox.TicketHash(ticket))
}

// Close forgets a connection.
func (s *Sockets) Close(ctx context.Context, connection string) error {
	return s.Store.CloseConnections(ctx, []string{connection})
}

// maxMessage is more than any message of a dashboard has.
const maxMessage = 4 << 10

// Answer is what is answered to a message of a dashboard. It asks nobody: pings are many, and keep no database awake.
func (s *Sockets) Answer(message string) inbox.Frame {
	var m struct {
		Type string `json:"type"`
	}
	switch {
	case len(message) > maxMessage:
		return inbox.Frame{Type: inbox.FrameError, Message: "The message is too long."}
	case json.Unmarshal([]byte(message), &m) != nil:
		return inbox.Frame{Type: inbox.FrameError, Message: "The message is not a JSON object."}
	case m.Type != "ping":
		return inbox.Frame{Type: inbox.FrameError, Message: `The only message that is understood here is {"type":"ping"}.`}
	}
	return inbox.Frame{Type: inbox.FramePong}
}

// TicketStore keeps tickets.
type TicketStore interface {
	AddTicket(ctx context.Context, hash []byte, holder inbox.TicketHolder, expires time.Time) error
}

// Tickets gives agents and visitors what they open sockets with.
type Tickets struct {
	Store TicketStore
	URL   string // of the WebSocket API, with the scheme wss, or ws on a laptop
	Now   func() time.Time
}

// Ticket opens one socket, once. Ticket and URL are secrets.
type Ticket struct {
	Ticket    string
	URL       string // opens the socket
	ExpiresAt time.Time
}

// Issue makes a ticket.
func (t *Tickets) Issue(ctx context.Context, holder inbox.TicketHolder) (Ticket, error) {
	ticket := Ticket{Ticket: inbox.NewTicket(), ExpiresAt: t.Now().Add(inbox.TicketLife)}
	ticket.URL = t.URL + "?" + url.Values{"ticket": {ticket.Ticket}}.Encode()
	return ticket, t.Store.AddTicket(ctx, inbox.TicketHash(ticket.Ticket), holder, ticket.ExpiresAt)
}
