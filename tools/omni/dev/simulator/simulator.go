// Package simulator is the backend of the simulator's page: a person plays customers of every channel by hand, beside an agent who answers in the
// dashboard. What they write reaches the product by signed webhooks, as from the platforms, and what the platforms take is what they see.
package simulator

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"time"

	"omni/internal/roster"
	"omni/tools/omni/platforms"
)

// Path is where the server has the backend mounted.
const Path = "/simulator/api/"

// Options say whom it plays with.
type Options struct {
	Platforms *platforms.Server
	Secrets   roster.Source // of the platforms
	Product   string        // URL to which webhooks go
	Client    *http.Client  // sends them
}

// Simulator plays the customers; it is an http.Handler for requests below [Path]. It keeps chats in memory.
type Simulator struct {
	o        Options
	channels []channel
	mux      *http.ServeMux
	run      string // tells the ids of this process from those of all others
	stop     context.CancelFunc
	done     chan struct{}

	mu      sync.Mutex
	chats   map[string]*chat // by id
	seq     int              // of the last change
	serial  int              // of the last event
	changed chan struct{}    // closed at the next change
}

// New makes a simulator of the channels that can be played, and begins to watch the platforms. Close ends it.
func New(ctx context.Context, o Options) (*Simulator, error) {
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	s := &Simulator{
		o: o, run: "page" + strconv.FormatInt(time.Now().UnixNano(), 36), stop: stop, done: make(chan struct{}), chats: map[string]*chat{},
		changed: make(chan struct{}),
	}
	var err error
	if s.channels, err = readChannels(ctx, o.Secrets); err != nil {
		stop()
		return nil, fmt.Errorf("preparing the simulator's page: %w", err)
	}
	s.mux = s.routes()
	go s.watch(ctx)
	return s, nil
}

// Close ends the watching, and with it requests that wait.
func (s *Simulator) Close() {
	s.stop()
	<-s.done
}

// lookPause is the least time between two looks at what the platforms took: with `omni simulate` beside, they take hundreds of messages a second.
const lookPause = 50 * time.Millisecond

// watch shows what happens at the platforms in the chats, until the context ends.
func (s *Simulator) watch(ctx context.Context) {
	defer close(s.done)
	for {
		changed := s.o.Platforms.Changed()
		s.look()
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(lookPause):
		}
	}
}

// announce wakes requests that wait for a change. The caller holds the lock.
func (s *Simulator) announce() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// next is the number of a change. The caller holds the lock.
func (s *Simulator) next() int {
	s.seq++
	return s.seq
}

// newRand makes the randomness of one event.
func newRand() *rand.Rand { return rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())) }
