package outside

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
	"golang.org/x/sync/errgroup"

	"omni/internal/inbox"
)

// Poster posts frames to connections.
type Poster interface {
	// Post sends a frame to a connection. The error is [ErrGone], [ErrThrottled], or anything else.
	Post(ctx context.Context, connection string, frame []byte) error
}

// What can be wrong with a connection.
var (
	ErrGone      = errors.New("the connection is closed")
	ErrThrottled = errors.New("nothing more is taken now, for this connection or for all")
)

// GoneReporter carries back which connections were found closed.
type GoneReporter interface {
	ReportGone(ctx context.Context, connections []string) error
}

// Limits of pushing.
const (
	postsAtOnce = 32
	postFor     = 3 * time.Second // how long one frame is tried with a connection that is throttled
	goneFor     = time.Minute     // how long a connection is known to be closed, by when whoever names connections knows too

	// feedPause is how long a connection is left alone after a feed frame. Each costs a post, and its dashboard a look, for what nobody sees the sooner.
	feedPause = 25 * time.Millisecond

	// clocksDiffer is by how much the clock of whoever made a push may differ from ours.
	clocksDiffer = 100 * time.Millisecond
)

// Pusher posts frames to open dashboards. A feed frame says no more than that there is something new: to a connection that was posted one after a
// change it need not be posted again because of that change. So however fast changes come, a connection is posted to some times a second, and the last
// change is never without one. It is safe for concurrent use.
type Pusher struct {
	Poster Poster
	Gone   GoneReporter
	Log    *slog.Logger
	Now    func() time.Time

	mu     sync.Mutex
	begun  map[string]time.Time // by connection: when its latest feed frame began to be posted
	posted map[string]time.Time // by connection: when its latest feed frame began to be posted that arrived
	gone   map[string]time.Time // by connection: when it was found closed
}

// letter is what one connection is sent.
type letter struct {
	connection string
	frames     []frame
}

// frame is one frame for one connection.
type frame struct {
	kind inbox.FrameType
	body []byte
	at   time.Time // of its push
}

// Push posts what is worth something of some pushes, and reports connections that are closed. What cannot be posted is logged and dropped.
func (p *Pusher) Push(ctx context.Context, pushes []inbox.Push) {
	began := p.Now()
	letters := p.letters(pushes, began)
	var failures failures
	now, later := p.divide(letters, began)
	p.postAll(ctx, now, &failures)
	if len(later) > 0 {
		wait(ctx, min(feedPause, feedPause-p.Now().Sub(began))) // the clock may jump
		p.postAll(ctx, p.unspoken(later, began), &failures)
	}
	p.Log.Info("frames posted", "pushes", len(pushes), "connections", len(letters), "gone", len(failures.gone), "failed", failures.number,
		"oldest_ms", began.Sub(oldest(pushes, began)).Milliseconds(), "took_ms", p.Now().Sub(began).Milliseconds())
	if failures.number > 0 {
		p.Log.Warn("frames dropped: their dashboards will look for themselves", "connections", failures.number, "first_error", failures.first.Error())
	}
	p.report(ctx, failures.gone)
}

// postAll posts letters, some at once.
func (p *Pusher) postAll(ctx context.Context, letters []*letter, failures *failures) {
	var posting errgroup.Group
	posting.SetLimit(postsAtOnce)
	for _, l := range letters {
		posting.Go(func() error {
			failures.add(l.connection, p.deliver(ctx, l))
			return nil
		})
	}
	_ = posting.Wait() // nobody returns an error
}

// divide tells letters that can go now from those whose connection has had a feed frame just now, and that have nothing else.
func (p *Pusher) divide(letters []*letter, now time.Time) (ready, later []*letter) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range letters {
		if since := now.Sub(p.begun[l.connection]); l.isFeedOnly() && since >= 0 && since < feedPause {
			later = append(later, l)
			continue
		}
		p.begin(l, now)
		ready = append(ready, l)
	}
	return ready, later
}

// unspoken are the letters to connections that have had no feed frame since these were handed to us: one that began after that speaks for them.
func (p *Pusher) unspoken(letters []*letter, handed time.Time) (rest []*letter) {
	now := p.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range letters {
		if !p.begun[l.connection].After(handed) {
			p.begin(l, now)
			rest = append(rest, l)
		}
	}
	return rest
}

func (p *Pusher) begin(l *letter, now time.Time) {
	if slices.ContainsFunc(l.frames, frame.isFeed) {
		p.begun[l.connection] = now
	}
}

// wait lets some time pass, or the context end.
func wait(ctx context.Context, pause time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(pause):
	}
}

func oldest(pushes []inbox.Push, now time.Time) time.Time {
	for _, push := range pushes {
		if push.At.Before(now) {
			now = push.At
		}
	}
	return now
}

// letters sorts frames by connection, in the order in which they were made.
func (p *Pusher) letters(pushes []inbox.Push, now time.Time) []*letter {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forget(now)
	var letters []*letter
	known := map[string]*letter{}
	sorted := slices.SortedStableFunc(slices.Values(pushes), func(a, b inbox.Push) int { return a.At.Compare(b.At) })
	for _, push := range sorted {
		body, err := json.Marshal(push.Frame)
		if err != nil || push.IsStale(now) {
			continue
		}
		f := frame{kind: push.Frame.Type, body: body, at: push.At}
		for _, connection := range push.Connections {
			if p.knows(connection, f) {
				continue
			}
			if known[connection] == nil {
				known[connection] = &letter{connection: connection}
				letters = append(letters, known[connection])
			}
			known[connection].add(f)
		}
	}
	return letters
}

// forget forgets what can no longer tell anything.
func (p *Pusher) forget(now time.Time) {
	if p.posted == nil {
		p.begun, p.posted, p.gone = map[string]time.Time{}, map[string]time.Time{}, map[string]time.Time{}
	}
	for connection, at := range p.begun {
		if now.Sub(at) > feedPause {
			delete(p.begun, connection)
		}
	}
	for connection, at := range p.posted {
		if now.Sub(at) > inbox.PushLife {
			delete(p.posted, connection)
		}
	}
	for connection, at := range p.gone {
		if now.Sub(at) > goneFor {
			delete(p.gone, connection)
		}
	}
}

// knows reports whether a frame would tell a connection nothing.
func (p *Pusher) knows(connection string, f frame) bool {
	if _, gone := p.gone[connection]; gone {
		return true
	}
	return f.isFeed() && p.posted[connection].Sub(f.at) > clocksDiffer
}

// add puts a frame into a letter; one feed frame in it is enough.
func (l *letter) add(f frame) {
	if !f.isFeed() || !slices.ContainsFunc(l.frames, frame.isFeed) {
		l.frames = append(l.frames, f)
	}
}

func (l *letter) isFeedOnly() bool { return len(l.frames) == 1 && l.frames[0].isFeed() }

func (f frame) isFeed() bool { return f.kind == inbox.FrameFeed }

// deliver posts the frames of a letter one after the other, and returns the first error.
func (p *Pusher) deliver(ctx context.Context, l *letter) error {
	for _, f := range l.frames {
		began, err := p.post(ctx, l.connection, f)
		if err != nil {
			if errors.Is(err, ErrGone) {
				p.note(func() { p.gone[l.connection] = began })
			}
			return err
		}
		if f.isFeed() {
			p.note(func() { p.posted[l.connection] = began })
		}
	}
	return nil
}

func (p *Pusher) note(what func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	what()
}

// post posts a frame, again while it is throttled and there is time. began is when the last try did.
func (p *Pusher) post(ctx context.Context, connection string, f frame) (began time.Time, err error) {
	_, err = backoff.Retry(ctx, func() (struct{}, error) {
		began = p.Now()
		err := p.Poster.Post(ctx, connection, f.body)
		if err != nil && !errors.Is(err, ErrThrottled) {
			err = backoff.Permanent(err)
		}
		return struct{}{}, err
	}, backoff.WithBackOff(&backoff.ExponentialBackOff{
		InitialInterval: 50 * time.Millisecond, RandomizationFactor: 0.5, Multiplier: 2, MaxInterval: time.Second,
	}), backoff.WithMaxElapsedTime(postFor))
	return began, err
}

// report tells which connections are closed. Who is not heard finds out again.
func (p *Pusher) report(ctx context.Context, gone []string) {
	if len(gone) == 0 {
		return
	}
	if err := p.Gone.ReportGone(ctx, gone); err != nil {
		p.Log.Warn("closed connections not reported: they will be found again", "connections", len(gone), "error", err.Error())
	}
}

// failures are the connections that could not be posted to.
type failures struct {
	mu     sync.Mutex
	gone   []string
	number int   // of the others
	first  error // of the others
}

func (f *failures) add(connection string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case err == nil:
	case errors.Is(err, ErrGone):
		f.gone = append(f.gone, connection)
	default:
		f.number++
		if f.first == nil {
			f.first = err
		}
	}
}
