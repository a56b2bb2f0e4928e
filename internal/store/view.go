package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"omni/channels"
	"omni/gen/db"
	"omni/internal/inbox"
)

// ConversationViews returns conversations as agents see them, in the order of their ids. What there is not is left out.
func (s *Store) ConversationViews(ctx context.Context, ids []uuid.UUID) ([]inbox.ConversationView, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := s.q.ConversationView(ctx, ids)
	if err != nil {
		return nil, interpretError("reading conversations", err)
	}
	return mapped(rows, conversationView)
}

// ConversationView returns a conversation as agents see it, or [inbox.ErrNotFound]. One that is another by now is that one.
func (s *Store) ConversationView(ctx context.Context, id uuid.UUID) (inbox.ConversationView, error) {
	views, err := s.ConversationViews(ctx, []uuid.UUID{id})
	switch {
	case err != nil:
		return inbox.ConversationView{}, err
	case len(views) == 0:
		return inbox.ConversationView{}, fmt.Errorf("reading a conversation: %w", inbox.ErrNotFound)
	case views[0].MergedInto != uuid.Nil:
		return s.ConversationView(ctx, views[0].MergedInto)
	}
	return views[0], nil
}

// Winner returns which conversation one is by now, which is mostly itself, or [inbox.ErrNotFound].
func (s *Store) Winner(ctx context.Context, id uuid.UUID) (uuid.UUID, error) {
	winner, err := s.q.ConversationWinner(ctx, id)
	return winner, interpretError("looking for a conversation", notFound(err))
}

// mapped makes of each row what it stands for.
func mapped[From, To any](rows []From, one func(From) (To, error)) ([]To, error) {
	all := make([]To, len(rows))
	for i, row := range rows {
		var err error
		if all[i], err = one(row); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func conversationView(r db.ConversationViewRow) (inbox.ConversationView, error) {
	v := inbox.ConversationView{
		ID: r.ID, MergedInto: r.MergedInto.UUID, Channel: r.Channel, AccountID: r.ChannelAccountID, Account: r.Account,
		AccountName: value(r.AccountName), Thread: r.Thread, Title: value(r.Title), Status: inbox.ConversationStatus(r.Status),
		SnoozedUntil: timeValue(r.SnoozedUntil), Unread: int(r.UnreadCount), LastMessageAt: timeValue(r.LastMessageAt),
		LastInboundAt: timeValue(r.LastInboundAt), WaitingSince: timeValue(r.WaitingSince), WindowExpiresAt: timeValue(r.WindowExpiresAt),
		Failed: r.Failed, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
	}
	if r.ContactID.Valid {
		v.Contact = &inbox.ContactRef{
			ID: r.ContactID.UUID, Name: value(r.ContactName), Username: value(r.ContactUsername), Phone: value(r.ContactPhone),
		}
	}
	if r.AssigneeID.Valid {
		v.Assignee = &inbox.AgentRef{ID: r.AssigneeID.UUID, Name: value(r.AssigneeName)}
	}
	if err := readDocument(r.Labels, &v.Labels); err != nil {
		return v, fmt.Errorf("reading the labels of conversation %s: %w", r.ID, err)
	}
	if err := readDocument(r.LastMessage, &v.LastMessage); err != nil {
		return v, fmt.Errorf("reading the last message of conversation %s: %w", r.ID, err)
	}
	return v, nil
}

// readDocument reads JSON of ours into what it was rendered from, which stays as it is for null.
func readDocument(rendered []byte, into any) error {
	if rendered == nil {
		return nil
	}
	return json.Unmarshal(rendered, into)
}

// MessageViews returns messages as agents see them, in any order. Those that are in no conversation (any more) are left out.
func (s *Store) MessageViews(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]inbox.MessageView, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := s.q.MessageView(ctx, ids)
	if err != nil {
		return nil, interpretError("reading messages", err)
	}
	views := make(map[uuid.UUID]inbox.MessageView, len(rows))
	for _, row := range rows {
		if views[row.ID], err = messageView(row); err != nil {
			return nil, fmt.Errorf("reading the stored message %s: %w", row.ID, err)
		}
	}
	return views, nil
}

func messageView(r db.MessageViewRow) (inbox.MessageView, error) {
	v := inbox.MessageView{
		ID: r.ID, Conversation: r.ConversationID.UUID, Channel: r.Channel, Direction: channels.Direction(value(r.Direction)),
		Type: channels.MessageType(value(r.Type)), Text: value(r.Text), Status: channels.DeliveryState(value(r.Status)), ErrorCode: value(r.ErrorCode),
		ErrorReason: value(r.ErrorReason), RetriedAs: r.RetriedAs.UUID, At: r.At, EditedAt: timeValue(r.EditedAt), DeletedAt: timeValue(r.DeletedAt),
		History: r.History, GroupSender: r.GroupSender, Seq: r.Seq,
	}
	if author := cmp.Or(value(r.AgentName), value(r.Author)); author != "" {
		v.Author = &inbox.AgentRef{ID: r.AuthorID.UUID, Name: author}
	}
	if err := readContent(&v, r); err != nil {
		return v, err
	}
	if err := readReply(&v, r); err != nil || !v.DeletedAt.IsZero() {
		return v, err
	}
	var reactions map[string][]string
	if err := readDocument(r.Reactions, &reactions); err != nil {
		return v, err
	}
	v.Reactions = inbox.CountReactions(reactions, r.Account)
	return v, readDocument(r.Attachments, &v.Attachments)
}

// readContent reads what a message says now. Of one that was taken back nothing is shown.
func readContent(v *inbox.MessageView, r db.MessageViewRow) error {
	var original channels.Message
	if err := readDocument(r.Content, &original); err != nil {
		return err
	}
	v.Content = original
	switch {
	case !v.DeletedAt.IsZero():
		v.Content = channels.Message{Direction: v.Direction, Type: v.Type}
	case r.Edited != nil:
		v.Content = channels.Message{}
		if !v.EditedAt.IsZero() {
			v.OriginalText = &original.Text
		}
		return readDocument(r.Edited, &v.Content)
	}
	return nil
}

// readReply reads which message a message answers.
func readReply(v *inbox.MessageView, r db.MessageViewRow) error {
	if r.ReplyTo == nil {
		return nil
	}
	v.ReplyTo = &inbox.ReplyRef{}
	err := readDocument(r.Answered, v.ReplyTo)
	v.ReplyTo.ExternalID = *r.ReplyTo
	return err
}

// NoteViews returns notes as agents see them, in any order.
func (s *Store) NoteViews(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]inbox.NoteView, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := s.q.NoteView(ctx, ids)
	views := make(map[uuid.UUID]inbox.NoteView, len(rows))
	for _, r := range rows {
		views[r.ID] = inbox.NoteView{
			ID: r.ID, Conversation: r.ConversationID, Author: inbox.AgentRef{ID: r.AgentID, Name: r.AgentName}, Text: r.Text, Mentions: r.Mentions,
			At: r.CreatedAt, EditedAt: timeValue(r.EditedAt), DeletedAt: timeValue(r.DeletedAt),
		}
	}
	return views, interpretError("reading notes", err)
}
