package app_test

import (
	"context"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"omni/channels"
	"omni/channels/simulate"
	_ "omni/channels/whatsapp/simulator"
	"omni/internal/app"
	"omni/internal/edge"
	"omni/internal/inbox"
	"omni/internal/localpg/wiretap"
	"omni/internal/metrics"
	"omni/internal/pipeline"
	"omni/internal/queue"
	"omni/internal/store"
	"omni/internal/store/storetest"
)

// counted is the product behind a tap on its way to PostgreSQL, and an SQS that takes everything and counts the calls.
type counted struct {
	t         *testing.T
	tap       *wiretap.Tap
	webhook   edge.HTTPHandler
	processor edge.QueueHandler
	answers   *pipeline.Answers
	platform  simulate.Platform
	report    func(context.Context, inbox.Job, inbox.Outcome) error
	serial    int

	mu    sync.Mutex
	calls int
	sent  []events.SQSMessage
}

// The secrets that whatsapp verifies with.
var whatsappSecrets = channels.Secrets{"app_secret": {"s"}, "verify_token": {"v"}}

func (c *counted) Secrets(context.Context, string) (map[string]channels.Secrets, error) {
	return map[string]channels.Secrets{channels.DefaultAccount: whatsappSecrets}, nil
}

func (c *counted) SendMessageBatch(_ context.Context, in *sqs.SendMessageBatchInput, _ ...func(*sqs.Options)) (*sqs.SendMessageBatchOutput, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls++
	for _, entry := range in.Entries {
		c.sent = append(c.sent, events.SQSMessage{Body: *entry.MessageBody, Attributes: map[string]string{"MessageGroupId": *entry.MessageGroupId}})
	}
	return &sqs.SendMessageBatchOutput{}, nil
}

func setup(t *testing.T) *counted {
	t.Helper()
	t.Parallel()
	_, url := storetest.New(t)
	tap, err := wiretap.Start(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tap.Close() })
	opened, err := store.Open(tap.URL(), store.Options{MaxConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(opened.Close)
	platform, _ := simulate.Lookup("whatsapp")
	c := &counted{t: t, tap: tap, platform: platform}
	sender := queue.NewSender(c, app.Queues{Live: "live", Bulk: "bulk", Outbound: "outbound-{channel}"}.URLs(), nil)
	parts := app.Parts{
		Store: opened, Queue: sender, Outbox: queue.NewOutbox(sender, nil, time.Now), Delayer: edge.QueueDelay{}, Secrets: c,
		Meter: metrics.NewEmitter("test", io.Discard, time.Now), Log: slog.New(slog.DiscardHandler),
	}
	c.webhook, c.processor, c.answers, c.report = parts.Webhook(), parts.Processor(), parts.Answers(), sender.Report
	return c
}

// event is something that a customer does.
func (c *counted) event(kind string, customer int, earlier ...string) simulate.Event {
	c.t.Helper()
	c.serial++
	event, err := c.platform.Event(kind, simulate.Scene{
		Rand: rand.New(rand.NewPCG(1, 2)), At: time.Now(), Account: "100000000000001", Serial: c.serial, Run: c.t.Name(), Earlier: earlier,
		Customer: simulate.Customer{Number: customer, Name: "Ada"},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return event
}

// texts are that many messages, each of another customer.
func (c *counted) texts(n int) []simulate.Event {
	c.t.Helper()
	all := make([]simulate.Event, n)
	for i := range all {
		all[i] = c.event("text", i)
	}
	return all
}

// take hands the events to the webhook function as one webhook, and returns how often it waited for PostgreSQL and called SQS.
func (c *counted) take(all ...simulate.Event) (roundTrips, calls int) {
	c.t.Helper()
	w := c.platform.Webhooks(all)[0]
	c.platform.Sign(&w, whatsappSecrets)
	event := events.APIGatewayV2HTTPRequest{RouteKey: "POST /webhooks/whatsapp", Body: string(w.Body), Headers: map[string]string{}}
	for name := range w.Header {
		event.Headers[strings.ToLower(name)] = w.Header.Get(name)
	}
	before := c.tap.RoundTrips()
	c.calls, c.sent = 0, nil
	answer, err := c.webhook(c.t.Context(), event)
	if err != nil || answer.StatusCode != http.StatusOK {
		c.t.Fatal(answer, err)
	}
	if len(c.sent) != len(all) {
		c.t.Fatalf("%d jobs for %d conversations", len(c.sent), len(all))
	}
	return c.tap.RoundTrips() - before, c.calls
}

// process hands what was queued to the processor, and returns how often that waited for PostgreSQL.
func (c *counted) process() int {
	c.t.Helper()
	before := c.tap.RoundTrips()
	ctx, cancel := context.WithTimeout(c.t.Context(), time.Minute)
	defer cancel()
	answer, err := c.processor(ctx, events.SQSEvent{Records: c.sent})
	if err != nil || len(answer.BatchItemFailures) > 0 {
		c.t.Fatal(answer, err)
	}
	return c.tap.RoundTrips() - before
}

// In a Lambda function it is round trips that cost: to the database in another zone, and to SQS.
func TestAWebhookTakesOneRoundTripHoweverManyMessagesItHas(t *testing.T) {
	c := setup(t)
	c.take(c.texts(1)...) // prepares the statement
	for messages, calls := range map[int]int{1: 1, 10: 1, 11: 2, 1000: 100} {
		gotTrips, gotCalls := c.take(c.texts(messages)...)
		if gotTrips != 1 || gotCalls != calls {
			t.Errorf("%d messages: %d round trips and %d calls of SQS, want 1 and %d", messages, gotTrips, gotCalls, calls)
		}
	}
	repeated := c.event("text", 0)
	c.take(repeated)
	if trips, _ := c.take(repeated); trips != 2 { // that it is new is tried first
		t.Errorf("a repeated message: %d round trips, want 2", trips)
	}
}

// What one row takes is written down here so that more is a decision, and fewer are a reason to lower the number.
func TestAProcessedRowTakesFewRoundTrips(t *testing.T) {
	c := setup(t)
	hello := c.event("text", 0)
	for _, round := range []string{"warm-up", "counted"} {
		for _, step := range []struct {
			event simulate.Event
			most  int
		}{
			{hello, 7}, // a new contact and a new conversation
			{c.event("text", 0), 3},
			{c.event("image", 0), 3},
			{c.event("reaction", 0, hello.Expect[0].ID), 5},
			{c.event("status_delivered", 0), 4},
		} {
			c.take(step.event)
			if got := c.process(); round == "counted" && got > step.most {
				t.Errorf("%s: %d round trips, want at most %d", step.event.Expect[0].Kind, got, step.most)
			}
		}
		hello = c.event("text", 3) // the next round begins with somebody new
	}
}

// Ten jobs that come together are looked for at once.
func TestTenProcessedRowsTakeTwoRoundTripsEachAndOneTogether(t *testing.T) {
	c := setup(t)
	for _, round := range []string{"new contacts", "warm-up", "counted"} {
		c.take(c.texts(10)...)
		if got := c.process(); round == "counted" && got > 21 {
			t.Errorf("%d round trips, want at most 21", got)
		}
	}
}

func TestAnAnswerTakesFewRoundTrips(t *testing.T) {
	c := setup(t)
	c.take(c.event("text", 0))
	c.process()
	var conversation uuid.UUID
	conn, err := pgx.Connect(t.Context(), c.tap.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if err := conn.QueryRow(t.Context(), `SELECT id FROM conversations`).Scan(&conversation); err != nil {
		t.Fatal(err)
	}
	for _, round := range []string{"warm-up", "counted"} {
		before := c.tap.RoundTrips()
		composed, err := c.answers.Compose(t.Context(), inbox.Draft{
			Conversation: conversation, Key: round, Author: "agent:ada", Human: true, Content: channels.Content{Text: "hello"},
		})
		if err != nil || len(composed.Sends) != 1 {
			t.Fatalf("%+v, %v", composed, err)
		}
		// The chat; the transaction; that the queue has it.
		if got := c.tap.RoundTrips() - before; round == "counted" && got > 3 {
			t.Errorf("composing takes %d round trips, want at most 3", got)
		}
		c.sent = nil
		job := composed.Sends[0].Job
		sent := inbox.Outcome{Message: job.ID, Account: job.Account, Attempt: 1, Result: inbox.ResultSent, Receipt: channels.Receipt{ID: "wamid." + round}}
		if err := c.report(t.Context(), job, sent); err != nil {
			t.Fatal(err)
		}
		// The locks; what the platform told before; the outcome with what follows.
		if got := c.process(); round == "counted" && got > 3 {
			t.Errorf("recording the outcome takes %d round trips, want at most 3", got)
		}
	}
}
