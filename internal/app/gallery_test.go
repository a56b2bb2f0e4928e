package app_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"omni/channels"
	"omni/channels/channeltest"
	"omni/channels/simulate"
	"omni/internal/app"
	"omni/internal/blob"
	"omni/internal/edge"
	"omni/internal/inbox"
	"omni/internal/metrics"
	"omni/internal/pipeline"
	"omni/internal/queue"
	"omni/internal/queue/localsqs"
	"omni/internal/store"
)

// gallery is the product as far as files are concerned: the inside in its database roles, the media function, real queues between them, and the
// simulated platforms, which can be out of order.
type gallery struct {
	*staff
	client    *sqs.Client
	urls      map[string]string
	media     edge.QueueHandler
	files     *blob.FolderFiles
	inside    *pipeline.Files
	processor edge.QueueHandler
	log       *lockedBuffer
	down      atomic.Bool
}

type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func newGallery(t *testing.T, channel string) *gallery {
	t.Helper()
	g := &gallery{staff: hire(t), log: &lockedBuffer{}, files: blob.NewFolderFiles(t.TempDir(), "", time.Now)}
	log := slog.New(slog.NewJSONHandler(g.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	g.startQueues()
	sender := queue.NewSender(g.client, g.urls, nil)
	outbox := queue.NewOutbox(sender, queue.NewTimer(g.client, g.urls["timer"], nil, time.Now), time.Now)
	opened, err := store.Open(as(t, g.url, "omni_processor"), store.Options{MaxConns: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(opened.Close)
	parts := app.Parts{
		Store: opened, Queue: sender, Outbox: outbox, Fetches: outbox, Delayer: edge.QueueDelay{}, Log: log,
		Meter: metrics.NewEmitter("test", io.Discard, time.Now),
	}
	g.processor, g.inside = parts.Processor(), parts.Files()
	platform, _ := simulate.Lookup(channel)
	secrets := allSecrets(channel)
	for name := range secrets {
		secrets[name] = []string{tellTale + name}
	}
	world := channeltest.Network(t, platform.(simulate.API).API(map[string]channels.Secrets{channels.DefaultAccount: secrets}, nil))
	g.media = app.OutsideParts{
		Secrets: keys{channel: secrets}, HTTP: breakable{world, &g.down}, Files: g.files, Queue: sender, Delayer: edge.QueueDelay{}, Log: log,
	}.Media()
	return g
}

// tellTale is in every token of these tests.
const tellTale = "tell-tale-token-"

type keys map[string]channels.Secrets

func (k keys) Secrets(_ context.Context, channel string) (map[string]channels.Secrets, error) {
	return map[string]channels.Secrets{channels.DefaultAccount: k[channel]}, nil
}

// breakable is a client whose network can be down.
type breakable struct {
	channels.Doer
	down *atomic.Bool
}

func (b breakable) Do(r *http.Request) (*http.Response, error) {
	if b.down.Load() {
		return nil, errors.New("the network is down")
	}
	return b.Doer.Do(r)
}

func (g *gallery) startQueues() {
	g.t.Helper()
	server, err := localsqs.Start(localsqs.Options{})
	if err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(func() { server.Close() })
	g.client = sqs.New(sqs.Options{
		BaseEndpoint: aws.String(server.URL()), Region: server.Region(), Credentials: credentials.NewStaticCredentialsProvider("x", "x", ""),
	})
	g.urls = map[string]string{}
	for name, file := range map[string]string{inbox.LiveQueue: "live.fifo", inbox.BulkQueue: "bulk.fifo", inbox.MediaQueue: "media", "timer": "timer"} {
		attributes := map[string]string{}
		if strings.HasSuffix(file, ".fifo") {
			attributes["FifoQueue"] = "true"
		}
		made, err := g.client.CreateQueue(g.t.Context(), &sqs.CreateQueueInput{QueueName: &file, Attributes: attributes})
		if err != nil {
			g.t.Fatal(err)
		}
		g.urls[name] = *made.QueueUrl
	}
}

// say lets the customer do something that the webhook function and the processor then know of.
func (g *gallery) say(channel, kind string) bool {
	g.t.Helper()
	event, ok := g.event(channel, kind)
	if !ok {
		return false
	}
	g.take(g.webhook, channel, event)
	batch := events.SQSEvent{Records: g.queued}
	g.queued = nil
	g.call(g.processor, batch)
	return true
}

func (g *gallery) call(function edge.QueueHandler, batch events.SQSEvent) {
	g.t.Helper()
	ctx, cancel := context.WithTimeout(g.t.Context(), time.Minute)
	defer cancel()
	if answer, err := function(ctx, batch); err != nil || len(answer.BatchItemFailures) > 0 {
		g.t.Fatalf("%d of %d jobs failed: %v\n%s", len(answer.BatchItemFailures), len(batch.Records), err, g.log)
	}
}

// work lets the functions do everything that is on the queues.
func (g *gallery) work() {
	g.t.Helper()
	for g.drain(inbox.MediaQueue, g.media)+g.drain(inbox.LiveQueue, g.processor) > 0 {
		continue
	}
}

func (g *gallery) drain(name string, function edge.QueueHandler) (n int) {
	g.t.Helper()
	url := g.urls[name]
	for {
		out, err := g.client.ReceiveMessage(g.t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10})
		if err != nil {
			g.t.Fatal(err)
		}
		if len(out.Messages) == 0 {
			return n
		}
		for _, m := range out.Messages {
			n++
			g.call(function, events.SQSEvent{Records: []events.SQSMessage{{MessageId: *m.MessageId, Body: *m.Body}}})
			if _, err := g.client.DeleteMessage(g.t.Context(), &sqs.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: m.ReceiptHandle}); err != nil {
				g.t.Fatal(err)
			}
		}
	}
}

// file is what the database knows of a file.
type file struct {
	ID                                uuid.UUID
	Kind, State, Key, MIME, Sum, Text string
	Bytes                             int64
	Attempt                           int
}

func (g *gallery) known() []file {
	g.t.Helper()
	rows, err := g.admin.Query(g.t.Context(), `SELECT f.id, a.kind, f.state, coalesce(f.key, ''), coalesce(f.mime, ''), coalesce(f.sha256, ''),
		coalesce(f.reason, ''), coalesce(f.bytes, 0), f.attempt FROM files f JOIN attachments a USING (message_id, position) ORDER BY f.wanted_at`)
	if err != nil {
		g.t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[file])
	if err != nil {
		g.t.Fatal(err)
	}
	return all
}

func (g *gallery) check(f file) {
	g.t.Helper()
	body, err := g.files.Open(g.t.Context(), f.Key)
	if err != nil {
		g.t.Errorf("%s: %v", f.Kind, err)
		return
	}
	defer body.Close()
	content, err := io.ReadAll(body)
	sum := sha256.Sum256(content)
	if err != nil || f.Bytes == 0 || int64(len(content)) != f.Bytes || hex.EncodeToString(sum[:]) != f.Sum || f.MIME == "" {
		g.t.Errorf("%+v has %d bytes, %v", f, len(content), err)
	}
}

// searchForTokens fails if a token is in the log or anywhere in the database.
func (g *gallery) searchForTokens() {
	g.t.Helper()
	if strings.Contains(g.log.String(), tellTale) {
		g.t.Errorf("a token is in the log:\n%s", g.log)
	}
	rows, err := g.admin.Query(g.t.Context(), `SELECT quote_ident(table_name) FROM information_schema.tables
		WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`)
	if err != nil {
		g.t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(tables) < 15 {
		g.t.Fatal(tables, err)
	}
	for _, table := range tables {
		if n := g.count(`SELECT count(*) FROM ` + table + ` AS t WHERE strpos(t::text, '` + tellTale + `') > 0`); n > 0 {
			g.t.Errorf("a token is in %d rows of %s", n, table)
		}
	}
}
