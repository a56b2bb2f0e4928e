package app

import (
	"context"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"omni/internal/edge"
	"omni/internal/outside"
	"omni/internal/queue"
)

// DelivererParts are what the deliverer function is made of. It has no store and no secrets.
type DelivererParts struct {
	Private bool          // endpoints on this machine and its network are fine, because everything runs on a laptop
	Queue   *queue.Sender // of the live queue, for replies
	Delayer edge.Delayer
	Log     *slog.Logger
}

// Deliverer is the function behind the queue of deliveries. It makes those of a batch all at once: an endpoint that hangs keeps no other waiting.
func (p DelivererParts) Deliverer() edge.QueueHandler {
	deliverer := &outside.Deliverer{
		HTTP: outside.NewGuardedClient(outside.GuardOptions{Private: p.Private}), Replies: p.Queue, Log: p.Log, Now: time.Now,
	}
	return edge.ParallelQueue(p.Log, p.Delayer, func(ctx context.Context, m edge.Message) error {
		task, err := queue.Decode(ctx, m.Body, noBlobs{})
		if err != nil {
			return err
		}
		if task.Post == nil {
			return queue.ErrUnreadable
		}
		return deliverer.Deliver(ctx, *task.Post)
	})
}

// RunDeliverer runs the deliverer function in a Lambda, for good. It belongs to the outside zone and has no database.
func RunDeliverer() {
	serve("deliverer", func(ctx context.Context, c Config, log *slog.Logger) (any, error) {
		config, err := loadAWS(ctx)
		if err != nil {
			return nil, err
		}
		sender := queue.NewSender(sqs.NewFromConfig(config), c.queues().URLs(), noBlobs{})
		return DelivererParts{Queue: sender, Delayer: edge.QueueDelay{}, Log: log}.Deliverer(), nil
	})
}
