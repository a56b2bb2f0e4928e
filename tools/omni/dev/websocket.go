package dev

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"omni/internal/app"
	"omni/internal/edge"
	"omni/internal/queue"
	"omni/tools/omni/dev/sockets"
)

// startSockets makes the WebSocket API of the parts. connections is the URL under which its sockets are posted to, for this process alone.
func startSockets(parts app.Parts, trouble *faults, s *stack) (gateway *sockets.Gateway, connections string, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	gateway = sockets.New(parts.Realtime(), parts.Log, sockets.Options{})
	server := &http.Server{
		Handler: trouble.connections(gateway.Connections()), ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(parts.Log.Handler(), slog.LevelWarn),
	}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			parts.Log.Error("sockets can no longer be posted to", "error", err.Error())
		}
	}()
	s.push(func() error {
		gateway.Close()
		return server.Close()
	})
	return gateway, "http://" + listener.Addr().String(), nil
}

// pusher posts to the sockets by way of AWS's own client.
func pusher(q *queues, parts app.Parts, connections string) edge.QueueHandler {
	config := aws.Config{Region: q.server.Region(), Credentials: credentials.NewStaticCredentialsProvider("local", "local", "")}
	return app.OutsideParts{
		Connections: app.Connections{API: app.NewConnections(config, connections)}, Queue: queue.NewSender(q.client, q.urls(), nil),
		Delayer: queue.NewDelayer(q.client, q.pushes.url), Log: parts.Log, Now: parts.Now,
	}.Pusher()
}
