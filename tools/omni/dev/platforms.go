package dev

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"omni/channels"
	"omni/internal/app"
	"omni/internal/blob"
	"omni/internal/edge"
	"omni/internal/queue"
	"omni/internal/roster"
	"omni/tools/omni/platforms"
)

// Platforms say who takes the answers. The zero value: simulated platforms in this process.
type Platforms struct {
	Real bool   // those on the internet, with the tokens that the operator has entered
	URL  string // simulated platforms that another process plays
}

// customersPause is how long simulated customers take on average to get a message, and to read it.
const customersPause = 500 * time.Millisecond

// world is what the functions of the outside zone meet.
type world struct {
	url     string        // of the simulated platforms; empty: the platforms are real
	http    channels.Doer // nil: the internet
	secrets roster.Source
}

// open connects to the platforms, and starts them if they are simulated here: then they send their webhooks to the product's URL.
func (p Platforms) open(ctx context.Context, o Options, product string, s *stack) (world, error) {
	secrets := app.SecretsFile(o.State.Secrets())
	if p.Real {
		return world{secrets: secrets}, nil
	}
	w := world{url: p.URL, secrets: platforms.Pretend(secrets)}
	var err error
	if w.url == "" {
		if w.url, err = startPlatforms(ctx, o, w.secrets, product, s); err != nil {
			return w, err
		}
	}
	if w.http, err = platforms.NewClient(w.url); err != nil {
		return w, fmt.Errorf("--platforms: %w", err)
	}
	return w, nil
}

// startPlatforms plays the platforms in this process until they are stopped.
func startPlatforms(ctx context.Context, o Options, secrets roster.Source, product string, s *stack) (url string, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("listening for the simulated platforms: %w", err)
	}
	played, err := platforms.New(ctx, platforms.Options{Secrets: secrets, Webhooks: product, Pause: customersPause, Log: o.Log})
	if err != nil {
		listener.Close()
		return "", err
	}
	server := &http.Server{Handler: played, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(o.Log.Handler(), slog.LevelWarn)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener) // ends by Close
	}()
	s.push(func() error {
		played.Close()
		err := server.Close()
		<-done
		return err
	})
	return "http://" + listener.Addr().String(), nil
}

// sender is the function that takes answers to the platforms.
func (w world) sender(outcomes *queue.Sender, files blob.Files, log *slog.Logger) edge.QueueHandler {
	return app.OutsideParts{Secrets: w.secrets, HTTP: w.http, Files: files, Queue: outcomes, Delayer: edge.QueueDelay{}, Log: log}.Sender()
}

// media is the function that fetches customers' files from the platforms.
func (w world) media(outcomes *queue.Sender, files blob.Files, log *slog.Logger) edge.QueueHandler {
	return app.OutsideParts{Secrets: w.secrets, HTTP: w.http, Files: files, Queue: outcomes, Delayer: edge.QueueDelay{}, Log: log}.Media()
}
