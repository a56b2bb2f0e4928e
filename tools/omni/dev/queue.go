package dev

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"omni/channels"
	"omni/internal/app"
	"omni/internal/inbox"
	"omni/internal/queue/localsqs"
)

// The local queues. What fails too often comes to rest in the dead one of its kind: SQS wants both FIFO or both standard.
const (
	liveQueue      = "messages.fifo"
	bulkQueue      = "bulk.fifo"
	deadQueue      = "dead.fifo"
	timerQueue     = "timer"
	deadTimerQueue = "timer-dead"
	deliveryQueue  = "deliveries"
	mediaQueue     = inbox.MediaQueue
	pushQueue      = inbox.PushQueue
)

// outboundQueue is the queue of a channel's answers.
func outboundQueue(channel string) string { return inbox.OutboundQueue(channel) + ".fifo" }

// visibilityTimeout is how long a job stays hidden whose function gives no sign; maxReceives how often it is tried, so many times that an
// outage of hours kills nothing.
const (
	visibilityTimeout = functionTimeout + 5*time.Second
	maxReceives       = 200
	maxSendReceives   = 10 // from the second on an attempt to send is only reported as interrupted
	maxPushReceives   = 3  // what dashboards are told is worth nothing after a few seconds
)

// queueName is how SQS calls a queue.
type queueName struct{ url, arn string }

// queues is the local SQS with the product's queues.
type queues struct {
	server                             *localsqs.Server
	client                             *sqs.Client
	live, bulk, dead, timer, deadTimer queueName
	outbound                           map[string]queueName // by channel
	deliveries, media, pushes          queueName
}

// urls names the queues that jobs are sent to.
func (q *queues) urls() map[string]string { return q.targets().URLs() }

func (q *queues) targets() app.Queues {
	return app.Queues{
		Live: q.live.url, Bulk: q.bulk.url, Outbound: strings.Replace(q.live.url, liveQueue, outboundQueue("{channel}"), 1),
		Delivery: q.deliveries.url, Media: q.media.url, Push: q.pushes.url,
	}
}

// startQueues starts the server, with what it held when it last ended, and makes the queues it lacks.
func startQueues(ctx context.Context, o localsqs.Options) (*queues, error) {
	server, err := localsqs.Start(o)
	if err != nil {
		return nil, fmt.Errorf("starting the message queue: %w", err)
	}
	q := &queues{server: server, client: sqs.New(sqs.Options{
		BaseEndpoint: aws.String(server.URL()), Region: server.Region(),
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""), HTTPClient: newQueueHTTP(),
	})}
	if err := q.ensureAll(ctx); err != nil {
		return nil, errors.Join(err, server.Close())
	}
	return q, nil
}

// ensureAll makes the queues, a dead one before those that name it.
func (q *queues) ensureAll(ctx context.Context) error {
	for _, want := range []struct {
		queue    *queueName
		name     string
		dead     *queueName
		receives int
	}{
		{&q.dead, deadQueue, nil, 0}, {&q.live, liveQueue, &q.dead, maxReceives}, {&q.bulk, bulkQueue, &q.dead, maxReceives},
		{&q.deadTimer, deadTimerQueue, nil, 0}, {&q.timer, timerQueue, &q.deadTimer, maxReceives},
		{&q.deliveries, deliveryQueue, &q.deadTimer, maxSendReceives}, {&q.media, mediaQueue, &q.deadTimer, maxSendReceives},
		{&q.pushes, pushQueue, &q.deadTimer, maxPushReceives},
	} {
		var err error
		if *want.queue, err = q.ensure(ctx, want.name, want.dead, want.receives); err != nil {
			return err
		}
	}
	q.outbound = map[string]queueName{}
	for _, spec := range channels.Specs() {
		made, err := q.ensure(ctx, outboundQueue(spec.Name), &q.dead, maxSendReceives)
		if err != nil {
			return err
		}
		q.outbound[spec.Name] = made
	}
	return nil
}

// ensure makes a queue unless it exists, and names it. After so many receives its messages go to the dead queue, if there is one.
func (q *queues) ensure(ctx context.Context, name string, dead *queueName, receives int) (queueName, error) {
	attributes := map[string]string{
		string(types.QueueAttributeNameVisibilityTimeout): strconv.Itoa(int(visibilityTimeout.Seconds())),
	}
	if strings.HasSuffix(name, ".fifo") {
		attributes[string(types.QueueAttributeNameFifoQueue)] = "true"
	}
	if dead != nil {
		attributes[string(types.QueueAttributeNameRedrivePolicy)] = fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":%d}`, dead.arn, receives)
	}
	made, err := q.client.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
	if err != nil {
		return queueName{}, fmt.Errorf("making queue %s: %w", name, err)
	}
	found, err := q.client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: made.QueueUrl, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameQueueArn},
	})
	if err != nil {
		return queueName{}, fmt.Errorf("reading the attributes of queue %s: %w", name, err)
	}
	return queueName{url: aws.ToString(made.QueueUrl), arn: found.Attributes[string(types.QueueAttributeNameQueueArn)]}, nil
}

// newQueueHTTP makes the HTTP client of a queue in the same process.
func newQueueHTTP() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = maxQueueConns
	return &http.Client{Transport: plainBodies{transport}}
}

// maxQueueConns is more than the pollers and senders that talk to the queue at once.
const maxQueueConns = 64

// plainBodies keeps answers from getting lost. A server this near answers before net/http has looked for the end of the request's body;
// the SDK, which has its answer, closes that body; the WriteTo of a body that is closed gives io.EOF as an error (smithy-go 1.28); and
// net/http cuts the connection, with the messages of a ReceiveMessage half read and hidden until their visibility timeout. A body
// without WriteTo is read to its end without an error.
type plainBodies struct{ next http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (p plainBodies) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		r = r.WithContext(r.Context()) // a copy: the request is not ours to change
		r.Body = struct{ io.ReadCloser }{r.Body}
	}
	return p.next.RoundTrip(r)
}
