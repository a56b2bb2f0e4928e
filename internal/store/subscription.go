package store

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"omni/gen/db"
	"omni/internal/inbox"
)

// subscriptionsUpdated is the kind of changes that subscriptions are told of by, besides inbox.SubscriptionDisabled.
const subscriptionsUpdated = "subscriptions.updated"

// noteSubscription ends a transaction with a note of who did something to a subscription.
func (t *transaction) noteSubscription(ctx context.Context, by inbox.Actor, action string, id uuid.UUID, detail map[string]any) error {
	return t.note(ctx, by, inbox.AuditEntry{Action: "subscription." + action, Object: id.String()}, detail, subscriptionsUpdated)
}

// wanted is what the audit log shows of a subscription.
func wanted(of inbox.Subscription) map[string]any {
	return map[string]any{"url": of.URL, "description": of.Description, "types": of.Types, "channels": of.Channels}
}

// AddSubscription makes a subscription of its URL, Description, Types, Channels and Secret, and returns it whole.
func (s *Store) AddSubscription(ctx context.Context, by inbox.Actor, new inbox.Subscription) (made inbox.Subscription, err error) {
	err = s.changing(ctx, "adding a subscription", func(tx *transaction) error {
		row, err := tx.q.SubscriptionInsert(ctx, db.SubscriptionInsertParams{
			ID: newID(), Url: new.URL, Description: clean(new.Description), Types: words(new.Types), Channels: words(new.Channels), Secret: new.Secret,
		})
		if err != nil {
			return err
		}
		made = subscriptionOf(row)
		return tx.noteSubscription(ctx, by, "created", made.ID, wanted(made))
	})
	return made, err
}

// Subscriptions returns all subscriptions, the oldest first.
func (s *Store) Subscriptions(ctx context.Context) ([]inbox.Subscription, error) {
	return s.subscriptions(ctx, uuid.Nil)
}

// Subscription returns one subscription, or [inbox.ErrNotFound].
func (s *Store) Subscription(ctx context.Context, id uuid.UUID) (inbox.Subscription, error) {
	found, err := s.subscriptions(ctx, id)
	if err == nil && len(found) == 0 {
		err = notFound(pgx.ErrNoRows)
	}
	if err != nil {
		return inbox.Subscription{}, err
	}
	return found[0], nil
}

func (s *Store) subscriptions(ctx context.Context, id uuid.UUID) ([]inbox.Subscription, error) {
	rows, err := s.q.SubscriptionList(ctx, optionalID(id))
	if err != nil {
		return nil, interpretError("reading subscriptions", err)
	}
	all := make([]inbox.Subscription, len(rows))
	for i, row := range rows {
		all[i] = subscriptionOf(row.Subscription)
		all[i].Open, all[i].Held = int(row.Open), int(row.Held)
	}
	return all, nil
}

// UpdateSubscription writes URL, Description, Types and Channels of a subscription.
func (s *Store) UpdateSubscription(ctx context.Context, by inbox.Actor, changed inbox.Subscription) (made inbox.Subscription, err error) {
	err = s.changing(ctx, "changing a subscription", func(tx *transaction) error {
		row, err := tx.q.SubscriptionUpdate(ctx, db.SubscriptionUpdateParams{
			ID: changed.ID, Url: changed.URL, Description: clean(changed.Description), Types: words(changed.Types), Channels: words(changed.Channels),
		})
		if err != nil {
			return notFound(err)
		}
		made = subscriptionOf(row)
		return tx.noteSubscription(ctx, by, "changed", made.ID, wanted(made))
	})
	return made, err
}

// RotateSecret gives a subscription another secret. The one that it has signs besides until a time.
func (s *Store) RotateSecret(
	ctx context.Context, by inbox.Actor, id uuid.UUID, secret string, oldUntil time.Time,
) (made inbox.Subscription, err error) {
	err = s.changing(ctx, "rotating a subscription's secret", func(tx *transaction) error {
		row, err := tx.q.SubscriptionRotate(ctx, db.SubscriptionRotateParams{ID: id, Secret: secret, OldUntil: &oldUntil})
		if err != nil {
			return notFound(err)
		}
		made = subscriptionOf(row)
		return tx.noteSubscription(ctx, by, "secret_rotated", id, map[string]any{"old_until": oldUntil})
	})
	return made, err
}

// EnableSubscription lets a subscription be delivered to again. What was kept for it stays where it is.
func (s *Store) EnableSubscription(ctx context.Context, by inbox.Actor, id uuid.UUID) error {
	return s.changing(ctx, "enabling a subscription", func(tx *transaction) error {
		if _, err := tx.q.SubscriptionEnable(ctx, id); err != nil {
			return notFound(err)
		}
		return tx.noteSubscription(ctx, by, "enabled", id, nil)
	})
}

// DisableSubscription ends deliveries to a subscription. What is open, and what comes, is kept. It returns the subscriptions that are told and of which
// deliveries can go.
func (s *Store) DisableSubscription(ctx context.Context, by inbox.Actor, id uuid.UUID, reason string) (told []uuid.UUID, err error) {
	if _, err := s.Subscription(ctx, id); err != nil {
		return nil, err
	}
	return s.telling(ctx, "disabling a subscription", func(tx *transaction) error {
		_, err := tx.q.SubscriptionDisable(ctx, db.SubscriptionDisableParams{ID: id, Reason: optional(reason)})
		if err != nil {
			return unlessNone(err) // it was disabled before
		}
		return tx.noteSubscription(ctx, by, "disabled", id, map[string]any{"reason": reason})
	})
}

func disableQuery(ctx context.Context, id uuid.UUID, reason string) query {
	p := db.SubscriptionDisableParams{ID: id, Reason: optional(reason)}
	return func(q *db.Queries) error {
		_, err := q.SubscriptionDisable(ctx, p)
		return unlessNone(err)
	}
}

// DeleteSubscription forgets a subscription and what was to be delivered to it.
func (s *Store) DeleteSubscription(ctx context.Context, by inbox.Actor, id uuid.UUID) error {
	return s.changing(ctx, "deleting a subscription", func(tx *transaction) error {
		n, err := tx.q.SubscriptionDelete(ctx, id)
		if err == nil && n == 0 {
			err = inbox.ErrNotFound
		}
		if err != nil {
			return err
		}
		return tx.noteSubscription(ctx, by, "deleted", id, nil)
	})
}

// TestSubscription makes a delivery for a subscription, of an event that says nothing.
func (s *Store) TestSubscription(ctx context.Context, by inbox.Actor, to inbox.Subscription) (delivery uuid.UUID, err error) {
	data, err := document(inbox.EventData{Subscription: &inbox.EventSubscription{ID: to.ID, URL: to.URL}})
	if err != nil {
		return uuid.Nil, err
	}
	err = s.changing(ctx, "making a test delivery", func(tx *transaction) error {
		delivery, err = tx.q.DeliveryMakeOne(ctx, db.DeliveryMakeOneParams{
			ID: newID(), SubscriptionID: to.ID, EventID: newID(), Type: string(inbox.SubscriptionTest), Data: data,
		})
		if err != nil {
			return err
		}
		return tx.noteSubscription(ctx, by, "tested", to.ID, map[string]any{"delivery": delivery})
	})
	return delivery, err
}

// Deliveries returns deliveries of a subscription, the latest first, at most so many.
func (s *Store) Deliveries(ctx context.Context, subscription uuid.UUID, f inbox.DeliveryFilter, most int) ([]inbox.Delivery, error) {
	rows, err := s.q.DeliveryList(ctx, db.DeliveryListParams{
		SubscriptionID: subscription, States: words(f.States), BeforeSeq: cmp.Or(f.Before, math.MaxInt64), MaxRows: int32(most),
	})
	if err != nil {
		return nil, interpretError("reading deliveries", err)
	}
	all := make([]inbox.Delivery, len(rows))
	for i, row := range rows {
		all[i] = inbox.Delivery{
			ID: row.ID, Seq: row.Seq, Subscription: subscription, Event: inbox.Event{ID: row.EventID, Type: inbox.EventType(row.Type)},
			State: inbox.DeliveryState(row.State), Attempt: int(row.Attempt), Failures: int(row.Failures), DueAt: row.DueAt,
			Status: intValue(row.LastStatus), Error: value(row.LastError), CreatedAt: row.CreatedAt, DeliveredAt: timeValue(row.DeliveredAt),
		}
	}
	return all, nil
}

// Delivery returns a delivery with its event and the attempts at it, or [inbox.ErrNotFound].
func (s *Store) Delivery(ctx context.Context, id uuid.UUID) (inbox.Delivery, []inbox.DeliveryAttempt, error) {
	row, err := s.q.DeliveryShow(ctx, id)
	if err != nil {
		return inbox.Delivery{}, nil, interpretError("reading a delivery", notFound(err))
	}
	event, err := eventOf(row.EventID, row.Type, row.Sequence, row.HappenedAt, row.Data)
	if err != nil {
		return inbox.Delivery{}, nil, err
	}
	attempts, err := s.attempts(ctx, id)
	return inbox.Delivery{
		ID: row.ID, Seq: row.Seq, Subscription: row.SubscriptionID, Event: event, State: inbox.DeliveryState(row.State), Attempt: int(row.Attempt),
		Failures: int(row.Failures), DueAt: row.DueAt, Status: intValue(row.LastStatus), Error: value(row.LastError), CreatedAt: row.CreatedAt,
		DeliveredAt: timeValue(row.DeliveredAt),
	}, attempts, err
}

func (s *Store) attempts(ctx context.Context, delivery uuid.UUID) ([]inbox.DeliveryAttempt, error) {
	rows, err := s.q.DeliveryAttempts(ctx, delivery)
	if err != nil {
		return nil, interpretError("reading the attempts at a delivery", err)
	}
	all := make([]inbox.DeliveryAttempt, len(rows))
	for i, row := range rows {
		all[i] = inbox.DeliveryAttempt{
			Attempt: int(row.Attempt), At: row.StartedAt, Took: time.Duration(row.TookMs) * time.Millisecond, Status: intValue(row.Status),
			Error: value(row.Error), Response: row.Response,
		}
	}
	return all, nil
}

// Redeliver lets deliveries of a subscription start anew, and returns how many they are. It is [inbox.ErrDisabled] for one that is disabled.
func (s *Store) Redeliver(ctx context.Context, by inbox.Actor, subscription uuid.UUID, what inbox.Redelivery) (number int, err error) {
	found, err := s.Subscription(ctx, subscription)
	if err != nil {
		return 0, err
	}
	if found.State != inbox.SubscriptionActive {
		return 0, fmt.Errorf("%w: enable it first", inbox.ErrDisabled)
	}
	err = s.changing(ctx, "delivering again", func(tx *transaction) error {
		ids, err := tx.q.DeliveryAgain(ctx, db.DeliveryAgainParams{
			SubscriptionID: subscription, Ids: what.IDs, States: words(what.States), Since: what.Since,
		})
		if number = len(ids); err != nil || number == 0 {
			return err
		}
		return tx.noteSubscription(ctx, by, "redelivered", subscription, map[string]any{"deliveries": number})
	})
	return number, err
}

func subscriptionOf(r db.Subscription) inbox.Subscription {
	return inbox.Subscription{
		ID: r.ID, URL: r.Url, Description: r.Description, Types: r.Types, Channels: r.Channels, Secret: r.Secret, OldSecret: value(r.OldSecret),
		OldUntil: timeValue(r.OldUntil), State: inbox.SubscriptionState(r.State), Reason: value(r.StateReason), Since: r.StateSince,
		FailingSince: timeValue(r.FailingSince), CreatedAt: r.CreatedAt,
	}
}

// words are a list for a column that is never null.
func words[T ~string](list []T) []string {
	all := make([]string, len(list))
	for i, word := range list {
		all[i] = clean(string(word))
	}
	return all
}

func optionalInt(n int) *int32 {
	if n == 0 {
		return nil
	}
	number := int32(n)
	return &number
}

func intValue(n *int32) int {
	if n == nil {
		return 0
	}
	return int(*n)
}
