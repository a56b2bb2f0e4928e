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
	"omni/tools/omni/dev/simulator"
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
	url     string            // of the simulated platforms; empty: the platforms are real
	played  *platforms.Server // nil: another process plays them, or nobody
	http    channels.Doer     // nil: the internet
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
		if w.url, w.played, err = startPlatforms(ctx, o, w.secrets, product, s); err != nil {
			return w, err
		}
	}
	if w.http, err = platforms.NewClient(w.url); err != nil {
		return w, fmt.Errorf("--platforms: %w", err)
	}
	return w, nil
}

// startPlatforms plays the platforms in this process until they are stopped.
func startPlatforms(ctx context.Context, o Options, secrets roster.Source, product string, s *stack) (url string, played *platforms.Server, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, fmt.Errorf("listening for the simulated platforms: %w", err)
	}
	played, err = platforms.New(ctx, platforms.Options{Secrets: secrets, Webhooks: product, Pause: customersPause, Log: o.Log})
	if err != nil {
		listener.Close()
		return "", nil, err
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
	return "http://" + listener.Addr().String(), played, nil
}

// page is the backend of the simulator's page, and how it is stopped.
func (w world) page(ctx context.Context, product string) (page http.Handler, stop func() error, err error) {
	stop = func() error { return nil }
	switch {
	case w.url == "":
		return simulator.Unavailable("Answers go to the real platforms, so nobody can be played here: start omni dev without --real-platforms."), stop, nil
	case w.played == nil:
		return simulator.Unavailable("The simulated platforms are those of another process, so nobody can be played here."), stop, nil
	}
	played, err := simulator.New(ctx, simulator.Options{
		Platforms: w.played, Secrets: w.secrets, Product: product, Client: &http.Client{Timeout: functionTimeout},
	})
	if err != nil {
		return nil, nil, err
	}
	return played, func() error { played.Close(); return nil }, nil
}

// outside is what the functions are made of that meet the platforms: they take answers there, and fetch customers' files.
func (w world) outside(outcomes *queue.Sender, files blob.Files, inside app.Parts) app.OutsideParts {
	return app.OutsideParts{
		Secrets: w.secrets, HTTP: w.http, Files: files, Queue: outcomes, Delayer: edge.QueueDelay{}, Log: inside.Log, Now: inside.Now,
	}
}
