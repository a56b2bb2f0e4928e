package app

import (
	"context"
	"fmt"
	"log/slog"
	"time"

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

// Timer is the function behind the timer queue at url; targets are the queues that it delivers to, by name. now is its clock.
func Timer(api TimerAPI, url string, targets map[string]string, now func() time.Time, log *slog.Logger) edge.QueueHandler {
	timer := outside.Timer{Queue: queue.NewTimer(api, url, targets, now), Now: now}
	return edge.Queue(log, queue.NewDelayer(api, url), func(ctx context.Context, m edge.Message) error {
		return timer.Tick(ctx, m.Body)
	})
}

// putOffFor is how long after it was due a message is still made to wait on when it dies: longer than an outage should last.
const putOffFor = 24 * time.Hour

// putOff makes a message wait on that died on the timer queue. One that nobody could deliver for long goes to an operator.
func (p Parts) putOff(ctx context.Context, m queue.Timed) error {
	if p.Timer == nil || p.clock()().Sub(m.At) > putOffFor {
		return fmt.Errorf("%w: it is a message for queue %q, due at %s, and was not delivered", queue.ErrUnreadable, m.Queue, m.At.Format(time.RFC3339))
	}
	p.Log.Warn("dead message put off again", "queue", m.Queue, "due", m.At)
	return p.Timer.Later(ctx, m)
}

// RunTimer runs the timer function in a Lambda, for good. It belongs to the outside zone and has no database.
func RunTimer() {
	serve("timer", func(ctx context.Context, c Config, log *slog.Logger) (any, error) {
		aws, err := loadAWS(ctx)
		if err != nil {
			return nil, err
		}
		return Timer(sqs.NewFromConfig(aws), c.TimerQueueURL, c.queues().URLs(), time.Now, log), nil
	})
}
