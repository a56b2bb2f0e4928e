// Package visitor is what the pages of a hosted channel ask: to be let in, for the conversation of their visitor, for a place for a file, for a
// socket. What visitors write does not come here: it arrives as a webhook. See [channels.Host].
//
// The requests come from anybody's browser. Who calls follows from the token that the channel issued, and nothing else that they say; what they see is
// their own conversation. Nothing here names a channel.
package visitor

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/pipeline"
	"omni/internal/throttle"
)

// Hosts opens channels.
type Hosts interface {
	Channel(ctx context.Context, spec channels.Spec, account string) (channels.Channel, error)
	// Renewed returns the channel opened with secrets that were read again, or false when it is too soon for that.
	Renewed(ctx context.Context, spec channels.Spec, account string) (channels.Channel, bool)
}

// TicketIssuer gives visitors what they open sockets with. A URL that is only a path is one of the host that was called.
type TicketIssuer interface {
	Issue(ctx context.Context, holder inbox.TicketHolder) (pipeline.Ticket, error)
}

// Files are the files of messages. A URL that is only a path is one of the host that was called.
type Files interface {
	// Link returns a URL under which a file can be fetched for a while.
	Link(ctx context.Context, key string) (string, error)
	// Upload returns where a file of exactly so many bytes may be put.
	Upload(ctx context.Context, key, mime string, bytes int64) (inbox.UploadLink, error)
}

// Agents are told what visitors do. It is a hint, and never fails.
type Agents interface {
	VisitorTyping(ctx context.Context, conversation uuid.UUID, state inbox.PresenceState)
}

// Options are what the visitors' side is made of.
type Options struct {
	Hosts   Hosts
	Store   Store
	Tickets TicketIssuer // nil: there are no sockets
	Files   Files        // nil: there are none
	Agents  Agents       // nil: nobody hears of typing
	Log     *slog.Logger
	Now     func() time.Time
}

// Handler answers requests of visitors' pages. Make it with [New].
type Handler struct {
	Options
	mux    *http.ServeMux
	limits limits
	staff  staff
}

// New makes the handler.
func New(o Options) *Handler {
	h := &Handler{Options: o, mux: http.NewServeMux(), limits: newLimits(o.Now)}
	const base = "/visitors/{channel}/{account}/"
	h.mux.HandleFunc("OPTIONS "+base+"{rest...}", h.preflight)
	h.mux.Handle("POST "+base+"session", h.page(h.session))
	h.mux.Handle("GET "+base+"messages", h.visitor(h.messages))
	h.mux.Handle("POST "+base+"uploads", h.visitor(h.upload))
	h.mux.Handle("POST "+base+"ticket", h.visitor(h.ticket))
	h.mux.Handle("POST "+base+"typing", h.visitor(h.typing))
	h.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { h.refuse(w, r, errNoOperation) })
	return h
}

// operationTime is how long an operation may take; see the API's.
const operationTime = 25 * time.Second

// ServeHTTP answers a request. Whatever happens, a failure is a problem.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	ctx, cancel := context.WithTimeout(r.Context(), operationTime)
	defer cancel()
	r = r.WithContext(ctx)
	defer func() {
		if reason := recover(); reason != nil {
			h.refuse(w, r, fmt.Errorf("an operation panicked: %v\n%s", reason, debug.Stack()))
		}
	}()
	h.mux.ServeHTTP(w, r)
}

// call is one request, with what is known of who makes it.
type call struct {
	*http.Request
	spec    channels.Spec
	account string // credential account
	host    channels.Host
	visitor channels.Visitor // of a visitor's call
}

// chat is the visitor's, as the store knows it. A host's bodies name no channel account, so the credential account stands for it.
func (c call) chat() inbox.VisitorChat {
	return inbox.VisitorChat{Account: inbox.AccountID(c.spec.Name, c.account), Thread: c.visitor.Thread}
}

// operation does what a request asks and returns the answer; nil: there is nothing to say.
type operation func(ctx context.Context, c call) (any, error)

// page serves pages of an origin that may use the account.
func (h *Handler) page(do operation) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := h.open(r)
		if c.host != nil {
			allow(w, c.host, r)
		}
		h.answer(w, r, err, func() (any, error) { return do(r.Context(), c) })
	})
}

// visitor is page for those with a good token.
func (h *Handler) visitor(do operation) http.Handler {
	return h.page(func(ctx context.Context, c call) (any, error) {
		var err error
		if c.visitor, err = h.identify(ctx, c); err != nil {
			return nil, err
		}
		if err := h.limits.visitor(c); err != nil {
			return nil, err
		}
		return do(ctx, c)
	})
}

// open finds the host of a request, and refuses pages of other origins.
func (h *Handler) open(r *http.Request) (call, error) {
	c := call{Request: r, account: r.PathValue("account")}
	spec, known := channels.Lookup(r.PathValue("channel"))
	if !known {
		return c, errNoOperation
	}
	c.spec = spec
	channel, err := h.Hosts.Channel(r.Context(), spec, c.account)
	if err != nil {
		return c, err
	}
	host, hosted := channel.(channels.Host)
	if !hosted {
		return c, errNoOperation
	}
	if c.host = host; !host.AllowsOrigin(r.Header.Get("Origin")) {
		if c.host = h.renewed(r.Context(), c); !c.host.AllowsOrigin(r.Header.Get("Origin")) {
			return c, errOrigin
		}
	}
	return c, nil
}

// renewed is the host with secrets that were read again, if it is not too soon for that.
func (h *Handler) renewed(ctx context.Context, c call) channels.Host {
	if channel, ok := h.Hosts.Renewed(ctx, c.spec, c.account); ok {
		return channel.(channels.Host)
	}
	return c.host
}

// identify says whose token a request has.
func (h *Handler) identify(ctx context.Context, c call) (channels.Visitor, error) {
	request := &channels.Request{Header: c.Header}
	visitor, err := c.host.Visitor(request)
	if err != nil {
		visitor, err = h.renewed(ctx, c).Visitor(request)
	}
	if err != nil {
		return visitor, tokenInvalid(err)
	}
	return visitor, nil
}

// preflight answers a browser that asks whether a page may ask.
func (h *Handler) preflight(w http.ResponseWriter, r *http.Request) {
	c, err := h.open(r)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	allow(w, c.host, r)
	w.Header().Set("Access-Control-Allow-Methods", "GET, POST")
	w.Header().Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
	w.Header().Set("Access-Control-Max-Age", "7200")
	w.WriteHeader(http.StatusNoContent)
}

// allow lets the page that asked read the answer, if the account has it.
func allow(w http.ResponseWriter, host channels.Host, r *http.Request) {
	if origin := r.Header.Get("Origin"); host.AllowsOrigin(origin) {
		w.Header().Set("Access-Control-Allow-Origin", origin)
		w.Header().Set("Access-Control-Expose-Headers", "Retry-After")
		w.Header().Set("Vary", "Origin")
	}
}

// How often one address may begin a session, and one visitor ask something, within one instance: so often at once, and then once after each pause. Many
// people may share an address.
const (
	sessionBurst, sessionPause = 120, 500 * time.Millisecond
	visitorBurst, visitorPause = 60, 250 * time.Millisecond
)

type limits struct{ sessions, visitors *throttle.Limit }

func newLimits(now func() time.Time) limits {
	return limits{throttle.New(sessionBurst, sessionPause, now), throttle.New(visitorBurst, visitorPause, now)}
}

func (l limits) session(c call) error {
	return tooMany(l.sessions.Take(c.spec.Name + "/" + c.account + "/" + c.RemoteAddr))
}

func (l limits) visitor(c call) error {
	return tooMany(l.visitors.Take(c.spec.Name + "/" + c.account + "/" + c.visitor.Thread))
}
