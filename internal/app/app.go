// Package app builds the functions of the product from their configuration. It is the only place that reads the environment and makes
// AWS clients, and the laptop's server builds the same functions from the same parts.
package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"omni/gen/dispatch"
	"omni/internal/edge"
	"omni/internal/inbox"
	"omni/internal/pipeline"
	"omni/internal/queue"
	"omni/internal/store"
)

// NewLog writes structured log lines. A Lambda's standard error goes to its log group.
func NewLog(out io.Writer, level slog.Level, function string) *slog.Logger {
	return slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{Level: level})).With("function", function)
}

// Parts are what functions are made of.
type Parts struct {
	Store   *store.Store
	Queue   pipeline.IngestQueue // nil for a processor that queues nothing
	Delayer edge.Delayer
	Timer   *queue.Timer // nil: a message that died while it waited is kept for an operator
	Blobs   queue.Blobs
	Secrets pipeline.SecretSource
	Meter   pipeline.Meter
	Log     *slog.Logger

	RetentionDays int // how long the sweeper keeps the logs; 0: for good
}

// Webhook is the function that takes webhooks in.
func (p Parts) Webhook() edge.HTTPHandler {
	roster := pipeline.NewRoster(p.Secrets, time.Now)
	return edge.Webhooks(webhookRoutes(), pipeline.NewIngester(roster, p.Store, boundedQueue{p.Queue}, p.Meter, p.Log, time.Now))
}

// Processor is the function that turns stored events into conversations.
func (p Parts) Processor() edge.QueueHandler {
	processor := &pipeline.Processor{Store: p.Store, Meter: p.Meter, Log: p.Log}
	if p.Queue != nil {
		processor.Rescue = p.rescue()
	}
	return p.jobs(func(ctx context.Context, task queue.Task, _ inbox.DeadJob) error {
		return processor.Process(ctx, task.Job, task.Webhook)
	})
}

// DeadLetter is the function behind the dead letter queues.
func (p Parts) DeadLetter() edge.QueueHandler {
	letters := p.letters()
	return p.jobs(func(ctx context.Context, task queue.Task, dead inbox.DeadJob) error {
		return letters.Job(ctx, task.Job, task.Webhook, dead)
	})
}

// jobs is a function behind a queue of jobs. What can never be done is kept for an operator at once, so that it holds up nothing.
func (p Parts) jobs(work func(context.Context, queue.Task, inbox.DeadJob) error) edge.QueueHandler {
	letters := p.letters()
	return edge.Queue(p.Log, p.Delayer, func(ctx context.Context, m edge.Message) error {
		dead := inbox.DeadJob{ID: uuid.Must(uuid.NewV7()), Queue: m.Source, Body: m.Body, Receives: m.Receives}
		task, err := queue.Decode(ctx, m.Body, p.Blobs)
		if err == nil {
			err = work(ctx, task, dead)
		} else if timed, other := queue.DecodeTimed(m.Body); other == nil {
			err = p.putOff(ctx, timed)
		}
		if errors.Is(err, queue.ErrUnreadable) || errors.Is(err, inbox.ErrUnstorable) {
			dead.Reason = err.Error()
			return letters.Keep(ctx, dead)
		}
		return err
	})
}

func (p Parts) letters() *pipeline.DeadLetters {
	return &pipeline.DeadLetters{Store: p.Store, Queue: p.Queue, Meter: p.Meter, Log: p.Log}
}

// Sweep is what the sweeper does: it makes the partitions of the coming months, queues overdue jobs again and drops what is past its
// retention.
func (p Parts) Sweep(ctx context.Context) (Swept, error) {
	if err := p.Store.EnsurePartitions(ctx); err != nil {
		return Swept{}, err
	}
	overdue, err := p.rescue().Run(ctx)
	expired, dropErr := p.dropExpired(ctx)
	return Swept{Overdue: overdue, Expired: expired}, errors.Join(err, dropErr)
}

// Swept is what one run of the sweeper did.
type Swept struct {
	Overdue int             `json:"overdue"`           // jobs that were queued again
	Expired []store.Expired `json:"expired,omitempty"` // what became of the parts of the logs that are past their retention
}

func (p Parts) rescue() *pipeline.Rescue {
	return pipeline.NewRescue(p.Store, p.Queue, p.Meter, p.Log, time.Now)
}

func webhookRoutes() map[string]string {
	routes := map[string]string{}
	for _, route := range dispatch.Routes {
		routes[route.Key] = route.Channel
	}
	return routes
}

// QueueURLs names the queues of the inside zone. Without a queue of their own, receipts and history share that of the messages.
func QueueURLs(live, bulk string) map[string]string {
	if bulk == "" {
		bulk = live
	}
	return map[string]string{inbox.LiveQueue: live, inbox.BulkQueue: bulk}
}
