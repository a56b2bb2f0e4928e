package dev

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"omni/internal/inbox"
	"omni/internal/queue"
)

// endpoint is a subscriber of a running server.
type endpoint struct {
	inbox.Subscription

	mu     sync.Mutex
	bodies []string
	ids    []string
	wrong  []error
	arrive []time.Time
	answer func(attempt int) int // status
}

func (w waiting) subscribe(types []string, answer func(attempt int) int) *endpoint {
	w.t.Helper()
	e := &endpoint{answer: answer}
	ready := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		<-ready
		rw.WriteHeader(e.take(r))
	}))
	w.t.Cleanup(server.Close)
	var err error
	e.Subscription, err = w.store.AddSubscription(w.t.Context(), inbox.Actor{}, inbox.Subscription{
		URL: server.URL + "/hook", Types: types, Secret: inbox.NewSubscriptionSecret(),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	close(ready)
	return e
}

func (e *endpoint) take(r *http.Request) (status int) {
	body, _ := io.ReadAll(r.Body)
	webhook, err := standardwebhooks.NewWebhook(e.Secret)
	if err == nil {
		err = webhook.Verify(body, r.Header)
	}
	e.mu.Lock()
	e.arrive, e.bodies, e.ids = append(e.arrive, time.Now()), append(e.bodies, string(body)), append(e.ids, r.Header.Get("webhook-id"))
	if err != nil {
		e.wrong = append(e.wrong, err)
	}
	attempt := len(e.bodies)
	e.mu.Unlock()
	return e.answer(attempt)
}

// got waits for so many attempts.
func (e *endpoint) got(t *testing.T, n int) (bodies, ids []string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		e.mu.Lock()
		bodies, ids, wrong := e.bodies, e.ids, e.wrong
		e.mu.Unlock()
		if len(wrong) > 0 {
			t.Fatal(wrong[0])
		}
		if len(bodies) >= n {
			return bodies, ids
		}
	}
	t.Fatalf("no %d attempts arrived within a minute", n)
	return nil, nil
}

// arrives makes a customer write now.
func (w waiting) arrives(text string) {
	w.t.Helper()
	body := w.job(text, time.Now())
	if err := queue.NewTimer(w.client, w.queue(timerQueue), nil, time.Now).Later(w.t.Context(), body); err != nil {
		w.t.Fatal(err)
	}
}

func TestSubscribersAreToldSignedUntilTheyTakeIt(t *testing.T) {
	w := newWaiting(t)
	flaky := w.subscribe([]string{"message.created"}, func(attempt int) int {
		if attempt == 1 {
			return http.StatusServiceUnavailable
		}
		return http.StatusNoContent
	})
	all := w.subscribe(nil, func(int) int { return http.StatusOK })
	w.arrives("hello")
	if bodies, _ := all.got(t, 2); len(bodies) != 2 {
		t.Errorf("%d events of a first message, %q", len(bodies), bodies)
	}
	bodies, ids := flaky.got(t, 2)
	if ids[0] != ids[1] || bodies[0] != bodies[1] {
		t.Errorf("the second attempt is another event: %q, %q", ids, bodies)
	}
	var event inbox.Event
	if err := json.Unmarshal([]byte(bodies[0]), &event); err != nil || event.ID.String() != ids[0] || event.Data.Message.Text != "hello" {
		t.Errorf("%+v, %v", event, err)
	}
	w.await(`SELECT delivered_at FROM deliveries WHERE subscription_id = $1 AND state = 'delivered' AND attempt = 2`, flaky.ID)
}

// One endpoint takes none of its requests to an end; the other gets everything before the first of them can have timed out.
func TestAnEndpointThatHangsDelaysNobodyElse(t *testing.T) {
	w := newWaiting(t)
	const events, mostAtOnce, timeout = 40, 5, 10 * time.Second
	over := make(chan struct{})
	var hanging atomic.Int32 // requests; none ends before the test
	stuck := w.subscribe([]string{"message.created"}, func(int) int {
		hanging.Add(1)
		<-over
		return http.StatusOK
	})
	t.Cleanup(func() { close(over) })
	healthy := w.subscribe([]string{"message.created"}, func(int) int { return http.StatusOK })
	w.arrives("first")
	stuck.got(t, 1)
	began := time.Now()
	for n := range events - 1 {
		w.arrives(fmt.Sprint("message ", n))
	}
	healthy.got(t, events)
	if took := time.Since(began); took > timeout {
		t.Errorf("the healthy endpoint had everything after %s: it waited for the other", took)
	}
	if n := hanging.Load(); n > mostAtOnce {
		t.Errorf("the endpoint that hangs had %d requests at once, at most %d wanted", n, mostAtOnce)
	}
}
