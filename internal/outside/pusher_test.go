package outside_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"omni/internal/inbox"
	"omni/internal/outside"
)

// hall is all open connections, and who hears of those that are closed.
type hall struct {
	*outside.Pusher
	log bytes.Buffer

	mu     sync.Mutex
	took   time.Duration                // of each post
	fail   func(id string, n int) error // n: which try with the connection, from 1
	tries  map[string]int
	frames map[string][]string    // by connection
	at     map[string][]time.Time // by connection, when the posts of frames began
	now    int                    // posts under way
	most   int                    // at once
	gone   []string
	err    error // of reporting
}

func newHall() *hall {
	h := &hall{tries: map[string]int{}, frames: map[string][]string{}, at: map[string][]time.Time{}, took: 10 * time.Millisecond, fail: func(string, int) error { return nil }}
	h.Pusher = &outside.Pusher{Poster: h, Gone: h, Log: slog.New(slog.NewJSONHandler(&h.log, nil)), Now: time.Now}
	return h
}

func (h *hall) Post(_ context.Context, id string, frame []byte) error {
	h.mu.Lock()
	h.tries[id]++
	err := h.fail(id, h.tries[id])
	h.now++
	h.most = max(h.most, h.now)
	h.at[id] = append(h.at[id], time.Now())
	h.mu.Unlock()
	time.Sleep(h.took) // in a bubble of synctest
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now--
	if err == nil {
		h.frames[id] = append(h.frames[id], string(frame))
	}
	return err
}

func (h *hall) ReportGone(_ context.Context, ids []string) error {
	slices.Sort(ids)
	h.gone = append(h.gone, ids...)
	return h.err
}

// total is how many frames arrived.
func (h *hall) total() (n int) {
	for _, frames := range h.frames {
		n += len(frames)
	}
	return n
}

func many(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprint("c", i)
	}
	return ids
}

func feed(at time.Time, connections ...string) inbox.Push {
	return inbox.Push{At: at, Frame: inbox.Frame{Type: inbox.FrameFeed}, Connections: connections}
}

func presence(at time.Time, state inbox.PresenceState, connections ...string) inbox.Push {
	return inbox.Push{At: at, Connections: connections, Frame: inbox.Frame{
		Type: inbox.FramePresence, Conversation: uuid.Max, Agent: &inbox.FrameAgent{ID: uuid.Max, Name: "Ada"}, State: state,
	}}
}

func TestAFrameReachesAThousandConnectionsSomeAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHall()
		began := time.Now()
		h.Push(t.Context(), []inbox.Push{feed(began, many(1000)...)})
		if took := time.Since(began); h.total() != 1000 || h.most != 32 || took > 320*time.Millisecond {
			t.Errorf("%d frames, %d at once, in %s", h.total(), h.most, took)
		}
		if h.frames["c7"][0] != `{"type":"feed"}` {
			t.Errorf("%s", h.frames["c7"])
		}
	})
}

// However many changes there are, a connection hears after each of them that there is something new, and not once for each.
func TestOneFeedFrameSpeaksForAllChangesBeforeIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHall()
		began := time.Now()
		time.Sleep(time.Second)
		h.Push(t.Context(), []inbox.Push{feed(began, "a", "b"), feed(began.Add(500*time.Millisecond), "b", "c"), feed(began, "c")})
		if h.total() != 3 {
			t.Errorf("in a batch: %v", h.frames)
		}
		h.Push(t.Context(), []inbox.Push{feed(began.Add(800*time.Millisecond), "a", "b", "c", "d")})
		if h.total() != 4 || len(h.frames["d"]) != 1 {
			t.Errorf("a change before the frames were posted: %v", h.frames)
		}
		// Made at the same moment by another clock, it may have been made after the posts.
		h.Push(t.Context(), []inbox.Push{feed(began.Add(950*time.Millisecond), "a"), feed(time.Now(), "b")})
		if h.total() != 6 || len(h.frames["a"]) != 2 || len(h.frames["b"]) != 2 {
			t.Errorf("changes that may have come after it: %v", h.frames)
		}
	})
}

// While changes come fast a connection hears of them now and then, but always after the last; presence does not wait.
func TestAConnectionIsLeftAloneBetweenFeedFrames(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHall()
		var latest time.Time // change
		for range 100 {
			latest = time.Now()
			go h.Push(t.Context(), []inbox.Push{feed(latest, "a", "b")})
			time.Sleep(5 * time.Millisecond)
		}
		began := time.Now()
		h.Push(t.Context(), []inbox.Push{presence(began, inbox.PresenceTyping, "a")})
		if took := time.Since(began); took != h.took {
			t.Errorf("presence took %s", took)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		for _, id := range []string{"a", "b"} {
			feeds := slices.DeleteFunc(slices.Clone(h.at[id]), func(at time.Time) bool { return at.Equal(began) })
			if n := len(feeds); n < 18 || n > 22 {
				t.Errorf("%s had %d feed frames in half a second", id, n)
			}
			if !feeds[len(feeds)-1].After(latest) {
				t.Errorf("%s had no feed frame after the last change", id)
			}
		}
	})
}

func TestPresenceKeepsItsOrderAndLosesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHall()
		now := time.Now()
		h.Push(t.Context(), []inbox.Push{
			presence(now.Add(3), inbox.PresenceLeft, "a"), presence(now.Add(1), inbox.PresenceViewing, "a"), feed(now.Add(2), "a"),
			presence(now.Add(2), inbox.PresenceTyping, "a", "b"),
		})
		var states []string
		for _, frame := range h.frames["a"] {
			var f inbox.Frame
			if err := json.Unmarshal([]byte(frame), &f); err != nil {
				t.Fatal(err)
			}
			states = append(states, string(f.Type)+" "+string(f.State))
		}
		if got := strings.Join(states, ", "); got != "presence viewing, feed , presence typing, presence left" {
			t.Error(got)
		}
		const want = `{"type":"presence","conversation":"ffffffff-ffff-ffff-ffff-ffffffffffff",` +
			`"agent":{"id":"ffffffff-ffff-ffff-ffff-ffffffffffff","name":"Ada"},"state":"typing"}`
		if len(h.frames["b"]) != 1 || h.frames["b"][0] != want {
			t.Errorf("%s", h.frames["b"])
		}
	})
}

func TestConnectionsThatAreGoneAreReportedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHall()
		h.fail = func(id string, _ int) error {
			if id == "b" || id == "c" {
				return outside.ErrGone
			}
			return nil
		}
		h.err = errors.New("the queue is away")
		for range 3 {
			h.Push(t.Context(), []inbox.Push{feed(time.Now(), "a", "b", "c"), presence(time.Now(), inbox.PresenceTyping, "b")})
			time.Sleep(time.Second)
		}
		if !slices.Equal(h.gone, []string{"b", "c"}) || h.tries["b"] != 1 || len(h.frames["a"]) != 3 {
			t.Errorf("reported %v after %v", h.gone, h.tries)
		}
		if !strings.Contains(h.log.String(), "the queue is away") {
			t.Error("a lost report is not logged")
		}
		time.Sleep(time.Minute)
		if h.Push(t.Context(), []inbox.Push{feed(time.Now(), "b")}); len(h.gone) != 3 {
			t.Errorf("who was not heard does not find out again: %v", h.gone)
		}
	})
}

func TestThrottledPostsAreTriedForAWhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHall()
		h.fail = func(id string, try int) error {
			if id == "full" || try <= 3 {
				return outside.ErrThrottled
			}
			return nil
		}
		began := time.Now()
		h.Push(t.Context(), []inbox.Push{feed(began, "busy", "full")})
		if took := time.Since(began); len(h.frames["busy"]) != 1 || took > 5*time.Second || h.tries["full"] < 4 {
			t.Errorf("%v after %v in %s", h.frames, h.tries, took)
		}
		if !strings.Contains(h.log.String(), "frames dropped") {
			t.Error("a dropped frame is not logged")
		}
		// It tells nobody that the connection knows.
		h.fail = func(string, int) error { return nil }
		if h.Push(t.Context(), []inbox.Push{feed(began, "full")}); len(h.frames["full"]) != 1 {
			t.Error("a frame that was dropped counts as posted")
		}
	})
}

func TestAnythingElseIsTriedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHall()
		h.fail = func(string, int) error { return errors.New("no route to the gateway") }
		h.Push(t.Context(), []inbox.Push{feed(time.Now(), many(40)...)})
		if h.tries["c0"] != 1 || strings.Count(h.log.String(), "no route to the gateway") != 1 || len(h.gone) != 0 {
			t.Errorf("%v; %s", h.tries, h.log.String())
		}
	})
}

func TestOldPushesAreDropped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHall()
		now := time.Now()
		h.Push(t.Context(), []inbox.Push{feed(now.Add(-11*time.Second), "a"), feed(now.Add(-9*time.Second), "b")})
		if h.total() != 1 || len(h.frames["b"]) != 1 {
			t.Errorf("%v", h.frames)
		}
	})
}
