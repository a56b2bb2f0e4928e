package store

import (
	"omni/channels"
	"omni/gen/db"
	"omni/internal/inbox"
)

// event completes a row that is not a message, and folds it into the message or the conversation that it is about.
func (a *application) event() error {
	target := about(a.Update)
	if open, err := a.lockEvent(target); err != nil || !open {
		return err
	}
	contact, err := a.contact(false)
	if err != nil {
		return err
	}
	conversation, err := a.knownConversation(contact)
	if err != nil {
		return err
	}
	content, err := document(a.Update)
	if err != nil {
		return err
	}
	err = a.q.MessageEventComplete(a.ctx, db.MessageEventCompleteParams{
		ID: a.Row.ID, Target: optional(inbox.Key(target)), Content: content, ConversationID: optionalID(conversation.ID),
		FulfilledJob: optionalIDPointer(a.Fulfils),
	})
	if err != nil {
		return err
	}
	return a.consequences(target, conversation)
}

// about is the external id of the message that an update tells a fact about; empty: none.
func about(u channels.Update) string {
	switch {
	case u.Status != nil:
		return u.Status.Target
	case u.Reaction != nil:
		return u.Reaction.Target
	case u.Edit != nil:
		return u.Edit.Target
	case u.Delete != nil:
		return u.Delete.Target
	}
	return ""
}

func (a *application) consequences(target string, c inbox.Conversation) error {
	u := a.Update
	if u.Status != nil {
		if err := a.keepReceipt(*u.Status); err != nil {
			return err
		}
	}
	switch {
	case target != "":
		return a.refold(target, c)
	case u.Watermark != nil:
		return a.raise(c, *u.Watermark)
	}
	return a.q.FeedInsert(a.ctx, db.FeedInsertParams{
		Kind: "event." + a.verb(), ConversationID: optionalID(c.ID), EventID: optionalID(a.Row.ID),
	})
}

func (a *application) keepReceipt(s channels.Status) error {
	p := db.MessageStatusInsertParams{
		ID: a.Row.ID, ChannelAccountID: a.Row.ChannelAccount, ExternalID: key(s.Target), Status: clean(string(s.State)),
		Recipient: optional(s.Recipient), OccurredAt: optionalTime(a.Row.Event.At),
	}
	if len(s.Errors) > 0 {
		code := int32(s.Errors[0].Code)
		p.ErrorCode, p.ErrorTitle = &code, optional(s.Errors[0].Title)
	}
	return a.q.MessageStatusInsert(a.ctx, p)
}

// raise applies a watermark to a conversation and to what was sent in it.
func (a *application) raise(c inbox.Conversation, w channels.Watermark) error {
	if c.ID == [16]byte{} || !c.Mark(w) {
		return nil
	}
	if err := a.touch(c); err != nil {
		return err
	}
	state := string(w.State)
	_, err := a.q.MessageWatermark(a.ctx, db.MessageWatermarkParams{
		ConversationID: optionalID(c.ID), Until: optionalTime(w.Until), Status: &state, LowerStates: inbox.Below(w.State),
	})
	if err != nil {
		return err
	}
	return a.q.FeedInsert(a.ctx, db.FeedInsertParams{
		Kind: "conversation.updated", ConversationID: optionalID(c.ID), EventID: optionalID(a.Row.ID),
	})
}
