package app

import (
	"context"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"omni/channels"
	"omni/internal/blob"
	"omni/internal/edge"
	"omni/internal/outside"
	"omni/internal/queue"
	"omni/internal/roster"
)

// OutsideParts are what the functions of the outside zone are made of. They have no store.
type OutsideParts struct {
	Secrets roster.Source // of the channels; the deliverer has none
	HTTP    channels.Doer // reaches the platforms; nil: the internet
	Files   blob.Files    // of messages
	Queue   *queue.Sender // of the live queue: what came of the work goes back there
	Delayer edge.Delayer
	Log     *slog.Logger

	Connections outside.Poster // of open dashboards; only the pusher has any

	Now func() time.Time // nil: the system's clock

	Senders int  // how many senders of a channel there are; see [outside.SenderOptions]
	Private bool // subscribers on this machine and its network are fine, because everything runs on a laptop
}

// clock is what the functions live by.
func (p OutsideParts) clock() func() time.Time { return clock(p.Now) }

// tasks is work on the messages of a queue: what each of them asks for, and how often it was received. The functions of the zone get no jobs that
// are too large for a message.
func tasks(work func(ctx context.Context, task queue.Task, receives int) error) func(context.Context, edge.Message) error {
	return func(ctx context.Context, m edge.Message) error {
		task, err := queue.Decode(ctx, m.Body, noBlobs{})
		if err != nil {
			return err
		}
		return work(ctx, task, m.Receives)
	}
}

// runOutside serves a function of the outside zone.
func runOutside(function string, build func(OutsideParts) edge.QueueHandler) {
	serve(function, func(ctx context.Context, c Config, log *slog.Logger) (any, error) {
		config, err := loadAWS(ctx)
		if err != nil {
			return nil, err
		}
		p := OutsideParts{Log: log, Senders: c.Senders, Delayer: edge.QueueDelay{}}
		if c.ChannelSecrets != "" {
			if p.Secrets, err = openSecrets(config, c.ChannelSecrets, log); err != nil {
				return nil, err
			}
		}
		if p.Files, err = openFiles(config, c.Files); err != nil {
			return nil, err
		}
		if c.ConnectionsURL != "" {
			p.Connections = Connections{NewConnections(config, c.ConnectionsURL)}
		}
		p.Queue = queue.NewSender(sqs.NewFromConfig(config), c.queues().URLs(), noBlobs{})
		return build(p), nil
	})
}
