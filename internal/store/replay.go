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

// Readable notes that a logged webhook which could not be read can be read now.
func (s *Store) Readable(ctx context.Context, webhook uuid.UUID, events int) error {
	return interpretError("noting that a webhook can be read", s.q.ReplayWebhookReadable(ctx, db.ReplayWebhookReadableParams{
		ID: webhook, Events: int32(events),
	}))
}

// Replay writes what today's code makes of an event of a logged webhook over what is stored of it, in one transaction: a row that is missing
// is added, one that is there is processed anew. The feed tells clients to look again; nobody is notified, no conversation is opened
// again, and what is known from later events stays. The correction's event is as [Store.Kept] gave it. Replay reports whether it wrote: a row
// that waits to be processed is left alone.
func (s *Store) Replay(ctx context.Context, c inbox.Correction) (written bool, err error) {
	err = s.inTransaction(ctx, "replaying an event", func(tx *transaction) error {
		a := &application{ctx: ctx, transaction: tx, Change: c.Change, replayed: true}
		var err error
		if a.Row.Event.Kind == channels.KindMessage {
			written, err = a.replayMessage(c)
		} else {
			written, err = a.replayEvent(c)
		}
		return err
	})
	return written, err
}

func (a *application) replayMessage(c inbox.Correction) (bool, error) {
	if a.Row.ID == uuid.Nil {
		return a.replayNew(c, a.message)
	}
	e := a.Row.Event
	_, lane := inbox.Lane(e)
	n, err := a.q.ReplayMessageReopen(a.ctx, db.ReplayMessageReopenParams{
		ID: a.Row.ID, LockKey: a.lockKey(e.ID), Raw: e.Raw, Thread: e.Thread, Lane: clean(lane), History: e.History, OccurredAt: optionalTime(e.At),
	})
	if err != nil || n == 0 {
		return false, err
	}
	err = a.message()
	return !a.erased, err
}

func (a *application) replayEvent(c inbox.Correction) (bool, error) {
	if a.Row.ID == uuid.Nil {
		return a.replayNew(c, a.event)
	}
	e, target := a.Row.Event, a.Update.Target()
	_, lane := inbox.Lane(e)
	earlier, err := a.q.ReplayEventReopen(a.ctx, db.ReplayEventReopenParams{
		ID: a.Row.ID, LockKey: a.lockKey(target), Raw: e.Raw, Thread: e.Thread, Lane: clean(lane), History: e.History, OccurredAt: optionalTime(e.At),
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := a.event(); err != nil {
		return false, err
	}
	return true, a.refoldEarlier(value(earlier), key(target))
}

// refoldEarlier folds anew the message that an event was about until now.
func (a *application) refoldEarlier(earlier, target string) error {
	if earlier == "" || earlier == target {
		return nil
	}
	err := a.together(a.ctx, func(q *db.Queries) error { return q.MessageTargetLock(a.ctx, a.lockKey(earlier)) }, a.askMessage(earlier), a.askFacts(earlier))
	if err != nil {
		return err
	}
	return a.refold()
}

// replayNew adds a row and processes it, unless it is there already.
func (a *application) replayNew(c inbox.Correction, process func() error) (bool, error) {
	a.Row.ID = newID()
	n, err := a.insert(c.Webhook)
	if err != nil || n == 0 {
		return false, err
	}
	if c.Dead != "" {
		return true, bury(a.ctx, a.q, a.Row, c.Dead)
	}
	err = process()
	return !a.erased, err
}

func (a *application) insert(webhook uuid.UUID) (int64, error) {
	e := a.Row.Event
	err := a.q.ReplayAccountInsert(a.ctx, db.ReplayAccountInsertParams{
		ID: a.Row.ChannelAccount, Channel: a.Row.Channel, ExternalID: e.Account, CredentialAccount: clean(a.Row.CredentialAccount),
	})
	if err != nil {
		return 0, err
	}
	_, lane := inbox.Lane(e)
	p := db.ReplayEventInsertParams{
		ID: a.Row.ID, ChannelAccountID: a.Row.ChannelAccount, Thread: e.Thread, Lane: clean(lane), Kind: string(e.Kind), Key: e.ID,
		History: e.History, Raw: e.Raw, WebhookLogID: optionalID(webhook), OccurredAt: optionalTime(e.At), ReceivedAt: a.Row.ReceivedAt,
	}
	if e.Kind != channels.KindMessage {
		return a.q.ReplayEventInsert(a.ctx, p)
	}
	return a.q.ReplayMessageInsert(a.ctx, db.ReplayMessageInsertParams{
		ID: p.ID, ChannelAccountID: p.ChannelAccountID, Thread: p.Thread, Lane: p.Lane, Key: &p.Key,
		History: p.History, Raw: p.Raw, WebhookLogID: p.WebhookLogID, OccurredAt: p.OccurredAt, ReceivedAt: p.ReceivedAt,
	})
}
