package store

import (
	"slices"

	"github.com/google/uuid"

	"omni/gen/db"
	"omni/internal/inbox"
)

// conversation finds the conversation of the row's thread, which is locked, or starts it. Conversations that turn out to be the same chat
// become one.
func (a *application) conversation(contact uuid.UUID) (inbox.Conversation, error) {
	if len(a.conversations) == 0 {
		return a.newConversation(contact)
	}
	c, others := principal(a.conversations)
	for _, other := range others {
		if err := a.mergeConversations(&c, other); err != nil {
			return c, err
		}
	}
	if names := a.threads(); len(a.conversations) < len(names) {
		if err := a.nameThreads(c.ID, names); err != nil {
			return c, err
		}
	}
	before := c
	c.Thread = a.currentThread(c)
	a.describe(&c, contact)
	a.openWindow(&c)
	if len(others) > 0 || c != before {
		return c, a.touch(c)(a.q)
	}
	return c, nil
}

func (a *application) newConversation(contact uuid.UUID) (inbox.Conversation, error) {
	c := inbox.NewConversation(newID(), a.Row.ChannelAccount, key(a.Row.Event.Thread))
	c.Thread = a.currentThread(c)
	a.describe(&c, contact)
	err := a.q.ConversationInsert(a.ctx, db.ConversationInsertParams{
		ID: c.ID, ChannelAccountID: c.ChannelAccount, Thread: c.Thread, Title: optional(c.Title), ContactID: optionalID(c.Contact),
		Status: string(c.Status),
	})
	if err != nil {
		return c, err
	}
	if err := a.nameThreads(c.ID, a.threads()); err != nil {
		return c, err
	}
	if a.openWindow(&c); c.WindowExpiresAt.IsZero() {
		return c, nil
	}
	return c, a.touch(c)(a.q)
}

// openWindow lets the conversation know that an event which is no message opened the reply window.
func (a *application) openWindow(c *inbox.Conversation) {
	if a.Update.Message == nil && !a.Row.Event.History {
		c.OpenWindow(a.Row.HappenedAt(), a.Window)
	}
}

// principal is the conversation that stays of those found, each of which may be there several times: the oldest in which somebody has
// written, else the oldest.
func principal(found []db.ConversationFindRow) (c inbox.Conversation, others []inbox.Conversation) {
	distinct := map[uuid.UUID]bool{}
	var all []inbox.Conversation
	for _, row := range found {
		if !distinct[row.Conversation.ID] {
			distinct[row.Conversation.ID] = true
			all = append(all, fromRow(row.Conversation))
		}
	}
	n := max(0, slices.IndexFunc(all, func(c inbox.Conversation) bool { return !c.IsSilent() }))
	return all[n], slices.Delete(slices.Clone(all), n, n+1)
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
	if err := a.q.SendMove(a.ctx, db.SendMoveParams{Winner: winner.ID, Loser: loser.ID}); err != nil {
		return err
	}
	if err := a.q.ConversationMerge(a.ctx, db.ConversationMergeParams{Winner: winner.ID, Loser: loser.ID}); err != nil {
		return err
	}
	winner.Absorb(loser)
	if loser.IsSilent() {
		return nil // nobody has heard of it
	}
	return a.tell(db.FeedInsertParams{Kind: "conversation.merged", ConversationID: from})(a.q)
}

func (a *application) touch(c inbox.Conversation) query {
	p := db.ConversationTouchParams{
		ID: c.ID, Thread: c.Thread, Title: optional(c.Title), ContactID: optionalID(c.Contact), Status: string(c.Status),
		LastMessageAt: optionalTime(c.LastMessageAt), LastInboundAt: optionalTime(c.LastInboundAt),
		WindowExpiresAt: optionalTime(c.WindowExpiresAt), UnreadCount: int32(c.Unread),
		DeliveredUntil: optionalTime(c.DeliveredUntil), ReadUntil: optionalTime(c.ReadUntil), AssigneeID: optionalID(c.Assignee),
		SnoozedUntil: optionalTime(c.SnoozedUntil), WaitingSince: optionalTime(c.WaitingSince),
	}
	return func(q *db.Queries) error { return q.ConversationTouch(a.ctx, p) }
}

func fromRow(r db.Conversation) inbox.Conversation {
	return inbox.Conversation{
		ID: r.ID, ChannelAccount: r.ChannelAccountID, Thread: r.Thread, Title: value(r.Title), Contact: r.ContactID.UUID,
		Status:        inbox.ConversationStatus(r.Status),
		LastMessageAt: timeValue(r.LastMessageAt), LastInboundAt: timeValue(r.LastInboundAt), WindowExpiresAt: timeValue(r.WindowExpiresAt),
		Unread: int(r.UnreadCount), DeliveredUntil: timeValue(r.DeliveredUntil), ReadUntil: timeValue(r.ReadUntil),
		Assignee: r.AssigneeID.UUID, SnoozedUntil: timeValue(r.SnoozedUntil), WaitingSince: timeValue(r.WaitingSince),
	}
}
