package crash

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// gate stands between the product and the platforms, and can hold requests before the platform sees them, or its answers.
type gate struct {
	next http.Handler

	mu   sync.Mutex
	hold *hold // nil: it is open
}

// hold is a gate that is closed.
type hold struct {
	after   bool // the platform has done what was asked
	arrived chan struct{}
	open    chan struct{}
	drop    bool // what was held gets no answer; set before open is closed
}

// close closes the gate.
func (g *gate) close(after bool) *hold {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.hold = &hold{after: after, arrived: make(chan struct{}, 100), open: make(chan struct{})}
	return g.hold
}

// release opens the gate again; with drop, for those who come later only.
func (g *gate) release(drop bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.hold.drop = drop
	close(g.hold.open)
	g.hold = nil
}

// wait returns when so many requests are held.
func (h *hold) wait(t *testing.T, requests int) {
	t.Helper()
	for range requests {
		select {
		case <-h.arrived:
		case <-time.After(stepPatience):
			t.Fatal("the platforms were not asked")
		}
	}
}

// ServeHTTP implements [http.Handler].
func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	h := g.hold
	g.mu.Unlock()
	if h == nil || strings.HasPrefix(r.URL.Path, "/control/") {
		g.next.ServeHTTP(w, r)
		return
	}
	answer := httptest.NewRecorder()
	if h.after {
		g.next.ServeHTTP(answer, r)
	}
	h.arrived <- struct{}{}
	<-h.open
	switch {
	case h.drop:
		panic(http.ErrAbortHandler)
	case !h.after:
		g.next.ServeHTTP(w, r)
	default:
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	}
}
