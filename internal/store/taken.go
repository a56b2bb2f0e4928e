package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

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
		return errors.Join(c.react(*out.Reaction), c.show(channels.Sent, inbox.Decision{}), c.next())
	}
	if err := c.mergeEcho(); err != nil {
		return err
	}
	if err := c.identify(); err != nil {
		return err
	}
	if err := c.nameThreads(); err != nil {
		return err
	}
	if err := c.tellOf(c.Message, "message.updated"); err != nil {
		return err
	}
	return c.next()
}

// application is the work on a row of the message's account, of which the conclusion uses what concerns facts.
func (c *conclusion) application(event uuid.UUID) *application {
	row := inbox.Row{ID: event, ChannelAccount: c.row.ChannelAccountID}
	return &application{ctx: c.ctx, transaction: c.transaction, Change: inbox.Change{Row: row}, chat: fromRow(c.to.Conversation)}
}

// mergeEcho makes one message of this and its echo, whether that was processed or not.
func (c *conclusion) mergeEcho() error {
	echoes, err := c.q.SendEchoMerge(c.ctx, db.SendEchoMergeParams{
		ChannelAccountID: c.row.ChannelAccountID, ExternalID: optional(inbox.Key(c.Receipt.ID)), Own: optionalID(c.Message),
	})
	if err != nil {
		return err
	}
	for _, echo := range echoes {
		if echo.ConversationID.Valid { // clients have heard of it
			if err := c.tellOf(echo.ID, "message.merged"); err != nil {
				return err
			}
		}
	}
	return nil
}

// identify gives the message the platform's id, with everything that was told under it.
func (c *conclusion) identify() error {
	a := c.application(uuid.Nil)
	if err := c.together(c.ctx, a.askFacts(c.Receipt.ID)); err != nil {
		return err
	}
	var m channels.Message
	if err := json.Unmarshal(c.row.Content, &m); err != nil {
		return fmt.Errorf("reading the stored message %s: %w", c.Message, err)
	}
	folded, err := a.fold(m, a.chat.Reached(c.At))
	if err != nil {
		return err
	}
	columns, err := foldColumns(folded)
	if err != nil {
		return err
	}
	return c.q.SendTaken(c.ctx, db.SendTakenParams{
		ID: c.Message, ExternalID: optional(inbox.Key(c.Receipt.ID)), OccurredAt: optionalTime(c.At), Status: columns.Status, Text: columns.Text,
		Edited: columns.Edited, Reactions: columns.Reactions, EditedAt: columns.EditedAt, DeletedAt: columns.DeletedAt,
	})
}

// nameThreads records the names by which the platform calls the chat. One that is another conversation's stays that: the customer's next message
// shows whether they are the same.
func (c *conclusion) nameThreads() error {
	var names []string
	for _, name := range append([]string{c.Receipt.Thread}, c.Receipt.Aliases...) {
		if name = key(name); name != "" {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	_, err := c.q.ConversationThreadAdd(c.ctx, db.ConversationThreadAddParams{
		ChannelAccountID: c.row.ChannelAccountID, ConversationID: c.row.ConversationID, Threads: names,
	})
	return err
}

// react writes a reaction that the platform took as a fact about the message that it is about.
func (c *conclusion) react(r channels.SentReaction) error {
	fact := channels.Reaction{Target: r.Target, Actor: c.to.Account}
	if r.Emoji != "" {
		fact.Emojis = []string{r.Emoji}
	}
	content, err := document(channels.Update{Reaction: &fact})
	if err != nil {
		return err
	}
	a := c.application(newID())
	err = c.q.SendReactionInsert(c.ctx, db.SendReactionInsertParams{
		ID: a.Row.ID, ChannelAccountID: c.row.ChannelAccountID, Thread: c.row.Thread, Lane: c.row.Lane, Key: "omni/" + c.Message.String(),
		Target: optional(inbox.Key(r.Target)), Content: content, ConversationID: optionalID(c.row.ConversationID), OccurredAt: optionalTime(c.At),
	})
	if err != nil {
		return err
	}
	if err := c.together(c.ctx, a.askMessage(r.Target), a.askFacts(r.Target)); err != nil {
		return err
	}
	return a.refold()
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
	c := conclusion{sending: sending{a.ctx, a.transaction}, done: &done, Outcome: inbox.Outcome{
		Message: id, Account: a.Row.ChannelAccount, Result: inbox.ResultSent, At: a.Row.HappenedAt(), Receipt: channels.Receipt{ID: externalID},
	}}
	err = c.run(func(string, time.Time) inbox.Decision { return inbox.Decision{Verdict: inbox.VerdictSent} })
	a.sends = append(a.sends, done.Sends...)
	return true, err
}
