package edge_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"omni/internal/edge"
)

// Each message waits for all the others to be worked on, which only ends if they are at once.
func TestMessagesOfAStandardQueueAreWorkedOnAtOnce(t *testing.T) {
	t.Parallel()
	const number = 10
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var batch events.SQSEvent
	for n := range number {
		batch.Records = append(batch.Records, events.SQSMessage{MessageId: fmt.Sprint(n), ReceiptHandle: fmt.Sprint(n), Body: fmt.Sprint(n)})
	}
	var all sync.WaitGroup
	all.Add(number)
	together := make(chan struct{})
	go func() { all.Wait(); close(together) }()
	handler := edge.ParallelQueue(slog.New(slog.DiscardHandler), edge.QueueDelay{}, func(ctx context.Context, m edge.Message) error {
		all.Done()
		select {
		case <-together:
		case <-ctx.Done():
			return ctx.Err()
		}
		if m.Body == "3" || m.Body == "7" {
			return errors.New("the queue is away")
		}
		return nil
	})
	response, err := handler(ctx, batch)
	if err != nil {
		t.Fatal(err)
	}
	want := []events.SQSBatchItemFailure{{ItemIdentifier: "3"}, {ItemIdentifier: "7"}}
	if diff := cmp.Diff(want, response.BatchItemFailures); diff != "" {
		t.Errorf("reported (-want +got):\n%s", diff)
	}
}
