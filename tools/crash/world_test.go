package crash

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"omni/channels"
	platforms "omni/channels/simulate"
	"omni/internal/inbox"
	"omni/internal/pipeline"
	"omni/internal/roster"
	"omni/internal/store"
	"omni/internal/store/storetest"
)

// world is the inside of the product without its queue and its edges: a real database, and a queue whose every move a test decides.
type world struct {
	url       string // of the database
	store     *store.Store
	conn      *pgx.Conn
	ingester  *pipeline.Ingester
	processor *pipeline.Processor

	refuse bool // the database takes no webhooks
	clock  time.Time
	tasks  []task
}

// task is a message of the queue.
type task struct {
	job     inbox.Job
	webhook *inbox.Webhook
}

func newWorld(t *testing.T) *world {
	t.Helper()
	s, url := storetest.New(t)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	w := &world{url: url, store: s, conn: conn, clock: time.Now()}
	quiet := slog.New(slog.DiscardHandler)
	roster := roster.New(testSecrets{}, time.Now, roster.Options{Purpose: channels.ForVerify})
	w.ingester = pipeline.NewIngester(roster, w, w, noMeter{}, quiet, func() time.Time { return w.clock })
	w.processor = &pipeline.Processor{Store: s, Files: &pipeline.Files{}, Meter: noMeter{}, Log: quiet}
	return w
}

// emptyQuery deletes, because truncating so many tables and partitions takes longer than the test.
const emptyQuery = `DELETE FROM feed; DELETE FROM message_statuses; DELETE FROM unknown_kinds; DELETE FROM message_events; DELETE FROM files; DELETE FROM attachments;
	DELETE FROM sends; DELETE FROM messages; DELETE FROM conversation_threads; DELETE FROM conversations; DELETE FROM contact_identities; DELETE FROM contacts;
	DELETE FROM channel_accounts; DELETE FROM webhook_logs; DELETE FROM queue_logs; DELETE FROM dead_jobs`

// empty begins anew, which is faster than another database.
func (w *world) empty(ctx context.Context) error {
	w.tasks = nil
	_, err := w.conn.Exec(ctx, emptyQuery)
	return err
}

// Ingest implements pipeline.WebhookStore.
func (w *world) Ingest(ctx context.Context, webhook inbox.Webhook) (inbox.Stored, error) {
	if w.refuse {
		return inbox.Stored{}, errors.New("the database is asleep")
	}
	return w.store.Ingest(ctx, webhook)
}

// Send implements pipeline.JobQueue.
func (w *world) Send(_ context.Context, jobs []inbox.Job) error {
	for _, job := range jobs {
		w.tasks = append(w.tasks, task{job: job})
	}
	return nil
}

// Spill implements pipeline.IngestQueue.
func (w *world) Spill(_ context.Context, parts []inbox.Part) error {
	for _, part := range parts {
		w.tasks = append(w.tasks, task{part.Job, &part.Webhook})
	}
	return nil
}

// deliver sends a webhook with the body, which has to be taken.
func (w *world) deliver(ctx context.Context, channel string, body []byte) error {
	if answer := w.offer(ctx, channel, body); answer != http.StatusOK {
		return fmt.Errorf("answered with %d: %s", answer, body)
	}
	return nil
}

// offer sends a webhook with the body, and returns the status of the answer.
func (w *world) offer(ctx context.Context, channel string, body []byte) int {
	spec, _ := channels.Lookup(channel)
	webhook := webhookOf(channel, body)
	w.clock = w.clock.Add(time.Minute) // the breaker has forgotten what was before
	answer := w.ingester.Webhook(ctx, pipeline.Delivery{
		Channel: channel, Account: accountOf(spec), Request: channels.Request{Header: webhook.Header, Body: webhook.Body},
	})
	return answer.Status
}

// webhookOf is a signed webhook with the body.
func webhookOf(channel string, body []byte) platforms.Webhook {
	platform, _ := platforms.Lookup(channel)
	spec, _ := channels.Lookup(channel)
	webhook := platforms.NewWebhook(body)
	platform.Sign(&webhook, secretsOf(spec))
	return webhook
}

// finish does every task, in order.
func (w *world) finish(ctx context.Context) error {
	for len(w.tasks) > 0 {
		if err := w.process(ctx, 0, false); err != nil {
			return err
		}
	}
	return nil
}

// process does the first task of the group of the n-th one, as a FIFO queue would hand it out. Doubled, it is done twice.
func (w *world) process(ctx context.Context, n int, doubled bool) error {
	group := w.tasks[n].job.Group()
	for i, next := range w.tasks {
		if next.job.Group() != group {
			continue
		}
		w.tasks = append(w.tasks[:i:i], w.tasks[i+1:]...)
		err := w.processor.Process(ctx, next.job, next.webhook, nil)
		if doubled && err == nil {
			err = w.processor.Process(ctx, next.job, next.webhook, nil)
		}
		return err
	}
	return nil
}

// secretValue is the value of every secret.
const secretValue = "secret"

// testSecrets has all that any channel wants.
type testSecrets struct{}

func (testSecrets) Secrets(_ context.Context, channel string) (map[string]channels.Secrets, error) {
	spec, _ := channels.Lookup(channel)
	return map[string]channels.Secrets{channels.DefaultAccount: secretsOf(spec), "demo": secretsOf(spec)}, nil
}

func secretsOf(spec channels.Spec) channels.Secrets {
	all := channels.Secrets{}
	for _, secret := range spec.Secrets {
		all[secret.Name] = []string{secretValue}
	}
	return all
}

func accountOf(spec channels.Spec) string {
	if spec.Account == channels.AccountRequired {
		return "demo"
	}
	return channels.DefaultAccount
}

type noMeter struct{}

func (noMeter) Count(string, map[string]int)                            {}
func (noMeter) CountAged(string, map[string]int, string, time.Duration) {}
