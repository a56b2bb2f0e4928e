package queue

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"omni/internal/inbox"
)

// Fetch queues attempts to fetch files, for when they say. Nil means that SQS has all of them. After an error it may have some: making an attempt
// twice is harmless.
func (o *Outbox) Fetch(ctx context.Context, fetches []inbox.Fetch) error {
	var now []message
	var waiting []inbox.Fetch
	for _, fetch := range fetches {
		if fetch.NotBefore.After(o.now()) {
			waiting = append(waiting, fetch)
			continue
		}
		m, err := fetchMessage(fetch)
		if err != nil {
			return err
		}
		now = append(now, m)
	}
	if err := o.sender.send(ctx, now); err != nil {
		return err
	}
	return o.fetchLater(ctx, waiting)
}

// fetchLater lets attempts wait, each as a message of its own.
func (o *Outbox) fetchLater(ctx context.Context, fetches []inbox.Fetch) error {
	calls, ctx := errgroup.WithContext(ctx)
	calls.SetLimit(maxCalls)
	for _, fetch := range fetches {
		calls.Go(func() error {
			m, err := fetchMessage(fetch)
			if err != nil {
				return err
			}
			return o.put(ctx, m, fetch.NotBefore)
		})
	}
	return calls.Wait()
}

func fetchMessage(fetch inbox.Fetch) (message, error) {
	job := fetch.Job
	fetch.Job, fetch.NotBefore = inbox.Job{}, time.Time{}
	body, err := encode(envelope{Kind: kindFetch, Job: job, Fetch: &fetch})
	return message{job: job, body: body, loose: true}, err
}

// ReportFetch is [Sender.ReportFetch].
func (o *Outbox) ReportFetch(ctx context.Context, job inbox.Job, outcome inbox.FetchOutcome) error {
	return o.sender.ReportFetch(ctx, job, outcome)
}

// ReportFetch queues what is known after an attempt to fetch a file, for whoever records it: in the lane of its message. The same may be reported
// twice.
func (s *Sender) ReportFetch(ctx context.Context, job inbox.Job, outcome inbox.FetchOutcome) error {
	job.Queue = inbox.LiveQueue
	body, err := encode(envelope{Kind: kindFetched, Job: job, Fetched: &outcome})
	if err != nil {
		return err
	}
	return s.send(ctx, []message{{job: job, body: body, about: string(outcome.Result)}})
}
