package dev

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"sync/atomic"
	"time"

	"omni/internal/queue/localsqs"
)

// faults makes what surrounds the product misbehave as a file says, for as long as it says so. The crash tests in tools/crash write it.
type faults struct {
	path     string // empty: everything is as it is
	log      *slog.Logger
	receives atomic.Int64
	posts    atomic.Int64
}

// misbehavior is the content of the file. Actions are SQS's: SendMessageBatch, ReceiveMessage, DeleteMessageBatch.
type misbehavior struct {
	Refuse       []string `json:"refuse"`        // actions that fail
	Lose         []string `json:"lose"`          // actions that are carried out, although the caller is told that they failed
	Redeliver    bool     `json:"redeliver"`     // what every third receive gets is not hidden: the next one gets it too
	DelayMillis  int      `json:"delay_ms"`      // every call takes that much longer
	AheadSeconds int      `json:"ahead_seconds"` // the queue's clock is ahead; moved on, it ends every visibility timeout
	SkewSeconds  int      `json:"skew_seconds"`  // the functions' clock is ahead, or behind if negative
	NoBlobs      bool     `json:"no_blobs"`      // object storage fails
	HangSockets  bool     `json:"hang_sockets"`  // every second post to a dashboard's socket gets no answer
}

// redeliverEvery leaves most receives alone: jobs that always came again would use up their attempts within a second.
const redeliverEvery = 3

// errFault is not one of SQS's own errors, so it is answered as an internal failure.
var errFault = errors.New("the fault file wants this call to fail")

// clock is what the functions live by.
func (f *faults) clock() func() time.Time {
	if f.path == "" {
		return time.Now
	}
	return func() time.Time { return time.Now().Add(time.Duration(f.read().SkewSeconds) * time.Second) }
}

// in returns the options of a queue with the faults; without a file it has none.
func (f *faults) in(o localsqs.Options) localsqs.Options {
	if f.path != "" {
		o.Fault, o.Clock = f.fault, f
	}
	return o
}

// read looks at the file anew: it changes while the queue runs. Without the file everything is in order.
func (f *faults) read() misbehavior {
	var m misbehavior
	content, err := os.ReadFile(f.path)
	if err == nil {
		err = json.Unmarshal(content, &m)
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		f.log.Error("fault file not read", "error", err.Error())
	}
	return m
}

// fault is [localsqs.Options.Fault].
func (f *faults) fault(action string, done bool) error {
	m := f.read()
	if !done {
		time.Sleep(time.Duration(m.DelayMillis) * time.Millisecond)
	}
	switch {
	case !done && slices.Contains(m.Refuse, action), done && slices.Contains(m.Lose, action):
		return errFault
	case !done && m.Redeliver && action == "ReceiveMessage" && f.receives.Add(1)%redeliverEvery == 0:
		return localsqs.ErrRedeliver
	}
	return nil
}

// Now implements [localsqs.Clock].
func (f *faults) Now() time.Time {
	return time.Now().Add(time.Duration(f.read().AheadSeconds) * time.Second)
}

// clockStep is how soon a wait notices that the clock was moved.
const clockStep = 50 * time.Millisecond

// Until implements [localsqs.Clock].
func (f *faults) Until(t time.Time) (<-chan time.Time, func()) {
	reached, stopped := make(chan time.Time, 1), make(chan struct{})
	go func() {
		for f.Now().Before(t) {
			select {
			case <-stopped:
				return
			case <-time.After(clockStep):
			}
		}
		reached <- f.Now()
	}()
	return reached, func() { close(stopped) }
}

// connections are sockets that are posted to with the faults.
func (f *faults) connections(next http.Handler) http.Handler {
	if f.path == "" {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f.read().HangSockets && f.posts.Add(1)%2 == 0 {
			_, _ = io.Copy(io.Discard, r.Body) // or nobody notices that the caller hangs up
			<-r.Context().Done()
			return
		}
		next.ServeHTTP(w, r)
	})
}
