package edge

import (
	"context"
	"log/slog"
	"sync"

	"github.com/aws/aws-lambda-go/events"
)

// ParallelQueue hands the messages of a batch to work all at once. It is for standard queues, where each message stands alone: one that takes
// long keeps no other waiting.
func ParallelQueue(log *slog.Logger, delayer Delayer, work func(context.Context, Message) error) QueueHandler {
	one := Queue(log, delayer, work)
	return func(ctx context.Context, batch events.SQSEvent) (events.SQSEventResponse, error) {
		responses := make([]events.SQSEventResponse, len(batch.Records))
		var running sync.WaitGroup
		for i, record := range batch.Records {
			running.Go(func() { responses[i], _ = one(ctx, events.SQSEvent{Records: []events.SQSMessage{record}}) })
		}
		running.Wait()
		var whole events.SQSEventResponse
		for _, response := range responses {
			whole.BatchItemFailures = append(whole.BatchItemFailures, response.BatchItemFailures...)
		}
		return whole, nil
	}
}
