package store

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"omni/channels"
	"omni/gen/db"
	"omni/internal/inbox"
)

// Apply writes what one row means, with everything that follows from it, in one transaction: the contact and their identities, the
// conversation, the message or the fact, the feed, and the end of the job if this was its last row. A row that was processed meanwhile
// changes nothing.
func (s *Store) Apply(ctx context.Context, change inbox.Change) error {
	return s.inTransaction(ctx, "processing a row", func(q *db.Queries) error {
		a := application{ctx: ctx, q: q, Change: change}
		if change.Row.Event.Kind == channels.KindMessage {
			return a.message()
		}
		return a.event()
	})
}

// application is one run of Apply's or Replay's transaction.
type application struct {
	ctx context.Context
	q   *db.Queries
	inbox.Change
	// replayed marks what happened long ago and is only understood now: what is known since then stays, clients are told to look again, and
	// nobody is notified.
	replayed bool
}

// message completes a message row. Facts that came before it are folded in.
func (a *application) message() error {
	row, m := a.Row, *a.Update.Message
	if open, err := a.lockMessage(row.Event.ID); err != nil || !open {
		return err
	}
	contact, err := a.contact(true)
	if err != nil {
		return err
	}
	conversation, isNew, err := a.conversation(contact)
	if err != nil {
		return err
	}
	facts, err := a.facts(row.Event.ID)
	if err != nil {
		return err
	}
	if a.replayed {
		conversation.Date(m.Direction, row.Event.At, row.Event.History, a.Window)
	} else {
		conversation.Add(m.Direction, row.Event.At, row.Event.History, a.Window)
	}
	folded := inbox.Fold(m, facts)
	if m.Direction == channels.Out {
		folded.Status = inbox.Forward(folded.Status, conversation.Reached(row.Event.At))
	}
	if err := a.complete(m, folded, conversation, contact, isNew); err != nil {
		return err
	}
	return a.attach(row.ID, m, folded)
}

// lockMessage reports whether the row is still to be processed, and holds it and its external id if so.
func (a *application) lockMessage(externalID string) (bool, error) {
	_, err := a.q.MessageLock(a.ctx, db.MessageLockParams{ID: a.Row.ID, LockKey: a.lockKey(externalID)})
	return a.isOpen(err)
}

func (a *application) lockEvent(target string) (bool, error) {
	_, err := a.q.MessageEventLock(a.ctx, db.MessageEventLockParams{ID: a.Row.ID, LockKey: a.lockKey(target)})
	return a.isOpen(err)
}

// isOpen reads the answer of a lock query. A row that another worker finished still ends our job.
func (a *application) isOpen(err error) (bool, error) {
	if !errors.Is(err, pgx.ErrNoRows) {
		return err == nil, err
	}
	if a.Fulfils == nil {
		return false, nil
	}
	return false, a.q.QueueLogClose(a.ctx, *a.Fulfils)
}

// lockKey names what a message and the facts about it have in common. An event about no message shares its thread.
func (a *application) lockKey(externalID string) string {
	if externalID == "" {
		return a.threadLock(key(a.Row.Event.Thread))
	}
	return a.Row.ChannelAccount.String() + "/" + key(externalID)
}

// threadLock names what a conversation and the events of a thread have in common.
func (a *application) threadLock(thread string) string {
	return a.Row.ChannelAccount.String() + "//" + thread
}

func (a *application) complete(m channels.Message, f inbox.Folded, c inbox.Conversation, contact uuid.UUID, isNew bool) error {
	content, err := document(m)
	if err != nil {
		return err
	}
	folded, err := foldColumns(f)
	if err != nil {
		return err
	}
	author := contact
	if m.Direction == channels.Out {
		author = uuid.Nil
	}
	direction, messageType := clean(string(m.Direction)), clean(string(m.Type))
	return a.q.MessageComplete(a.ctx, db.MessageCompleteParams{
		ID: a.Row.ID, ConversationID: optionalID(c.ID), ContactID: optionalID(author), Direction: &direction, Type: &messageType,
		Text: folded.Text, Content: content, Edited: folded.Edited, ReplyTo: optional(inbox.Key(m.ReplyTo)), Status: folded.Status,
		Reactions: folded.Reactions, EditedAt: folded.EditedAt, DeletedAt: folded.DeletedAt,
		Thread: c.Thread, ConversationContactID: optionalID(c.Contact), ConversationStatus: string(c.Status),
		LastMessageAt: optionalTime(c.LastMessageAt), LastInboundAt: optionalTime(c.LastInboundAt),
		WindowExpiresAt: optionalTime(c.WindowExpiresAt), UnreadCount: int32(c.Unread),
		FeedKinds: a.feedKinds(isNew), FulfilledJob: optionalIDPointer(a.Fulfils),
	})
}

// feedKinds says what clients have to look at. Whoever reacts to something new in the feed must not take a replayed message for it.
func (a *application) feedKinds(isNew bool) []string {
	verb := a.verb()
	if isNew {
		return []string{"conversation." + verb, "message." + verb}
	}
	return []string{"message." + verb}
}

func (a *application) verb() string {
	if a.replayed {
		return "updated"
	}
	return "created"
}

// attach writes the attachments that the message has now.
func (a *application) attach(message uuid.UUID, m channels.Message, f inbox.Folded) error {
	attachments := m.Attachments
	if f.Edited != nil {
		attachments = f.Edited.Attachments
	}
	if len(attachments) == 0 && !a.replayed {
		return nil
	}
	p := db.AttachmentReplaceParams{MessageID: message, Kinds: []string{}} // never null: its length says what goes
	for i, attachment := range attachments {
		detail, err := document(attachment)
		if err != nil {
			return err
		}
		p.Positions = append(p.Positions, int16(i))
		p.Kinds = append(p.Kinds, clean(string(attachment.Kind)))
		p.MediaIds = append(p.MediaIds, clean(attachment.MediaID))
		p.Urls = append(p.Urls, clean(attachment.URL))
		p.Mimes = append(p.Mimes, clean(attachment.MIME))
		p.Names = append(p.Names, clean(attachment.Name))
		p.Sizes = append(p.Sizes, attachment.Bytes)
		p.Hashes = append(p.Hashes, clean(attachment.SHA256))
		p.Details = append(p.Details, string(detail))
	}
	return a.q.AttachmentReplace(a.ctx, p)
}
