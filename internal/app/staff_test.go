package app_test

import (
	"context"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/jackc/pgx/v5"

	"omni/channels"
	"omni/channels/simulate"
	_ "omni/gen/simulators"
	"omni/internal/app"
	"omni/internal/edge"
	"omni/internal/metrics"
	"omni/internal/pipeline"
	"omni/internal/queue"
	"omni/internal/store"
	"omni/internal/store/storetest"
)

// staff is the product with each function in the database role that it has in the deployment.
type staff struct {
	t        *testing.T
	url      string
	admin    *pgx.Conn
	queued   []events.SQSMessage
	serial   int
	earlier  []string
	webhook  edge.HTTPHandler
	spilling edge.HTTPHandler // a webhook function that cannot reach the database
	process  edge.QueueHandler
	bury     edge.QueueHandler
	answers  *pipeline.Answers // of a processor
	sweeper  app.Parts
}

func hire(t *testing.T) *staff {
	t.Helper()
	t.Parallel()
	_, url := storetest.New(t)
	s := &staff{t: t, url: url}
	var err error
	if s.admin, err = pgx.Connect(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.admin.Close(context.Background()) })
	s.webhook = s.parts(as(t, url, "omni_webhook")).Webhook()
	s.spilling = s.parts("postgres://nobody@127.0.0.1:1/nothing").Webhook()
	s.process = s.parts(as(t, url, "omni_processor")).Processor()
	s.answers = s.parts(as(t, url, "omni_processor")).Answers()
	s.bury = s.parts(as(t, url, "omni_deadletter")).DeadLetter()
	s.sweeper = s.parts(as(t, url, "omni_sweeper"))
	s.sweeper.RetentionDays = 90
	return s
}

// as is the URL of a database for connections that act in a role, whatever the server asks for at the door.
func as(t *testing.T, database, role string) string {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("role", role)
	u.RawQuery = query.Encode()
	return u.String()
}

func (s *staff) parts(url string) app.Parts {
	s.t.Helper()
	opened, err := store.Open(url, store.Options{MaxConns: 2})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(opened.Close)
	sender := queue.NewSender(s, app.Queues{Live: "live", Bulk: "bulk", Outbound: "outbound-{channel}"}.URLs(), nil)
	return app.Parts{
		Store: opened, Queue: sender, Outbox: queue.NewOutbox(sender, nil, time.Now), Delayer: edge.QueueDelay{}, Secrets: s,
		Meter: metrics.NewEmitter("test", io.Discard, time.Now), Log: slog.New(slog.NewTextHandler(s.t.Output(), &slog.HandlerOptions{Level: slog.LevelError})),
	}
}

// Secrets gives every channel all that it verifies with.
func (s *staff) Secrets(_ context.Context, channel string) (map[string]channels.Secrets, error) {
	return map[string]channels.Secrets{channels.DefaultAccount: allSecrets(channel)}, nil
}

func allSecrets(channel string) channels.Secrets {
	spec, _ := channels.Lookup(channel)
	secrets := channels.Secrets{}
	for _, secret := range spec.Secrets {
		secrets[secret.Name] = []string{"secret"}
	}
	return secrets
}

func (s *staff) SendMessageBatch(_ context.Context, in *sqs.SendMessageBatchInput, _ ...func(*sqs.Options)) (*sqs.SendMessageBatchOutput, error) {
	for _, entry := range in.Entries {
		s.queued = append(s.queued, events.SQSMessage{Body: *entry.MessageBody, Attributes: map[string]string{"MessageGroupId": *entry.MessageGroupId}})
	}
	return &sqs.SendMessageBatchOutput{}, nil
}

// event is something that a customer does on a platform, after what he wrote before. false: it needs more than that.
func (s *staff) event(channel, kind string) (simulate.Event, bool) {
	platform, _ := simulate.Lookup(channel)
	s.serial++
	event, err := platform.Event(kind, simulate.Scene{
		Rand: rand.New(rand.NewPCG(1, 2)), At: time.Now(), Account: "100000000000001", Serial: s.serial, Run: s.t.Name(), Earlier: s.earlier,
		Customer: simulate.Customer{Name: "Ada"},
	})
	if err != nil {
		return event, false
	}
	for _, expected := range event.Expect {
		if expected.Kind == channels.KindMessage {
			s.earlier = append(s.earlier, expected.ID)
		}
	}
	return event, true
}

// take hands a webhook of the event to a webhook function.
func (s *staff) take(webhook edge.HTTPHandler, channel string, event simulate.Event) {
	s.t.Helper()
	s.post(webhook, s.request(channel, event))
}

func (s *staff) post(webhook edge.HTTPHandler, request events.APIGatewayV2HTTPRequest) {
	s.t.Helper()
	if answer, err := webhook(s.t.Context(), request); err != nil || answer.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: answered %v, %v", request.RouteKey, answer, err)
	}
}

// request is the event as its platform reports it.
func (s *staff) request(channel string, event simulate.Event) events.APIGatewayV2HTTPRequest {
	platform, _ := simulate.Lookup(channel)
	return signed(channel, platform.Webhooks([]simulate.Event{event})[0])
}

func signed(channel string, w simulate.Webhook) events.APIGatewayV2HTTPRequest {
	platform, _ := simulate.Lookup(channel)
	platform.Sign(&w, allSecrets(channel))
	request := events.APIGatewayV2HTTPRequest{
		RouteKey: "POST /webhooks/" + channel + "/{account}", PathParameters: map[string]string{"account": channels.DefaultAccount},
		Body: string(w.Body), Headers: map[string]string{},
	}
	for name := range w.Header {
		request.Headers[strings.ToLower(name)] = w.Header.Get(name)
	}
	return request
}

// hand gives everything that is queued to a function behind the queue.
func (s *staff) hand(function edge.QueueHandler) {
	s.t.Helper()
	batch := events.SQSEvent{Records: s.queued}
	s.queued = nil
	answer, err := function(s.t.Context(), batch)
	if err != nil || len(answer.BatchItemFailures) > 0 {
		s.t.Fatalf("%d of %d jobs failed: %v", len(answer.BatchItemFailures), len(batch.Records), err)
	}
}

func (s *staff) count(query string) (n int) {
	s.t.Helper()
	if err := s.admin.QueryRow(s.t.Context(), query).Scan(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}
