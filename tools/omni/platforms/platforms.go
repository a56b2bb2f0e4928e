// Package platforms plays the servers of every platform: they take the product's answers, enforce the documented limits, misbehave when
// they are told to, and report what became of each message by signed webhooks, as the real ones do.
//
// All of them are behind one HTTP server. Requests to a platform come with its own host name and a token; whoever plays with the platforms
// asks and disturbs them under /control/ (see [Remote]). What the platforms took is kept in memory: it outlives a product that is killed,
// and not the server itself.
package platforms

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"omni/channels"
	"omni/channels/simulate"
	"omni/internal/roster"
)

// Options say whom the platforms talk to.
type Options struct {
	// Secrets are those of the product, read once: the platforms know the same accounts and tokens, and sign by the same secrets. Give both
	// sides the source that [Pretend] makes.
	Secrets  roster.Source
	Webhooks string       // the product's URL, to which webhooks are sent; empty: none are
	Client   *http.Client // sends them; nil: one with a timeout of ten seconds
	Log      *slog.Logger

	// Pause is how long customers take to get a message and to read it, on average. 0: no time.
	Pause time.Duration
	// Accepted, when set, is told of every webhook that was answered with 200, when it was. account is the credential account.
	Accepted func(channel, account string, w simulate.Webhook)
}

// Server plays the platforms. Make it with [New]; it is an http.Handler.
type Server struct {
	players []*player // by channel and account
	control *http.ServeMux
	client  *http.Client
	stop    context.CancelFunc
	working sync.WaitGroup
	changes changes
}

// New makes a server that plays every channel with a simulator, for each credential account. Close ends what it does by itself.
func New(ctx context.Context, o Options) (*Server, error) {
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	s := &Server{client: o.Client, stop: stop}
	if s.client == nil {
		s.client = &http.Client{Timeout: webhookTimeout}
	}
	for _, channel := range simulate.Channels() {
		accounts, err := o.Secrets.Secrets(ctx, channel)
		if err != nil {
			stop()
			return nil, fmt.Errorf("reading the secrets of %s: %w", channel, err)
		}
		for _, account := range slices.Sorted(maps.Keys(accounts)) {
			s.add(newPlayer(ctx, channel, account, accounts[account], s.client, o))
		}
	}
	s.control = s.controls()
	for _, p := range s.players {
		s.working.Go(p.watch)
	}
	return s, nil
}

func (s *Server) add(p *player) {
	if p != nil {
		p.happened = s.changes.announce
		s.players = append(s.players, p)
	}
}

// Close ends the webhooks that are under way.
func (s *Server) Close() {
	s.stop()
	s.working.Wait()
}

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch p := s.owner(r); {
	case strings.HasPrefix(r.URL.Path, controlPath):
		s.control.ServeHTTP(w, r)
	case p != nil:
		p.serve(w, r)
	case r.Method == http.MethodGet:
		s.serveFile(w, r)
	default:
		http.Error(w, "no platform knows the token of this request", http.StatusUnauthorized)
	}
}

// owner finds out whose request it is. Several platforms have one host name, so it is the token that tells, as with the real ones.
func (s *Server) owner(r *http.Request) *player {
	bearer, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	for _, p := range s.players {
		if slices.ContainsFunc(p.tokens, func(token string) bool { return token == bearer || strings.Contains(r.URL.Path, token) }) {
			return p
		}
	}
	return nil
}

// of are the players of a channel.
func (s *Server) of(channel string) []*player {
	return slices.DeleteFunc(slices.Clone(s.players), func(p *player) bool { return p.channel != channel })
}

// tokens are the values by which an account calls its platform.
func tokens(spec channels.Spec, secrets channels.Secrets) []string {
	var all []string
	for _, secret := range spec.Secrets {
		if secret.For == channels.ForSend {
			all = append(all, secrets[secret.Name]...)
		}
	}
	return all
}
