package platforms

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"omni/channels"
	"omni/channels/simulate"
	_ "omni/gen/dispatch"
	_ "omni/gen/simulators"
)

// entered are secrets as an operator may have entered them.
type entered struct{}

// stays reports whether a secret is ours, and no platform's.
func stays(secret channels.Secret) bool {
	return secret.For == channels.ForVerify || secret.For == channels.ForPages
}

const realToken = "EAAG-a-real-token"

func (entered) Secrets(_ context.Context, channel string) (map[string]channels.Secrets, error) {
	spec, ok := channels.Lookup(channel)
	if !ok {
		return nil, errors.New("no such channel")
	}
	all := channels.Secrets{}
	for _, secret := range spec.Secrets {
		all[secret.Name] = []string{realToken}
		if stays(secret) {
			all[secret.Name] = []string{"right"}
		}
	}
	return map[string]channels.Secrets{"default": all}, nil
}

// product takes webhooks and refuses the first ones.
type product struct {
	refuse int

	mu     sync.Mutex
	bodies [][]byte
	wrong  []error
	seen   int
}

func (p *product) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.seen++; p.seen <= p.refuse {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	body, _ := io.ReadAll(r.Body)
	p.bodies = append(p.bodies, body)
	name := strings.Split(r.URL.Path, "/")[2]
	secrets, err := entered{}.Secrets(r.Context(), name)
	if err == nil {
		var channel channels.Channel
		if channel, err = channels.Open(name, channels.Env{Account: "default", Secrets: secrets["default"]}); err == nil {
			err = channel.Verify(&channels.Request{Header: r.Header, Body: body})
		}
	}
	if err != nil {
		p.wrong = append(p.wrong, err)
	}
}

// stage is platforms that send webhooks to a product, and a way to call them.
type stage struct {
	product *product
	server  *Server
	remote  Remote
	client  channels.Doer
}

func newStage(t *testing.T, p *product) stage {
	t.Helper()
	web := httptest.NewServer(p)
	t.Cleanup(web.Close)
	server, err := New(t.Context(), Options{Secrets: Pretend(entered{}), Webhooks: web.URL, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	played := httptest.NewServer(server)
	t.Cleanup(played.Close)
	client, err := NewClient(played.URL)
	if err != nil {
		t.Fatal(err)
	}
	return stage{p, server, Remote{URL: played.URL, Client: played.Client()}, client}
}

// threads are chats that the simulated platforms know.
var threads = map[string]string{"whatsapp": "4915901234567", "messenger": "7234567890123456", "instagram": "17841400000000001", "telegram": "5100000000"}

// send sends a text by a channel that was opened as the sender opens it.
func (s stage) send(t *testing.T, channel, text string) (channels.Receipt, error) {
	t.Helper()
	return s.sendWithin(t, t.Context(), channel, text)
}

func (s stage) sendWithin(t *testing.T, ctx context.Context, channel, text string) (channels.Receipt, error) {
	t.Helper()
	secrets, err := Pretend(entered{}).Secrets(t.Context(), channel)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := channels.Open(channel, channels.Env{Account: "default", Secrets: secrets["default"], HTTP: s.client})
	if err != nil {
		t.Fatal(err)
	}
	kind := map[string]string{"whatsapp": "wa_id", "messenger": "psid", "instagram": "igsid", "telegram": "telegram_user"}[channel]
	return opened.Send(ctx, channels.Outgoing{
		Handle: "handle-" + text, Account: "100200300400500", Thread: threads[channel],
		To: []channels.Identity{{Kind: kind, Value: threads[channel]}}, Content: channels.Content{Text: text},
	})
}

// settled returns what was taken when nothing of it is left to tell.
func (s stage) settled(t *testing.T) []Taken {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		taken, err := s.remote.Taken(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(taken, func(one Taken) bool { return one.Open > 0 }) {
			return taken
		}
	}
	t.Fatal("not everything was told")
	return nil
}

func TestEveryPlatformTakesAnAnswerAndReportsItsFate(t *testing.T) {
	t.Parallel()
	for channel, want := range map[string]struct {
		webhooks int
		state    channels.DeliveryState
	}{
		"whatsapp": {3, channels.Read}, "messenger": {3, channels.Read}, "instagram": {2, channels.Read}, "telegram": {0, ""},
	} {
		t.Run(channel, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, &product{refuse: 1})
			receipt, err := s.send(t, channel, "hello")
			if err != nil {
				t.Fatal(err)
			}
			taken := s.settled(t)
			if len(taken) != 1 || taken[0].ID != receipt.ID || taken[0].Channel != channel || taken[0].Thread != threads[channel] {
				t.Fatalf("taken %+v, want one with the id %s", taken, receipt.ID)
			}
			if taken[0].State != want.state || len(s.product.bodies) != want.webhooks || len(s.product.wrong) > 0 {
				t.Errorf("state %q after %d webhooks, %v; want %q after %d", taken[0].State, len(s.product.bodies), s.product.wrong, want.state, want.webhooks)
			}
			if (len(taken[0].Told) > 0) != (want.webhooks > 0) {
				t.Errorf("told %v", taken[0].Told)
			}
		})
	}
}

func TestTroubleOnDemandAndByChance(t *testing.T) {
	t.Parallel()
	s := newStage(t, &product{})
	var throttled *channels.ThrottledError
	var uncertain *channels.UncertainError
	if err := s.remote.Misbehave(t.Context(), "whatsapp", simulate.Fault{Throttle: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.send(t, "whatsapp", "one"); !errors.As(err, &throttled) {
		t.Errorf("throttled: %v", err)
	}
	for _, step := range []struct {
		trouble Trouble
		as      any
		taken   int
	}{
		{Trouble{Throttle: 1}, &throttled, 0},
		{Trouble{Lose: 1}, &uncertain, 1},
		{Trouble{Repeat: 1}, nil, 2},
		{Trouble{}, nil, 3},
	} {
		if err := s.remote.SetTrouble(t.Context(), step.trouble); err != nil {
			t.Fatal(err)
		}
		_, err := s.send(t, "whatsapp", "next")
		if step.as == nil && err != nil || step.as != nil && !errors.As(err, step.as) {
			t.Errorf("%+v: %v", step.trouble, err)
		}
		if taken := s.settled(t); len(taken) != step.taken {
			t.Errorf("%+v: taken %d, want %d", step.trouble, len(taken), step.taken)
		}
	}
	if n := len(s.product.bodies); n != 3+6+3 {
		t.Errorf("%d webhooks, want three of each message and those of the second twice", n)
	}
}

func TestRepliesAreHeldToTheWindow(t *testing.T) {
	t.Parallel()
	s := newStage(t, &product{})
	wrote := written{Channel: "whatsapp", Account: "100200300400500", Thread: threads["whatsapp"], At: time.Now().Add(-25 * time.Hour)}
	s.server.written([]written{wrote})
	var rejected *channels.RejectedError
	if _, err := s.send(t, "whatsapp", "late"); !errors.As(err, &rejected) {
		t.Errorf("25 hours after the customer wrote: %v", err)
	}
	w := simulate.Webhook{Events: []simulate.Event{{Expect: []simulate.Expected{
		{Kind: channels.KindRead, Thread: "of nobody"}, {Kind: channels.KindMessage, Thread: threads["whatsapp"]},
	}}}}
	if err := s.remote.Wrote(t.Context(), "whatsapp", "100200300400500", w); err != nil {
		t.Fatal(err)
	}
	if _, err := s.send(t, "whatsapp", "in time"); err != nil {
		t.Errorf("after the customer wrote again: %v", err)
	}
}

func TestNoTokenOfTheOperatorIsUsed(t *testing.T) {
	t.Parallel()
	for _, spec := range channels.Specs() {
		first, err := Pretend(entered{}).Secrets(t.Context(), spec.Name)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := Pretend(entered{}).Secrets(t.Context(), spec.Name)
		for _, secret := range spec.Secrets {
			got := first["default"][secret.Name]
			switch {
			case slices.Contains(got, realToken):
				t.Errorf("%s: %s is used as it was entered", spec.Name, secret.Name)
			case stays(secret) && !slices.Equal(got, []string{"right"}):
				t.Errorf("%s: %s is %q, with which nothing can be verified", spec.Name, secret.Name, got)
			case !stays(secret) && (len(got) != 1 || !slices.Equal(got, again["default"][secret.Name])):
				t.Errorf("%s: %s is %q and then %q", spec.Name, secret.Name, got, again["default"][secret.Name])
			}
		}
	}
}

func TestStrangersAndFiles(t *testing.T) {
	t.Parallel()
	s := newStage(t, &product{})
	for target, want := range map[string]int{
		"POST https://graph.facebook.com/v23.0/100200300400500/messages": http.StatusUnauthorized, // without a token
		"GET https://scontent.xx.fbcdn.net/v/1.png?oh=signed":            http.StatusOK,
		"GET https://scontent.xx.fbcdn.net/v/1.png":                      http.StatusNotFound,
		"PUT https://graph.facebook.com" + controlPath + "trouble":       http.StatusBadRequest, // without a body
		"GET https://api.telegram.org/bot1:stranger/getMe":               http.StatusNotFound,
	} {
		method, url, _ := strings.Cut(target, " ")
		request, err := http.NewRequestWithContext(t.Context(), method, url, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		response, err := s.client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%s: %s, want %d", target, response.Status, want)
		}
	}
}

func TestAPlatformThatTakesAMessageAndNeverAnswers(t *testing.T) {
	t.Parallel()
	s := newStage(t, &product{})
	if err := s.remote.SetTrouble(t.Context(), Trouble{Hang: 1}); err != nil {
		t.Fatal(err)
	}
	ctx, hangUp := context.WithCancel(t.Context())
	changed := s.server.Changed()
	go func() {
		<-changed // it has taken the message
		hangUp()
	}()
	var uncertain *channels.UncertainError
	if _, err := s.sendWithin(t, ctx, "whatsapp", "hello"); !errors.As(err, &uncertain) {
		t.Errorf("got %v", err)
	}
	if taken := s.settled(t); len(taken) != 1 {
		t.Errorf("taken %d times", len(taken))
	}
}
