package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

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
		err := tx.together(ctx,
			func(q *db.Queries) error { return q.SendLine(ctx, chat.ID) },
			func(q *db.Queries) (err error) { composed.Messages, err = q.SendCompose(ctx, p); return err })
		if err != nil {
			return err
		}
		if len(composed.Messages) == 0 {
			composed.Repeated = true
			composed.Messages, err = sending.composed(d.Key, p.Fingerprint)
			return err
		}
		if err := sending.ownFiles(p.Ids, parts); err != nil {
			return err
		}
		composed.Sends, err = sending.release(chat.ID)
		return err
	})
	composed.Told = told
	return composed, err
}

func composeParams(chat inbox.Chat, d inbox.Draft, parts []channels.Outgoing) (db.SendComposeParams, error) {
	p := db.SendComposeParams{
		ChannelAccountID: chat.ChannelAccount, Thread: key(chat.Thread), Lane: clean("live/" + inbox.Key(chat.Thread)), ConversationID: chat.ID,
		ReplyTo: optional(inbox.Key(chat.ReplyTo)), IdempotencyKey: clean(d.Key), Author: optional(d.Author), Human: d.Human,
	}
	var err error
	if p.Fingerprint, err = d.Fingerprint(); err != nil {
		return p, err
	}
	for _, part := range parts {
		m := inbox.Shown(part)
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

// composed returns the messages that a key was used for.
func (s *sending) composed(key, fingerprint string) ([]uuid.UUID, error) {
	rows, err := s.q.SendComposed(s.ctx, clean(key))
	if err != nil {
		return nil, err
	}
	var messages []uuid.UUID
	for _, row := range rows {
		if row.Fingerprint != fingerprint {
			return nil, fmt.Errorf("%w: %s", inbox.ErrKeyReused, key)
		}
		messages = append(messages, row.MessageID)
	}
	if len(messages) == 0 {
		return nil, errRace // whoever had the key gave it back
	}
	return messages, nil
}

// sending is work on the messages that are on their way, in one transaction.
type sending struct {
	ctx context.Context
	*transaction
}

// release lets the first waiting message of a conversation go, unless one is under way.
func (s *sending) release(conversation uuid.UUID) ([]inbox.Send, error) {
	message, err := s.q.SendRelease(s.ctx, conversation)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	row, err := s.q.SendOpen(s.ctx, message)
	if err != nil {
		return nil, err
	}
	send, err := s.render(row)
	return []inbox.Send{send}, err
}
