// Package sockets stands in for API Gateway's WebSocket API on a laptop: it makes events of what sockets do, for the function behind it, and lets that
// product post to the sockets.
//
// Limits and behaviour are those of docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html and the
// pages beside it.
package sockets

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"

	"omni/internal/edge"
)

// The limits.
const (
	maxFrame        = 32 << 10
	maxMessage      = 128 << 10
	idleTime        = 10 * time.Minute
	lifeTime        = 2 * time.Hour
	integrationTime = 29 * time.Second
	writeTime       = 2 * time.Second // ours: a client that takes nothing for so long is gone
)

// Gateway is a WebSocket API. Sockets are opened at [Gateway.ServeHTTP] and posted to by way of [Gateway.Connections]. Make it with [New].
type Gateway struct {
	function edge.SocketHandler
	log      *slog.Logger
	options  Options

	mu      sync.Mutex
	open    map[string]*socket // by connection id
	closed  bool
	serving sync.WaitGroup // requests that are or become sockets
}

// Options shorten the times of the gateway for tests. What is zero is as in AWS.
type Options struct {
	Idle time.Duration // until a socket is closed on which nothing is said
	Life time.Duration // until any socket is closed
}

// New makes a gateway before a function.
func New(function edge.SocketHandler, log *slog.Logger, o Options) *Gateway {
	o.Idle, o.Life = cmp.Or(o.Idle, idleTime), cmp.Or(o.Life, lifeTime)
	return &Gateway{function: function, log: log, options: o, open: map[string]*socket{}}
}

// Close closes all sockets, and returns once the function knows of each.
func (g *Gateway) Close() {
	g.mu.Lock()
	g.closed = true
	for _, s := range g.open {
		go s.close(websocket.StatusGoingAway)
	}
	g.mu.Unlock()
	g.serving.Wait()
}

// enter reports whether there is a gateway still. Who enters leaves by serving.Done.
func (g *Gateway) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.closed {
		g.serving.Add(1)
	}
	return !g.closed
}

// ServeHTTP opens a socket if the function agrees, and serves it to its end.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Sec-Websocket-Key") == "" {
		http.Error(w, http.StatusText(http.StatusUpgradeRequired), http.StatusUpgradeRequired)
		return
	}
	if !g.enter() {
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return
	}
	defer g.serving.Done()
	s := newSocket(g, r)
	if code := s.connect(r); code != http.StatusOK {
		http.Error(w, http.StatusText(code), code)
		return
	}
	defer s.disconnect()
	// As at API Gateway, any page may try: what counts is the ticket.
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		g.log.Warn("socket not opened", "connection_id", s.id, "error", err.Error())
		return
	}
	defer func() { _ = conn.CloseNow() }() // it may be closed already
	conn.SetReadLimit(maxFrame)            // of a message; a frame cannot be told from it, and browsers send a message as one
	s.start(conn)
	g.mu.Lock()
	g.open[s.id] = s
	late := g.closed
	g.mu.Unlock()
	if late {
		go s.close(websocket.StatusGoingAway)
	}
	s.serve()
}

// find returns an open socket.
func (g *Gateway) find(id string) (*socket, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	s, ok := g.open[id]
	return s, ok
}

// remove makes posts to a socket find nobody.
func (g *Gateway) remove(id string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.open, id)
}

// newID is an id such as API Gateway gives.
func newID() string {
	random := make([]byte, 11)
	rand.Read(random) // never fails
	return base64.URLEncoding.EncodeToString(random)
}

// invoke bounds a call of the function, which goes on when the socket is gone.
func invoke(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), integrationTime)
}

// closing is how a socket came to its end.
func closing(err error) (code int64, reason string) {
	var end websocket.CloseError
	if errors.As(err, &end) {
		return int64(end.Code), end.Reason
	}
	return int64(websocket.StatusAbnormalClosure), "Connection closed abnormally"
}
