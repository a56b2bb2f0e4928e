package store

import (
	"context"

	"github.com/google/uuid"

	"omni/channels"
	"omni/gen/db"
	"omni/internal/inbox"
)

// Apply writes what one row means, with everything that follows from it, in one transaction: the contact and their identities, the
// conversation, the message or the fact, the feed, and the end of the job if this was its last row. A row that was processed meanwhile
// changes nothing.
func (s *Store) Apply(ctx context.Context, change inbox.Change) (inbox.FollowUp, error) {
	var next inbox.FollowUp
	told, err := s.telling(ctx, "processing a row", func(tx *transaction) error {
		a := application{ctx: ctx, transaction: tx, Change: change}
		process := a.event
		if change.Row.Event.Kind == channels.KindMessage {
			process = a.message
		}
		err := process()
		next = inbox.FollowUp{Sends: a.sends, Fetches: a.fetches, Erased: a.erased}
		return err
	})
	next.Told = told
	return next, err
}

// application is one run of Apply's or Replay's transaction.
type application struct {
	ctx context.Context
	*transaction
	inbox.Change
	known
	chat inbox.Conversation // that the row belongs to; zero before it is found, and for events that belong to no chat
	// replayed marks what happened long ago and is only understood now: what is known since then stays, clients are told to look again, and
	// nobody is notified.
	replayed bool
	sends    []inbox.Send  // that can go now, because the platform showed that it took the one before
	fetches  []inbox.Fetch // files that the row brought
}

// message completes a message row. Facts that came before it are folded in.
func (a *application) message() error {
	if open, err := a.openMessage(); err != nil || !open {
		return err
	}
	if handle := a.Update.Message.Handle; handle != "" {
		adopted, err := a.adopt(handle, a.Row.Event.ID)
		if err != nil {
			return err
		}
		if adopted {
			return a.conclude(a.ctx, a.fulfil()...)
		}
	}
	contact, err := a.contact()
	if err != nil {
		return err
	}
	if a.chat, err = a.conversation(contact); err != nil {
		return err
	}
	isNew := a.chat.IsSilent()
	a.addToChat()
	m := *a.Update.Message
	folded, err := a.fold(m, a.chat.Reached(a.Row.Event.At))
	if err != nil {
		return err
	}
	complete, err := a.complete(m, folded, contact, isNew)
	if err != nil {
		return err
	}
	attachments, err := a.attach(a.Row.ID, m, folded)
	if err != nil {
		return err
	}
	return a.conclude(a.ctx, append(append(attachments, complete), a.fulfil()...)...)
}

// fulfil closes the job that is done with the row, if one is.
func (a *application) fulfil() []query {
	if a.Fulfils == nil {
		return nil
	}
	job := *a.Fulfils
	return []query{func(q *db.Queries) error { return q.QueueLogClose(a.ctx, job) }}
}

// addToChat lets the conversation know of the row's message.
func (a *application) addToChat() {
	add := a.chat.Add
	if a.replayed {
		add = a.chat.Date
	}
	add(a.Update.Message.Direction, a.Row.HappenedAt(), a.Row.Event.History, a.Window)
}

func (a *application) complete(m channels.Message, f inbox.Folded, contact uuid.UUID, isNew bool) (query, error) {
	c := a.chat
	content, err := document(m)
	if err != nil {
		return nil, err
	}
	folded, err := foldColumns(f)
	if err != nil {
		return nil, err
	}
	author := contact
	if m.Direction == channels.Out {
		author = uuid.Nil
	}
	direction, messageType := clean(string(m.Direction)), clean(string(m.Type))
	p := db.MessageCompleteParams{
		ID: a.Row.ID, ConversationID: optionalID(c.ID), ContactID: optionalID(author), Direction: &direction, Type: &messageType,
		Text: folded.Text, Content: content, Edited: folded.Edited, ReplyTo: optional(inbox.Key(m.ReplyTo)), Status: folded.Status,
		Reactions: folded.Reactions, EditedAt: folded.EditedAt, DeletedAt: folded.DeletedAt,
		ErrorCode: folded.ErrorCode, ErrorReason: folded.ErrorReason,
		Thread: c.Thread, ConversationContactID: optionalID(c.Contact), ConversationStatus: string(c.Status),
		LastMessageAt: optionalTime(c.LastMessageAt), LastInboundAt: optionalTime(c.LastInboundAt),
		WindowExpiresAt: optionalTime(c.WindowExpiresAt), UnreadCount: int32(c.Unread),
		SnoozedUntil: optionalTime(c.SnoozedUntil), WaitingSince: optionalTime(c.WaitingSince),
		FeedKinds: a.feedKinds(isNew),
	}
	return func(q *db.Queries) error { return q.MessageComplete(a.ctx, p) }, nil
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

// attach writes the attachments that the message has now. No query: it has none, and had none.
func (a *application) attach(message uuid.UUID, m channels.Message, f inbox.Folded) ([]query, error) {
	attachments := m.Attachments
	if f.Edited != nil {
		attachments = f.Edited.Attachments
	}
	if len(attachments) == 0 && !a.replayed {
		return nil, nil
	}
	p := db.AttachmentReplaceParams{MessageID: message, Kinds: []string{}} // never null: its length says what goes
	for i, attachment := range attachments {
		detail, err := document(attachment)
		if err != nil {
			return nil, err
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
	replace := func(q *db.Queries) error { return q.AttachmentReplace(a.ctx, p) }
	return append([]query{replace}, a.wantFiles(message, attachments)...), nil
}
