package store

import (
	"context"
	"encoding/json"
	"fmt"

	"omni/channels"
	"omni/gen/db"
	"omni/internal/inbox"
)

// FeedEnd returns the place behind all changes that a reader may see now.
func (s *Store) FeedEnd(ctx context.Context) (inbox.FeedCursor, error) {
	end, err := s.q.FeedEnd(ctx)
	return inbox.FeedCursor{XID: end.Xid, Seq: end.Seq}, interpretError("looking for the end of the feed", err)
}

// FeedAfter returns the changes behind a place, oldest first, at most so many. A change is shown once every transaction that was open before it
// has ended, so none is ever skipped.
func (s *Store) FeedAfter(ctx context.Context, after inbox.FeedCursor, most int) ([]inbox.FeedChange, error) {
	rows, err := s.q.FeedAfter(ctx, db.FeedAfterParams{AfterXid: after.XID, AfterSeq: after.Seq, MaxRows: int32(most)})
	if err != nil {
		return nil, interpretError("reading the feed", err)
	}
	changes := make([]inbox.FeedChange, len(rows))
	for i, row := range rows {
		if changes[i], err = feedChange(row); err != nil {
			return nil, err
		}
	}
	return changes, nil
}

func feedChange(row db.FeedAfterRow) (inbox.FeedChange, error) {
	c := inbox.FeedChange{
		Cursor: inbox.FeedCursor{XID: row.Xid, Seq: row.Seq}, At: row.CreatedAt, Kind: row.Kind, Channel: value(row.Channel),
		Conversation: row.ConversationID.UUID, Contact: value(row.ContactName), Thread: value(row.Thread), Event: channels.Kind(value(row.EventKind)),
	}
	if row.MessageID.Valid {
		c.Message = &inbox.FeedMessage{
			ID: row.MessageID.UUID, Direction: channels.Direction(value(row.Direction)), Type: channels.MessageType(value(row.Type)),
			Text: value(row.Text), Status: channels.DeliveryState(value(row.Status)), Deleted: row.DeletedAt != nil,
		}
	}
	if row.EventContent != nil {
		c.Update = &channels.Update{}
		if err := json.Unmarshal(row.EventContent, c.Update); err != nil {
			return inbox.FeedChange{}, fmt.Errorf("reading the stored event %s: %w", row.EventID.UUID, err)
		}
	}
	return c, nil
}
