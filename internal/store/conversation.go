package store

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"omni/channels"
	"omni/gen/db"
	"omni/internal/inbox"
)

// conversation finds the conversation of the row's thread, or starts it, and locks it. Conversations that turn out to be the same chat
// become one.
func (a *application) conversation(contact uuid.UUID) (c inbox.Conversation, isNew bool, err error) {
	c, err = a.knownConversation(contact)
	if err != nil || c.ID != uuid.Nil {
		return c, false, err
	}
	if err := a.lockThreads(); err != nil {
		return c, false, err
	}
	c = inbox.NewConversation(newID(), a.Row.ChannelAccount, key(a.Row.Event.Thread), a.Row.Event.History || a.replayed)
	a.describe(&c, contact)
	err = a.q.ConversationInsert(a.ctx, db.ConversationInsertParams{
		ID: c.ID, ChannelAccountID: c.ChannelAccount, Thread: c.Thread, Title: optional(c.Title), ContactID: optionalID(c.Contact),
		Status: string(c.Status),
	})
	if err != nil {
		return c, false, err
	}
	if err := a.nameThreads(c.ID, a.threads()); err != nil {
		return c, false, err
	}
	return c, true, a.adopt(&c)
}

// lockThreads makes the start of a conversation and events of its threads take turns, so that each sees the other or is adopted.
func (a *application) lockThreads() error {
	for _, thread := range slices.Sorted(slices.Values(a.threads())) { // in a fixed order, so that two cannot deadlock
		if err := a.q.MessageEventLockThread(a.ctx, a.threadLock(thread)); err != nil {
			return err
		}
	}
	return nil
}

// adopt gives a new conversation what came before it: its events, and how far they say that our messages got.
func (a *application) adopt(c *inbox.Conversation) error {
	before := *c
	events, err := a.q.MessageEventAdopt(a.ctx, db.MessageEventAdoptParams{
		ConversationID: optionalID(c.ID), ChannelAccountID: c.ChannelAccount, Threads: a.threads(),
	})
	if err != nil {
		return err
	}
	for _, event := range events {
		var u channels.Update
		if err := json.Unmarshal(event.Content, &u); err != nil {
			return fmt.Errorf("reading a stored event of kind %s: %w", event.Kind, err)
		}
		if u.Watermark != nil {
			c.Mark(*u.Watermark)
		}
	}
	if *c == before {
		return nil
	}
	return a.touch(*c)
}

// knownConversation is conversation for rows that do not start one: its ID is nil when there is none.
func (a *application) knownConversation(contact uuid.UUID) (inbox.Conversation, error) {
	if a.Row.Event.Thread == "" {
		return inbox.Conversation{}, nil
	}
	threads := a.threads()
	found, err := a.q.ConversationFind(a.ctx, db.ConversationFindParams{ChannelAccountID: a.Row.ChannelAccount, Threads: threads})
	if err != nil || len(found) == 0 {
		return inbox.Conversation{}, err
	}
	c := fromRow(found[0].Conversation) // the oldest
	changed := false
	for _, other := range found[1:] {
		if other.Conversation.ID != c.ID {
			if err := a.mergeConversations(&c, fromRow(other.Conversation)); err != nil {
				return c, err
			}
			changed = true
		}
	}
	if len(found) < len(threads) {
		if err := a.nameThreads(c.ID, threads); err != nil {
			return c, err
		}
	}
	before := c
	c.Thread = a.currentThread(c)
	a.describe(&c, contact)
	if changed || c != before {
		return c, a.touch(c)
	}
	return c, nil
}

// describe writes into a conversation who it is with: the group's title, or the one person.
func (a *application) describe(c *inbox.Conversation, contact uuid.UUID) {
	switch group := a.Update.Group; {
	case group != nil && clean(group.Title) != "" && !(a.replayed && c.Title != ""):
		c.Title = clean(group.Title)
	case group == nil && c.Title == "" && c.Contact == uuid.Nil:
		c.Contact = contact
	}
}

// threads lists every name that the row gives to its chat, each once.
func (a *application) threads() []string {
	names := []string{key(a.Row.Event.Thread)}
	add := func(name string) {
		if name = key(name); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, alias := range a.Update.Aliases {
		add(alias)
	}
	if a.Update.System != nil {
		add(a.Update.System.Moved)
	}
	return names
}

// currentThread is the name to call the chat by from now on.
func (a *application) currentThread(c inbox.Conversation) string {
	switch {
	case a.replayed && !a.Row.Event.At.After(c.LastMessageAt):
		return c.Thread // the latest message says better
	case a.Update.System != nil && a.Update.System.Moved != "":
		return key(a.Update.System.Moved)
	case a.Update.Message != nil:
		return key(a.Row.Event.Thread)
	}
	return c.Thread
}

// nameThreads records the names of a conversation. A name that another transaction gave away meanwhile starts ours again.
func (a *application) nameThreads(conversation uuid.UUID, threads []string) error {
	owners, err := a.q.ConversationThreadAdd(a.ctx, db.ConversationThreadAddParams{
		ChannelAccountID: a.Row.ChannelAccount, ConversationID: conversation, Threads: threads,
	})
	if err != nil {
		return err
	}
	if slices.ContainsFunc(owners, func(owner uuid.UUID) bool { return owner != conversation }) {
		return errRace
	}
	return nil
}

// mergeConversations makes one of two. What points to the loser points to the winner afterwards; the loser's row stays as a signpost.
func (a *application) mergeConversations(winner *inbox.Conversation, loser inbox.Conversation) error {
	to, from := optionalID(winner.ID), optionalID(loser.ID)
	if err := a.q.ConversationThreadMove(a.ctx, db.ConversationThreadMoveParams{Winner: winner.ID, Loser: loser.ID}); err != nil {
		return err
	}
	if err := a.q.MessageMove(a.ctx, db.MessageMoveParams{Winner: to, Loser: from}); err != nil {
		return err
	}
	if err := a.q.MessageEventMove(a.ctx, db.MessageEventMoveParams{Winner: to, Loser: from}); err != nil {
		return err
	}
	if err := a.q.ConversationMerge(a.ctx, db.ConversationMergeParams{Winner: to, Loser: loser.ID}); err != nil {
		return err
	}
	winner.Absorb(loser)
	return a.q.FeedInsert(a.ctx, db.FeedInsertParams{Kind: "conversation.merged", ConversationID: from})
}

func (a *application) touch(c inbox.Conversation) error {
	return a.q.ConversationTouch(a.ctx, db.ConversationTouchParams{
		ID: c.ID, Thread: c.Thread, Title: optional(c.Title), ContactID: optionalID(c.Contact), Status: string(c.Status),
		LastMessageAt: optionalTime(c.LastMessageAt), LastInboundAt: optionalTime(c.LastInboundAt),
		WindowExpiresAt: optionalTime(c.WindowExpiresAt), UnreadCount: int32(c.Unread),
		DeliveredUntil: optionalTime(c.DeliveredUntil), ReadUntil: optionalTime(c.ReadUntil),
	})
}

func fromRow(r db.Conversation) inbox.Conversation {
	return inbox.Conversation{
		ID: r.ID, ChannelAccount: r.ChannelAccountID, Thread: r.Thread, Title: value(r.Title), Contact: r.ContactID.UUID,
		Status:        inbox.ConversationStatus(r.Status),
		LastMessageAt: timeValue(r.LastMessageAt), LastInboundAt: timeValue(r.LastInboundAt), WindowExpiresAt: timeValue(r.WindowExpiresAt),
		Unread: int(r.UnreadCount), DeliveredUntil: timeValue(r.DeliveredUntil), ReadUntil: timeValue(r.ReadUntil),
	}
}
