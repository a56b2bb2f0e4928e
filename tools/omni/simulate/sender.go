package simulate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	platforms "omni/channels/simulate"
)

// A webhook that is not taken is sent again after 0.25, 0.5, 1, 2, 2 and 2 seconds; then the platform, which would go on for days, is at its
// end, unless it was told to try more often.
const (
	maxAttempts  = 7
	firstBackoff = 250 * time.Millisecond
	maxBackoff   = 2 * time.Second
)

// sender posts deliveries and writes down what becomes of them.
type sender struct {
	client       *http.Client
	url          string
	targets      []target
	tally        *tally
	progress     *Progress
	accepted     func(channel, account string, w platforms.Webhook) // nil: nobody
	attempts     int
	firstBackoff time.Duration
}

// job is a delivery and the time at which the platform wanted to send it.
type job struct {
	delivery
	due time.Time
}

// sendAll paces the traffic and returns when everything is answered or given up. Deliveries become due by the clock, not by the answers
// before them: a slow server makes latencies grow, not the rate fall. The end of the context ends the making of new webhooks.
func (s *sender) sendAll(ctx context.Context, t *traffic, o Options) error {
	jobs := make(chan job)
	var workers errgroup.Group
	for range max(o.Concurrency, 1) {
		workers.Go(func() error {
			for j := range jobs {
				s.deliver(context.WithoutCancel(ctx), j)
			}
			return nil
		})
	}
	err := pace(ctx, t, o, jobs)
	close(jobs)
	return errors.Join(err, workers.Wait())
}

// pace hands out the deliveries of the traffic as they become due.
func pace(ctx context.Context, t *traffic, o Options, jobs chan<- job) error {
	start := time.Now()
	for i := 0; ; i++ {
		due := time.Now()
		if o.Rate > 0 {
			due = start.Add(time.Duration(float64(i) / o.Rate * float64(time.Second)))
		}
		more := ctx.Err() == nil && (o.Duration == 0 || due.Sub(start) < o.Duration)
		d, ok, err := t.next(more)
		if !ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done(): // what is late goes out at once
		case <-time.After(time.Until(due)):
		}
		jobs <- job{d, due}
	}
}

// outcome is what became of a delivery.
type outcome struct {
	status   int   // of the last attempt; 0: no answer
	err      error // why there was no answer
	attempts int
	latency  time.Duration // from due until the answer
}

// String says how the last attempt ended.
func (o outcome) String() string {
	switch {
	case o.err != nil:
		return fmt.Sprintf("%v (%d attempts)", o.err, o.attempts)
	case o.status == http.StatusUnauthorized:
		return "401: the server verifies with other secrets than the ones here"
	}
	return fmt.Sprintf("%d %s (%d attempts)", o.status, http.StatusText(o.status), o.attempts)
}

func (s *sender) deliver(ctx context.Context, j job) {
	var o outcome
	for backoff := s.firstBackoff; ; backoff = min(2*backoff, maxBackoff) {
		o.attempts++
		o.status, o.err = s.post(ctx, j.delivery)
		if !worthTrying(o) || o.attempts == s.attempts {
			break
		}
		time.Sleep(backoff)
	}
	o.latency = time.Since(j.due)
	s.tally.record(j.delivery, o)
	if o.status == http.StatusOK && !j.forged && s.accepted != nil {
		s.accepted(s.targets[j.target].channel, s.targets[j.target].account, j.webhook)
	}
	if !j.repeat {
		s.progress.add(1)
	}
}

// worthTrying tells whether the same webhook may be taken later.
func worthTrying(o outcome) bool {
	return o.err != nil || o.status == http.StatusTooManyRequests || o.status >= http.StatusInternalServerError
}

func (s *sender) post(ctx context.Context, d delivery) (status int, err error) {
	target := strings.TrimSuffix(s.url, "/") + s.targets[d.target].path
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(d.webhook.Body))
	if err != nil {
		return 0, fmt.Errorf("making a request: %w", err)
	}
	request.Header = d.webhook.Header.Clone()
	response, err := s.client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body) // so that the connection is used again
	return response.StatusCode, err
}
