package app

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"omni/channels"
	"omni/internal/edge"
	"omni/internal/pipeline"
	"omni/internal/queue"
	"omni/internal/roster"
	"omni/internal/visitor"
)

// Visitor is the function behind everything under /visitors: what the pages of hosted channels ask.
func (p Parts) Visitor() edge.HTTPHandler {
	o := visitor.Options{Hosts: roster.New(p.Secrets, p.clock(), roster.Options{Purpose: channels.ForVerify}), Store: p.Store, Log: p.Log, Now: p.clock()}
	if p.Pusher != nil {
		o.Agents = p.Pusher
	}
	if p.FileStore != nil {
		o.Files = apiFiles{p.FileStore}
	}
	if p.WebSocketURL != "" {
		o.Tickets = &pipeline.Tickets{Store: p.Store, URL: p.WebSocketURL, Now: p.clock()}
	}
	return edge.HTTP(visitor.New(o), func(ctx context.Context, c edge.Caller) context.Context { return visitor.WithRequest(ctx, c.RequestID) })
}

// RunVisitor runs the visitor function in a Lambda, for good.
func RunVisitor() {
	run("visitor", func(f inside) (any, error) {
		var err error
		if f.Secrets, err = openSecrets(f.aws, f.config.ChannelSecrets, f.Log); err != nil {
			return nil, err
		}
		if f.FileStore, err = openFiles(f.aws, f.config.Files); err != nil {
			return nil, err
		}
		if f.config.PushQueueURL != "" {
			f.Pusher = NewPusher(f.Store, queue.NewSender(sqs.NewFromConfig(f.aws), f.config.queues().URLs(), nil), f.Log)
		}
		return f.Visitor(), nil
	})
}
