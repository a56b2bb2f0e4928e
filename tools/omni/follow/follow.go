// Package follow is an agent's dashboard without its pages: it signs in at `omni dev`, opens its socket, and keeps what it shows up to date by the
// rules of docs/realtime.md, whatever becomes of its connections. What it shows in the end is to be what the database has.
package follow

import (
	"cmp"
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"
)

// Options say who looks at what.
type Options struct {
	URL    string // of the server, without a path
	Name   string // of the agent
	Client *http.Client
	Page   int // changes that it reads at once; 0: as many as the dashboard does

	// Created is told of each message that is shown for the first time: what it says, and when the first frame came since the transaction began that wrote
	// it; zero: none has. nil: nobody is.
	Created func(text string, framed time.Time)
}

// Dashboard is one agent's. Make it with [New].
type Dashboard struct {
	o      Options
	cursor string // only one goroutine at a time looks

	mu            sync.Mutex
	token         string // of the agent
	conversations map[uuid.UUID]conversation
	messages      map[uuid.UUID]message
	changes       map[string]int // how often each came, by cursor
	created       map[uuid.UUID]int
	framed        []time.Time // when the latest frames came, in order
	tally         Tally
}

// Tally says what a dashboard met.
type Tally struct {
	Sockets  int      // that were opened
	Frames   int      // that came through them
	Refused  []error  // requests that were answered with an error
	Repeated int      // changes that came twice, and messages that were created twice
	Strange  []string // frames that are none
}

// New makes a dashboard that shows nothing yet.
func New(o Options) *Dashboard {
	client := *o.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // signing in looks at where it is sent
	o.Client, o.Page = &client, cmp.Or(o.Page, dashboardPage)
	return &Dashboard{
		o: o, conversations: map[uuid.UUID]conversation{}, messages: map[uuid.UUID]message{}, changes: map[string]int{}, created: map[uuid.UUID]int{},
	}
}

// Open signs in and takes the place in the feed from which on changes are shown: what was before is not.
func (d *Dashboard) Open(ctx context.Context) error {
	if err := d.signIn(ctx); err != nil {
		return err
	}
	var now struct {
		Next string `json:"next"`
	}
	if err := d.Call(ctx, http.MethodGet, "/v1/feed", nil, &now); err != nil {
		return err
	}
	d.cursor = now.Next
	return nil
}

// Tally says what the dashboard met until now.
func (d *Dashboard) Tally() Tally {
	d.mu.Lock()
	defer d.mu.Unlock()
	t := d.tally
	for _, times := range d.changes {
		t.Repeated += times - 1
	}
	for _, times := range d.created {
		t.Repeated += times - 1
	}
	return t
}

// Times. Those between two tries are shorter than in a browser, for more tries in a test.
const (
	LookAgain  = 1500 * time.Millisecond // after a socket was opened: a push may have been addressed before
	pendingFor = 50 * time.Millisecond
	lookPause  = 200 * time.Millisecond // between looks that frames ask for, and up to
	lookSpread = 200 * time.Millisecond // longer, so that not all dashboards look at once
	lookAnyway = 5 * time.Second        // in a browser 30: a frame may be lost
	firstPause = 10 * time.Millisecond
	longPause  = 200 * time.Millisecond
)

// dashboardPage is web/src/api/operations.ts's.
const dashboardPage = 500

// framesKept is more frames than come until what they speak of is shown.
const framesKept = 1000

// Run keeps what is shown up to date until the context ends.
func (d *Dashboard) Run(ctx context.Context) {
	pause := firstPause
	for ctx.Err() == nil {
		opened, err := d.session(ctx) // whatever ended it, there is another
		if expired(err) {
			_ = d.signIn(ctx) // or the next one expires again
		}
		if pause = min(pause*3/2, longPause); opened {
			pause = firstPause
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// session is the life of one socket. It reports whether there was one.
func (d *Dashboard) session(ctx context.Context) (opened bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var ticket struct {
		URL string `json:"url"`
	}
	if err := d.Call(ctx, http.MethodPost, "/v1/tickets", nil, &ticket); err != nil {
		return false, err
	}
	conn, _, err := websocket.Dial(ctx, ticket.URL, nil) //nolint:bodyclose // it is the socket's
	if err != nil {
		return false, err
	}
	defer func() { _ = conn.CloseNow() }() // it may be closed already
	d.note(func(t *Tally) { t.Sockets++ })
	news, closed := make(chan struct{}, 1), make(chan struct{}) // one look is wanted at most, besides the one that is under way
	go func() {
		defer close(closed)
		d.listen(ctx, conn, news)
	}()
	news <- struct{}{}
	again, anyway, pause := time.After(LookAgain), time.NewTicker(lookAnyway), time.NewTimer(0)
	defer anyway.Stop()
	<-pause.C
	frames := (<-chan struct{})(news) // nil: it is not time for them yet
	for {
		select {
		case <-closed:
			return true, nil
		case <-again:
		case <-anyway.C:
		case <-pause.C:
			frames = news
			continue
		case <-frames:
			frames = nil
			pause.Reset(lookPause + rand.N(lookSpread))
		}
		if err := d.look(ctx); err != nil {
			return true, err
		}
	}
}

// listen wants a look for each feed frame.
func (d *Dashboard) listen(ctx context.Context, conn *websocket.Conn, news chan<- struct{}) {
	for {
		_, frame, err := conn.Read(ctx)
		if err != nil {
			return
		}
		d.note(func(t *Tally) {
			d.framed = append(d.framed[max(0, len(d.framed)-framesKept):], time.Now())
			if t.Frames++; string(frame) != `{"type":"feed"}` {
				t.Strange = append(t.Strange, string(frame))
			}
		})
		select {
		case news <- struct{}{}:
		default:
		}
	}
}

func (d *Dashboard) note(what func(*Tally)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	what(&d.tally)
}
