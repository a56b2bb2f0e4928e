package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"omni/channels"
	"omni/internal/blob"
	"omni/internal/edge"
	"omni/internal/inbox"
	"omni/internal/outside"
	"omni/internal/queue"
	"omni/internal/roster"
)

// SenderParts are what the sender function is made of. It has no store.
type SenderParts struct {
	Secrets roster.Source
	HTTP    channels.Doer // nil: the internet
	Files   blob.Files
	Queue   *queue.Sender // of the live queue, for outcomes and news
	Delayer edge.Delayer
	Log     *slog.Logger
	Senders int // see [outside.SenderOptions]
}

// Sender is the function behind the queues of the channels' answers, which carry errands too.
func (p SenderParts) Sender() edge.QueueHandler {
	accounts := roster.New(p.Secrets, time.Now, roster.Options{Purpose: channels.ForSend, HTTP: p.HTTP, Files: p.Files})
	sender := outside.NewSender(outside.SenderOptions{
		Roster: accounts, Links: p.Files, Report: p.Queue, Log: p.Log, Now: time.Now, Senders: p.Senders,
	})
	errands := outside.Errands{Roster: accounts, Report: p.Queue, Log: p.Log, Now: time.Now}
	return edge.Queue(p.Log, p.Delayer, func(ctx context.Context, m edge.Message) error {
		task, err := queue.Decode(ctx, m.Body, noBlobs{})
		if err != nil {
			return err
		}
		switch {
		case task.Send != nil:
			return sender.Send(ctx, *task.Send, m.Receives)
		case task.Errand != nil:
			return errands.Run(ctx, *task.Errand, m.Receives)
		}
		return queue.ErrUnreadable
	})
}

// RunSender runs the sender function in a Lambda, for good. It belongs to the outside zone and has no database.
func RunSender() {
	serve("sender", func(ctx context.Context, c Config, log *slog.Logger) (any, error) {
		config, err := loadAWS(ctx)
		if err != nil {
			return nil, err
		}
		p := SenderParts{Log: log, Senders: c.Senders, Delayer: edge.QueueDelay{}}
		if p.Secrets, err = openSecrets(config, c.ChannelSecrets, log); err != nil {
			return nil, err
		}
		if p.Files, err = openFiles(config, c.Files); err != nil {
			return nil, err
		}
		p.Queue = queue.NewSender(sqs.NewFromConfig(config), c.queues().URLs(), noBlobs{})
		return p.Sender(), nil
	})
}

// noOutbox sends nothing.
type noOutbox struct{}

var errNoOutbox = errors.New("nothing can be sent: set OUTBOUND_QUEUE_URL and TIMER_QUEUE_URL")

func (noOutbox) Send(context.Context, inbox.Send) error { return errNoOutbox }
func (noOutbox) Remind(context.Context, inbox.Job, inbox.Outcome, time.Time) error {
	return errNoOutbox
}
