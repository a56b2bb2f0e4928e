package pipeline

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"omni/internal/inbox"
	"omni/internal/patience"
)

// ConnectionStore keeps the open connections of dashboards and of visitors' pages, and counts the changes that they are told of.
type ConnectionStore interface {
	// Changes is how many transactions were committed so far that may have written into the feed.
	Changes() int64
	// TakeChanged returns the conversations that changed since it last did, as far as visitors may want to know.
	TakeChanged() []uuid.UUID
	Connections(context.Context) ([]inbox.Connection, error)
}

// PushQueue takes frames for connections.
type PushQueue interface {
	Push(context.Context, inbox.Push) error
}

// Limits of telling dashboards.
const (
	connectionsKnown = time.Second     // how long the open connections are known before they are asked for again
	pushTime         = 2 * time.Second // that a function spends on it at most, besides its own work
)

// Pusher tells open dashboards, and pages of visitors, what happens. What it tells are hints: nothing is lost with one, and so its errors are logged. Each instance has one,
// which is safe for concurrent use. A nil Pusher tells nobody anything.
type Pusher struct {
	Store ConnectionStore
	Queue PushQueue
	Log   *slog.Logger
	Now   func() time.Time

	flushing sync.Mutex
	told     int64 // of the store's changes

	asking  sync.Mutex
	open    []inbox.Connection
	askedAt time.Time // zero: never
}

// Flush tells all dashboards to look into the feed, if something was written there since it last did, and visitors if it is about their conversation. A
// function calls it when its work is done, once for all that it did: what runs on after that may be frozen. Of functions that end at once in one
// process, the first speaks for all.
func (p *Pusher) Flush(ctx context.Context) {
	if p == nil {
		return
	}
	p.flushing.Lock()
	defer p.flushing.Unlock()
	changes := p.Store.Changes()
	if changes == p.told {
		return
	}
	changed := p.Store.TakeChanged()
	concerned := func(c inbox.Connection) bool { return !c.IsVisitors() || slices.Contains(changed, c.Visited) }
	if p.push(ctx, inbox.Frame{Type: inbox.FrameFeed}, concerned) {
		p.told = changes
	}
}

// Presence tells an agent's colleagues what the agent does in a conversation, and its visitor whether the agent writes.
func (p *Pusher) Presence(ctx context.Context, conversation, agent uuid.UUID, name string, state inbox.PresenceState) {
	if p == nil {
		return
	}
	frame := inbox.Frame{
		Type: inbox.FramePresence, Conversation: conversation, Agent: &inbox.FrameAgent{ID: agent, Name: name}, State: state,
	}
	p.push(ctx, frame, func(c inbox.Connection) bool { return !c.IsVisitors() && c.Agent != agent })
	if state != inbox.PresenceViewing {
		typing := inbox.Frame{Type: inbox.FrameTyping, Name: name, State: state}
		p.push(ctx, typing, func(c inbox.Connection) bool { return c.IsVisitors() && c.Visited == conversation })
	}
}

// VisitorTyping tells agents whether the visitor of a conversation writes.
func (p *Pusher) VisitorTyping(ctx context.Context, conversation uuid.UUID, state inbox.PresenceState) {
	if p == nil {
		return
	}
	frame := inbox.Frame{Type: inbox.FrameTyping, Conversation: conversation, State: state}
	p.push(ctx, frame, func(c inbox.Connection) bool { return !c.IsVisitors() })
}

// push queues a frame for some of the open connections, and reports whether those who are to know will.
func (p *Pusher) push(ctx context.Context, frame inbox.Frame, to func(inbox.Connection) bool) bool {
	ctx, cancel := context.WithTimeout(ctx, pushTime)
	defer cancel()
	push := inbox.Push{At: p.Now(), Frame: frame}
	connections, err := p.connections(ctx)
	for _, c := range connections {
		if to(c) {
			push.Connections = append(push.Connections, c.ID)
		}
	}
	if err == nil && len(push.Connections) > 0 {
		err = p.Queue.Push(ctx, push)
	}
	if err != nil {
		p.Log.Warn("sockets not told: their clients will look for themselves", "frame", frame.Type, "connections", len(push.Connections), "error", err.Error())
	}
	return err == nil
}

// connections are those that were open lately. One that was opened since then looks for what is new by itself.
func (p *Pusher) connections(ctx context.Context) ([]inbox.Connection, error) {
	p.asking.Lock()
	defer p.asking.Unlock()
	now := p.Now()
	if patience.Lately(now, p.askedAt, connectionsKnown) {
		return p.open, nil
	}
	open, err := p.Store.Connections(ctx)
	if err != nil {
		return nil, err
	}
	p.open, p.askedAt = open, now
	return open, nil
}
