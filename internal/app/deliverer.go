package app

import (
	"context"

	"omni/internal/edge"
	"omni/internal/outside"
	"omni/internal/queue"
)

// Deliverer is the function behind the queue of deliveries. It makes those of a batch all at once: an endpoint that hangs keeps no other waiting.
func (p OutsideParts) Deliverer() edge.QueueHandler {
	deliverer := &outside.Deliverer{
		HTTP: outside.NewGuardedClient(outside.GuardOptions{Private: p.Private}), Replies: p.Queue, Log: p.Log, Now: p.clock(),
	}
	return edge.ParallelQueue(p.Log, p.Delayer, tasks(func(ctx context.Context, task queue.Task, _ int) error {
		if task.Post == nil {
			return queue.ErrUnreadable
		}
		return deliverer.Deliver(ctx, *task.Post)
	}))
}

// RunDeliverer runs the deliverer function in a Lambda, for good.
func RunDeliverer() { runOutside("deliverer", OutsideParts.Deliverer) }
