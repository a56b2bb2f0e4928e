package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"omni/channels"
	"omni/channels/channeltest"
	"omni/channels/simulate"
	"omni/internal/app"
	"omni/internal/blob"
	"omni/internal/edge"
	"omni/internal/metrics"
	"omni/internal/outside"
	"omni/internal/queue"
)

// office is the whole product with one log, in which everything that could tell a secret does.
type office struct {
	*staff
	mu      sync.Mutex                     // guards queues while a function works
	queues  map[string][]events.SQSMessage // by the name that is their URL here
	log     *lockedBuffer
	metrics *lockedBuffer
	answers []string // to whom we answered without letting them in
	api     edge.HTTPHandler
	sockets edge.SocketHandler
	behind  map[string]edge.QueueHandler // by queue
	late    map[string]edge.QueueHandler // the same with everything outside out of order
}

func (o *office) SendMessageBatch(_ context.Context, in *sqs.SendMessageBatchInput, _ ...func(*sqs.Options)) (*sqs.SendMessageBatchOutput, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, entry := range in.Entries {
		message := events.SQSMessage{MessageId: "m", Body: *entry.MessageBody, Attributes: map[string]string{}}
		if entry.MessageGroupId != nil {
			message.Attributes["MessageGroupId"] = *entry.MessageGroupId
		}
		o.queues[*in.QueueUrl] = append(o.queues[*in.QueueUrl], message)
	}
	return &sqs.SendMessageBatchOutput{}, nil
}

func (o *office) SendMessage(_ context.Context, in *sqs.SendMessageInput, _ ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.queues[*in.QueueUrl] = append(o.queues[*in.QueueUrl], events.SQSMessage{MessageId: "m", Body: *in.MessageBody})
	return &sqs.SendMessageOutput{}, nil
}

// Secrets are values of which none may be seen.
func (*office) Secrets(_ context.Context, channel string) (map[string]channels.Secrets, error) {
	secrets := valued(channel, canary+"secret")
	secrets["bot_token"] = []string{"110201543:" + canary + "token"}
	return map[string]channels.Secrets{channels.DefaultAccount: secrets}, nil
}

func openOffice(t *testing.T) *office {
	t.Helper()
	o := &office{staff: hire(t), queues: map[string][]events.SQSMessage{}, log: &lockedBuffer{}, metrics: &lockedBuffer{}}
	o.webhook = o.inside(as(t, o.url, "omni_webhook")).Webhook()
	o.spilling = o.inside("postgres://nobody:" + canary + "password@127.0.0.1:1/nothing").Webhook()
	o.api = o.inside(as(t, o.url, "omni_api")).API()
	o.sockets = o.inside(as(t, o.url, "omni_realtime")).Realtime()
	o.sweeper = o.inside(as(t, o.url, "omni_sweeper"))
	o.bury = o.inside(as(t, o.url, "omni_deadletter")).DeadLetter()
	o.behind, o.late = o.functions(o.outside(o.world())), o.functions(o.outside(parrot))
	return o
}

func (o *office) urls() app.Queues {
	return app.Queues{Live: "live", Bulk: "bulk", Outbound: "outbound-{channel}", Media: "media", Delivery: "delivery", Push: "push"}
}

func (o *office) logger(function string) *slog.Logger {
	return app.NewLog(o.log, slog.LevelDebug, function)
}

// inside are the parts of a function with the database.
func (o *office) inside(url string) app.Parts {
	o.t.Helper()
	parts := o.parts(url)
	blobs := blob.NewFolder(o.t.TempDir())
	sender, timer := queue.NewSender(o, o.urls().URLs(), blobs), queue.NewTimer(o, "timer", nil, time.Now)
	outbox := queue.NewOutbox(sender, timer, time.Now)
	parts.Queue, parts.Outbox, parts.Fetches, parts.Posts, parts.Errands, parts.Timer, parts.Blobs = sender, outbox, outbox, outbox, sender, timer, blobs
	parts.Secrets, parts.Log, parts.WebSocketURL = o, o.logger("inside"), "wss://example.com"
	parts.Pusher, parts.Meter = app.NewPusher(parts.Store, sender, parts.Log), metrics.NewEmitter("test", o.metrics, time.Now)
	return parts
}

// outside are the parts of a function that reaches a world.
func (o *office) outside(world channels.Doer) app.OutsideParts {
	return app.OutsideParts{
		Secrets: o, HTTP: world, Files: blob.NewFolderFiles(o.t.TempDir(), "https://files.example", time.Now), Connections: deaf{}, Delayer: edge.QueueDelay{},
		Queue: queue.NewSender(o, o.urls().URLs(), nil), Log: o.logger("outside"),
	}
}

// functions are those behind queues.
func (o *office) functions(world app.OutsideParts) map[string]edge.QueueHandler {
	behind := map[string]edge.QueueHandler{"media": world.Media(), "delivery": world.Deliverer(), "push": world.Pusher()}
	processor := o.inside(as(o.t, o.url, "omni_processor")).Processor()
	behind["live"], behind["bulk"] = processor, processor
	for _, channel := range simulate.Channels() {
		behind["outbound-"+channel] = world.Sender()
	}
	return behind
}

// deaf are dashboards to which nothing can be posted.
type deaf struct{}

func (deaf) Post(context.Context, string, []byte) error { return errors.New("out of order") }

var _ outside.Poster = deaf{}

// world is where all platforms are.
func (o *office) world() channels.Doer {
	platforms := map[string]channels.Doer{}
	for _, channel := range simulate.Channels() {
		platform, _ := simulate.Lookup(channel)
		accounts, _ := o.Secrets(o.t.Context(), channel)
		if api, calls := platform.(simulate.API); calls {
			platforms[channel] = channeltest.Network(o.t, api.API(accounts, nil))
		}
	}
	return channeltest.DoerFunc(func(r *http.Request) (*http.Response, error) {
		for _, name := range []string{"telegram", "instagram", "whatsapp"} {
			if strings.Contains(r.URL.Host, name) {
				return platforms[name].Do(r)
			}
		}
		return platforms["whatsapp"].Do(r)
	})
}

// parrot is a platform that refuses everything and repeats in its reason whatever it was told: headers, path and body.
var parrot = channeltest.DoerFunc(func(r *http.Request) (*http.Response, error) {
	var said []byte
	if r.Body != nil {
		said, _ = io.ReadAll(r.Body)
	}
	heard := r.URL.String() + " " + r.Header.Get("Authorization") + " " + string(said)
	status := []int{http.StatusBadRequest, http.StatusForbidden, http.StatusInternalServerError}[len(said)%3]
	body, err := json.Marshal(map[string]any{
		"ok": false, "error_code": status, "description": heard, "error": map[string]any{"message": heard, "code": status, "error_user_msg": heard},
	})
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body)), Request: r}, err
})

// run lets functions do what is queued, until nothing is or they have been round often enough.
func (o *office) run(behind map[string]edge.QueueHandler) {
	o.t.Helper()
	for range 10 {
		for name, function := range behind {
			batch := events.SQSEvent{Records: o.queues[name]}
			o.queues[name] = nil
			if _, err := function(o.t.Context(), batch); err != nil {
				o.t.Errorf("%s: %v", name, err)
			}
		}
	}
}
