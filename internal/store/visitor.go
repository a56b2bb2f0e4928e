package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"omni/channels"
	"omni/gen/db"
	"omni/internal/inbox"
)

// VisitorConversation returns the conversation of a visitor's chat.
func (s *Store) VisitorConversation(ctx context.Context, chat inbox.VisitorChat) (inbox.VisitedConversation, error) {
	row, err := s.q.VisitorConversation(ctx, db.VisitorConversationParams{ChannelAccountID: chat.Account, Thread: key(chat.Thread)})
	if errors.Is(err, pgx.ErrNoRows) {
		return inbox.VisitedConversation{}, nil
	}
	return inbox.VisitedConversation{ID: row.ID, ReadUntil: row.ReadUntil}, interpretError("looking for a visitor's conversation", err)
}

// VisitorHistory returns the messages of a conversation before a place, the latest of them, at most so many. Nil: from its end.
func (s *Store) VisitorHistory(ctx context.Context, conversation uuid.UUID, chat inbox.VisitorChat, before *inbox.VisitorKey, most int) (inbox.VisitorHistory, error) {
	var part inbox.VisitorHistory
	if before == nil {
		before = &inbox.VisitorKey{At: beforeNow.At}
	}
	rows, err := s.q.VisitorOlder(ctx, db.VisitorOlderParams{
		ConversationID: optionalID(conversation), At: before.At, Seq: before.Seq, MaxRows: int32(most + 1),
	})
	if err != nil {
		return part, interpretError("reading a visitor's history", err)
	}
	if len(rows) > most {
		rows = rows[:most]
		part.Older = &inbox.VisitorKey{At: rows[most-1].At, Seq: rows[most-1].Seq}
	}
	ids := make([]uuid.UUID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	part.Messages, err = s.visitorMessages(ctx, conversation, chat, ids)
	return part, err
}

// visitorFeed is how much of the feed is looked through for one conversation: it is everybody's, and has no index for one.
const visitorFeed = 5000

// VisitorChanges returns what became of a conversation's messages behind a place in the feed. The error is [inbox.ErrFeedExpired] if the place is so far
// behind that reading everything anew is better, or necessary.
func (s *Store) VisitorChanges(ctx context.Context, conversation uuid.UUID, chat inbox.VisitorChat, after inbox.FeedCursor) (inbox.VisitorChanges, error) {
	page := inbox.VisitorChanges{Next: after}
	row, err := s.q.VisitorChanges(ctx, db.VisitorChangesParams{
		ConversationID: conversation, AfterXid: after.XID, AfterSeq: after.Seq, MaxRows: visitorFeed,
	})
	switch {
	case err != nil:
		return page, interpretError("reading the feed for a visitor", err)
	case row.Lost:
		return page, inbox.ErrFeedExpired
	}
	page.Next, page.Pending = inbox.FeedCursor{XID: row.Xid, Seq: row.Seq}, row.Pending
	page.Messages, err = s.visitorMessages(ctx, conversation, chat, row.Messages)
	return page, err
}

// visitorMessages reads messages by id, in their order.
func (s *Store) visitorMessages(ctx context.Context, conversation uuid.UUID, chat inbox.VisitorChat, ids []uuid.UUID) ([]inbox.VisitorMessage, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := s.q.VisitorMessages(ctx, db.VisitorMessagesParams{Ids: ids, ConversationID: optionalID(conversation)})
	if err != nil {
		return nil, interpretError("reading a visitor's messages", err)
	}
	messages := make([]inbox.VisitorMessage, len(rows))
	for i, row := range rows {
		if messages[i], err = visitorMessage(row, chat.Thread); err != nil {
			return nil, fmt.Errorf("reading the stored message %s: %w", row.ID, err)
		}
	}
	return messages, nil
}

func visitorMessage(r db.VisitorMessagesRow, thread string) (inbox.VisitorMessage, error) {
	m := inbox.VisitorMessage{
		ID: channels.PageID(thread, value(r.ExternalID)), Direction: channels.Direction(value(r.Direction)),
		Author: value(r.AgentName), Status: channels.DeliveryState(value(r.Status)), At: r.At, Edited: r.EditedAt != nil, Deleted: r.DeletedAt != nil,
	}
	if r.ReplyTo != nil {
		m.ReplyTo = channels.PageID(thread, *r.ReplyTo)
	}
	if m.Deleted {
		return m, nil
	}
	content := r.Content
	if r.Edited != nil {
		content = r.Edited
	}
	return m, errors.Join(readDocument(content, &m.Content), readDocument(r.Choices, &m.Choices), readDocument(r.Attachments, &m.Attachments))
}

// Staffed reports whether an agent who takes conversations has the dashboard open.
func (s *Store) Staffed(ctx context.Context) (bool, error) {
	staffed, err := s.q.ConnectionStaffed(ctx, time.Now().Add(-connectionLife))
	return staffed, interpretError("looking whether an agent is there", err)
}
