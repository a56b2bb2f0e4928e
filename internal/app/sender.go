package app

import (
	"context"
	"errors"
	"time"

	"omni/channels"
	"omni/internal/edge"
	"omni/internal/inbox"
	"omni/internal/outside"
	"omni/internal/queue"
	"omni/internal/roster"
)

// Sender is the function behind the queues of the channels' answers, which carry errands too.
func (p OutsideParts) Sender() edge.QueueHandler {
	accounts := roster.New(p.Secrets, p.clock(), roster.Options{Purpose: channels.ForSend, HTTP: p.HTTP, Files: p.Files})
	sender := outside.NewSender(outside.SenderOptions{
		Roster: accounts, Links: p.Files, Report: p.Queue, Log: p.Log, Now: p.clock(), Senders: p.Senders,
	})
	errands := outside.Errands{Roster: accounts, Report: p.Queue, Log: p.Log, Now: p.clock()}
	return edge.Queue(p.Log, p.Delayer, tasks(func(ctx context.Context, task queue.Task, receives int) error {
		switch {
		case task.Send != nil:
			return sender.Send(ctx, *task.Send, receives)
		case task.Errand != nil:
			return errands.Run(ctx, *task.Errand, receives)
		}
		return queue.ErrUnreadable
	}))
}

// RunSender runs the sender function in a Lambda, for good.
func RunSender() { runOutside("sender", OutsideParts.Sender) }

// noOutbox sends nothing.
type noOutbox struct{}

var errNoOutbox = errors.New("nothing can be sent: set OUTBOUND_QUEUE_URL and TIMER_QUEUE_URL")

func (noOutbox) Send(context.Context, inbox.Send) error { return errNoOutbox }
func (noOutbox) Remind(context.Context, inbox.Job, inbox.Outcome, time.Time) error {
	return errNoOutbox
}
