package app

import (
	"context"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"omni/internal/edge"
	"omni/internal/inbox"
	"omni/internal/metrics"
	"omni/internal/queue"
	"omni/internal/store"
)

// functionConns is how many connections one instance of a function keeps: it handles one event at a time, and the database has to
// bear every instance.
const functionConns = 2

// inside is what a function of the inside zone is built from: one with the database.
type inside struct {
	Parts
	config   Config
	aws      aws.Config
	password store.Password // of the database; nil: that in the URL
}

// RunWebhook runs the webhook function in a Lambda, for good.
func RunWebhook() {
	run("webhook", func(f inside) (any, error) {
		var err error
		f.Secrets, err = openSecrets(f.aws, f.config.ChannelSecrets, f.Log)
		return f.Webhook(), err
	})
}

// RunProcessor runs the processor function in a Lambda, for good.
func RunProcessor() {
	run("processor", func(f inside) (any, error) { return f.Processor(), nil })
}

// RunDeadLetter runs the deadletter function in a Lambda, for good.
func RunDeadLetter() {
	run("deadletter", func(f inside) (any, error) { return f.DeadLetter(), nil })
}

// RunSweeper runs the sweeper function in a Lambda, for good: any event makes it sweep.
func RunSweeper() {
	run("sweeper", func(f inside) (any, error) { return f.Sweep, nil })
}

// RunMigrate runs the migrate function in a Lambda, for good: any event makes it bring the schema up to date.
func RunMigrate() {
	run("migrate", func(f inside) (any, error) { return f.migrate, nil })
}

// run serves a function of the inside zone.
func run(function string, build func(inside) (any, error)) {
	serve(function, func(ctx context.Context, c Config, log *slog.Logger) (any, error) {
		f, err := newInside(ctx, function, c, log)
		if err != nil {
			return nil, err
		}
		return build(f)
	})
}

func newInside(ctx context.Context, function string, c Config, log *slog.Logger) (inside, error) {
	f := inside{config: c, Parts: Parts{
		Policy: inbox.SendPolicy{RetryUnknown: c.UnknownSends == "retry"}, Outbox: noOutbox{},
		Delayer: edge.QueueDelay{}, Meter: metrics.NewEmitter(c.MetricsNamespace, os.Stdout, time.Now), Log: log, RetentionDays: c.RetentionDays, Retention: c.Retention,
		WebSocketURL: c.WebSocketURL,
	}}
	var err error
	if f.aws, err = loadAWS(ctx); err != nil {
		return f, err
	}
	if function == "webhook" {
		f.aws = impatient(f.aws)
	}
	if f.password, err = openPassword(f.aws, c); err != nil {
		return f, err
	}
	if f.Store, err = store.Open(c.DatabaseURL, store.Options{MaxConns: functionConns, Password: f.password}); err != nil {
		return f, err
	}
	if f.Blobs, err = openBlobs(f.aws, c.Blobs); err != nil {
		return f, err
	}
	if c.Files != "" {
		if f.FileStore, err = openFiles(f.aws, c.Files); err != nil {
			return f, err
		}
	}
	if c.MessageQueueURL != "" {
		f.queues(c)
	}
	return f, nil
}

// queues connects the function to the queues.
func (f *inside) queues(c Config) {
	client, urls := sqs.NewFromConfig(f.aws), c.queues().URLs()
	sender := queue.NewSender(client, urls, f.Blobs)
	f.Queue, f.Orders = sender, sender
	if c.OutboundQueueURL != "" {
		f.Errands = sender
	}
	if c.PushQueueURL != "" {
		f.Pusher = NewPusher(f.Store, sender, f.Log)
	}
	f.Delayer = queue.NewDelayer(client, urls[inbox.LiveQueue], urls[inbox.BulkQueue])
	if c.TimerQueueURL != "" {
		f.Timer = queue.NewTimer(client, c.TimerQueueURL, nil, time.Now)
		outbox := queue.NewOutbox(sender, f.Timer, time.Now)
		f.Outbox = outbox
		if c.MediaQueueURL != "" {
			f.Fetches = outbox
		}
		if c.DeliveryQueueURL != "" {
			f.Posts = outbox
		}
	}
}

func (c Config) queues() Queues {
	return Queues{Live: c.MessageQueueURL, Bulk: c.BulkQueueURL, Outbound: c.OutboundQueueURL, Media: c.MediaQueueURL, Delivery: c.DeliveryQueueURL, Push: c.PushQueueURL}
}

// serve builds a function once per cold start and hands it Lambda's events. A function that cannot be built says why and ends: Lambda
// reports that as an error of its initialization.
func serve(function string, build func(context.Context, Config, *slog.Logger) (any, error)) {
	UseMemory(os.Getenv)
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
