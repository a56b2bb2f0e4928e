package pipeline

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"omni/internal/inbox"
)

// SubscriberStore keeps what subscribers are told.
type SubscriberStore interface {
	// Release lets deliveries of a subscription go that are due and have their turn.
	Release(ctx context.Context, subscription uuid.UUID) ([]inbox.Released, error)
	// ConcludeDelivery records what came of an attempt, and what is decided about it.
	ConcludeDelivery(
		ctx context.Context, r inbox.Reply, decide func(s inbox.Subscription, failures int) inbox.DeliveryDecision,
	) (inbox.DeliveryConcluded, error)
	// OverdueDeliveries finds subscriptions of which deliveries can go and nobody lets them.
	OverdueDeliveries(context.Context) (subscriptions []uuid.UUID, lost int, err error)
}

// PostQueue takes attempts at deliveries durably, and what is to be done about them.
type PostQueue interface {
	Post(context.Context, []inbox.Post) error
	// Wake lets the processor release deliveries of a subscription, at a time.
	Wake(ctx context.Context, subscription uuid.UUID, at time.Time) error
	// Reply carries what came of an attempt to the processor.
	Reply(context.Context, inbox.Reply) error
}

// Subscribers is the way of changes to the company's own endpoints, through the inside zone. Deliveries are written with the change; those that are
// not let go then are found as overdue.
type Subscribers struct {
	Store SubscriberStore
	Queue PostQueue // nil: nothing is delivered, and everything waits until there is one
	// Signs marks a function that may read the secrets of subscriptions. Others leave it to the processor to let deliveries go.
	Signs bool
	Meter Meter
	Log   *slog.Logger
	Now   func() time.Time
}

// Notify lets deliveries of subscriptions go that were told of a change. Its errors are logged. A nil receiver has nobody to notify.
func (s *Subscribers) Notify(ctx context.Context, told []uuid.UUID) {
	if s == nil || s.Queue == nil {
		return
	}
	for _, subscription := range told {
		if err := s.notify(ctx, subscription); err != nil {
			s.Log.Error("subscriber not notified: deliveries will be found as overdue", "subscription_id", subscription, "error", err.Error())
		}
	}
}

func (s *Subscribers) notify(ctx context.Context, subscription uuid.UUID) error {
	if s.Signs {
		return s.Release(ctx, subscription)
	}
	return s.Queue.Wake(ctx, subscription, s.Now())
}

// Release lets deliveries of a subscription go that are due and have their turn.
func (s *Subscribers) Release(ctx context.Context, subscription uuid.UUID) error {
	if s.Queue == nil {
		return errors.New("there is no queue of deliveries")
	}
	released, err := s.Store.Release(ctx, subscription)
	if err != nil {
		return err
	}
	return s.post(ctx, released)
}

// post signs deliveries and queues them. One that cannot be signed keeps no other.
func (s *Subscribers) post(ctx context.Context, released []inbox.Released) error {
	var posts []inbox.Post
	for _, one := range released {
		post, err := one.Sealed(s.Now())
		if err != nil {
			s.Log.Error("delivery not signed", "delivery_id", one.ID, "error", err.Error())
			continue
		}
		posts = append(posts, post)
	}
	if len(posts) == 0 {
		return nil
	}
	return s.Queue.Post(ctx, posts)
}

// Conclude records what came of an attempt at a delivery, and does what follows from it.
func (s *Subscribers) Conclude(ctx context.Context, r inbox.Reply) error {
	done, err := s.Store.ConcludeDelivery(ctx, r, func(to inbox.Subscription, failures int) inbox.DeliveryDecision {
		return to.Decide(failures, r, s.Now(), rand.Float64())
	})
	if err != nil {
		return err
	}
	s.report(r, done)
	if err := s.follow(ctx, r, done); err != nil {
		s.Log.Error("deliveries not queued: they will be found as overdue", "subscription_id", r.Subscription, "error", err.Error())
	}
	s.Notify(ctx, done.Told)
	return nil
}

func (s *Subscribers) follow(ctx context.Context, r inbox.Reply, done inbox.DeliveryConcluded) error {
	err := s.post(ctx, done.Released)
	if done.News && done.State == inbox.DeliveryWaiting {
		err = errors.Join(err, s.Queue.Wake(ctx, r.Subscription, done.DueAt))
	}
	return err
}

// deliveryCounters are what the states of deliveries are counted as.
var deliveryCounters = map[inbox.DeliveryState]string{
	inbox.DeliveryDelivered: CountDelivered, inbox.DeliveryWaiting: CountDeliveryRetried, inbox.DeliveryFailed: CountDeliveryFailed,
	inbox.DeliveryHeld: CountDeliveryHeld,
}

func (s *Subscribers) report(r inbox.Reply, done inbox.DeliveryConcluded) {
	log := s.Log.With("delivery_id", r.Delivery, "subscription_id", r.Subscription, "attempt", r.Attempt, "status", r.Status)
	if !done.News {
		log.Info("reply of a subscriber told nothing new")
		return
	}
	counts := map[string]int{deliveryCounters[done.State]: 1}
	switch {
	case done.Disable != "":
		counts[CountDeliveryDisabled] = 1
		log.Error("subscription is disabled", "reason", done.Disable)
	case done.State == inbox.DeliveryDelivered:
		log.Info("delivered")
	default:
		log.Warn("not delivered", "state", done.State, "due_at", done.DueAt, "stale", r.Stale, "error", r.Error)
	}
	s.Meter.Count(AllChannels, counts)
}

// Died concludes an attempt that killed whoever made it, or could not be told of: it counts as one that failed.
func (s *Subscribers) Died(ctx context.Context, p inbox.Post) error {
	if s.Queue == nil {
		return errors.New("there is no queue of deliveries")
	}
	s.Log.Error("an attempt at a delivery died", "delivery_id", p.Delivery, "subscription_id", p.Subscription, "attempt", p.Attempt)
	return s.Queue.Reply(ctx, inbox.Reply{
		Delivery: p.Delivery, Subscription: p.Subscription, Attempt: p.Attempt, At: p.At, Error: "The attempt came to no end.",
	})
}

// Rescue lets the processor look after subscriptions of which deliveries can go and nobody lets them. It returns how many they are.
func (s *Subscribers) Rescue(ctx context.Context) (int, error) {
	if s.Queue == nil {
		return 0, nil
	}
	subscriptions, lost, err := s.Store.OverdueDeliveries(ctx)
	if err != nil || len(subscriptions) == 0 {
		return 0, err
	}
	s.Log.Warn("subscriptions have overdue deliveries", "subscriptions", len(subscriptions), "unheard_of", lost)
	s.Meter.Count(AllChannels, map[string]int{CountOverdueDelivery: max(lost, len(subscriptions))})
	for _, subscription := range subscriptions {
		if err := s.Queue.Wake(ctx, subscription, s.Now()); err != nil {
			return 0, err
		}
	}
	return len(subscriptions), nil
}
