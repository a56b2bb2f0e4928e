package store

import (
	"context"
	"math"

	"github.com/google/uuid"

	"omni/gen/db"
	"omni/internal/inbox"
)

// SearchMessages returns messages with all words of what somebody typed, the last of which need not be whole, whose numbers are below one: those that
// were processed last first, at most so many.
func (s *Store) SearchMessages(ctx context.Context, typed string, before int64, most int) ([]inbox.FoundMessage, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	rows, err := s.q.MessageSearch(ctx, db.MessageSearchParams{Typed: clean(typed), BeforeSeq: before, MaxRows: int32(most)})
	if err != nil {
		return nil, interpretError("searching messages", err)
	}
	ids := make([]uuid.UUID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	messages, err := s.MessageViews(ctx, ids)
	if err != nil {
		return nil, err
	}
	conversations, err := s.conversationsOf(ctx, messages)
	if err != nil {
		return nil, err
	}
	var found []inbox.FoundMessage
	for _, row := range rows {
		message, ok := messages[row.ID]
		if conversation, has := conversations[message.Conversation]; ok && has { // else it went elsewhere meanwhile
			found = append(found, inbox.FoundMessage{Number: row.Seq, Message: message, Conversation: conversation})
		}
	}
	return found, nil
}

func (s *Store) conversationsOf(ctx context.Context, messages map[uuid.UUID]inbox.MessageView) (map[uuid.UUID]inbox.ConversationView, error) {
	ids := map[uuid.UUID]bool{}
	for _, message := range messages {
		ids[message.Conversation] = true
	}
	return s.conversationMap(ctx, ids)
}

func (s *Store) conversationMap(ctx context.Context, ids map[uuid.UUID]bool) (map[uuid.UUID]inbox.ConversationView, error) {
	list := make([]uuid.UUID, 0, len(ids))
	for id := range ids {
		list = append(list, id)
	}
	views, err := s.ConversationViews(ctx, list)
	byID := make(map[uuid.UUID]inbox.ConversationView, len(views))
	for _, view := range views {
		byID[view.ID] = view
	}
	return byID, err
}

// SearchConversations returns conversations behind a place whose contact or title is found by what somebody typed, those with the latest messages first.
func (s *Store) SearchConversations(ctx context.Context, typed string, behind *inbox.Place, most int) ([]inbox.ListedConversation, error) {
	from := beforeLatest
	if behind != nil {
		from = *behind
	}
	rows, err := s.q.ConversationSearch(ctx, db.ConversationSearchParams{Typed: clean(typed), At: from.At, AfterID: from.ID, MaxRows: int32(most)})
	page, err := places(rows, err)
	if err != nil {
		return nil, interpretError("searching conversations", err)
	}
	return s.listed(ctx, page)
}
