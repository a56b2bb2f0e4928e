package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"golang.org/x/sync/errgroup"

	"omni/tools/omni/follow"
	"omni/tools/omni/state"
)

// How many dashboards follow how many webhooks a second.
const (
	followers  = 20
	perSecond  = 200
	liveFor    = 30 * time.Second
	quickFor   = 5 * time.Second
	settleTime = 2 * time.Minute // within which the last message is shown
)

// liveGoal is for 99 % of all messages on all dashboards, in milliseconds.
const liveGoal = atMost(100)

// live measures how soon messages are on dashboards when they come at a steady pace: the whole product in this process, as `omni dev` runs it, and
// dashboards that follow by the rules of docs/realtime.md.
func (b *bench) live(ctx context.Context) (tables []table, err error) {
	s, err := b.open(ctx)
	if err != nil {
		return nil, err
	}
	database, err := s.database(ctx, "live")
	if err != nil {
		return nil, err
	}
	h, err := openHouse(ctx, state.Folder(filepath.Join(s.folder, "live")), database)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	w := &watch{}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if err := w.follow(ctx, h.url); err != nil {
		return nil, err
	}
	if err := w.meet(ctx, h); err != nil {
		return nil, err
	}
	length := map[bool]time.Duration{true: quickFor, false: liveFor}[b.quick]
	b.say("  %d webhooks a second for %s, %d dashboards", perSecond, length, followers)
	if err := w.play(ctx, h, int(length.Seconds()*perSecond)); err != nil {
		return nil, err
	}
	return b.withStatements(ctx, s, "live", w.table(length))
}

// watch notes when what customers say arrives where. Times are in milliseconds from the moment at which a webhook was to be sent.
type watch struct {
	shown atomic.Int64 // messages that were shown, on all dashboards together

	mu                     sync.Mutex
	began                  time.Time // when the first webhook was to be sent
	answered, framed, read []float64
}

// follow opens the dashboards.
func (w *watch) follow(ctx context.Context, url string) error {
	var opening errgroup.Group
	var sockets sync.WaitGroup
	for n := range followers {
		sockets.Add(1)
		d := follow.New(follow.Options{URL: url, Name: fmt.Sprintf("Agent %d", n), Client: &http.Client{Transport: &http.Transport{}}, Created: w.created})
		opening.Go(func() error {
			defer sockets.Done()
			if err := d.Open(ctx); err != nil {
				return err
			}
			go d.Run(ctx)
			return nil
		})
	}
	sockets.Wait()
	return opening.Wait()
}

// spoken begins what is said in the time that counts; its number follows.
const spoken = "Message "

// created notes that a dashboard shows a message.
func (w *watch) created(text string, framed time.Time) {
	now := time.Now()
	defer w.shown.Add(1)
	digits, ok := strings.CutPrefix(text, spoken)
	n, err := strconv.Atoi(digits)
	if !ok || err != nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	sent := w.began.Add(due(n))
	if framed.IsZero() {
		framed = now // it came with what an earlier frame had asked for, before its own
	}
	w.framed, w.read = append(w.framed, inMilliseconds(framed.Sub(sent))), append(w.read, inMilliseconds(now.Sub(sent)))
}

func inMilliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// due is when a webhook is to be sent after the first.
func due(n int) time.Duration { return time.Duration(n) * time.Second / perSecond }

// meet lets all customers write once, so that they are known, and waits until every dashboard shows them.
func (w *watch) meet(ctx context.Context, h *house) error {
	webhook, err := h.traffic.webhook(customers)
	if err != nil {
		return err
	}
	if err := h.post(ctx, webhook); err != nil {
		return err
	}
	return w.until(ctx, followers*customers)
}

// until waits until so many messages were shown.
func (w *watch) until(ctx context.Context, shown int64) error {
	deadline := time.After(settleTime)
	for w.shown.Load() < shown {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-deadline:
			return fmt.Errorf("after %s dashboards show %d messages of %d", settleTime, w.shown.Load(), shown)
		case <-time.After(10 * time.Millisecond):
		}
	}
	return nil
}

// play sends n webhooks, each when it is due, however long others take.
func (w *watch) play(ctx context.Context, h *house, n int) error {
	ready := make([]events.APIGatewayV2HTTPRequest, n)
	for i := range ready {
		var err error
		if ready[i], err = h.traffic.said(i%customers, spoken+strconv.Itoa(i)); err != nil {
			return err
		}
	}
	w.mu.Lock()
	w.began = time.Now()
	w.mu.Unlock()
	var sending errgroup.Group
	for i, webhook := range ready {
		time.Sleep(time.Until(w.began.Add(due(i))))
		sending.Go(func() error {
			err := h.post(ctx, webhook)
			w.mu.Lock()
			defer w.mu.Unlock()
			w.answered = append(w.answered, inMilliseconds(time.Since(w.began.Add(due(i)))))
			return err
		})
	}
	if err := sending.Wait(); err != nil {
		return err
	}
	return w.until(ctx, followers*int64(customers+n))
}

func (w *watch) table(length time.Duration) table {
	line := func(name string, figures []float64, g goal) row {
		return row{name: name, goal: g, figures: []float64{quantile(figures, 0.99), quantile(figures, 0.5), quantile(figures, 1)}}
	}
	return table{
		title:   fmt.Sprintf("Live: %d webhooks a second for %s and %d dashboards that follow; from when each is sent", perSecond, length, followers),
		columns: []string{"99 %, ms", "median, ms", "highest, ms"},
		rows: []row{
			line("until it is answered", w.answered, nil),
			line("until the frame is on a dashboard's socket", w.framed, liveGoal),
			line("until that dashboard has read it from the feed", w.read, nil),
		},
	}
}
