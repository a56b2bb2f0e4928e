package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/gen/db"
	"omni/internal/inbox"
)

// lookAfter is how long after an attempt was to be queued somebody has to look whether it was.
const lookAfter = 15 * time.Second

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
func (s *Store) Conclude(ctx context.Context, o inbox.Outcome, decide func(inbox.Attempted) inbox.Decision) (inbox.Concluded, error) {
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
	row    db.SendOpenRow
	done   *inbox.Concluded
	within bool // a larger transaction, which goes on afterwards
}

func (c *conclusion) run(decide func(inbox.Attempted) inbox.Decision) error {
	if err := c.open(); err != nil || c.isStale() {
		return err
	}
	decision := decide(inbox.Attempted{
		Channel: c.row.Channel, Age: seconds(c.row.AgeSeconds), Listened: seconds(c.row.ListeningSeconds), Doubtful: c.row.Doubtful,
		Repeatable: value(c.row.Type) == string(inbox.TypeReaction),
	})
	c.done.News = decision.Verdict
	switch decision.Verdict {
	case inbox.VerdictSent:
		return c.taken()
	case inbox.VerdictRetry:
		return c.again(decision.At)
	case inbox.VerdictRequeue:
		return c.finish(c.Message, time.Time{}, c.askUnderWay(c.row.Conversation.ID))
	case inbox.VerdictListen:
		return c.listen(decision.At)
	case inbox.VerdictUnknown:
		return c.end(inbox.Unknown, decision)
	}
	return c.end(channels.Failed, decision)
}

func seconds(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }

// open locks what the outcome is about, in the order in which everybody does: the platform's id, under which facts about the message may be
// coming in, the conversation, the message.
func (c *conclusion) open() error {
	var locks []query
	if c.Result == inbox.ResultSent {
		locks = append(locks, c.lock(c.Receipt.ID))
	}
	err := c.together(c.ctx, append(locks,
		func(q *db.Queries) error { return q.SendLineOf(c.ctx, c.Message) },
		func(q *db.Queries) (err error) { c.row, err = q.SendOpen(c.ctx, c.Message); return err })...)
	if err != nil {
		return notFound(err)
	}
	c.done.Channel = c.row.Channel
	c.done.Job = inbox.Job{ID: c.Message, Account: c.row.ChannelAccountID, Lane: c.row.Lane, Attempt: int(c.row.Attempt)}
	return nil
}

// lock takes the lock under which facts about a message are folded.
func (c *conclusion) lock(externalID string) query {
	name := lockKey(c.Account, externalID)
	return func(q *db.Queries) error { return q.MessageTargetLock(c.ctx, name) }
}

// finish makes the last queries, one of which asks for what is under way, and takes from the answer the attempt that is to be queued.
func (c *conclusion) finish(message uuid.UUID, notBefore time.Time, queries ...query) (err error) {
	if err := c.last(queries...); err != nil {
		return err
	}
	c.done.Sends, err = c.attempts(message, notBefore)
	return err
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
	p := db.SendAgainParams{MessageID: c.Message, DueAt: at.Add(lookAfter), Doubtful: c.MayHaveDelivered()}
	queries := append(c.show(inbox.Queued, inbox.Decision{}), func(q *db.Queries) error { return q.SendAgain(c.ctx, p) })
	return c.finish(c.Message, at, append(queries, c.askUnderWay(c.row.Conversation.ID))...)
}

// listen waits for the platform's word.
func (c *conclusion) listen(until time.Time) error {
	c.done.Listen = until
	p := db.SendListenParams{MessageID: c.Message, DueAt: until.Add(lookAfter)}
	return c.last(append(c.show(inbox.Unknown, inbox.Decision{}), func(q *db.Queries) error { return q.SendListen(c.ctx, p) })...)
}

// end ends the way of a message that was not, or may not have been, delivered, and of the parts that were to follow it.
func (c *conclusion) end(state channels.DeliveryState, d inbox.Decision) error {
	queries := c.show(state, d)
	if state == channels.Failed {
		p := db.SendFailRestParams{
			IdempotencyKey: c.row.IdempotencyKey, Part: c.row.Part, ErrorCode: optional("earlier_part"),
			ErrorReason: optional("An earlier part of this message could not be delivered."),
		}
		queries = append(queries, func(q *db.Queries) error { return q.SendFailRest(c.ctx, p) })
	}
	return c.next(queries...)
}

// show writes how far the message got, if that is news.
func (c *conclusion) show(state channels.DeliveryState, d inbox.Decision) []query {
	if value(c.row.Status) == string(state) && d.Code == "" {
		return nil
	}
	status := string(state)
	p := db.SendResultParams{ID: c.Message, Status: &status, ErrorCode: optional(d.Code), ErrorReason: optional(d.Reason)}
	return []query{func(q *db.Queries) error { return q.SendResult(c.ctx, p) }, c.tell()}
}

// tell tells clients to look at the message again.
func (c *conclusion) tell() query {
	p := db.FeedInsertParams{Kind: "message.updated", ConversationID: optionalID(c.row.Conversation.ID), MessageID: optionalID(c.Message)}
	return func(q *db.Queries) error { return q.FeedInsert(c.ctx, p) }
}

// next makes queries, ends the way of the message and lets the next one of the conversation go.
func (c *conclusion) next(queries ...query) error {
	if c.row.State == stateDone {
		return c.last(queries...)
	}
	queries = append(queries, func(q *db.Queries) error { return q.SendDone(c.ctx, c.Message) })
	if err := c.last(append(queries, c.release(c.row.Conversation.ID)...)...); err != nil {
		return err
	}
	var err error
	c.done.Sends, err = c.released()
	return err
}

// last makes the last queries of the conclusion.
func (c *conclusion) last(queries ...query) error {
	if c.within {
		return c.together(c.ctx, queries...)
	}
	return c.conclude(c.ctx, queries...)
}
