package store

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"omni/channels"
	"omni/gen/db"
	"omni/internal/inbox"
)

// taken records that the platform took the message. What it showed us of it already becomes part of it: facts about it, and its echo.
func (c *conclusion) taken() error {
	var out channels.Outgoing
	if err := json.Unmarshal(c.row.Outgoing, &out); err != nil {
		return fmt.Errorf("reading the stored message %s: %w", c.Message, err)
	}
	if out.Reaction != nil {
		return c.react(*out.Reaction)
	}
	identified, err := c.identify()
	if err != nil {
		return err
	}
	return c.next(append(c.nameThreads(), identified, c.tell())...)
}

// application is the work on a row of the message's account, of which the conclusion uses what concerns facts.
func (c *conclusion) application(event uuid.UUID) *application {
	row := inbox.Row{ID: event, ChannelAccount: c.row.ChannelAccountID}
	return &application{ctx: c.ctx, transaction: c.transaction, Change: inbox.Change{Row: row}, chat: fromRow(c.row.Conversation)}
}

// identify gives the message the platform's id, with everything that was told under it. Its echo, processed or not, becomes one with it.
func (c *conclusion) identify() (query, error) {
	a := c.application(uuid.Nil)
	echo := db.SendEchoMergeParams{
		ChannelAccountID: c.row.ChannelAccountID, ExternalID: optional(inbox.Key(c.Receipt.ID)), Own: optionalID(c.Message),
	}
	err := c.together(c.ctx, func(q *db.Queries) error { return q.SendEchoMerge(c.ctx, echo) }, a.askFacts(c.Receipt.ID))
	if err != nil {
		return nil, err
	}
	var m channels.Message
	if err := json.Unmarshal(c.row.Content, &m); err != nil {
		return nil, fmt.Errorf("reading the stored message %s: %w", c.Message, err)
	}
	folded, err := a.fold(m, a.chat.Reached(c.At))
	if err != nil {
		return nil, err
	}
	columns, err := foldColumns(folded)
	if err != nil {
		return nil, err
	}
	p := db.SendTakenParams{
		ID: c.Message, ExternalID: optional(inbox.Key(c.Receipt.ID)), OccurredAt: optionalTime(c.At), Status: columns.Status, Text: columns.Text,
		Edited: columns.Edited, Reactions: columns.Reactions, EditedAt: columns.EditedAt, DeletedAt: columns.DeletedAt,
		ErrorCode: columns.ErrorCode, ErrorReason: columns.ErrorReason,
	}
	return func(q *db.Queries) error { return q.SendTaken(c.ctx, p) }, nil
}

// nameThreads records the names by which the platform calls the chat. One that is another conversation's stays that: the customer's next message
// shows whether they are the same.
func (c *conclusion) nameThreads() []query {
	p := db.ConversationThreadAddParams{ChannelAccountID: c.row.ChannelAccountID, ConversationID: c.row.Conversation.ID}
	for _, name := range append([]string{c.Receipt.Thread}, c.Receipt.Aliases...) {
		if name = key(name); name != "" {
			p.Threads = append(p.Threads, name)
		}
	}
	if len(p.Threads) == 0 {
		return nil
	}
	return []query{func(q *db.Queries) error { _, err := q.ConversationThreadAdd(c.ctx, p); return err }}
}

// react writes a reaction that the platform took as a fact about the message that it is about.
func (c *conclusion) react(r channels.SentReaction) error {
	fact := channels.Reaction{Target: r.Target, Actor: c.row.Account}
	if r.Emoji != "" {
		fact.Emojis = []string{r.Emoji}
	}
	content, err := document(channels.Update{Reaction: &fact})
	if err != nil {
		return err
	}
	a := c.application(newID())
	p := db.SendReactionInsertParams{
		ID: a.Row.ID, ChannelAccountID: c.row.ChannelAccountID, Thread: c.row.Thread, Lane: c.row.Lane, Key: "omni/" + c.Message.String(),
		Target: optional(inbox.Key(r.Target)), Content: content, ConversationID: optionalID(c.row.Conversation.ID), OccurredAt: optionalTime(c.At),
	}
	err = c.together(c.ctx, c.lock(r.Target), func(q *db.Queries) error { return q.SendReactionInsert(c.ctx, p) }, a.askMessage(r.Target), a.askFacts(r.Target))
	if err != nil {
		return err
	}
	if err := a.refold(); err != nil {
		return err
	}
	return c.next(c.show(channels.Sent, inbox.Decision{})...)
}

// adopt makes the row's subject a message of ours, if the platform shows our handle with it and its id is not known yet. It reports whether
// it did.
func (a *application) adopt(handle, externalID string) (bool, error) {
	id, err := uuid.Parse(handle)
	if err != nil {
		return false, nil //nolint:nilerr // whoever sent it has handles of another kind
	}
	row, err := a.q.SendByHandle(a.ctx, db.SendByHandleParams{Handle: id, ChannelAccountID: a.Row.ChannelAccount})
	if errors.Is(err, pgx.ErrNoRows) || err == nil && row.ExternalID != nil {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	done := inbox.Concluded{}
	c := conclusion{sending: sending{ctx: a.ctx, transaction: a.transaction}, within: true, done: &done, Outcome: inbox.Outcome{
		Message: id, Account: a.Row.ChannelAccount, Result: inbox.ResultSent, At: a.Row.HappenedAt(), Receipt: channels.Receipt{ID: externalID},
	}}
	err = c.run(func(inbox.Attempted) inbox.Decision { return inbox.Decision{Verdict: inbox.VerdictSent} })
	a.sends = append(a.sends, done.Sends...)
	return true, err
}
