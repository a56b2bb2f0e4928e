// Package app builds the functions of the product from their configuration. It is the only place that reads the environment and makes
// AWS clients, and the laptop's server builds the same functions from the same parts.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/uuid"

	"omni/gen/dispatch"
	"omni/internal/edge"
	"omni/internal/inbox"
	"omni/internal/metrics"
	"omni/internal/pipeline"
	"omni/internal/queue"
	"omni/internal/store"
)

// functionConns is how many connections one instance of a function keeps: it handles one event at a time, and the database has to
// bear every instance.
const functionConns = 2

// NewLog writes structured log lines. A Lambda's standard error goes to its log group.
func NewLog(out io.Writer, level slog.Level, function string) *slog.Logger {
	return slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{Level: level})).With("function", function)
}

// Parts are what functions are made of.
type Parts struct {
	Store   *store.Store
	Queue   pipeline.IngestQueue // nil for a processor that queues nothing
	Delayer edge.Delayer
	Blobs   queue.Blobs
	Secrets pipeline.SecretSource
	Meter   pipeline.Meter
	Log     *slog.Logger
}

// Webhook is the function that takes webhooks in.
func (p Parts) Webhook() edge.HTTPHandler {
	roster := pipeline.NewRoster(p.Secrets, time.Now)
	return edge.Webhooks(webhookRoutes(), pipeline.NewIngester(roster, p.Store, p.Queue, p.Meter, p.Log, time.Now))
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

// Sweep is what the sweeper does: it makes the partitions of the coming months and queues overdue jobs again.
func (p Parts) Sweep(ctx context.Context) (Swept, error) {
	if err := p.Store.EnsurePartitions(ctx); err != nil {
		return Swept{}, err
	}
	overdue, err := p.rescue().Run(ctx)
	return Swept{Overdue: overdue}, err
}

// Swept is what one run of the sweeper did.
type Swept struct {
	Overdue int `json:"overdue"` // jobs that were queued again
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

// RunWebhook runs the webhook function in a Lambda, for good.
func RunWebhook() {
	run("webhook", func(_ context.Context, c Config, p Parts) (any, error) {
		var err error
		p.Secrets, err = openSecrets(c.ChannelSecrets)
		return p.Webhook(), err
	})
}

// RunProcessor runs the processor function in a Lambda, for good.
func RunProcessor() {
	run("processor", func(_ context.Context, _ Config, p Parts) (any, error) { return p.Processor(), nil })
}

// RunDeadLetter runs the deadletter function in a Lambda, for good.
func RunDeadLetter() {
	run("deadletter", func(_ context.Context, _ Config, p Parts) (any, error) { return p.DeadLetter(), nil })
}

// RunSweeper runs the sweeper function in a Lambda, for good: any event makes it sweep.
func RunSweeper() {
	run("sweeper", func(_ context.Context, _ Config, p Parts) (any, error) { return p.Sweep, nil })
}

// RunMigrate runs the migrate function in a Lambda, for good: any event makes it bring the schema up to date.
func RunMigrate() {
	run("migrate", func(_ context.Context, c Config, p Parts) (any, error) {
		return func(ctx context.Context) (Migration, error) {
			applied, err := store.Migrate(ctx, c.DatabaseURL)
			if err != nil {
				return Migration{}, err
			}
			p.Log.Info("schema is up to date", "applied", len(applied))
			return Migration{Applied: applied}, nil
		}, nil
	})
}

// Migration is what the migrate function returns.
type Migration struct {
	Applied []store.Migrated `json:"applied"` // oldest first; empty: the schema was up to date
}

// run serves a function of the inside zone: one with the database.
func run(function string, build func(context.Context, Config, Parts) (any, error)) {
	serve(function, func(ctx context.Context, c Config, log *slog.Logger) (any, error) {
		p := Parts{Blobs: noBlobs{}, Delayer: edge.QueueDelay{}, Meter: metrics.NewEmitter(os.Stdout, time.Now), Log: log}
		var err error
		if p.Store, err = store.Open(c.DatabaseURL, store.Options{MaxConns: functionConns}); err != nil {
			return nil, err
		}
		if c.MessageQueueURL != "" || c.Blobs != "" {
			if err := p.openAWS(ctx, c); err != nil {
				return nil, err
			}
		}
		return build(ctx, c, p)
	})
}

// serve builds a function once per cold start and hands it Lambda's events. A function that cannot be built says why and ends: Lambda
// reports that as an error of its initialization.
func serve(function string, build func(context.Context, Config, *slog.Logger) (any, error)) {
	ctx := context.Background()
	c, err := ReadConfig(function, os.Getenv)
	log := NewLog(os.Stderr, c.LogLevel, function)
	var handler any
	if err == nil {
		handler, err = build(ctx, c, log)
	}
	if err != nil {
		log.Error("function cannot start", "error", err.Error())
		os.Exit(1)
	}
	lambda.StartWithOptions(handler, lambda.WithContext(ctx))
}

// openAWS makes the clients of AWS. Region, credentials and endpoints come from the SDK's own environment variables.
func (p *Parts) openAWS(ctx context.Context, c Config) error {
	aws, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return fmt.Errorf("reading the AWS configuration: %w", err)
	}
	if p.Blobs, err = openBlobs(aws, c.Blobs); err != nil {
		return err
	}
	if c.MessageQueueURL != "" {
		client := sqs.NewFromConfig(aws)
		urls := QueueURLs(c.MessageQueueURL, c.BulkQueueURL)
		p.Queue = queue.NewSender(client, urls, p.Blobs)
		p.Delayer = queue.NewDelayer(client, urls[inbox.LiveQueue], urls[inbox.BulkQueue])
	}
	return nil
}

// QueueURLs names the queues of the inside zone. Without a queue of their own, receipts and history share that of the messages.
func QueueURLs(live, bulk string) map[string]string {
	if bulk == "" {
		bulk = live
	}
	return map[string]string{inbox.LiveQueue: live, inbox.BulkQueue: bulk}
}
