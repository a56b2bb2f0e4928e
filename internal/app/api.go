package app

import (
	"context"

	"omni/internal/api"
	"omni/internal/edge"
	"omni/internal/pipeline"
)

// API is the function behind everything under /v1. The gateway before it has verified who calls.
func (p Parts) API() edge.HTTPHandler {
	return edge.HTTP(api.New(p.apiOptions()), withCall).Then(p.Pusher.Flush)
}

func (p Parts) apiOptions() api.Options {
	o := api.Options{Store: p.Store, Platforms: p.Platforms(), Queue: p.Queue, Local: p.Local, Log: p.Log, Now: p.Now}
	o.Answers, o.Subscribers, o.Snoozes, o.Colleagues = p.Answers(), p.Subscribers(), p.Snoozes(), p.Pusher
	o.Erasures = p.Erasures()
	if p.FileStore != nil {
		o.Files = apiFiles{p.FileStore}
	}
	if p.WebSocketURL != "" {
		o.Tickets = &pipeline.Tickets{Store: p.Store, URL: p.WebSocketURL, Now: p.clock()}
	}
	return o
}

func withCall(ctx context.Context, c edge.Caller) context.Context {
	return api.WithCall(ctx, api.Call{RequestID: c.RequestID, Claims: c.Claims})
}

// RunAPI runs the api function in a Lambda, for good.
func RunAPI() {
	run("api", func(f inside) (any, error) {
		var err error
		f.FileStore, err = openFiles(f.aws, f.config.Files)
		return f.API(), err
	})
}
