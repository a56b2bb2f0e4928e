package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"omni/gen/db"
	"omni/internal/inbox"
)

// AddSubscription makes a subscription of its URL, Description, Types, Channels and Secret, and returns it whole.
func (s *Store) AddSubscription(ctx context.Context, new inbox.Subscription) (inbox.Subscription, error) {
	row, err := s.q.SubscriptionInsert(ctx, db.SubscriptionInsertParams{
		ID: newID(), Url: new.URL, Description: clean(new.Description), Types: words(new.Types), Channels: words(new.Channels), Secret: new.Secret,
	})
	return subscriptionOf(row), interpretError("adding a subscription", err)
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
func (s *Store) UpdateSubscription(ctx context.Context, changed inbox.Subscription) (inbox.Subscription, error) {
	row, err := s.q.SubscriptionUpdate(ctx, db.SubscriptionUpdateParams{
		ID: changed.ID, Url: changed.URL, Description: clean(changed.Description), Types: words(changed.Types), Channels: words(changed.Channels),
	})
	return subscriptionOf(row), interpretError("changing a subscription", notFound(err))
}

// RotateSecret gives a subscription another secret. The one that it has signs besides until a time.
func (s *Store) RotateSecret(ctx context.Context, id uuid.UUID, secret string, oldUntil time.Time) (inbox.Subscription, error) {
	row, err := s.q.SubscriptionRotate(ctx, db.SubscriptionRotateParams{ID: id, Secret: secret, OldUntil: &oldUntil})
	return subscriptionOf(row), interpretError("rotating a subscription's secret", notFound(err))
}

// EnableSubscription lets a subscription be delivered to again. What was kept for it stays where it is.
func (s *Store) EnableSubscription(ctx context.Context, id uuid.UUID) error {
	_, err := s.q.SubscriptionEnable(ctx, id)
	return interpretError("enabling a subscription", notFound(err))
}

// DisableSubscription ends deliveries to a subscription. What is open, and what comes, is kept. It returns the subscriptions that are told and of which
// deliveries can go.
func (s *Store) DisableSubscription(ctx context.Context, id uuid.UUID, reason string) (told []uuid.UUID, err error) {
	if _, err := s.Subscription(ctx, id); err != nil {
		return nil, err
	}
	return s.telling(ctx, "disabling a subscription", func(tx *transaction) error {
		return tx.conclude(ctx, disableQuery(ctx, id, reason))
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
func (s *Store) DeleteSubscription(ctx context.Context, id uuid.UUID) error {
	n, err := s.q.SubscriptionDelete(ctx, id)
	if err == nil && n == 0 {
		err = notFound(pgx.ErrNoRows)
	}
	return interpretError("deleting a subscription", err)
}

// TestSubscription makes a delivery for a subscription, of an event that says nothing.
func (s *Store) TestSubscription(ctx context.Context, to inbox.Subscription) (delivery uuid.UUID, err error) {
	data, err := json.Marshal(inbox.EventData{Subscription: &inbox.EventSubscription{ID: to.ID, URL: to.URL}})
	if err != nil {
		return uuid.Nil, err
	}
	delivery, err = s.q.DeliveryMakeOne(ctx, db.DeliveryMakeOneParams{
		ID: newID(), SubscriptionID: to.ID, EventID: newID(), Type: string(inbox.SubscriptionTest), Data: data,
	})
	return delivery, interpretError("making a test delivery", err)
}

// Deliveries returns deliveries of a subscription, the latest first, at most so many; without states, of all states.
func (s *Store) Deliveries(ctx context.Context, subscription uuid.UUID, states []inbox.DeliveryState, most int) ([]inbox.Delivery, error) {
	rows, err := s.q.DeliveryList(ctx, db.DeliveryListParams{SubscriptionID: subscription, States: words(states), MaxRows: int32(most)})
	if err != nil {
		return nil, interpretError("reading deliveries", err)
	}
	all := make([]inbox.Delivery, len(rows))
	for i, row := range rows {
		all[i] = inbox.Delivery{
			ID: row.ID, Subscription: subscription, Event: inbox.Event{ID: row.EventID, Type: inbox.EventType(row.Type)},
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
		ID: row.ID, Subscription: row.SubscriptionID, Event: event, State: inbox.DeliveryState(row.State), Attempt: int(row.Attempt),
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

// Redelivery says which deliveries of a subscription start anew. Those that are on their way are never among them.
type Redelivery struct {
	IDs    []uuid.UUID // these; none: those that the rest finds
	States []inbox.DeliveryState
	Since  time.Time // made since
}

// Redeliver lets deliveries of a subscription start anew, and returns how many they are. It is an error to deliver to one that is disabled.
func (s *Store) Redeliver(ctx context.Context, subscription uuid.UUID, what Redelivery) (int, error) {
	found, err := s.Subscription(ctx, subscription)
	if err != nil {
		return 0, err
	}
	if found.State != inbox.SubscriptionActive {
		return 0, fmt.Errorf("%w: enable it first", ErrDisabled)
	}
	ids, err := s.q.DeliveryAgain(ctx, db.DeliveryAgainParams{
		SubscriptionID: subscription, Ids: what.IDs, States: words(what.States), Since: what.Since,
	})
	return len(ids), interpretError("delivering again", err)
}

// ErrDisabled means that nothing is delivered to a subscription.
var ErrDisabled = errors.New("the subscription is disabled")

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
