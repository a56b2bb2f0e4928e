package app

import (
	"context"

	"omni/channels"
	"omni/internal/edge"
	"omni/internal/outside"
	"omni/internal/queue"
	"omni/internal/roster"
)

// Media is the function behind the queue of files that are to be fetched. Of the internet it reaches public addresses only.
func (p OutsideParts) Media() edge.QueueHandler {
	client := p.HTTP
	if client == nil {
		client = outside.NewGuardedClient(outside.GuardOptions{})
	}
	media := &outside.Media{
		Roster: roster.New(p.Secrets, p.clock(), roster.Options{Purpose: channels.ForSend, HTTP: client, Files: uploaded{p.Files}}),
		Files:  p.Files, Report: p.Queue, Log: p.Log, Now: p.clock(),
	}
	return edge.Queue(p.Log, p.Delayer, tasks(func(ctx context.Context, task queue.Task, _ int) error {
		if task.Fetch == nil {
			return queue.ErrUnreadable
		}
		return media.Fetch(ctx, *task.Fetch)
	}))
}

// RunMedia runs the media function in a Lambda, for good.
func RunMedia() { runOutside("media", OutsideParts.Media) }
