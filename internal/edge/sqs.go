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
		var response events.SQSEventResponse
		failed := map[string]time.Duration{} // by group: when it comes again
		for _, record := range batch.Records {
			group := record.Attributes["MessageGroupId"]
			delay, after := failed[group]
			if !after {
				message := read(record)
				err := work(ctx, message)
				if err == nil {
					continue
				}
				delay = again(message.Receives)
				if group != "" { // on a standard queue each message stands alone
					failed[group] = delay
				}
				log.Error("job not done: the queue will deliver it again", "message_id", record.MessageId,
					"receive_count", message.Receives, "delay_seconds", delay.Seconds(), "error", err.Error())
			}
			if err := delayer.Delay(ctx, record.EventSourceARN, record.ReceiptHandle, delay); err != nil {
				log.Warn("message keeps the queue's own delay", "message_id", record.MessageId, "error", err.Error())
			}
			response.BatchItemFailures = append(response.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: record.MessageId})
		}
		return response, nil
	}
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
