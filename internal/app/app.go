// Package app builds the functions of the product from their configuration. It is the only place that reads the environment and makes
// AWS clients, and the laptop's server builds the same functions from the same parts.
package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/gen/dispatch"
	"omni/internal/blob"
	"omni/internal/edge"
	"omni/internal/inbox"
	"omni/internal/pipeline"
	"omni/internal/queue"
	"omni/internal/roster"
	"omni/internal/store"
)

// NewLog writes structured log lines. A Lambda's standard error goes to its log group.
func NewLog(out io.Writer, level slog.Level, function string) *slog.Logger {
	return slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{Level: level})).With("function", function)
}

// Parts are what functions are made of.
type Parts struct {
	Store   *store.Store
	Queue   pipeline.DeadQueue    // nil for a processor that queues nothing
	Outbox  pipeline.SendQueue    // nil where nothing is sent
	Fetches pipeline.FetchQueue   // nil where no files are fetched
	Posts   pipeline.PostQueue    // nil where nothing is delivered to subscribers
	Errands pipeline.ErrandQueue  // nil where no platform is asked anything
	Orders  pipeline.ErasureQueue // nil where nobody is erased
	Pusher  *pipeline.Pusher      // of the instance; nil: open dashboards are told nothing
	Policy  inbox.SendPolicy
	Delayer edge.Delayer
	Timer   *queue.Timer // nil: a message that died while it waited is kept for an operator
	Blobs   queue.Blobs
	Secrets roster.Source
	Meter   pipeline.Meter
	Log     *slog.Logger

	FileStore blob.Files // where the files of messages are kept; nil where none are read or deleted

	WebSocketURL string // of the API that dashboards open; only a path: on the host that was called. Empty: there is none

	Now func() time.Time // nil: the system's clock

	Local         bool // everything runs on a laptop: subscribers may be on it
	RetentionDays int  // how long the sweeper keeps the logs; 0: for good
	Retention     Retention
}

// clock is what the functions live by.
func (p Parts) clock() func() time.Time { return clock(p.Now) }

func clock(given func() time.Time) func() time.Time {
	if given == nil {
		return time.Now
	}
	return given
}

// Webhook is the function that takes webhooks in.
func (p Parts) Webhook() edge.HTTPHandler {
	accounts := roster.New(p.Secrets, p.clock(), roster.Options{Purpose: channels.ForVerify})
	return edge.Webhooks(webhookRoutes(), pipeline.NewIngester(accounts, p.Store, boundedQueue{p.Queue}, p.Meter, p.Log, p.clock()))
}

// Processor is the function that turns stored events into conversations.
func (p Parts) Processor() edge.QueueHandler {
	subscribers := p.Subscribers()
	subscribers.Signs = true
	answers, files, platforms := p.Answers(), p.Files(), p.Platforms()
	answers.Subscribers, files.Subscribers = subscribers, subscribers
	erasures := p.Erasures()
	processor := &pipeline.Processor{
		Store: p.Store, Answers: answers, Files: files, Subscribers: subscribers, Erasures: erasures, Meter: p.Meter, Log: p.Log,
	}
	if p.Queue != nil {
		processor.Rescue = p.rescue()
	}
	do := func(ctx context.Context, task queue.Task, seen pipeline.Seen) error {
		switch {
		case task.Outcome != nil:
			return erasures.Unless(ctx, task.Outcome.Message, answers.Conclude(ctx, *task.Outcome))
		case task.Erase:
			return erasures.Run(ctx, task.Job.ID)
		case task.Fetched != nil:
			return files.Record(ctx, *task.Fetched)
		case task.Reply != nil:
			return subscribers.Conclude(ctx, *task.Reply)
		case task.Release:
			return subscribers.Release(ctx, task.Job.Account)
		case task.News != nil:
			return platforms.Record(ctx, *task.News)
		case task.Gone != nil:
			return p.Store.CloseConnections(ctx, task.Gone)
		case task.Send != nil, task.Fetch != nil, task.Post != nil, task.Errand != nil, task.Push != nil:
			return fmt.Errorf("%w for the processor: it is one for the outside", queue.ErrUnreadable)
		}
		return processor.Process(ctx, task.Job, task.Webhook, seen)
	}
	return edge.ForBatch(func(ctx context.Context, bodies []string) edge.QueueHandler {
		seen := processor.LookAhead(ctx, queue.Wakes(bodies))
		return p.jobs(func(ctx context.Context, task queue.Task, _ inbox.DeadJob) error { return do(ctx, task, seen) })
	}).Then(p.Pusher.Flush)
}

// Answers is the way of our messages through the inside zone.
func (p Parts) Answers() *pipeline.Answers {
	return &pipeline.Answers{
		Store: p.Store, Queue: p.Outbox, Errands: p.Errands, Policy: p.Policy, Subscribers: p.Subscribers(), Meter: p.Meter, Log: p.Log, Now: p.clock(),
	}
}

// Files is the way of customers' files through the inside zone.
func (p Parts) Files() *pipeline.Files {
	return &pipeline.Files{Store: p.Store, Queue: p.Fetches, Subscribers: p.Subscribers(), Meter: p.Meter, Log: p.Log, Now: p.clock()}
}

// Subscribers is the way of changes to the company's own endpoints, through the inside zone.
func (p Parts) Subscribers() *pipeline.Subscribers {
	return &pipeline.Subscribers{Store: p.Store, Queue: p.Posts, Meter: p.Meter, Log: p.Log, Now: p.clock()}
}

// Platforms is how the inside zone knows of the platforms.
func (p Parts) Platforms() *pipeline.Platforms {
	return &pipeline.Platforms{Store: p.Store, Queue: p.Errands, Meter: p.Meter, Log: p.Log}
}

// Erasures is how people are forgotten.
func (p Parts) Erasures() *pipeline.Erasures {
	e := &pipeline.Erasures{Store: p.Store, Queue: p.Orders, Bodies: queue.Bodies{}, Meter: p.Meter, Log: p.Log, Now: p.clock()}
	if p.FileStore != nil {
		e.Files = p.FileStore
	}
	e.Spills, _ = p.Blobs.(pipeline.SpillStore) // without object storage there are none
	return e
}

// DeadLetter is the function behind the dead letter queues.
func (p Parts) DeadLetter() edge.QueueHandler {
	letters, subscribers := p.letters(), p.Subscribers()
	return p.jobs(func(ctx context.Context, task queue.Task, dead inbox.DeadJob) error {
		switch {
		case task.Outcome != nil:
			return letters.Outcome(ctx, *task.Outcome, dead.Body)
		case task.Send != nil:
			return letters.Send(ctx, task.Job)
		case task.Fetch != nil, task.Fetched != nil:
			letters.File(task.Job)
			return nil
		case task.Post != nil:
			return subscribers.Died(ctx, *task.Post)
		case task.Reply != nil, task.Release:
			p.Log.Warn("what was to be done about deliveries died: they will be found as overdue", "subscription_id", task.Job.Account)
			return nil
		case task.Errand != nil, task.News != nil:
			p.Log.Warn("an errand or its news died: the platform will be asked again", "errand_id", task.Job.ID)
			return nil
		case task.Erase:
			p.Log.Warn("a job of an erasure died: it will be found as overdue", "erasure_id", task.Job.ID)
			return nil
		case task.Push != nil, task.Gone != nil:
			p.Log.Info("what dashboards were to be told died, or that some are closed: they look for themselves", "job_id", task.Job.ID)
			return nil
		}
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
		if errors.Is(err, queue.ErrUnreadable) || errors.Is(err, inbox.ErrUnstorable) || errors.Is(err, inbox.ErrNotFound) {
			dead.Reason = err.Error()
			return letters.Keep(ctx, dead)
		}
		return err
	})
}

func (p Parts) letters() *pipeline.DeadLetters {
	return &pipeline.DeadLetters{Store: p.Store, Queue: p.Queue, Meter: p.Meter, Log: p.Log, Now: p.clock()}
}

// Sweep is what the sweeper does: it makes the partitions of the coming months, queues overdue jobs again, drops what is past its
// retention, forgets old connections and has the platforms asked about our accounts.
func (p Parts) Sweep(ctx context.Context) (Swept, error) {
	if err := p.Store.EnsurePartitions(ctx); err != nil {
		return Swept{}, err
	}
	overdue, err := p.rescue().Run(ctx)
	expired, dropErr := p.dropExpired(ctx)
	asked, askErr := p.Platforms().Ask(ctx, pipeline.AskEvery)
	if askErr != nil { // nothing depends on it: they are asked again by the next sweep
		p.Log.Warn("not all platforms are asked about our accounts", "error", askErr.Error())
	}
	_, socketErr := p.Store.ExpireSockets(ctx)
	settleErr := p.Erasures().Settle(ctx)
	p.Pusher.Flush(ctx)
	return Swept{Overdue: overdue, Asked: asked, Expired: expired}, errors.Join(err, dropErr, socketErr, settleErr)
}

// Swept is what one run of the sweeper did.
type Swept struct {
	Overdue int             `json:"overdue"`           // jobs that were queued again, and conversations that were opened again
	Asked   int             `json:"asked,omitempty"`   // accounts about which platforms are asked
	Expired []store.Expired `json:"expired,omitempty"` // what became of the parts of the logs that are past their retention
}

// Snoozes are the conversations that sleep.
func (p Parts) Snoozes() *pipeline.Snoozes {
	return &pipeline.Snoozes{Store: p.Store, Subscribers: p.Subscribers(), Log: p.Log, Now: p.clock()}
}

func (p Parts) rescue() *pipeline.Rescue {
	wakes := &pipeline.Wakes{Store: p.Store, Queue: p.Queue, Meter: p.Meter, Log: p.Log}
	return pipeline.NewRescue(p.Log, p.clock(), wakes, p.Answers(), p.Files(), p.Subscribers(), p.Snoozes(), p.Erasures())
}

func webhookRoutes() map[string]string {
	routes := map[string]string{}
	for _, route := range dispatch.Routes {
		routes[route.Key] = route.Channel
	}
	return routes
}

// Queues are the URLs of the queues that jobs are sent to.
type Queues struct {
	Live     string
	Bulk     string // receipts and history; empty: they share Live
	Outbound string // those of the channels' answers, with {channel} for its name; empty: there are none
	Media    string // customers' files that are to be fetched; empty: there is none
	Delivery string // deliveries to subscribers; empty: there is none
	Push     string // what open dashboards are told; empty: there is none
}

// URLs names the queues.
func (q Queues) URLs() map[string]string {
	urls := map[string]string{inbox.LiveQueue: q.Live, inbox.BulkQueue: cmp.Or(q.Bulk, q.Live)}
	if q.Media != "" {
		urls[inbox.MediaQueue] = q.Media
	}
	if q.Delivery != "" {
		urls[inbox.DeliveryQueue] = q.Delivery
	}
	if q.Push != "" {
		urls[inbox.PushQueue] = q.Push
	}
	if q.Outbound == "" {
		return urls
	}
	for _, spec := range channels.Specs() {
		urls[inbox.OutboundQueue(spec.Name)] = strings.ReplaceAll(q.Outbound, "{channel}", spec.Name)
	}
	return urls
}
