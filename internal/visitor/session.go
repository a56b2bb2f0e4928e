package visitor

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"omni/channels"
)

// maxBody is the largest body of a request, in bytes.
const maxBody = 16 << 10

// read reads the JSON body of a request. What we do not know of it does not matter.
func read[T any](c call) (T, error) {
	var in T
	err := json.NewDecoder(http.MaxBytesReader(nil, c.Body, maxBody)).Decode(&in)
	var tooLarge *http.MaxBytesError
	if err == nil || errors.As(err, &tooLarge) {
		return in, err
	}
	return in, invalid("The body is not the JSON object that it should be.")
}

// sessionRequest is what a page that opens the chat says.
type sessionRequest struct {
	Token    string `json:"token"` // the page's latest
	Identity *struct {
		ID   string `json:"id"`
		HMAC string `json:"hmac"`
	} `json:"identity"`
}

// session is what it gets.
type session struct {
	Token     string    `json:"token"`
	ExpiresAt time.Time `json:"expires_at"`
	Visitor   string    `json:"visitor"`
	Known     bool      `json:"known"` // the company's server vouched for them
	Settings  settings  `json:"settings"`
}

type settings struct {
	Title    string            `json:"title"`
	AskEmail channels.AskEmail `json:"ask_email"`
	Away     bool              `json:"away"` // nobody is there to answer; only found out where visitors are asked for their address then
	Limits   messageLimits     `json:"limits"`
}

type messageLimits struct {
	Text  int         `json:"text"` // in characters
	Media []mediaKind `json:"media"`
}

type mediaKind struct {
	Kind     channels.AttachmentKind `json:"kind"`
	MaxBytes int64                   `json:"max_bytes"`
	Types    []string                `json:"types"` // none: any
}

func (h *Handler) session(ctx context.Context, c call) (any, error) {
	if err := h.limits.session(c); err != nil {
		return nil, err
	}
	in, err := read[sessionRequest](c)
	if err != nil {
		return nil, err
	}
	visit := channels.Visit{Origin: c.Header.Get("Origin"), Token: in.Token}
	if in.Identity != nil {
		visit.Identity = &channels.VisitorIdentity{ID: in.Identity.ID, Proof: in.Identity.HMAC}
	}
	admitted, err := c.host.Admit(visit)
	switch {
	case errors.Is(err, channels.ErrOrigin):
		return nil, errOrigin
	case errors.Is(err, channels.ErrIdentity):
		return nil, errIdentity
	case err != nil:
		return nil, err
	}
	s := session{
		Token: admitted.Token, ExpiresAt: admitted.Until.UTC(), Visitor: admitted.Thread, Known: admitted.Known,
		Settings: settings{Title: admitted.Settings.Title, AskEmail: admitted.Settings.AskEmail, Limits: limitsOf(c.spec)},
	}
	if s.Settings.AskEmail == channels.AskAway {
		s.Settings.Away, err = h.staff.away(ctx, h.Store, h.Now())
	}
	return s, err
}

// limitsOf are a channel's limits: a visitor may send what we may.
func limitsOf(spec channels.Spec) messageLimits {
	l := messageLimits{Text: spec.Text.Max, Media: []mediaKind{}}
	for _, m := range spec.Media {
		l.Media = append(l.Media, mediaKind{m.Kind, m.MaxBytes, append([]string{}, m.Types...)})
	}
	return l
}

// staffKnown is how long it is known whether an agent is there.
const staffKnown = 15 * time.Second

// staff knows whether an agent is there. Every page that opens asks, and the database is spared.
type staff struct {
	mu      sync.Mutex
	isThere bool
	askedAt time.Time // zero: never
}

func (s *staff) away(ctx context.Context, store Store, now time.Time) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.askedAt.IsZero() || now.Sub(s.askedAt) > staffKnown {
		there, err := store.Staffed(ctx)
		if err != nil {
			return false, err
		}
		s.isThere, s.askedAt = there, now
	}
	return !s.isThere, nil
}
