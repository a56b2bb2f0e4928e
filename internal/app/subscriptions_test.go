package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/uuid"

	"omni/channels/simulate"
	"omni/internal/app"
	"omni/internal/inbox"
	"omni/internal/queue"
	"omni/internal/store"
)

// mailroom is the queues behind what subscribers are told: what is put there is kept, as posts, wakes and messages for functions.
type mailroom struct {
	*queue.Outbox
	posts    []inbox.Post
	wakes    []uuid.UUID
	messages []events.SQSMessage
}

func newMailroom() *mailroom {
	m := &mailroom{}
	urls := app.Queues{Live: "live", Delivery: "deliveries"}.URLs()
	m.Outbox = queue.NewOutbox(queue.NewSender(m, urls, nil), nil, time.Now)
	return m
}

func (m *mailroom) Post(ctx context.Context, posts []inbox.Post) error {
	m.posts = append(m.posts, posts...)
	return m.Outbox.Post(ctx, posts)
}

func (m *mailroom) Wake(_ context.Context, subscription uuid.UUID, _ time.Time) error {
	m.wakes = append(m.wakes, subscription)
	return nil
}

func (m *mailroom) SendMessageBatch(_ context.Context, in *sqs.SendMessageBatchInput, _ ...func(*sqs.Options)) (*sqs.SendMessageBatchOutput, error) {
	for _, entry := range in.Entries {
		m.messages = append(m.messages, events.SQSMessage{Body: *entry.MessageBody})
	}
	return &sqs.SendMessageBatchOutput{}, nil
}

// subscribe makes a subscription to everything, as an operator does.
func subscribe(t *testing.T, url string) inbox.Subscription {
	t.Helper()
	opened, err := store.Open(url, store.Options{MaxConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(opened.Close)
	s, err := opened.AddSubscription(t.Context(), inbox.Actor{}, inbox.Subscription{URL: "https://example.com", Secret: inbox.NewSubscriptionSecret()})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Whatever customers do on any platform, subscribers are told in the role of the processor, and what comes of it is recorded.
func TestTheRolesSufficeForSubscribers(t *testing.T) {
	s := hire(t)
	to, room := subscribe(t, s.url), newMailroom()
	parts := s.parts(as(t, s.url, "omni_processor"))
	parts.Posts = room
	processor := parts.Processor()
	for _, channel := range simulate.Channels() {
		platform, _ := simulate.Lookup(channel)
		for _, kind := range platform.Kinds() {
			if event, ok := s.event(channel, kind); ok {
				s.take(s.webhook, channel, event)
			}
		}
		s.hand(processor)
	}
	if s.count(`SELECT count(*) FROM deliveries`) < 20 || len(room.posts) == 0 {
		t.Fatalf("%d posts", len(room.posts))
	}
	room.messages = nil
	for n, p := range room.posts[:3] {
		r := inbox.Reply{Delivery: p.Delivery, Subscription: p.Subscription, Attempt: p.Attempt, At: time.Now(), Status: 200 + 105*n}
		if n > 0 {
			r.Error = "refused" // with 305, then with 410
		}
		if err := room.Reply(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	s.queued, room.messages = room.messages, nil
	s.hand(processor)
	for state, want := range map[string]int{"delivered": 1, "under_way": 1} {
		if s.count(`SELECT count(*) FROM deliveries WHERE state = '`+state+`'`) < want {
			t.Errorf("no delivery is %s", state)
		}
	}
	if s.count(`SELECT count(*) FROM subscriptions WHERE state = 'disabled'`) != 1 || s.count(`SELECT count(*) FROM deliveries WHERE state = 'held'`) == 0 {
		t.Error("an endpoint that is gone is not disabled")
	}
	parts = s.parts(as(t, s.url, "omni_deadletter"))
	parts.Posts, room.messages = room, nil
	if err := room.Outbox.Post(t.Context(), room.posts[3:4]); err != nil { // it died
		t.Fatal(err)
	}
	s.queued, room.messages = room.messages, nil
	s.hand(parts.DeadLetter())
	if s.queued = room.messages; len(s.queued) != 1 {
		t.Fatalf("%d messages follow from an attempt that died", len(s.queued))
	}
	s.hand(processor)
	if n := s.count(`SELECT count(*) FROM deliveries WHERE failures > 0 AND last_error LIKE '%came to no end%'`); n != 1 {
		t.Errorf("%d deliveries died", n)
	}
	s.execute(`UPDATE subscriptions SET state = 'active'; UPDATE deliveries SET state = 'under_way', due_at = now() - interval '1 minute' WHERE state = 'held'`)
	s.execute(`UPDATE subscription_events SET created_at = now() - interval '91 days'`)
	kept := s.count(`SELECT count(*) FROM deliveries WHERE state IN ('under_way', 'waiting')`)
	room.wakes, s.sweeper.Posts = nil, room
	if _, err := s.sweeper.Sweep(t.Context()); err != nil || len(room.wakes) != 1 || room.wakes[0] != to.ID {
		t.Errorf("the sweeper woke %v, %v", room.wakes, err)
	}
	if n := s.count(`SELECT count(*) FROM deliveries`); n != kept {
		t.Errorf("%d deliveries are left, of which %d are to be made", n, kept)
	}
}

func (s *staff) execute(statements string) {
	s.t.Helper()
	if _, err := s.admin.Exec(s.t.Context(), statements); err != nil {
		s.t.Fatal(err)
	}
}

// Who may write a change tells subscribers of it, also those who may not read what they are told. The secrets are the processor's.
func TestWhoMayDoWhatWithSubscriptions(t *testing.T) {
	s := hire(t)
	for _, role := range []string{"omni_processor", "omni_deadletter", "omni_sweeper"} {
		s.execute(`BEGIN; SET LOCAL ROLE ` + role + `; SELECT tell_subscribers(); COMMIT`)
	}
	for role, statements := range map[string][]string{
		"omni_webhook":    {`SELECT id FROM subscriptions`, `SELECT data FROM subscription_events`, `SELECT tell_subscribers()`},
		"omni_deadletter": {`SELECT id FROM subscriptions`, `SELECT data FROM subscription_events`, `SELECT id FROM deliveries`},
		"omni_sweeper":    {`SELECT secret FROM subscriptions`, `SELECT url FROM subscriptions`, `SELECT data FROM subscription_events`},
		"omni_processor": {
			`UPDATE subscriptions SET url = ''`, `UPDATE subscriptions SET secret = ''`, `DELETE FROM subscriptions`, `INSERT INTO subscriptions DEFAULT VALUES`,
			`INSERT INTO deliveries DEFAULT VALUES`, `UPDATE subscription_events SET data = '{}'`,
		},
	} {
		for _, statement := range statements {
			s.refuse(role, statement)
		}
	}
}

// Telling subscribers is the last statement of the batch in which a message is written.
func TestTellingSubscribersTakesNoRoundTrip(t *testing.T) {
	c := setup(t)
	subscribe(t, c.tap.URL())
	const most = 3 // as without subscribers
	for _, round := range []string{"a new customer", "warm-up", "counted"} {
		c.take(c.event("text", 0))
		if got := c.process(); round == "counted" && got > most {
			t.Errorf("%d round trips, want at most %d", got, most)
		}
	}
}
