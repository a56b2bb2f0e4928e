package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"omni/channels"
)

// function is a bootstrap that runs under a Runtime API of its own.
// Source: docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
type function struct {
	took    time.Duration // from the start of the process until it asked for its first event
	process *os.Process

	events  chan []byte
	asked   chan time.Time
	answers chan []byte
	stop    func()
}

// startFunction starts the program and waits until it asks for an event.
func startFunction(ctx context.Context, program string, environment []string) (*function, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	f := &function{events: make(chan []byte), asked: make(chan time.Time, 1), answers: make(chan []byte, 1)}
	server := &http.Server{Handler: f.api(), ReadHeaderTimeout: patience}
	go server.Serve(listener)
	var log strings.Builder
	command := exec.CommandContext(ctx, program)
	command.Env = append(environment, "AWS_LAMBDA_RUNTIME_API="+listener.Addr().String(), "AWS_LAMBDA_FUNCTION_NAME=bench", "LOG_LEVEL=WARN")
	command.Stderr = &log
	began := time.Now()
	if err := command.Start(); err != nil {
		return nil, errors.Join(err, server.Close())
	}
	f.process = command.Process
	ended := make(chan struct{})
	go func() { _ = command.Wait(); close(ended) }()
	f.stop = sync.OnceFunc(func() {
		_ = f.process.Kill()
		<-ended
		server.Close()
	})
	select {
	case at := <-f.asked:
		f.took = at.Sub(began)
		return f, nil
	case <-ended:
		err = fmt.Errorf("the function ended before its first event: %s", log.String())
	case <-time.After(patience):
		err = errors.New("the function asks for no event")
	}
	f.stop()
	return nil, err
}

func (f *function) api() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", func(w http.ResponseWriter, r *http.Request) {
		select {
		case f.asked <- time.Now():
		default: // only the first time is looked at
		}
		select {
		case event := <-f.events:
			w.Header().Set("Lambda-Runtime-Aws-Request-Id", "bench")
			w.Header().Set("Lambda-Runtime-Deadline-Ms", fmt.Sprint(time.Now().Add(patience).UnixMilli()))
			_, _ = w.Write(event)
		case <-r.Context().Done():
		}
	})
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/{outcome}", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusAccepted)
		f.answers <- body
	})
	return mux
}

// invoke hands the function a webhook; anything but 200 is an error.
func (f *function) invoke(ctx context.Context, webhook events.APIGatewayV2HTTPRequest) error {
	event, err := json.Marshal(webhook)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case f.events <- event:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case body := <-f.answers:
		var answer events.APIGatewayV2HTTPResponse
		if err := json.Unmarshal(body, &answer); err != nil || answer.StatusCode != http.StatusOK {
			return fmt.Errorf("the function answered %s", body)
		}
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// writeSecrets writes the secrets of the traffic's channel as an operator would.
func writeSecrets(path string) error {
	accounts, err := secretsOf{}.Secrets(context.Background(), chat)
	if err != nil {
		return err
	}
	content, err := json.Marshal(map[string]map[string]channels.Secrets{chat: accounts})
	if err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o600)
}
