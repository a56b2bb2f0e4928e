package edge

import (
	"context"
	"log/slog"

	"github.com/aws/aws-lambda-go/events"
)

// QueueHandler is the shape of a Lambda function behind an SQS queue that reports the messages it could not process.
type QueueHandler func(context.Context, events.SQSEvent) (events.SQSEventResponse, error)

// Queue hands the messages of a batch to work, one after the other. When work fails, that message and all later ones of its group are
// reported as failures, so that SQS delivers them again in order; other groups go on.
// Source: docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html, "FIFO queues".
func Queue(log *slog.Logger, work func(ctx context.Context, body string) error) QueueHandler {
	return func(ctx context.Context, batch events.SQSEvent) (events.SQSEventResponse, error) {
		var response events.SQSEventResponse
		failed := map[string]bool{}
		for _, message := range batch.Records {
			group := message.Attributes["MessageGroupId"]
			if !failed[group] {
				err := work(ctx, message.Body)
				if err == nil {
					continue
				}
				failed[group] = true
				log.Error("job not done: the queue will deliver it again", "message_id", message.MessageId,
					"receive_count", message.Attributes["ApproximateReceiveCount"], "error", err.Error())
			}
			response.BatchItemFailures = append(response.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: message.MessageId})
		}
		return response, nil
	}
}
