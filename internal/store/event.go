package store

import (
	"github.com/google/uuid"

	"omni/channels"
	"omni/gen/db"
	"omni/internal/inbox"
)

// event completes a row that is not a message, and folds it into the message or the conversation that it is about.
func (a *application) event() error {
	target := a.Update.Target()
	if open, err := a.openEvent(target); err != nil || !open {
		return err
	}
	if status := a.Update.Status; status != nil && status.Handle != "" {
		if _, err := a.adopt(status.Handle, target); err != nil {
			return err
		}
	}
	contact, err := a.contact()
	if err != nil {
		return err
	}
	if a.Row.Event.Thread != "" {
		if a.chat, err = a.conversation(contact); err != nil {
			return err
		}
	}
	if err := a.completeEvent(target); err != nil {
		return err
	}
	return a.consequences(target)
}

// completeEvent completes the row, and asks for the message that it is about.
func (a *application) completeEvent(target string) error {
	content, err := document(a.Update)
	if err != nil {
		return err
	}
	p := db.MessageEventCompleteParams{
		ID: a.Row.ID, Target: optional(inbox.Key(target)), Content: content, ConversationID: optionalID(a.chat.ID),
	}
	queries := append([]query{func(q *db.Queries) error { return q.MessageEventComplete(a.ctx, p) }}, a.fulfil()...)
	if a.Update.Status != nil {
		queries = append(queries, a.keepReceipt(*a.Update.Status))
	}
	if target != "" {
		queries = append(queries, a.askMessage(target), a.askFacts(target))
	}
	return a.together(a.ctx, queries...)
}

func (a *application) consequences(target string) error {
	switch mark := a.Update.Watermark; {
	case target != "":
		return a.refold()
	case mark != nil:
		return a.raise(*mark)
	}
	return a.tell(db.FeedInsertParams{
		Kind: "event." + a.verb(), ConversationID: optionalID(a.chat.ID), EventID: optionalID(a.Row.ID),
	})(a.q)
}

// tell writes a change into the feed.
func (a *application) tell(p db.FeedInsertParams) query {
	return func(q *db.Queries) error { return q.FeedInsert(a.ctx, p) }
}

func (a *application) keepReceipt(s channels.Status) query {
	p := db.MessageStatusInsertParams{
		ID: a.Row.ID, ChannelAccountID: a.Row.ChannelAccount, ExternalID: key(s.Target), Status: clean(string(s.State)),
		Recipient: optional(s.Recipient), OccurredAt: optionalTime(a.Row.Event.At),
	}
	if len(s.Errors) > 0 {
		code := int32(s.Errors[0].Code)
		p.ErrorCode, p.ErrorTitle = &code, optional(s.Errors[0].Title)
	}
	return func(q *db.Queries) error { return q.MessageStatusInsert(a.ctx, p) }
}

// raise applies a watermark to the row's conversation and to what was sent in it.
func (a *application) raise(w channels.Watermark) error {
	c := a.chat
	if c.ID == uuid.Nil || !c.Mark(w) {
		return nil
	}
	state := string(w.State)
	p := db.MessageWatermarkParams{
		ConversationID: optionalID(c.ID), Until: optionalTime(w.Until), Status: &state, LowerStates: inbox.Below(w.State),
	}
	return a.together(a.ctx,
		a.touch(c),
		func(q *db.Queries) error { return q.MessageWatermark(a.ctx, p) },
		a.tell(db.FeedInsertParams{Kind: "conversation.updated", ConversationID: optionalID(c.ID), EventID: optionalID(a.Row.ID)}))
}
