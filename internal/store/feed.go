package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

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

// Feed returns a part of the feed behind a place, with what the changes are about as it is now. It asks four times at the most, however many there are.
// The error is [inbox.ErrFeedExpired] if some of it is deleted.
func (s *Store) Feed(ctx context.Context, after inbox.FeedCursor, most int) (inbox.FeedPage, error) {
	page := inbox.FeedPage{Next: after}
	rows, err := s.q.FeedPage(ctx, db.FeedPageParams{AfterXid: after.XID, AfterSeq: after.Seq, MaxRows: int32(most + 1)})
	switch {
	case err != nil:
		return page, interpretError("reading the feed", err)
	case len(rows) > 0 && rows[0].Kind == feedStart:
		return page, inbox.ErrFeedExpired
	}
	for i, row := range rows {
		page.Pending = page.Pending || !row.Shown
		page.More = page.More || i == most && row.Shown
		if row.Shown && i < most {
			page.Entries = append(page.Entries, feedEntry(row))
			page.Next = inbox.FeedCursor{XID: row.Xid, Seq: row.Seq}
		}
	}
	return page, s.illustrate(ctx, page.Entries)
}

// feedStart is the kind of the entry that stands for all that are deleted.
const feedStart = "feed.start"

// conversationErased is the kind of the entry after which a conversation is nowhere any more, even if what is left of it is not yet removed.
const conversationErased = "conversation.erased"

func feedEntry(row db.FeedPageRow) inbox.FeedEntry {
	e := inbox.FeedEntry{
		Cursor: inbox.FeedCursor{XID: row.Xid, Seq: row.Seq}, Kind: row.Kind, At: row.CreatedAt, ConversationID: row.ConversationID.UUID,
		MessageID: row.MessageID.UUID, MergedInto: row.MergedInto.UUID,
	}
	switch family, _, _ := strings.Cut(row.Kind, "."); family {
	case "contact":
		e.ContactID = row.EventID.UUID
	case "note":
		e.Note = &inbox.NoteView{ID: row.EventID.UUID}
	}
	return e
}

// illustrate reads what entries are about.
func (s *Store) illustrate(ctx context.Context, entries []inbox.FeedEntry) error {
	conversationIDs := map[uuid.UUID]bool{}
	var messageIDs, noteIDs []uuid.UUID
	for _, e := range entries {
		if e.ConversationID != uuid.Nil {
			conversationIDs[e.ConversationID] = true
		}
		if e.MessageID != uuid.Nil && !slices.Contains(messageIDs, e.MessageID) {
			messageIDs = append(messageIDs, e.MessageID)
		}
		if e.Note != nil {
			noteIDs = append(noteIDs, e.Note.ID)
		}
	}
	conversations, err := s.conversationMap(ctx, conversationIDs)
	if err != nil {
		return err
	}
	messages, err := s.MessageViews(ctx, messageIDs)
	if err != nil {
		return err
	}
	notes, err := s.NoteViews(ctx, noteIDs)
	for i := range entries {
		fill(&entries[i], conversations, messages, notes)
	}
	return err
}

func fill(
	e *inbox.FeedEntry, conversations map[uuid.UUID]inbox.ConversationView, messages map[uuid.UUID]inbox.MessageView,
	notes map[uuid.UUID]inbox.NoteView,
) {
	if conversation, ok := conversations[e.ConversationID]; ok && e.Kind != conversationErased {
		e.Conversation = &conversation
		if e.MessageID == uuid.Nil {
			e.MergedInto = conversation.MergedInto
		}
	}
	if message, ok := messages[e.MessageID]; ok {
		e.Message = &message
	}
	if e.Note != nil {
		note, ok := notes[e.Note.ID]
		if e.Note = nil; ok {
			e.Note = &note
		}
	}
}

// feedBatch is how much of the feed one statement deletes.
const feedBatch = 5000

// ExpireFeed deletes changes that were written before a moment, and returns how many.
func (s *Store) ExpireFeed(ctx context.Context, before time.Time) (deleted int, err error) {
	for {
		batch, err := s.q.FeedExpire(ctx, db.FeedExpireParams{OlderThan: before, MaxRows: feedBatch})
		deleted += int(batch)
		if err != nil || batch == 0 {
			return deleted, interpretError("deleting old changes from the feed", err)
		}
	}
}
