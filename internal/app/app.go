// Package app builds the functions of the product from their configuration. It is the only place that reads the environment and makes
// AWS clients, and the laptop's server builds the same functions from the same parts.
package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"omni/gen/dispatch"
	"omni/internal/edge"
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
	Queue   pipeline.JobQueue
	Secrets pipeline.SecretSource
	Meter   pipeline.Meter
	Log     *slog.Logger
}

// Webhook is the function that takes webhooks in.
func (p Parts) Webhook() edge.HTTPHandler {
	return edge.Webhooks(webhookRoutes(), &pipeline.Ingester{
		Roster: pipeline.NewRoster(p.Secrets, time.Now), Store: p.Store, Queue: p.Queue, Meter: p.Meter, Log: p.Log,
	})
}

// Processor is the function that turns stored events into conversations.
func (p Parts) Processor() edge.QueueHandler {
	processor := &pipeline.Processor{Store: p.Store, Meter: p.Meter, Log: p.Log}
	return edge.Queue(p.Log, func(ctx context.Context, body string) error {
		job, err := queue.Decode(body)
		if err != nil {
			return err
		}
		return processor.Process(ctx, job)
	})
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
	run("webhook", func(ctx context.Context, c Config, p Parts) (any, error) {
		var err error
		if p.Secrets, err = openSecrets(c.ChannelSecrets); err != nil {
			return nil, err
		}
		if p.Queue, err = openQueue(ctx, c); err != nil {
			return nil, err
		}
		return p.Webhook(), nil
	})
}

// RunProcessor runs the processor function in a Lambda, for good.
func RunProcessor() {
	run("processor", func(_ context.Context, _ Config, p Parts) (any, error) { return p.Processor(), nil })
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

// run builds a function once per cold start and hands it Lambda's events. A function that cannot be built says why and ends: Lambda
// reports that as an error of its initialization.
func run(function string, build func(context.Context, Config, Parts) (any, error)) {
	ctx := context.Background()
	log := NewLog(os.Stderr, slog.LevelInfo, function)
	handler, err := start(ctx, function, build)
	if err != nil {
		log.Error("function cannot start", "error", err.Error())
		os.Exit(1)
	}
	lambda.StartWithOptions(handler, lambda.WithContext(ctx))
}

func start(ctx context.Context, function string, build func(context.Context, Config, Parts) (any, error)) (any, error) {
	c, err := ReadConfig(function, os.Getenv)
	if err != nil {
		return nil, err
	}
	database, err := store.Open(c.DatabaseURL, store.Options{MaxConns: functionConns})
	if err != nil {
		return nil, err
	}
	return build(ctx, c, Parts{
		Store: database, Meter: metrics.NewEmitter(os.Stdout, time.Now), Log: NewLog(os.Stderr, c.LogLevel, function),
	})
}

// openQueue makes the client of the message queue. Region, credentials and endpoint come from the SDK's own environment variables.
func openQueue(ctx context.Context, c Config) (pipeline.JobQueue, error) {
	aws, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the AWS configuration: %w", err)
	}
	return queue.NewSender(sqs.NewFromConfig(aws), c.MessageQueueURL), nil
}
