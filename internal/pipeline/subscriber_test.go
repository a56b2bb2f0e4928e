package pipeline_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"omni/internal/inbox"
	"omni/internal/pipeline"
)

// postOffice is a store and a queue of deliveries that remember what they were asked.
type postOffice struct {
	released  []inbox.Released
	concluded inbox.DeliveryConcluded
	overdue   []uuid.UUID
	queueErr  error

	posts   []inbox.Post
	wakes   []time.Time
	replies []inbox.Reply
	decided inbox.DeliveryDecision
}

func (p *postOffice) Release(context.Context, uuid.UUID) ([]inbox.Released, error) {
	return p.released, nil
}

func (p *postOffice) ConcludeDelivery(
	_ context.Context, _ inbox.Reply, decide func(inbox.Subscription, int) inbox.DeliveryDecision,
) (inbox.DeliveryConcluded, error) {
	p.decided = decide(inbox.Subscription{State: inbox.SubscriptionActive}, 0)
	return p.concluded, nil
}

func (p *postOffice) OverdueDeliveries(context.Context) ([]uuid.UUID, int, error) {
	return p.overdue, len(p.overdue), nil
}

func (p *postOffice) Post(_ context.Context, posts []inbox.Post) error {
	p.posts = append(p.posts, posts...)
	return p.queueErr
}

func (p *postOffice) Wake(_ context.Context, _ uuid.UUID, at time.Time) error {
	p.wakes = append(p.wakes, at)
	return p.queueErr
}

func (p *postOffice) Reply(_ context.Context, r inbox.Reply) error {
	p.replies = append(p.replies, r)
	return p.queueErr
}

func newSubscribers(p *postOffice, signs bool) (*pipeline.Subscribers, *meter) {
	m := &meter{counts: map[string]int{}}
	return &pipeline.Subscribers{Store: p, Queue: p, Signs: signs, Meter: m, Log: slog.New(slog.DiscardHandler), Now: time.Now}, m
}

func released() inbox.Released {
	return inbox.Released{
		Delivery: inbox.Delivery{ID: uuid.New(), Subscription: uuid.New(), Attempt: 1},
		To:       inbox.Subscription{URL: "https://example.com", Secret: inbox.NewSubscriptionSecret()},
	}
}

func TestOnlyWhoSignsLetsDeliveriesGo(t *testing.T) {
	t.Parallel()
	broken := released()
	broken.To.Secret = "whsec_&"
	for _, signs := range []bool{true, false} {
		office := &postOffice{released: []inbox.Released{broken, released()}}
		s, _ := newSubscribers(office, signs)
		s.Notify(t.Context(), []uuid.UUID{uuid.New()})
		if signs != (len(office.posts) == 1) || signs != (len(office.wakes) == 0) {
			t.Errorf("signs %t: %d posts, %d wakes", signs, len(office.posts), len(office.wakes))
		}
	}
	var nobody *pipeline.Subscribers
	nobody.Notify(t.Context(), []uuid.UUID{uuid.New()})
}

func TestWhatFollowsFromAReply(t *testing.T) {
	t.Parallel()
	due := time.Now().Add(time.Minute)
	for name, test := range map[string]struct {
		reply     inbox.Reply
		concluded inbox.DeliveryConcluded
		wakes     []time.Time
		counts    map[string]int
	}{
		"delivered": {
			inbox.Reply{Status: 200}, inbox.DeliveryConcluded{News: true, DeliveryDecision: inbox.DeliveryDecision{State: inbox.DeliveryDelivered}},
			nil, map[string]int{"delivered": 1},
		},
		"to be tried again": {
			inbox.Reply{Error: "broken"},
			inbox.DeliveryConcluded{News: true, DeliveryDecision: inbox.DeliveryDecision{State: inbox.DeliveryWaiting, DueAt: due}},
			[]time.Time{due}, map[string]int{"delivery_retried": 1},
		},
		"disabled": {
			inbox.Reply{Error: "gone"},
			inbox.DeliveryConcluded{News: true, DeliveryDecision: inbox.DeliveryDecision{State: inbox.DeliveryHeld, Disable: "gone"}},
			nil, map[string]int{"delivery_held": 1, "delivery_disabled": 1},
		},
		"old": {inbox.Reply{Error: "broken"}, inbox.DeliveryConcluded{}, nil, map[string]int{}},
	} {
		test.concluded.Released = []inbox.Released{released()}
		office := &postOffice{concluded: test.concluded, queueErr: errors.New("the queue is away")}
		s, m := newSubscribers(office, true)
		if err := s.Conclude(t.Context(), test.reply); err != nil { // it is recorded: the rest is found as overdue
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(test.counts, m.counts); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if len(office.posts) != 1 || !cmp.Equal(test.wakes, office.wakes) {
			t.Errorf("%s: %d posts, wakes %v", name, len(office.posts), office.wakes)
		}
		if (office.decided.State == inbox.DeliveryDelivered) != (test.reply.Error == "") {
			t.Errorf("%s: decided %+v", name, office.decided)
		}
	}
}

func TestAnAttemptThatDiedFailed(t *testing.T) {
	t.Parallel()
	office := &postOffice{}
	s, _ := newSubscribers(office, false)
	post := inbox.Post{Delivery: uuid.New(), Subscription: uuid.New(), Attempt: 4}
	if err := s.Died(t.Context(), post); err != nil {
		t.Fatal(err)
	}
	if r := office.replies[0]; r.Delivery != post.Delivery || r.Subscription != post.Subscription || r.Attempt != 4 || r.Error == "" {
		t.Errorf("%+v", r)
	}
}

func TestOverdueSubscriptionsAreLookedAfter(t *testing.T) {
	t.Parallel()
	office := &postOffice{overdue: []uuid.UUID{uuid.New(), uuid.New()}}
	s, m := newSubscribers(office, false)
	if n, err := s.Rescue(t.Context()); n != 2 || err != nil || len(office.wakes) != 2 || m.counts["overdue_delivery"] != 2 {
		t.Errorf("%d, %v, %d wakes, %v", n, err, len(office.wakes), m.counts)
	}
	s.Queue = nil
	if n, err := s.Rescue(t.Context()); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}
