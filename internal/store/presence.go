package store

import (
	"context"

	"github.com/google/uuid"

	"omni/channels"
	"omni/gen/db"
	"omni/internal/inbox"
)

// Presence returns what has to be known of a conversation to show the customer that we are there, or [inbox.ErrNotFound].
func (s *Store) Presence(ctx context.Context, conversation uuid.UUID) (inbox.Presence, error) {
	chat, err := s.Chat(ctx, conversation, uuid.Nil)
	p := inbox.Presence{Chat: chat}
	if err != nil {
		return p, err
	}
	latest, err := s.q.MessageLatestInbound(ctx, optionalID(chat.ID))
	if err != nil {
		return p, interpretError("reading what a customer last wrote", err)
	}
	p.Message, p.Pressed = latest.Written, latest.Pressed
	if chat.Title == "" && chat.Contact != uuid.Nil {
		p.To, err = s.identities(ctx, chat)
	}
	return p, err
}

// identities are the ids by which the channel account knows who a conversation is with.
func (s *Store) identities(ctx context.Context, chat inbox.Chat) ([]channels.Identity, error) {
	rows, err := s.q.ContactIdentityList(ctx, db.ContactIdentityListParams{ContactID: chat.Contact, ChannelAccountID: chat.ChannelAccount})
	ids := make([]channels.Identity, len(rows))
	for i, row := range rows {
		ids[i] = channels.Identity{Kind: row.Kind, Value: row.Value}
	}
	return ids, interpretError("reading a customer's ids", err)
}
