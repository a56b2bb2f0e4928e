// Package desk is where an operator's commands answer customers: they write into the database and queue what is to be sent, as the product
// does itself, and whoever runs the product carries on from there.
package desk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/jackc/pgx/v5/pgxpool"

	"omni/internal/app"
	"omni/internal/inbox"
	"omni/internal/pipeline"
	"omni/internal/queue"
	"omni/internal/store"
	"omni/tools/omni/state"
)

// Desk composes answers. Make it with [Open].
type Desk struct {
	*pipeline.Answers
	DB    *pgxpool.Pool
	store *store.Store
}

// conns is how many connections a desk has for composing, and as many for looking.
const conns = 4

// Open opens a desk on a database; sender has the queues of answers. Nil: what is composed waits until it is found as overdue.
func Open(ctx context.Context, databaseURL string, sender *queue.Sender, log *slog.Logger) (*Desk, error) {
	opened, err := store.Open(databaseURL, store.Options{MaxConns: conns})
	if err != nil {
		return nil, err
	}
	config, err := pgxpool.ParseConfig(databaseURL)
	if err != nil {
		opened.Close()
		return nil, fmt.Errorf("reading the database's URL: %w", err)
	}
	config.MaxConns = conns
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		opened.Close()
		return nil, fmt.Errorf("connecting to the database: %w", err)
	}
	parts := app.Parts{Store: opened, Meter: uncounted{}, Log: log, Outbox: noQueue{}}
	if sender != nil {
		outbox := queue.NewOutbox(sender, nil, time.Now)
		parts.Outbox, parts.Posts, parts.Errands = outbox, outbox, sender
	}
	return &Desk{Answers: parts.Answers(), DB: pool, store: opened}, nil
}

// OpenLocal opens a desk beside a local server.
func OpenLocal(ctx context.Context, running state.Dev, log *slog.Logger) (*Desk, error) {
	queues, err := LocalQueues(running)
	if err != nil {
		return nil, err
	}
	return Open(ctx, running.DatabaseURL, queues, log)
}

// Close closes the connections.
func (d *Desk) Close() {
	d.DB.Close()
	d.store.Close()
}

// LocalSQS reaches the SQS of a local server, which looks at no credentials.
func LocalSQS(running state.Dev) (*sqs.Client, error) {
	server, err := url.Parse(running.QueueURL)
	if err != nil {
		return nil, fmt.Errorf("reading the URL of the local queue: %w", err)
	}
	return sqs.New(sqs.Options{
		BaseEndpoint: aws.String(server.Scheme + "://" + server.Host), Region: "local",
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	}), nil
}

// LocalQueues are the queues of a local server.
func LocalQueues(running state.Dev) (*queue.Sender, error) {
	client, err := LocalSQS(running)
	if err != nil {
		return nil, err
	}
	queues := app.Queues{Live: running.QueueURL, Bulk: running.BulkQueueURL, Outbound: running.OutboundQueueURL, Media: running.MediaQueueURL}
	return queue.NewSender(client, queues.URLs(), nil), nil
}

// uncounted is a meter that counts nothing.
type uncounted struct{}

func (uncounted) Count(string, map[string]int)                            {}
func (uncounted) CountAged(string, map[string]int, string, time.Duration) {}

// noQueue leaves everything to the overdue check of whoever runs.
type noQueue struct{}

var errNoQueue = errors.New("no queue is known: the sweeper or the processor finds the message, within a minute or two")

func (noQueue) Send(context.Context, inbox.Send) error { return errNoQueue }
func (noQueue) Remind(context.Context, inbox.Job, inbox.Outcome, time.Time) error {
	return errNoQueue
}
