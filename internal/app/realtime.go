package app

import (
	"log/slog"
	"time"

	"omni/internal/edge"
	"omni/internal/pipeline"
)

// Realtime is the function behind the WebSocket API.
func (p Parts) Realtime() edge.SocketHandler {
	return edge.Sockets(&pipeline.Sockets{Store: p.Store}, p.Log)
}

// RunRealtime runs the realtime function in a Lambda, for good.
func RunRealtime() {
	run("realtime", func(f inside) (any, error) { return f.Realtime(), nil })
}

// NewPusher makes the pusher of an instance: all of its functions that write changes share it, and flush it when they are done: [edge.QueueHandler.Then], [edge.HTTPHandler.Then].
func NewPusher(store pipeline.ConnectionStore, queue pipeline.PushQueue, log *slog.Logger) *pipeline.Pusher {
	return &pipeline.Pusher{Store: store, Queue: queue, Log: log, Now: time.Now}
}
