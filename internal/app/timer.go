package app

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
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

// RunTimer runs the timer function in a Lambda, for good. It belongs to the outside zone and has no database, so it does not start as the
// others do.
func RunTimer() {
	ctx := context.Background()
	handler, err := startTimer(ctx)
	if err != nil {
		NewLog(os.Stderr, slog.LevelInfo, "timer").Error("function cannot start", "error", err.Error())
		os.Exit(1)
	}
	lambda.StartWithOptions(handler, lambda.WithContext(ctx))
}

func startTimer(ctx context.Context) (edge.QueueHandler, error) {
	c, err := ReadConfig("timer", os.Getenv)
	if err != nil {
		return nil, err
	}
	aws, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the AWS configuration: %w", err)
	}
	log := NewLog(os.Stderr, c.LogLevel, "timer")
	return Timer(sqs.NewFromConfig(aws), c.TimerQueueURL, QueueURLs(c.MessageQueueURL, c.BulkQueueURL), log), nil
}
