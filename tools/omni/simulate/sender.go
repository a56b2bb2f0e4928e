package simulate

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	platforms "omni/channels/simulate"
	servers "omni/tools/omni/platforms"
)

// maxAttempts is how often a webhook is sent that is not taken, unless the platform, which would go on for days, was told to try more often: with
// the pauses of a [servers.Courier] that takes about eight seconds.
const maxAttempts = 7

// sender posts deliveries and writes down what becomes of them.
type sender struct {
	courier  servers.Courier
	url      string
	targets  []target
	tally    *tally
	progress *Progress
	accepted func(channel, account string, w platforms.Webhook) // nil: nobody
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
	servers.Outcome
	latency time.Duration // from due until the answer
}

func (s *sender) deliver(ctx context.Context, j job) {
	target := s.targets[j.target]
	o := outcome{Outcome: s.courier.Deliver(ctx, strings.TrimSuffix(s.url, "/")+target.path, j.webhook)}
	o.latency = time.Since(j.due)
	s.tally.record(j.delivery, o)
	if o.Status == http.StatusOK && !j.forged && s.accepted != nil {
		s.accepted(target.channel, target.account, j.webhook)
	}
	if !j.repeat {
		s.progress.add(1)
	}
}
