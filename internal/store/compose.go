package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/gen/db"
	"omni/internal/inbox"
)

// Chat returns what has to be known of a conversation to answer in it, or [inbox.ErrNotFound]. replyTo is a message of it; nil: none.
func (s *Store) Chat(ctx context.Context, conversation, replyTo uuid.UUID) (inbox.Chat, error) {
	row, err := s.q.SendChat(ctx, conversation)
	if err != nil {
		return inbox.Chat{}, interpretError("reading a conversation", notFound(err))
	}
	if winner := row.Conversation.MergedInto; winner.Valid {
		return s.Chat(ctx, winner.UUID, replyTo)
	}
	chat := inbox.Chat{Conversation: fromRow(row.Conversation), Channel: row.Channel, Account: row.Account, CredentialAccount: row.CredentialAccount}
	if replyTo == uuid.Nil {
		return chat, nil
	}
	answered, err := s.q.SendAnswered(ctx, db.SendAnsweredParams{ID: replyTo, ConversationID: optionalID(chat.ID)})
	chat.ReplyTo, chat.Topic = value(answered.ExternalID), answered.Topic
	return chat, interpretError("reading the message that is answered", notFound(err))
}

// Compose writes a draft as messages that wait for their turn, and lets the first one go if nothing else of the conversation is under way. A draft
// that is there already changes nothing. The error is [inbox.ErrKeyReused] if its key was used for something else.
func (s *Store) Compose(ctx context.Context, chat inbox.Chat, d inbox.Draft, parts []channels.Outgoing) (inbox.Composed, error) {
	p, err := composeParams(chat, d, parts)
	if err != nil {
		return inbox.Composed{}, interpretError("composing a message", err)
	}
	var composed inbox.Composed
	told, err := s.telling(ctx, "composing a message", func(tx *transaction) error {
		composed = inbox.Composed{}
		sending := sending{ctx: ctx, transaction: tx}
		attachments, err := sending.ownAttachments(p.Ids, parts)
		if err != nil {
			return err
		}
		if p.Unseen, err = sending.unseen(chat, d); err != nil {
			return err
		}
		queries := append([]query{
			func(q *db.Queries) error { return q.SendLine(ctx, chat.ID) },
			func(q *db.Queries) (err error) { composed.Messages, err = q.SendCompose(ctx, p); return err },
		}, attachments...)
		if err := tx.conclude(ctx, append(queries, sending.release(chat.ID)...)...); err != nil {
			return err
		}
		composed.Sends, err = sending.released()
		return err
	})
	composed.Told = told
	composed.Read = chat.Unread > 0 && p.Unseen == 0 && d.Agent != uuid.Nil && d.Content.Reaction == nil && len(composed.Messages) > 0
	if err == nil && len(composed.Messages) == 0 {
		composed.Repeated = true
		composed.Messages, err = s.composed(ctx, d.Key, p.Fingerprint)
		if err == nil && len(composed.Messages) == 0 {
			err = fmt.Errorf("trying message %s again: %w", d.RetryOf, inbox.ErrNotFailed)
		}
	}
	return composed, err
}

// unseen is how much the customer wrote that the agent had not seen when they answered.
func (s *sending) unseen(chat inbox.Chat, d inbox.Draft) (int32, error) {
	if d.ReadUpTo == uuid.Nil {
		return 0, nil
	}
	var later int64
	err := s.together(s.ctx,
		func(q *db.Queries) error { return q.SendLine(s.ctx, chat.ID) },
		func(q *db.Queries) (err error) {
			later, err = q.ConversationUnreadSince(s.ctx, db.ConversationUnreadSinceParams{ConversationID: optionalID(chat.ID), UpTo: d.ReadUpTo})
			return err
		})
	return int32(later), err
}

func composeParams(chat inbox.Chat, d inbox.Draft, parts []channels.Outgoing) (db.SendComposeParams, error) {
	p := db.SendComposeParams{
		ChannelAccountID: chat.ChannelAccount, Thread: key(chat.Thread), Lane: clean(inbox.LiveLane(chat.Thread)), ConversationID: chat.ID,
		ReplyTo: optional(inbox.Key(chat.ReplyTo)), IdempotencyKey: clean(d.Key), Author: optional(d.Author), AuthorID: optionalID(d.Agent),
		RetryOf: optionalID(d.RetryOf), Human: d.Human,
	}
	var err error
	if p.Fingerprint, err = d.Fingerprint(); err != nil {
		return p, err
	}
	for _, part := range parts {
		m := inbox.Shown(part)
		if part.Template != nil {
			m.Text = d.TemplateWords
		}
		content, err := document(m)
		if err != nil {
			return p, err
		}
		outgoing, err := document(part)
		if err != nil {
			return p, err
		}
		p.Ids = append(p.Ids, newID())
		p.Types = append(p.Types, clean(string(m.Type)))
		p.Texts = append(p.Texts, clean(m.Text))
		p.Contents, p.Outgoings = append(p.Contents, string(content)), append(p.Outgoings, string(outgoing))
	}
	return p, nil
}

// Composed returns the messages that a draft became; none: it was not composed. The error is [inbox.ErrKeyReused] if its key was used for something else.
func (s *Store) Composed(ctx context.Context, d inbox.Draft) ([]uuid.UUID, error) {
	fingerprint, err := d.Fingerprint()
	if err != nil {
		return nil, err
	}
	return s.composed(ctx, d.Key, fingerprint)
}

// composed returns the messages that a key was used for.
func (s *Store) composed(ctx context.Context, key, fingerprint string) ([]uuid.UUID, error) {
	rows, err := s.q.SendComposed(ctx, clean(key))
	if err != nil {
		return nil, interpretError("looking for what an idempotency key was used for", err)
	}
	var messages []uuid.UUID
	for _, row := range rows {
		if row.Fingerprint != fingerprint {
			return nil, fmt.Errorf("%w: %s", inbox.ErrKeyReused, key)
		}
		messages = append(messages, row.MessageID)
	}
	return messages, nil
}

// Failed returns what was to be sent with a message of ours, whatever became of it, or [inbox.ErrNotFound].
func (s *Store) Failed(ctx context.Context, message uuid.UUID) (inbox.FailedMessage, error) {
	row, err := s.q.SendFailed(ctx, message)
	if err != nil {
		return inbox.FailedMessage{}, interpretError("reading a message of ours", notFound(err))
	}
	var out channels.Outgoing
	if err := json.Unmarshal(row.Outgoing, &out); err != nil {
		return inbox.FailedMessage{}, fmt.Errorf("reading the stored message %s: %w", message, err)
	}
	return inbox.FailedMessage{
		Conversation: row.ConversationID, Status: channels.DeliveryState(value(row.Status)), ReplyTo: row.ReplyToID.UUID, Tag: out.Tag,
		Content: out.Content,
	}, nil
}

// sending is work on the messages that are on their way, in one transaction.
type sending struct {
	ctx context.Context
	*transaction

	next     uuid.UUID // that was let go; nil: none
	underWay []db.SendUnderWayRow
}

// release lets the first waiting message of a conversation go, unless one is under way; see released.
func (s *sending) release(conversation uuid.UUID) []query {
	return []query{func(q *db.Queries) (err error) {
		s.next, err = q.SendRelease(s.ctx, conversation)
		return unlessNone(err)
	}, s.askUnderWay(conversation)}
}

func (s *sending) askUnderWay(conversation uuid.UUID) query {
	return func(q *db.Queries) (err error) {
		s.underWay, err = q.SendUnderWay(s.ctx, conversation)
		return err
	}
}

// released is what release let go.
func (s *sending) released() ([]inbox.Send, error) { return s.attempts(s.next, time.Time{}) }

// attempts is the present attempt at a message that is under way, put together from what was asked for; none if it is not.
func (s *sending) attempts(message uuid.UUID, notBefore time.Time) ([]inbox.Send, error) {
	for _, row := range s.underWay {
		if row.MessageID == message {
			send, err := render(row)
			send.NotBefore = notBefore
			return []inbox.Send{send}, err
		}
	}
	return nil, nil
}

// render puts together everything that the present attempt at a message takes.
func render(row db.SendUnderWayRow) (inbox.Send, error) {
	send := inbox.Send{
		Job: inbox.Job{
			ID: row.MessageID, Queue: inbox.OutboundQueue(row.Channel), Account: row.ChannelAccountID, Lane: row.Lane, Attempt: int(row.Attempt),
		},
		Channel: row.Channel, CredentialAccount: row.CredentialAccount,
	}
	out := &send.Outgoing
	if err := json.Unmarshal(row.Outgoing, out); err != nil {
		return send, fmt.Errorf("reading the stored message %s: %w", row.MessageID, err)
	}
	out.Handle, out.Account, out.Thread, out.Group = row.MessageID.String(), row.Account, row.Thread, row.IsGroup
	if out.Group {
		return send, nil
	}
	for i, kind := range row.Kinds {
		out.To = append(out.To, channels.Identity{Kind: kind, Value: row.Ids[i]})
	}
	return send, nil
}
