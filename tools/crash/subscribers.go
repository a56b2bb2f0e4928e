package crash

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"

	"github.com/google/uuid"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"omni/internal/inbox"
	"omni/internal/store"
)

// subscriber is an endpoint of the company. It is in this process and outlives the server.
type subscriber struct {
	inbox.Subscription
	verify *standardwebhooks.Webhook
	http   *http.Server

	mu      sync.Mutex
	random  *rand.Rand
	behaves bool                     // nothing goes wrong any more
	got     map[uuid.UUID]*toldEvent // that it took, by id
	wrong   []string
}

// toldEvent is an event as a subscriber took it.
type toldEvent struct {
	inbox.Event
	body  string
	times int
}

// What goes wrong at a subscriber, as a share of the requests.
const (
	refusesShare = 0.03 // answered by a server error, and not taken
	losesShare   = 0.02 // taken, and the connection is cut
)

// subscriptions are what the subscribers want: one kind of change on some channels, and everything that happens on another.
func subscriptions() []inbox.Subscription {
	return []inbox.Subscription{
		{Description: "messages of Telegram", Types: []string{string(inbox.MessageCreated)}, Channels: []string{"telegram"}},
		{Description: "everything of Instagram", Channels: []string{"instagram"}},
	}
}

// subscribe opens the endpoints of all subscribers and subscribes them.
func subscribe(ctx context.Context, seed uint64, databaseURL string) ([]*subscriber, error) {
	opened, err := store.Open(databaseURL, store.Options{MaxConns: 1})
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	var all []*subscriber
	for n, wanted := range subscriptions() {
		s, err := openSubscriber(wanted, rand.New(rand.NewPCG(seed, uint64(100+n))))
		if err != nil {
			return all, err
		}
		all = append(all, s)
		if s.Subscription, err = opened.AddSubscription(ctx, inbox.Actor{}, s.Subscription); err != nil {
			return all, fmt.Errorf("subscribing: %w", err)
		}
	}
	return all, nil
}

func openSubscriber(wanted inbox.Subscription, random *rand.Rand) (*subscriber, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listening for deliveries: %w", err)
	}
	wanted.URL, wanted.Secret = "http://"+listener.Addr().String(), inbox.NewSubscriptionSecret()
	s := &subscriber{Subscription: wanted, random: random, got: map[uuid.UUID]*toldEvent{}}
	if s.verify, err = standardwebhooks.NewWebhook(wanted.Secret); err != nil {
		listener.Close()
		return nil, err
	}
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: requestTimeout}
	go func() { _ = s.http.Serve(listener) }() // ends by Close
	return s, nil
}

// behave ends what goes wrong at the endpoint.
func (s *subscriber) behave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.behaves = true
}

func behaveAll(all []*subscriber) {
	for _, s := range all {
		s.behave()
	}
}

func closeAll(all []*subscriber) {
	for _, s := range all {
		s.http.Close()
	}
}

// ServeHTTP implements [http.Handler].
func (s *subscriber) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // it is cut off, and will come again
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch drawn := s.random.Float64(); {
	case !s.behaves && drawn < refusesShare:
		w.WriteHeader(http.StatusServiceUnavailable)
	case !s.behaves && drawn < refusesShare+losesShare:
		s.take(r.Header, body)
		panic(http.ErrAbortHandler)
	default:
		s.take(r.Header, body)
	}
}

// take writes an event down. Its time is not looked at: the clock of the server jumps.
func (s *subscriber) take(header http.Header, body []byte) {
	told := toldEvent{body: string(body), times: 1}
	err := s.verify.VerifyIgnoringTimestamp(body, header)
	if err == nil {
		err = json.Unmarshal(body, &told.Event)
	}
	switch before := s.got[told.ID]; {
	case err != nil:
		s.wrong = append(s.wrong, fmt.Sprintf("a delivery is not right: %v", err))
	case told.ID.String() != header.Get("Webhook-Id"):
		s.wrong = append(s.wrong, fmt.Sprintf("event %s was delivered as %s", told.ID, header.Get("Webhook-Id")))
	case before == nil:
		s.got[told.ID] = &told
	case before.body != told.body:
		s.wrong = append(s.wrong, fmt.Sprintf("event %s says something else the second time", told.ID))
	default:
		before.times++
	}
}
