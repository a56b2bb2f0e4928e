package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"omni/gen/db"
	"omni/internal/inbox"
)

// How many deliveries of one subscription are under way at once: few enough that an endpoint which hangs keeps most of the deliverer's instances
// (terraform's concurrency.deliverer) free for others. One that is known to fail gets less.
const (
	mostUnderWay     = 5
	mostWhileFailing = 1
)

const (
	// deliveryOverdue is how long after an attempt was let go somebody has to look whether anything was heard of it.
	deliveryOverdue = 2 * time.Minute
	// deliverySlack lets a delivery go that is due so soon, since clocks differ.
	deliverySlack = 2 * time.Second
)

// Release lets deliveries of a subscription go that are due and have their turn, and returns them. What is not queued then is overdue in two minutes.
func (s *Store) Release(ctx context.Context, subscription uuid.UUID) ([]inbox.Released, error) {
	var released []inbox.Released
	err := s.inTransaction(ctx, "letting deliveries go", func(tx *transaction) error {
		var rows []db.DeliveryReleaseRow
		err := tx.conclude(ctx,
			func(q *db.Queries) error { _, err := q.SubscriptionLock(ctx, subscription); return unlessNone(err) },
			releaseQuery(ctx, subscription, &rows))
		if err != nil {
			return err
		}
		released, err = releasedOf(rows)
		return err
	})
	return released, err
}

// releaseQuery runs under the subscription's lock, which an earlier statement took: it has to see what was released before.
func releaseQuery(ctx context.Context, subscription uuid.UUID, rows *[]db.DeliveryReleaseRow) query {
	now := time.Now()
	p := db.DeliveryReleaseParams{
		SubscriptionID: subscription, MostUnderWay: mostUnderWay, MostWhileFailing: mostWhileFailing,
		DueBefore: now.Add(deliverySlack), OverdueAt: now.Add(deliveryOverdue),
	}
	return func(q *db.Queries) (err error) {
		*rows, err = q.DeliveryRelease(ctx, p)
		return err
	}
}

func releasedOf(rows []db.DeliveryReleaseRow) ([]inbox.Released, error) {
	released := make([]inbox.Released, len(rows))
	for i, row := range rows {
		event, err := eventOf(row.EventID, row.Type, row.Sequence, row.CreatedAt, row.Data)
		if err != nil {
			return nil, err
		}
		released[i] = inbox.Released{
			Delivery: inbox.Delivery{ID: row.ID, Subscription: row.SubscriptionID, Attempt: int(row.Attempt), Event: event},
			To: inbox.Subscription{
				ID: row.SubscriptionID, URL: row.Url, Secret: row.Secret, OldSecret: value(row.OldSecret), OldUntil: timeValue(row.OldUntil),
			},
		}
	}
	return released, nil
}

func eventOf(id uuid.UUID, eventType string, sequence int64, at time.Time, data []byte) (inbox.Event, error) {
	event := inbox.Event{ID: id, Type: inbox.EventType(eventType), Timestamp: at.UTC(), Sequence: sequence}
	if err := json.Unmarshal(data, &event.Data); err != nil {
		return event, fmt.Errorf("reading the stored event %s: %w", id, err)
	}
	if fact := event.Data.Event; fact != nil && fact.Content != nil {
		fact.Content.Window = 0 // how we count windows is nobody's business: the conversation says until when
	}
	return event, nil
}

// ConcludeDelivery records what came of an attempt and what is decided about it, and lets the next deliveries of the subscription go. What is heard
// of an earlier attempt changes nothing, except that the endpoint took the event.
func (s *Store) ConcludeDelivery(
	ctx context.Context, r inbox.Reply, decide func(s inbox.Subscription, failures int) inbox.DeliveryDecision,
) (inbox.DeliveryConcluded, error) {
	var done inbox.DeliveryConcluded
	told, err := s.telling(ctx, "recording what came of a delivery", func(tx *transaction) error {
		done = inbox.DeliveryConcluded{}
		reply := reply{ctx: ctx, transaction: tx, Reply: r, done: &done}
		return reply.run(decide)
	})
	done.Told = told
	return done, err
}

// reply is one run of ConcludeDelivery's transaction.
type reply struct {
	ctx context.Context
	*transaction
	inbox.Reply
	row  db.DeliveryOpenRow
	done *inbox.DeliveryConcluded
}

// run records the reply under the subscription's lock.
func (r *reply) run(decide func(s inbox.Subscription, failures int) inbox.DeliveryDecision) error {
	subscription, found, err := r.open()
	if err != nil || !found {
		return err
	}
	queries := r.keep()
	if !r.isOld() {
		to := subscriptionOf(subscription)
		r.done.News, r.done.DeliveryDecision = true, decide(to, int(r.row.Failures))
		queries = append(queries, r.settle(to)...)
	}
	var rows []db.DeliveryReleaseRow
	if err := r.conclude(r.ctx, append(queries, releaseQuery(r.ctx, r.Subscription, &rows))...); err != nil {
		return err
	}
	r.done.Released, err = releasedOf(rows)
	return err
}

// open locks the subscription, then the delivery. Neither is found if whoever was to be told has been forgotten.
func (r *reply) open() (subscription db.Subscription, found bool, err error) {
	err = r.together(r.ctx,
		func(q *db.Queries) (err error) {
			subscription, err = q.SubscriptionLock(r.ctx, r.Subscription)
			return unlessNone(err)
		},
		func(q *db.Queries) (err error) {
			r.row, err = q.DeliveryOpen(r.ctx, r.Delivery)
			return unlessNone(err)
		})
	return subscription, subscription.ID != uuid.Nil && r.row.ID != uuid.Nil, err
}

// isOld reports whether the reply tells nothing that counts any more.
func (r *reply) isOld() bool {
	current := r.Attempt == int(r.row.Attempt) && r.row.State == string(inbox.DeliveryUnderWay)
	if r.Error == "" && !r.Reply.Stale {
		return r.row.State == string(inbox.DeliveryDelivered)
	}
	return !current
}

// keep writes the attempt down, if it was made.
func (r *reply) keep() []query {
	if r.Reply.Stale {
		return nil
	}
	p := db.DeliveryAttemptInsertParams{
		DeliveryID: r.Delivery, Attempt: int32(r.Attempt), StartedAt: r.At, TookMs: int32(r.Took.Milliseconds()), Status: optionalInt(r.Status),
		Error: optional(r.Error), Response: clean(r.Response),
	}
	return []query{func(q *db.Queries) error { return q.DeliveryAttemptInsert(r.ctx, p) }}
}

// settle writes what was decided.
func (r *reply) settle(to inbox.Subscription) []query {
	p := db.DeliveryConcludeParams{
		ID: r.Delivery, State: string(r.done.State), Failures: r.row.Failures, DueAt: r.done.DueAt, LastStatus: optionalInt(r.Status),
		LastError: optional(r.Error),
	}
	write := func(q *db.Queries) error { return q.DeliveryConclude(r.ctx, p) }
	switch {
	case r.Reply.Stale:
		p.LastStatus, p.LastError = r.row.LastStatus, r.row.LastError
		return []query{write}
	case r.Error == "":
		at := r.At.Add(r.Took)
		p.DeliveredAt = &at
		return []query{write, func(q *db.Queries) error { return q.SubscriptionSucceeded(r.ctx, to.ID) }}
	}
	p.Failures++
	failed := db.SubscriptionFailedParams{ID: to.ID, At: &r.At}
	queries := []query{write, func(q *db.Queries) error { return q.SubscriptionFailed(r.ctx, failed) }}
	if r.done.Disable != "" {
		queries = append(queries, disableQuery(r.ctx, to.ID, r.done.Disable))
	}
	return queries
}

// OverdueDeliveries finds the subscriptions that have deliveries to be let go of which nobody thinks. Attempts of which nothing was heard are made
// again: lost says how many they are.
func (s *Store) OverdueDeliveries(ctx context.Context) (subscriptions []uuid.UUID, lost int, err error) {
	rows, err := s.q.DeliveryOverdue(ctx, db.DeliveryOverdueParams{
		DueBefore: time.Now().Add(-lookAfter), MostUnderWay: mostUnderWay, MostWhileFailing: mostWhileFailing,
	})
	for _, row := range rows {
		subscriptions = append(subscriptions, row.ID)
		lost += int(row.Lost)
	}
	return subscriptions, lost, interpretError("looking for overdue deliveries", err)
}

// expireBatch is how many events are deleted at once.
const expireBatch = 1000

// ExpireEvents deletes what subscribers were told before a time, except what is still to be delivered. It returns how many events there were.
func (s *Store) ExpireEvents(ctx context.Context, before time.Time) (int, error) {
	total := 0
	for {
		n, err := s.q.SubscriptionEventExpire(ctx, db.SubscriptionEventExpireParams{OlderThan: before, MaxRows: expireBatch})
		total += int(n)
		if err != nil || n < expireBatch {
			return total, interpretError("deleting events past their retention", err)
		}
	}
}
