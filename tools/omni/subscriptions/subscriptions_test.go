package subscriptions

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/internal/inbox"
	"omni/internal/outside"
	"omni/internal/store"
	"omni/internal/store/storetest"
)

// product is the part of the product that delivers, which is woken by commands.
type product struct{ *store.Store }

func (p product) Wake(ctx context.Context, subscription uuid.UUID) error {
	released, err := p.Release(ctx, subscription)
	if err != nil {
		return err
	}
	deliverer := &outside.Deliverer{
		HTTP: outside.NewGuardedClient(outside.GuardOptions{Private: true}), Replies: p, Log: slog.New(slog.DiscardHandler), Now: time.Now,
	}
	for _, one := range released {
		post, err := one.Sealed(time.Now())
		if err != nil {
			return err
		}
		if err := deliverer.Deliver(ctx, post); err != nil {
			return err
		}
	}
	return nil
}

func (p product) Reply(ctx context.Context, r inbox.Reply) error {
	_, err := p.ConcludeDelivery(ctx, r, func(s inbox.Subscription, failures int) inbox.DeliveryDecision {
		return s.Decide(failures, r, time.Now(), 0)
	})
	return err
}

// screen is a writer for several goroutines.
type screen struct {
	mu  sync.Mutex
	out strings.Builder
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.Write(p)
}

// take returns what was written since the last time.
func (s *screen) take() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.out.Reset()
	return s.out.String()
}

func setup(t *testing.T) (Desk, *screen) {
	t.Helper()
	t.Parallel()
	opened, _ := storetest.New(t)
	out := &screen{}
	return Desk{Store: opened, Queue: product{opened}, Local: true, Out: out}, out
}

// wants looks for texts on the screen.
func (s *screen) wants(t *testing.T, texts ...string) {
	t.Helper()
	got := s.take()
	for _, text := range texts {
		if !strings.Contains(got, text) {
			t.Errorf("no %q in:\n%s", text, got)
		}
	}
}

var anyID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)

// endpoint answers with a status that a test can change.
func endpoint(t *testing.T, status *int) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.WriteHeader(*status)
		io.WriteString(w, "\x1b[2Jno \"order\" desk here")
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestASubscriptionFromItsFirstToItsLastDay(t *testing.T) {
	d, out := setup(t)
	ctx := t.Context()
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	do(d.List(ctx))
	out.wants(t, "no subscriptions")
	status := http.StatusOK
	do(d.Add(ctx, inbox.Subscription{URL: endpoint(t, &status), Types: []string{"message.*"}, Description: "order desk"}))
	added := out.take()
	if !strings.Contains(added, "whsec_") {
		t.Errorf("no secret in:\n%s", added)
	}
	id := uuid.MustParse(anyID.FindString(added))
	do(d.Test(ctx, id, time.Minute))
	out.wants(t, "200", `delivered: \x1b[2Jno "order" desk`)
	status = http.StatusInternalServerError
	if err := d.Test(ctx, id, time.Minute); !errors.Is(err, ErrNotDelivered) {
		t.Errorf("ErrNotDelivered wanted, got %v", err)
	}
	out.wants(t, "500 Internal Server Error")
	do(d.List(ctx))
	out.wants(t, "failing", "message.*", id.String())
	do(d.Deliveries(ctx, id, nil, 10))
	list := out.take()
	if strings.Count(list, "subscription.test") != 2 || !strings.Contains(list, "delivered") || !strings.Contains(list, "waiting until") {
		t.Errorf("deliveries:\n%s", list)
	}
	do(d.Delivery(ctx, uuid.MustParse(anyID.FindString(list))))
	out.wants(t, `"type": "subscription.test"`, "500")
	do(d.Disable(ctx, id, "holidays"))
	do(d.Show(ctx, id))
	out.wants(t, "kept", "disabled since", "holidays", "order desk", "0 open, 1 held")
	if err := d.Test(ctx, id, time.Minute); err == nil {
		t.Error("one that is disabled is tested")
	}
	held := inbox.Redelivery{States: []inbox.DeliveryState{inbox.DeliveryHeld}}
	if err := d.Redeliver(ctx, id, held); !errors.Is(err, inbox.ErrDisabled) {
		t.Errorf("ErrDisabled wanted, got %v", err)
	}
	do(d.Enable(ctx, id))
	out.wants(t, "1 events were kept")
	status = http.StatusOK
	do(d.Redeliver(ctx, id, held))
	do(d.Redeliver(ctx, id, held))
	out.wants(t, "1 to be delivered again", "No such delivery")
	do(d.Deliveries(ctx, id, []inbox.DeliveryState{inbox.DeliveryDelivered}, 10))
	if list := out.take(); strings.Count(list, "subscription.test") != 2 {
		t.Errorf("delivered:\n%s", list)
	}
	do(d.Deliveries(ctx, id, []inbox.DeliveryState{inbox.DeliveryFailed}, 10))
	out.wants(t, "no such deliveries")
	do(d.Delete(ctx, id, func(string) (bool, error) { return false, nil }))
	do(d.Delete(ctx, id, func(question string) (bool, error) {
		if !strings.Contains(question, "127.0.0.1") {
			t.Errorf("asked %q", question)
		}
		return true, nil
	}))
	if err := d.Show(ctx, id); !errors.Is(err, inbox.ErrNotFound) {
		t.Errorf("ErrNotFound wanted, got %v", err)
	}
}

func TestASubscriptionIsChanged(t *testing.T) {
	d, out := setup(t)
	if err := d.Add(t.Context(), inbox.Subscription{URL: "https://example.com/one", Types: []string{"message.*"}}); err != nil {
		t.Fatal(err)
	}
	added := out.take()
	id := uuid.MustParse(anyID.FindString(added))
	other, text := "https://example.com/two", "orders"
	for _, step := range []struct {
		change Change
		want   []string
	}{
		{Change{URL: &other}, []string{other, "message.*"}},
		{Change{Types: []string{}, Description: &text}, []string{other, "events       all", text}},
		{Change{Types: []string{"conversation.created"}}, []string{"conversation.created", text}},
	} {
		if err := d.Update(t.Context(), id, step.change); err != nil {
			t.Fatal(err)
		}
		out.wants(t, step.want...)
	}
	if err := d.Update(t.Context(), id, Change{Types: []string{"letter.*"}}); err == nil {
		t.Error("a type that there is not is taken")
	}
	if err := d.Rotate(t.Context(), id, time.Hour); err != nil {
		t.Fatal(err)
	}
	rotated := out.take()
	secret := regexp.MustCompile(`whsec_\S+`)
	if found := secret.FindString(rotated); found == "" || found == secret.FindString(added) {
		t.Errorf("the new secret is %q", found)
	}
	if err := d.Show(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if shown := out.take(); strings.Contains(shown, "whsec_") || !strings.Contains(shown, "signs besides until") {
		t.Errorf("shown:\n%s", shown)
	}
	d.Local = false
	if err := d.Add(t.Context(), inbox.Subscription{URL: "http://127.0.0.1/"}); err == nil {
		t.Error("an endpoint on this machine is taken, which the deliverer does not reach")
	}
}

func TestListeningShowsWhatComesAndForgets(t *testing.T) {
	d, out := setup(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- d.Listen(ctx, Listening{Address: "127.0.0.1:0", Status: http.StatusNoContent}) }()
	id := uuid.MustParse(await(t, out, anyID))
	if err := d.Test(t.Context(), id, time.Minute); err != nil {
		t.Error(err)
	}
	out.wants(t, "subscription.test", "204")
	s, err := d.Store.Subscription(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Post(s.URL, "application/json", strings.NewReader(`{"type":"message.created"}`))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusUnauthorized {
		t.Errorf("what is not signed is answered with %d", response.StatusCode)
	}
	out.wants(t, "refused")
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if _, err := d.Store.Subscription(t.Context(), id); !errors.Is(err, inbox.ErrNotFound) {
		t.Errorf("ErrNotFound wanted, got %v", err)
	}
}

// await waits until something is on the screen.
func await(t *testing.T, out *screen, what *regexp.Regexp) string {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if found := what.FindString(out.take()); found != "" {
			return found
		}
	}
	t.Fatalf("no %s within a minute", what)
	return ""
}

func TestAnEventInOneLine(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.Local)
	for want, body := range map[string]string{
		"12:00:00  message.created       telegram  Ada\\x1b  in text: hello": `{"type":"message.created","data":{"channel":"telegram",
			"contact":{"name":"Ada\u001b"},"message":{"direction":"in","type":"text","text":"hello"}}}`,
		"12:00:00  message.updated       out image read": `{"type":"message.updated","data":{"message":{"direction":"out","type":"image","status":"read"}}}`,
		"12:00:00  unreadable: ":                         `{`,
	} {
		if got := line([]byte(body), now); !strings.HasPrefix(got, strings.TrimSuffix(want, " ")) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
