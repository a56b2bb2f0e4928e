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

// lookAfter is how long after an attempt was to be queued somebody has to look whether it was.
const lookAfter = 15 * time.Second

// render puts together everything that the present attempt at a message takes.
func (s *sending) render(row db.SendOpenRow) (inbox.Send, error) {
	send := inbox.Send{Job: sendJob(row)}
	if err := json.Unmarshal(row.Outgoing, &send.Outgoing); err != nil {
		return send, fmt.Errorf("reading the stored message %s: %w", row.MessageID, err)
	}
	to, err := s.q.SendAddress(s.ctx, row.ConversationID)
	if err != nil {
		return send, err
	}
	chat := to.Conversation
	send.Job.Queue, send.Channel, send.CredentialAccount = inbox.OutboundQueue(to.Channel), to.Channel, to.CredentialAccount
	out := &send.Outgoing
	out.Handle, out.Account, out.Thread, out.Group = row.MessageID.String(), to.Account, chat.Thread, chat.Title != nil
	if out.Group || !chat.ContactID.Valid {
		return send, nil
	}
	ids, err := s.q.SendRecipient(s.ctx, db.SendRecipientParams{ContactID: chat.ContactID.UUID, ChannelAccountID: row.ChannelAccountID})
	for _, id := range ids {
		out.To = append(out.To, channels.Identity{Kind: id.Kind, Value: id.Value})
	}
	return send, err
}

// sendJob is the job of a message that is on its way. Its group is the conversation's lane.
func sendJob(row db.SendOpenRow) inbox.Job {
	return inbox.Job{ID: row.MessageID, Account: row.ChannelAccountID, Lane: row.Lane, Attempt: int(row.Attempt)}
}

// Queued notes that a queue has an attempt: it comes back by itself from then on.
func (s *Store) Queued(ctx context.Context, send inbox.Send) error {
	return interpretError("noting that a message is queued", s.q.SendAccepted(ctx, db.SendAcceptedParams{
		MessageID: send.Job.ID, Attempt: int32(send.Job.Attempt),
	}))
}

// OverdueSends takes messages that are on their way and that nobody is known to look after, at most so many.
func (s *Store) OverdueSends(ctx context.Context, most int) ([]inbox.Overdue, error) {
	rows, err := s.q.SendOverdue(ctx, int32(most))
	if err != nil {
		return nil, interpretError("looking for overdue messages", err)
	}
	all := make([]inbox.Overdue, len(rows))
	for i, row := range rows {
		all[i] = inbox.Overdue{
			Job:         inbox.Job{ID: row.MessageID, Account: row.ChannelAccountID, Lane: row.Lane, Attempt: int(row.Attempt)},
			Unconfirmed: row.State == stateUnconfirmed, Late: time.Since(row.WasDue),
		}
	}
	return all, nil
}

// The states of a send, as the migration lists them.
const (
	stateUnconfirmed = "unconfirmed"
	stateDone        = "done"
)

// Conclude records what is known after an attempt, and what is decided about it, in one transaction with what follows: the next message of the
// conversation goes. What is known of an earlier attempt changes nothing, except that the platform took the message.
func (s *Store) Conclude(ctx context.Context, o inbox.Outcome, decide func(channel string, written time.Time) inbox.Decision) (inbox.Concluded, error) {
	var done inbox.Concluded
	told, err := s.telling(ctx, "recording what became of a message", func(tx *transaction) error {
		done = inbox.Concluded{}
		c := conclusion{sending: sending{ctx: ctx, transaction: tx}, Outcome: o, done: &done}
		return c.run(decide)
	})
	done.Told = told
	return done, err
}

// conclusion is one run of Conclude's transaction.
type conclusion struct {
	sending
	inbox.Outcome
	row  db.SendOpenRow
	to   db.SendAddressRow
	done *inbox.Concluded
}

func (c *conclusion) run(decide func(channel string, written time.Time) inbox.Decision) error {
	if err := c.open(); err != nil || c.isStale() {
		return err
	}
	decision := decide(c.to.Channel, c.row.CreatedAt)
	c.done.News = decision.Verdict
	switch decision.Verdict {
	case inbox.VerdictSent:
		return c.taken()
	case inbox.VerdictRetry:
		return c.again(decision.At)
	case inbox.VerdictRequeue:
		send, err := c.render(c.row)
		c.done.Sends = []inbox.Send{send}
		return err
	case inbox.VerdictListen:
		return c.listen(decision.At)
	case inbox.VerdictUnknown:
		return c.end(inbox.Unknown, decision)
	}
	return c.end(channels.Failed, decision)
}

// open locks what the outcome is about, in the order in which everybody does: the platform's id, under which facts about the message may be
// coming in, the conversation, the message.
func (c *conclusion) open() error {
	var locks []query
	if c.Result == inbox.ResultSent {
		name := lockKey(c.Account, c.Receipt.ID)
		locks = append(locks, func(q *db.Queries) error { return q.ReplayTargetLock(c.ctx, name) })
	}
	err := c.together(c.ctx, append(locks,
		func(q *db.Queries) error { return q.SendLineOf(c.ctx, c.Message) },
		func(q *db.Queries) (err error) { c.row, err = q.SendOpen(c.ctx, c.Message); return err })...)
	if err != nil {
		return notFound(err)
	}
	if c.to, err = c.q.SendAddress(c.ctx, c.row.ConversationID); err != nil {
		return err
	}
	c.done.Channel, c.done.Job = c.to.Channel, sendJob(c.row)
	return nil
}

// isStale reports whether the outcome tells nothing that counts any more.
func (c *conclusion) isStale() bool {
	switch {
	case c.Result == inbox.ResultSent:
		return isTaken(c.row)
	case c.row.State == stateDone || c.Attempt != int(c.row.Attempt):
		return true
	case c.Result == inbox.ResultSilent:
		return c.row.State != stateUnconfirmed
	}
	return c.row.State == stateUnconfirmed && (c.Result == inbox.ResultUnknown || c.Result == inbox.ResultOverdue)
}

// isTaken reports whether it is known already that the platform took a message.
func isTaken(row db.SendOpenRow) bool {
	status := channels.DeliveryState(value(row.Status))
	return row.ExternalID != nil || status != channels.Failed && inbox.Forward(status, channels.Sent) == status
}

// again makes another attempt, at a time.
func (c *conclusion) again(at time.Time) error {
	attempt, err := c.q.SendAgain(c.ctx, db.SendAgainParams{MessageID: c.Message, DueAt: at.Add(lookAfter)})
	if err != nil {
		return err
	}
	c.row.Attempt = attempt
	send, err := c.render(c.row)
	if err != nil {
		return err
	}
	send.NotBefore = at
	c.done.Sends = []inbox.Send{send}
	return c.show(inbox.Queued, inbox.Decision{})
}

// listen waits for the platform's word.
func (c *conclusion) listen(until time.Time) error {
	c.done.Listen = until
	if err := c.q.SendListen(c.ctx, db.SendListenParams{MessageID: c.Message, DueAt: until.Add(lookAfter)}); err != nil {
		return err
	}
	return c.show(inbox.Unknown, inbox.Decision{})
}

// end ends the way of a message that was not, or may not have been, delivered, and of the parts that were to follow it.
func (c *conclusion) end(state channels.DeliveryState, d inbox.Decision) error {
	if err := c.show(state, d); err != nil {
		return err
	}
	if state == channels.Failed {
		rest, err := c.q.SendFailRest(c.ctx, db.SendFailRestParams{
			IdempotencyKey: c.row.IdempotencyKey, Part: c.row.Part, ErrorCode: optional("earlier_part"),
			ErrorReason: optional("An earlier part of this message could not be delivered."),
		})
		if err != nil {
			return err
		}
		for _, message := range rest {
			if err := c.tellOf(message, "message.updated"); err != nil {
				return err
			}
		}
	}
	return c.next()
}

// show writes how far the message got, if that is news.
func (c *conclusion) show(state channels.DeliveryState, d inbox.Decision) error {
	if value(c.row.Status) == string(state) && d.Code == "" {
		return nil
	}
	status := string(state)
	err := c.q.SendResult(c.ctx, db.SendResultParams{ID: c.Message, Status: &status, ErrorCode: optional(d.Code), ErrorReason: optional(d.Reason)})
	if err != nil {
		return err
	}
	return c.tellOf(c.Message, "message.updated")
}

func (c *conclusion) tellOf(message uuid.UUID, kind string) error {
	return c.q.FeedInsert(c.ctx, db.FeedInsertParams{Kind: kind, ConversationID: optionalID(c.row.ConversationID), MessageID: optionalID(message)})
}

// next ends the way of the message and lets the next one of the conversation go.
func (c *conclusion) next() error {
	if c.row.State == stateDone {
		return nil
	}
	err := c.q.SendDone(c.ctx, c.Message)
	if err != nil {
		return err
	}
	c.done.Sends, err = c.release(c.row.ConversationID)
	return err
}
