package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/uuid"

	"omni/channels"
	"omni/gen/dispatch"
	"omni/internal/app"
	"omni/internal/edge"
	"omni/internal/inbox"
	"omni/internal/metrics"
	"omni/internal/pipeline"
	"omni/internal/queue"
	"omni/internal/queue/localsqs"
	"omni/internal/roster"
	"omni/internal/store"
)

// parts are those of the deployment, with a queue that is given, secrets from memory, and logs and metrics that are written to nowhere.
func parts(s *store.Store, api queue.SendAPI, urls map[string]string) (app.Parts, *troubles) {
	t := &troubles{Emitter: metrics.NewEmitter("bench", io.Discard, time.Now)}
	return app.Parts{
		Store: s, Queue: queue.NewSender(api, urls, nil), Delayer: edge.QueueDelay{}, Secrets: secretsOf{}, Meter: t,
		Log: app.NewLog(io.Discard, slog.LevelInfo, "bench"),
	}, t
}

// webhookOn is the webhook function on a store of the bench's own.
func webhookOn(s pipeline.WebhookStore, api queue.SendAPI) edge.HTTPHandler {
	p, meter := parts(nil, api, app.Queues{Live: "live"}.URLs())
	routes := map[string]string{}
	for _, route := range dispatch.Routes {
		routes[route.Key] = route.Channel
	}
	return edge.Webhooks(routes, pipeline.NewIngester(roster.New(p.Secrets, time.Now, roster.Options{Purpose: channels.ForVerify}), s, p.Queue, meter, p.Log, time.Now))
}

// troubles is a meter that notices what a measurement must not contain.
type troubles struct {
	*metrics.Emitter
	spilled, dead atomic.Int64
}

func (t *troubles) Count(channel string, counts map[string]int) {
	t.spilled.Add(int64(counts[pipeline.CountSpilled]))
	t.dead.Add(int64(counts[pipeline.CountDead]))
	t.Emitter.Count(channel, counts)
}

// errSpoilt ends a run in which the database was so slow that webhooks went past it: it says nothing, and is repeated.
var errSpoilt = errors.New("webhooks went past the database, which took too long")

// err tells what happened since it was last asked.
func (t *troubles) err() error {
	spilled, dead := t.spilled.Swap(0), t.dead.Swap(0)
	switch {
	case dead > 0:
		return fmt.Errorf("%d rows could not be processed", dead)
	case spilled > 0:
		return errSpoilt
	}
	return nil
}

// secretsOf makes up a value for every secret of a channel's own account.
type secretsOf struct{}

func (secretsOf) Secrets(_ context.Context, channel string) (map[string]channels.Secrets, error) {
	spec, ok := channels.Lookup(channel)
	if !ok {
		return nil, fmt.Errorf("there is no channel %q", channel)
	}
	secrets := channels.Secrets{}
	for _, secret := range spec.Secrets {
		secrets[secret.Name] = []string{"bench-" + secret.Name}
	}
	return map[string]channels.Secrets{channels.DefaultAccount: secrets}, nil
}

// nothing is a store that keeps nothing: what is left is the work of the program itself.
type nothing struct{}

func (nothing) Ingest(_ context.Context, w inbox.Webhook) (inbox.Stored, error) {
	parts := inbox.Split(w, uuid.New)
	stored := inbox.Stored{New: len(w.Events), Jobs: make([]inbox.Job, len(parts))}
	for i, part := range parts {
		stored.Jobs[i] = part.Job
	}
	return stored, nil
}

// taker is an SQS that takes everything at once and counts the calls. It keeps the bodies if it is told to.
type taker struct {
	keeps bool

	mu     sync.Mutex
	calls  int
	bodies []string
	groups []string
}

func (q *taker) SendMessageBatch(_ context.Context, in *sqs.SendMessageBatchInput, _ ...func(*sqs.Options)) (*sqs.SendMessageBatchOutput, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.calls++
	for _, entry := range in.Entries {
		if q.keeps {
			q.bodies = append(q.bodies, aws.ToString(entry.MessageBody))
			q.groups = append(q.groups, aws.ToString(entry.MessageGroupId))
		}
	}
	return &sqs.SendMessageBatchOutput{}, nil
}

// taken returns what came since it was last asked.
func (q *taker) taken() (bodies, groups []string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	bodies, groups = q.bodies, q.groups
	q.bodies, q.groups = nil, nil
	return bodies, groups
}

// backend is what the webhook function works with: a database on the stage, and a queue.
type backend struct {
	stage    *stage
	database string // its URL
	queue    *localQueue
}

// backend makes one for a measurement, with a database of that name. The caller closes its queue.
func (b *bench) backend(ctx context.Context, name string) (*backend, error) {
	s, err := b.open(ctx)
	if err != nil {
		return nil, err
	}
	database, err := s.database(ctx, name)
	if err != nil {
		return nil, err
	}
	queue, err := startQueue(ctx)
	if err != nil {
		return nil, err
	}
	return &backend{stage: s, database: database, queue: queue}, nil
}

// localQueue is an SQS in this process, spoken to over HTTP by AWS's own client as it comes.
type localQueue struct {
	*localsqs.Server
	client *sqs.Client
	url    string // of the queue
}

func startQueue(ctx context.Context) (*localQueue, error) {
	server, err := localsqs.Start(localsqs.Options{})
	if err != nil {
		return nil, fmt.Errorf("starting SQS: %w", err)
	}
	client := sqs.New(sqs.Options{
		BaseEndpoint: aws.String(server.URL()), Region: server.Region(), Credentials: credentials.NewStaticCredentialsProvider("bench", "bench", ""),
	})
	made, err := client.CreateQueue(ctx, &sqs.CreateQueueInput{
		QueueName: aws.String("messages.fifo"), Attributes: map[string]string{"FifoQueue": "true"},
	})
	if err != nil {
		server.Close()
		return nil, fmt.Errorf("making the queue: %w", err)
	}
	return &localQueue{Server: server, client: client, url: aws.ToString(made.QueueUrl)}, nil
}
