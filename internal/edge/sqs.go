package edge

import (
	"context"
	"log/slog"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// QueueHandler is the shape of a Lambda function behind an SQS queue that reports the messages it could not process.
type QueueHandler func(context.Context, events.SQSEvent) (events.SQSEventResponse, error)

// Message is one message of a queue.
type Message struct {
	Body     string
	Source   string // ARN of the queue
	Receives int    // how often it was received, this time included
}

// Delayer says when a message that could not be processed comes again.
type Delayer interface {
	Delay(ctx context.Context, queueARN, receiptHandle string, delay time.Duration) error
}

// QueueDelay is a Delayer that leaves the decision to the queue: its visibility timeout.
type QueueDelay struct{}

// Delay does nothing.
func (QueueDelay) Delay(context.Context, string, string, time.Duration) error { return nil }

// Queue hands the messages of a batch to work, one after the other. When work fails, that message and all later ones of its group are
// reported as failures, so that SQS delivers them again in order, after a delay that grows with the number of attempts; other groups go on.
// Source: docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html, "FIFO queues".
func Queue(log *slog.Logger, delayer Delayer, work func(context.Context, Message) error) QueueHandler {
	return func(ctx context.Context, batch events.SQSEvent) (events.SQSEventResponse, error) {
		failures := failures{log: log, delayer: delayer}
		failed := map[string]time.Duration{} // by group: when it comes again
		for _, record := range batch.Records {
			group := record.Attributes["MessageGroupId"]
			if delay, after := failed[group]; after {
				failures.add(ctx, record, delay)
				continue
			}
			err := work(ctx, read(record))
			if err == nil {
				continue
			}
			delay := failures.report(ctx, record, err)
			if group != "" { // on a standard queue each message stands alone
				failed[group] = delay
			}
		}
		return failures.response, nil
	}
}

// Batch hands the messages of a batch to work together. It is for standard queues; work returns for each message why it is not done, or nil.
func Batch(log *slog.Logger, delayer Delayer, work func(context.Context, []Message) []error) QueueHandler {
	return func(ctx context.Context, batch events.SQSEvent) (events.SQSEventResponse, error) {
		failures := failures{log: log, delayer: delayer}
		messages := make([]Message, len(batch.Records))
		for i, record := range batch.Records {
			messages[i] = read(record)
		}
		for i, err := range work(ctx, messages) {
			if err != nil {
				failures.report(ctx, batch.Records[i], err)
			}
		}
		return failures.response, nil
	}
}

// ForBatch makes a function for each batch, of what the bodies of its messages say together.
func ForBatch(build func(ctx context.Context, bodies []string) QueueHandler) QueueHandler {
	return func(ctx context.Context, batch events.SQSEvent) (events.SQSEventResponse, error) {
		var bodies []string
		for _, record := range batch.Records {
			bodies = append(bodies, record.Body)
		}
		return build(ctx, bodies)(ctx, batch)
	}
}

// failures are the messages of a batch that come again.
type failures struct {
	log      *slog.Logger
	delayer  Delayer
	response events.SQSEventResponse
}

// report lets a message come again that was worked on in vain, and returns after which delay.
func (f *failures) report(ctx context.Context, record events.SQSMessage, err error) time.Duration {
	receives := read(record).Receives
	delay := again(receives)
	f.log.Error("job not done: the queue will deliver it again", "message_id", record.MessageId,
		"receive_count", receives, "delay_seconds", delay.Seconds(), "error", err.Error())
	f.add(ctx, record, delay)
	return delay
}

// add lets a message come again after a delay.
func (f *failures) add(ctx context.Context, record events.SQSMessage, delay time.Duration) {
	if err := f.delayer.Delay(ctx, record.EventSourceARN, record.ReceiptHandle, delay); err != nil {
		f.log.Warn("message keeps the queue's own delay", "message_id", record.MessageId, "error", err.Error())
	}
	f.response.BatchItemFailures = append(f.response.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: record.MessageId})
}

func read(record events.SQSMessage) Message {
	receives, err := strconv.Atoi(record.Attributes["ApproximateReceiveCount"])
	if err != nil {
		receives = 1
	}
	return Message{Body: record.Body, Source: record.EventSourceARN, Receives: receives}
}

// again is how long a message waits after its n-th failure: 1, 2, 4, ... 60 seconds.
func again(n int) time.Duration {
	if n > 6 {
		return time.Minute
	}
	return time.Second << max(n-1, 0)
}
