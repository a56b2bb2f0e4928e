package dev

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"omni/internal/edge"
	"omni/internal/queue/localsqs"
)

// quiet is the log of tests that do not look at it.
var quiet = slog.New(slog.DiscardHandler)

// bench is a queue with an event source.
type bench struct {
	*queues
	source *source
	stop   func() // and wait until the source is done
}

// newBench starts a source that hands the queue's messages to the function.
func newBench(t *testing.T, log *slog.Logger, function edge.QueueHandler) bench {
	t.Helper()
	q, err := startQueues(t.Context(), localsqs.Options{Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	b := bench{queues: q, source: &source{
		api: q.client, queue: q.live, region: q.server.Region(), function: function, log: log, pollers: 2, rest: time.Millisecond,
	}}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { b.source.run(ctx) })
	b.stop = func() {
		cancel()
		running.Wait()
	}
	t.Cleanup(func() {
		b.stop()
		q.server.Close()
	})
	return b
}

func (b bench) send(t *testing.T, group string, bodies ...string) {
	t.Helper()
	for _, body := range bodies {
		_, err := b.client.SendMessage(t.Context(), &sqs.SendMessageInput{
			QueueUrl: &b.live.url, MessageBody: aws.String(body), MessageGroupId: aws.String(group), MessageDeduplicationId: aws.String(group + body),
			MessageAttributes: map[string]types.MessageAttributeValue{"trace": {DataType: aws.String("String"), StringValue: aws.String("t")}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// counts are how many messages wait and how many are in flight.
func (b bench) counts(t *testing.T) (waiting, inFlight string) {
	t.Helper()
	got, err := b.client.GetQueueAttributes(context.Background(), &sqs.GetQueueAttributesInput{
		QueueUrl: &b.live.url, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll},
	})
	if err != nil {
		t.Fatal(err)
	}
	return got.Attributes["ApproximateNumberOfMessages"], got.Attributes["ApproximateNumberOfMessagesNotVisible"]
}

func TestSourceDeletesWhatIsDone(t *testing.T) {
	t.Parallel()
	seen := make(chan events.SQSMessage, 10)
	b := newBench(t, quiet, func(_ context.Context, batch events.SQSEvent) (events.SQSEventResponse, error) {
		for _, record := range batch.Records {
			seen <- record
		}
		return events.SQSEventResponse{}, nil
	})
	b.send(t, "g", "one", "two")
	first, second := <-seen, <-seen
	if first.Body != "one" || second.Body != "two" {
		t.Errorf("order %q, %q", first.Body, second.Body)
	}
	for _, name := range []string{
		"ApproximateReceiveCount", "SentTimestamp", "SequenceNumber", "MessageGroupId", "SenderId", "MessageDeduplicationId",
		"ApproximateFirstReceiveTimestamp",
	} {
		if first.Attributes[name] == "" {
			t.Errorf("no attribute %s in %v", name, first.Attributes)
		}
	}
	if first.EventSource != "aws:sqs" || !strings.HasSuffix(first.EventSourceARN, ":"+liveQueue) || first.AWSRegion == "" ||
		first.ReceiptHandle == "" || first.Md5OfBody == "" {
		t.Errorf("record %+v", first)
	}
	if trace := first.MessageAttributes["trace"]; aws.ToString(trace.StringValue) != "t" || trace.DataType != "String" {
		t.Errorf("message attributes %+v", first.MessageAttributes)
	}
	b.stop()
	if waiting, inFlight := b.counts(t); waiting != "0" || inFlight != "0" {
		t.Errorf("%s waiting, %s in flight", waiting, inFlight)
	}
}

func TestSourceLeavesWhatFailed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		response func(events.SQSEvent) (events.SQSEventResponse, error)
		inFlight string
		logged   string
	}{
		"one reported": {func(batch events.SQSEvent) (response events.SQSEventResponse, err error) {
			for _, record := range batch.Records {
				if record.Body == "bad" {
					response.BatchItemFailures = append(response.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: record.MessageId})
				}
			}
			return response, nil
		}, "1", ""},
		"an error": {func(events.SQSEvent) (events.SQSEventResponse, error) {
			return events.SQSEventResponse{}, errors.New("out of memory")
		}, "2", "out of memory"},
		"a stranger reported": {func(events.SQSEvent) (events.SQSEventResponse, error) {
			return events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{{ItemIdentifier: "x"}}}, nil
		}, "2", "not in the batch"},
	} {
		var log bytes.Buffer
		calls := make(chan int, 10)
		b := newBench(t, slog.New(slog.NewTextHandler(&log, nil)), func(_ context.Context, batch events.SQSEvent) (events.SQSEventResponse, error) {
			calls <- len(batch.Records)
			return c.response(batch)
		})
		b.send(t, "g1", "good")
		b.send(t, "g2", "bad")
		for n := 0; n < 2; n += <-calls {
		}
		b.stop()
		if _, inFlight := b.counts(t); inFlight != c.inFlight {
			t.Errorf("%s: %s in flight, want %s", name, inFlight, c.inFlight)
		}
		if !strings.Contains(log.String(), c.logged) {
			t.Errorf("%s: no %q in the log:\n%s", name, c.logged, log.String())
		}
	}
}

func TestSourceFinishesWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	started, finish := make(chan struct{}), make(chan struct{})
	b := newBench(t, quiet, func(ctx context.Context, _ events.SQSEvent) (events.SQSEventResponse, error) {
		close(started)
		<-finish
		return events.SQSEventResponse{}, ctx.Err()
	})
	b.send(t, "g", "slow")
	<-started
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		b.stop()
	}()
	select {
	case <-stopped:
		t.Fatal("stopped before the function was done")
	case <-time.After(20 * time.Millisecond):
	}
	close(finish)
	<-stopped
	if waiting, inFlight := b.counts(t); waiting != "0" || inFlight != "0" {
		t.Errorf("%s waiting, %s in flight", waiting, inFlight)
	}
}

// brokenQueue fails to receive until it has done so a few times.
type brokenQueue struct {
	queueAPI
	failures int
	logged   chan struct{}
}

func (q *brokenQueue) ReceiveMessage(ctx context.Context, _ *sqs.ReceiveMessageInput, _ ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error) {
	if q.failures > 0 {
		q.failures--
		return nil, errors.New("no route")
	}
	close(q.logged)
	<-ctx.Done()
	return nil, ctx.Err()
}

func TestSourceOutlivesAQueueThatFails(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	q := &brokenQueue{failures: 3, logged: make(chan struct{})}
	s := &source{api: q, log: slog.New(slog.NewTextHandler(&log, nil)), pollers: 1, rest: time.Millisecond}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.run(ctx)
	}()
	<-q.logged
	cancel()
	<-done
	if n := strings.Count(log.String(), "no route"); n != 3 {
		t.Errorf("%d errors in the log, want 3:\n%s", n, log.String())
	}
}

func TestFailedDeletionsAreAnError(t *testing.T) {
	t.Parallel()
	b := newBench(t, quiet, nil)
	b.stop()
	err := b.source.delete(t.Context(), []types.Message{{MessageId: aws.String("a"), ReceiptHandle: aws.String("nonsense")}})
	if err == nil || !strings.Contains(err.Error(), "1 of 1 refused") {
		t.Errorf("deleting what is not there: %v", err)
	}
}
