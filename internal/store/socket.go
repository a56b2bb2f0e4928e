package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"omni/gen/db"
	"omni/internal/inbox"
)

// connectionLife is how long a connection can be open: API Gateway closes it after two hours. The rest is for clocks that differ.
const connectionLife = 2*time.Hour + 15*time.Minute

// AddTicket keeps the hash of a ticket.
func (s *Store) AddTicket(ctx context.Context, hash []byte, holder inbox.TicketHolder, expires time.Time) error {
	var err error
	if holder.Agent != uuid.Nil {
		err = s.q.TicketInsert(ctx, db.TicketInsertParams{Hash: hash, AgentID: holder.Agent, ExpiresAt: expires})
	} else {
		err = s.q.TicketInsertVisitor(ctx, db.TicketInsertVisitorParams{
			Hash: hash, ChannelAccountID: holder.Chat.Account, Thread: key(holder.Chat.Thread), ExpiresAt: expires,
		})
	}
	return interpretError("keeping a ticket", err)
}

// OpenConnection uses up the ticket that has the hash, and opens a connection with it. It reports whether the ticket was good for that.
func (s *Store) OpenConnection(ctx context.Context, id string, ticket []byte) (bool, error) {
	opened, err := s.q.ConnectionOpen(ctx, db.ConnectionOpenParams{Hash: ticket, ID: id})
	return opened > 0, interpretError("opening a connection", err)
}

// CloseConnections forgets connections that are closed.
func (s *Store) CloseConnections(ctx context.Context, ids []string) error {
	return interpretError("closing connections", s.q.ConnectionClose(ctx, ids))
}

// Connections are those that may be open now.
func (s *Store) Connections(ctx context.Context) ([]inbox.Connection, error) {
	rows, err := s.q.ConnectionList(ctx, time.Now().Add(-connectionLife))
	if err != nil {
		return nil, interpretError("reading the open connections", err)
	}
	connections := make([]inbox.Connection, len(rows))
	for i, row := range rows {
		connections[i] = inbox.Connection{ID: row.ID, Agent: row.AgentID.UUID, Visited: row.ConversationID.UUID}
	}
	return connections, nil
}

// ExpireSockets forgets connections that can no longer be open, and tickets that nobody used in time. It returns how many connections there were.
func (s *Store) ExpireSockets(ctx context.Context) (connections int, err error) {
	expired, err := s.q.ConnectionExpire(ctx, time.Now().Add(-connectionLife))
	if err == nil {
		_, err = s.q.TicketExpire(ctx)
	}
	return int(expired), interpretError("forgetting old connections and tickets", err)
}
