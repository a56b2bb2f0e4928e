package platforms

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"omni/channels"
	"omni/channels/simulate"
)

// player is one platform as one credential account meets it.
type player struct {
	channel, account string
	tokens           []string
	secrets          channels.Secrets
	platform         simulate.Platform
	api              http.Handler
	inspector        simulate.Inspector
	listener         simulate.Listener // nil: the platform has no windows
	courier          Courier
	webhook          string        // URL; empty: nobody hears of anything
	pause            time.Duration // on average
	accepted         func(channel, account string, w simulate.Webhook)
	log              *slog.Logger
	changed          chan struct{} // something may have been taken
	happened         func()        // is told when there is something new to see
	busy             chan struct{} // webhooks under way

	ctx     context.Context // of what it does by itself
	reports sync.WaitGroup

	mu      sync.Mutex
	trouble Trouble
	taken   []*Taken
}

// newPlayer returns nil for a platform that takes no answers.
func newPlayer(ctx context.Context, channel, account string, secrets channels.Secrets, client *http.Client, o Options) *player {
	platform, _ := simulate.Lookup(channel)
	spec, known := channels.Lookup(channel)
	api, callable := platform.(simulate.API)
	if !known || !callable {
		return nil
	}
	p := &player{
		channel: channel, account: account, tokens: tokens(spec, secrets), secrets: secrets, platform: platform,
		api: api.API(map[string]channels.Secrets{account: secrets}, client), courier: Courier{Client: client},
		pause: o.Pause, accepted: o.Accepted, log: o.Log.With("channel", channel, "account", account), changed: make(chan struct{}, 1),
		busy: make(chan struct{}, maxReports), ctx: ctx,
	}
	if o.Webhooks != "" {
		p.webhook = strings.TrimSuffix(o.Webhooks, "/") + spec.WebhookPath(account)
	}
	inspector, takes := p.api.(simulate.Inspector)
	if !takes {
		return nil
	}
	p.inspector = inspector
	p.listener, _ = p.api.(simulate.Listener)
	return p
}

// serve lets the platform answer, perhaps badly.
func (p *player) serve(w http.ResponseWriter, r *http.Request) {
	defer p.look() // also when it hangs up
	if r.Method == http.MethodPost && p.stumble() {
		p.api.ServeHTTP(httptest.NewRecorder(), r)
		p.look()
		<-r.Context().Done() // until whoever asked has waited for long enough
		return
	}
	p.api.ServeHTTP(w, r)
}

// look makes the watcher look for what was taken.
func (p *player) look() {
	select {
	case p.changed <- struct{}{}:
	default: // it will look anyway
	}
}

// Trouble is what goes wrong all the time. All but the last are fractions of the requests that deliver, Repeat is one of the webhooks.
type Trouble struct {
	Throttle float64 `json:"throttle"` // refused: too many
	Refuse   float64 `json:"refuse"`   // answered by a server error, and not taken
	Lose     float64 `json:"lose"`     // taken, and answered as if not
	Hang     float64 `json:"hang"`     // taken, and never answered
	Repeat   float64 `json:"repeat"`   // sent a second time
}

// stumble lets chance decide what becomes of the next request that delivers. It reports whether that gets no answer.
func (p *player) stumble() (hang bool) {
	p.mu.Lock()
	t := p.trouble
	p.mu.Unlock()
	switch drawn := rand.Float64(); {
	case drawn < t.Throttle:
		p.inspector.Misbehave(simulate.Fault{Throttle: 1})
	case drawn < t.Throttle+t.Refuse:
		p.inspector.Misbehave(simulate.Fault{Refuse: 1})
	case drawn < t.Throttle+t.Refuse+t.Lose:
		p.inspector.Misbehave(simulate.Fault{Lose: 1})
	case drawn < t.Throttle+t.Refuse+t.Lose+t.Hang:
		return true
	}
	return false
}

// watch notes what the platform takes and has it reported, until the context ends.
func (p *player) watch() {
	for {
		select {
		case <-p.ctx.Done():
			p.note() // whoever notes something later starts no reports
			p.reports.Wait()
			return
		case <-p.changed:
			p.note()
			p.happened()
		}
	}
}

// note adds what was taken since the last look, and has it reported.
func (p *player) note() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, delivery := range p.inspector.Deliveries()[len(p.taken):] {
		events := len(p.follow(delivery, delivery.At))
		t := &Taken{Channel: p.channel, CredentialAccount: p.account, Delivery: delivery, Open: events}
		p.taken = append(p.taken, t)
		if events > 0 && p.ctx.Err() == nil {
			p.reports.Go(func() { p.report(t, events) })
		}
	}
}

// serveFile answers a request without a token, for a file on a host that asks for none: it is the first platform's that has it.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	for _, p := range s.players {
		answer := httptest.NewRecorder()
		p.api.ServeHTTP(answer, r.Clone(r.Context()))
		if answer.Code < http.StatusBadRequest {
			for name, values := range answer.Header() {
				w.Header()[name] = values
			}
			w.WriteHeader(answer.Code)
			_, _ = w.Write(answer.Body.Bytes()) // a client that has gone wants no answer
			return
		}
	}
	http.NotFound(w, r)
}
