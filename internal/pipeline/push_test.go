package pipeline_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"omni/internal/inbox"
	"omni/internal/pipeline"
)

// floor is a store that counts changes and knows connections, and a queue of pushes.
type floor struct {
	*pipeline.Pusher
	changes atomic.Int64
	clock   time.Time
	log     bytes.Buffer

	mu       sync.Mutex
	open     []inbox.Connection
	changed  []uuid.UUID // conversations of which visitors are to be told
	asked    int
	pushes   []inbox.Push
	storeErr error
	queueErr error
	entered  chan struct{} // with slow: a push is at the queue
	slow     chan struct{} // not nil: the queue waits for it
}

var ada, ben = uuid.New(), uuid.New()

func newFloor() *floor {
	f := &floor{clock: time.Unix(1000, 0), open: []inbox.Connection{{ID: "a1", Agent: ada}, {ID: "a2", Agent: ada}, {ID: "b", Agent: ben}}}
	f.Pusher = &pipeline.Pusher{Store: f, Queue: f, Log: slog.New(slog.NewJSONHandler(&f.log, nil)), Now: func() time.Time { return f.clock }}
	return f
}

func (f *floor) Changes() int64 { return f.changes.Load() }

func (f *floor) TakeChanged() []uuid.UUID {
	f.mu.Lock()
	defer f.mu.Unlock()
	changed := f.changed
	f.changed = nil
	return changed
}

func (f *floor) Connections(context.Context) ([]inbox.Connection, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	return f.open, f.storeErr
}

func (f *floor) Push(ctx context.Context, push inbox.Push) error {
	if f.slow != nil {
		f.entered <- struct{}{}
		<-f.slow
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.queueErr == nil {
		f.pushes = append(f.pushes, push)
	}
	return f.queueErr
}

func TestEachBatchOfChangesIsPushedOnce(t *testing.T) {
	t.Parallel()
	f := newFloor()
	f.Flush(t.Context())
	if f.asked != 0 || len(f.pushes) != 0 {
		t.Errorf("without a change: asked %d times, %d pushes", f.asked, len(f.pushes))
	}
	for range 10 {
		f.changes.Add(1)
	}
	f.Flush(t.Context())
	f.Flush(t.Context())
	if len(f.pushes) != 1 {
		t.Fatalf("%d pushes of ten changes", len(f.pushes))
	}
	push := f.pushes[0]
	if push.Frame.Type != inbox.FrameFeed || !push.At.Equal(f.clock) || !slices.Equal(push.Connections, []string{"a1", "a2", "b"}) {
		t.Errorf("%+v", push)
	}
	f.changes.Add(1)
	f.Flush(t.Context())
	if len(f.pushes) != 2 {
		t.Errorf("%d pushes after another change", len(f.pushes))
	}
}

func TestConnectionsAreAskedForOnceASecond(t *testing.T) {
	t.Parallel()
	f := newFloor()
	f.open = nil
	for tenths := range 30 {
		f.clock = time.Unix(1000, 0).Add(time.Duration(tenths) * 100 * time.Millisecond)
		f.changes.Add(1)
		f.Flush(t.Context())
	}
	if f.asked != 3 || len(f.pushes) != 0 {
		t.Errorf("asked %d times in 3 seconds, %d pushes to nobody", f.asked, len(f.pushes))
	}
	f.open = []inbox.Connection{{ID: "new", Agent: ada}}
	f.clock = f.clock.Add(time.Second)
	f.changes.Add(1)
	if f.Flush(t.Context()); len(f.pushes) != 1 {
		t.Errorf("%d pushes to a new connection", len(f.pushes))
	}
}

func TestWhatCouldNotBePushedIsPushedWithWhatComes(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(*floor, error){
		"the store":   func(f *floor, err error) { f.storeErr = err },
		"SQS is away": func(f *floor, err error) { f.queueErr = err },
	} {
		f := newFloor()
		f.changes.Add(1)
		fail(f, errors.New("it is away"))
		f.Flush(t.Context())
		if len(f.pushes) != 0 || !strings.Contains(f.log.String(), "it is away") {
			t.Errorf("%s: %d pushes, log %s", name, len(f.pushes), f.log.String())
		}
		fail(f, nil)
		if f.Flush(t.Context()); len(f.pushes) != 1 {
			t.Errorf("%s: %d pushes", name, len(f.pushes))
		}
	}
}

// While one push is under way others wait, and the next one speaks for all of them: each change is followed by a push that began after it.
func TestFunctionsThatEndAtOnceArePushedForTogether(t *testing.T) {
	t.Parallel()
	f := newFloor()
	f.entered, f.slow = make(chan struct{}, 100), make(chan struct{})
	var ending sync.WaitGroup
	end := func() {
		f.changes.Add(1)
		ending.Go(func() { f.Flush(t.Context()) })
	}
	end()
	<-f.entered
	for range 20 {
		end()
	}
	close(f.slow)
	ending.Wait()
	if n := len(f.pushes); n != 2 {
		t.Errorf("%d pushes, want one and one for all others", n)
	}
}

// A queue that hangs keeps a function for a short time only.
func TestAPushIsNotWaitedForLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFloor()
		f.Queue = hanging{}
		f.changes.Add(1)
		began := time.Now()
		f.Flush(t.Context())
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("it took %s", took)
		}
	})
}

type hanging struct{}

func (hanging) Push(ctx context.Context, _ inbox.Push) error {
	<-ctx.Done()
	return ctx.Err()
}

func TestColleaguesHearOfPresence(t *testing.T) {
	t.Parallel()
	f := newFloor()
	conversation := uuid.New()
	f.Presence(t.Context(), conversation, ada, "Ada", inbox.PresenceTyping)
	if len(f.pushes) != 1 || !slices.Equal(f.pushes[0].Connections, []string{"b"}) {
		t.Fatalf("%+v", f.pushes)
	}
	frame := f.pushes[0].Frame
	if frame.Type != inbox.FramePresence || frame.Conversation != conversation || *frame.Agent != (inbox.FrameAgent{ID: ada, Name: "Ada"}) || frame.State != "typing" {
		t.Errorf("%+v", frame)
	}
	f.open, f.clock = f.open[:2], f.clock.Add(time.Minute)
	if f.Presence(t.Context(), conversation, ada, "Ada", inbox.PresenceLeft); len(f.pushes) != 1 {
		t.Error("an agent hears of their own presence")
	}
}

func TestNoPusherTellsNobody(t *testing.T) {
	t.Parallel()
	var p *pipeline.Pusher
	p.Flush(t.Context())
	p.Presence(t.Context(), uuid.New(), ada, "Ada", inbox.PresenceViewing)
}

// A visitor hears of their own conversation only, and of agents that they write and not what they look at.
func TestAVisitorIsToldOfTheirOwnConversation(t *testing.T) {
	t.Parallel()
	f, mine, other := newFloor(), uuid.New(), uuid.New()
	f.open = append(f.open, inbox.Connection{ID: "mine", Visited: mine}, inbox.Connection{ID: "other", Visited: other}, inbox.Connection{ID: "new"})
	f.changes.Add(1)
	f.changed = []uuid.UUID{mine}
	f.Flush(t.Context())
	f.changes.Add(1)
	f.Flush(t.Context())
	f.Presence(t.Context(), mine, ada, "Ada", inbox.PresenceViewing)
	f.Presence(t.Context(), mine, ada, "Ada", inbox.PresenceTyping)
	f.VisitorTyping(t.Context(), other, inbox.PresenceTyping)
	want := []inbox.Push{
		{Frame: inbox.Frame{Type: inbox.FrameFeed}, Connections: []string{"a1", "a2", "b", "mine"}},
		{Frame: inbox.Frame{Type: inbox.FrameFeed}, Connections: []string{"a1", "a2", "b"}},
		{Frame: inbox.Frame{Type: inbox.FramePresence, Conversation: mine, Agent: &inbox.FrameAgent{ID: ada, Name: "Ada"}, State: inbox.PresenceViewing}, Connections: []string{"b"}},
		{Frame: inbox.Frame{Type: inbox.FramePresence, Conversation: mine, Agent: &inbox.FrameAgent{ID: ada, Name: "Ada"}, State: inbox.PresenceTyping}, Connections: []string{"b"}},
		{Frame: inbox.Frame{Type: inbox.FrameTyping, Name: "Ada", State: inbox.PresenceTyping}, Connections: []string{"mine"}},
		{Frame: inbox.Frame{Type: inbox.FrameTyping, Conversation: other, State: inbox.PresenceTyping}, Connections: []string{"a1", "a2", "b"}},
	}
	if diff := cmp.Diff(want, f.pushes, cmpopts.IgnoreFields(inbox.Push{}, "At")); diff != "" {
		t.Error(diff)
	}
}
