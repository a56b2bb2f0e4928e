package app_test

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/uuid"

	"omni/channels"
	"omni/channels/simulate"
	"omni/internal/app"
	"omni/internal/edge"
	"omni/internal/inbox"
	"omni/internal/queue"
)

// mailbag is an SQS that keeps the bodies it is given.
type mailbag struct {
	mu     sync.Mutex
	bodies []string
}

func (m *mailbag) SendMessageBatch(_ context.Context, in *sqs.SendMessageBatchInput, _ ...func(*sqs.Options)) (*sqs.SendMessageBatchOutput, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, entry := range in.Entries {
		m.bodies = append(m.bodies, *entry.MessageBody)
	}
	return &sqs.SendMessageBatchOutput{}, nil
}

// everySecret gives a channel's accounts a value for all that it has to send with.
type everySecret struct{}

func (everySecret) Secrets(_ context.Context, channel string) (map[string]channels.Secrets, error) {
	secrets := allSecrets(channel)
	if channel == "telegram" {
		secrets["bot_token"] = []string{"110201543:made-up"}
	}
	return map[string]channels.Secrets{channels.DefaultAccount: secrets}, nil
}

// Several senders that have more to do than a platform takes divide its limit among themselves: the platform counts, and never has to say that
// there are too many.
func TestSendersTogetherKeepToWhatThePlatformTakes(t *testing.T) {
	t.Parallel()
	const channel, senders, each = "telegram", 3, 25
	spec, _ := channels.Lookup(channel)
	platform, _ := simulate.Lookup(channel)
	accounts, _ := everySecret{}.Secrets(t.Context(), channel)
	api := platform.(simulate.API).API(accounts, http.DefaultClient)
	server := httptest.NewServer(api)
	defer server.Close()
	address, _ := url.Parse(server.URL)
	outcomes, jobs := &mailbag{}, &mailbag{}
	outbox := queue.NewOutbox(queue.NewSender(jobs, map[string]string{inbox.OutboundQueue(channel): "outbound"}, nil), nil, time.Now)
	for n := range senders * each {
		customer, err := platform.Event("text", simulate.Scene{
			Rand: rand.New(rand.NewPCG(1, 2)), At: time.Now(), Account: channels.DefaultAccount, Serial: n, Run: t.Name(), Customer: simulate.Customer{Number: n},
		})
		if err != nil {
			t.Fatal(err)
		}
		send := inbox.Send{
			Job: inbox.Job{ID: uuid.New(), Queue: inbox.OutboundQueue(channel), Attempt: 1}, Channel: channel, CredentialAccount: channels.DefaultAccount,
			Outgoing: channels.Outgoing{Account: "110201543", Thread: customer.Expect[0].Thread, Content: channels.Content{Text: "hello"}},
		}
		if err := outbox.Send(t.Context(), send); err != nil {
			t.Fatal(err)
		}
	}
	var wg sync.WaitGroup
	for n := range senders {
		sender := app.OutsideParts{
			Secrets: everySecret{}, HTTP: simulate.Redirect(http.DefaultClient, address), Delayer: edge.QueueDelay{}, Log: slog.New(slog.DiscardHandler),
			Queue: queue.NewSender(outcomes, app.Queues{Live: "live"}.URLs(), nil), Senders: senders,
		}.Sender()
		wg.Go(func() {
			for _, body := range jobs.bodies[n*each : (n+1)*each] {
				batch := events.SQSEvent{Records: []events.SQSMessage{{Body: body, Attributes: map[string]string{"ApproximateReceiveCount": "1"}}}}
				if answer, err := sender(t.Context(), batch); err != nil || len(answer.BatchItemFailures) > 0 {
					t.Error(answer, err)
				}
			}
		})
	}
	wg.Wait()
	for _, body := range outcomes.bodies {
		task, err := queue.Decode(t.Context(), body, nil)
		if err != nil || task.Outcome == nil || task.Outcome.Result != inbox.ResultSent {
			t.Errorf("%v, %+v", err, task.Outcome)
		}
	}
	deliveries := api.(simulate.Inspector).Deliveries()
	if peak := simulate.Peak(deliveries); len(deliveries) != senders*each || float64(peak) > spec.Rate {
		t.Errorf("%d of %d messages, up to %d a second: %g are allowed", len(deliveries), senders*each, peak, spec.Rate)
	}
}
