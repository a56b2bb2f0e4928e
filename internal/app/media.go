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

// MediaParts are what the media function is made of. It has no store.
type MediaParts struct {
	Secrets roster.Source
	HTTP    channels.Doer // nil: the internet, and nothing else
	Files   blob.Files
	Queue   *queue.Sender // of the live queue, for outcomes
	Delayer edge.Delayer
	Log     *slog.Logger
}

// Media is the function behind the queue of files that are to be fetched.
func (p MediaParts) Media() edge.QueueHandler {
	client := p.HTTP
	if client == nil {
		client = outside.NewGuardedClient(outside.GuardOptions{})
	}
	media := &outside.Media{
		Roster: roster.New(p.Secrets, time.Now, roster.Options{Purpose: channels.ForSend, HTTP: client}),
		Files:  p.Files, Report: p.Queue, Log: p.Log, Now: time.Now,
	}
	return edge.Queue(p.Log, p.Delayer, func(ctx context.Context, m edge.Message) error {
		task, err := queue.Decode(ctx, m.Body, noBlobs{})
		if err != nil {
			return err
		}
		if task.Fetch == nil {
			return queue.ErrUnreadable
		}
		return media.Fetch(ctx, *task.Fetch)
	})
}

// RunMedia runs the media function in a Lambda, for good. It belongs to the outside zone and has no database.
func RunMedia() {
	serve("media", func(ctx context.Context, c Config, log *slog.Logger) (any, error) {
		config, err := loadAWS(ctx)
		if err != nil {
			return nil, err
		}
		p := MediaParts{Log: log, Delayer: edge.QueueDelay{}}
		if p.Secrets, err = openSecrets(config, c.ChannelSecrets, log); err != nil {
			return nil, err
		}
		if p.Files, err = openFiles(config, c.Files); err != nil {
			return nil, err
		}
		p.Queue = queue.NewSender(sqs.NewFromConfig(config), c.queues().URLs(), noBlobs{})
		return p.Media(), nil
	})
}
