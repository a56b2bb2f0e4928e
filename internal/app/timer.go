package app

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"omni/internal/edge"
	"omni/internal/outside"
	"omni/internal/queue"
)

// TimerAPI is what the timer function calls of SQS.
type TimerAPI interface {
	queue.TimerAPI
	queue.DelayAPI
}

// Timer is the function behind the timer queue at url; targets are the queues that it delivers to, by name.
func Timer(api TimerAPI, url string, targets map[string]string, log *slog.Logger) edge.QueueHandler {
	timer := outside.Timer{Queue: queue.NewTimer(api, url, targets, time.Now), Now: time.Now}
	return edge.Queue(log, queue.NewDelayer(api, url), func(ctx context.Context, m edge.Message) error {
		return timer.Tick(ctx, m.Body)
	})
}

// RunTimer runs the timer function in a Lambda, for good. It belongs to the outside zone and has no database.
func RunTimer() {
	serve("timer", func(ctx context.Context, c Config, log *slog.Logger) (any, error) {
		aws, err := config.LoadDefaultConfig(ctx)
		if err != nil {
			return nil, fmt.Errorf("reading the AWS configuration: %w", err)
		}
		return Timer(sqs.NewFromConfig(aws), c.TimerQueueURL, QueueURLs(c.MessageQueueURL, c.BulkQueueURL), log), nil
	})
}
