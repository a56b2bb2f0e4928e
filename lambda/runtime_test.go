package lambda_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// invocation is one event on its way through a function.
type invocation struct {
	event  []byte
	result chan []byte
	failed chan string
}

// runtimeAPI is Lambda's Runtime API for one function at a time.
// Source: docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
type runtimeAPI struct {
	events  chan invocation
	ready   chan struct{} // receives whenever the function asks for its next event
	current invocation
}

// startFunction runs a bootstrap under a Runtime API of its own, with nothing in its environment but what is given, and waits until it
// asks for its first event.
func startFunction(t *testing.T, bootstrap string, environment map[string]string) *runtimeAPI {
	t.Helper()
	api := &runtimeAPI{events: make(chan invocation), ready: make(chan struct{}, 1)}
	server := httptest.NewServer(api.handler())
	command := exec.Command(bootstrap)
	command.Env = []string{"AWS_LAMBDA_RUNTIME_API=" + strings.TrimPrefix(server.URL, "http://"), "AWS_LAMBDA_FUNCTION_NAME=test"}
	for name, value := range environment {
		command.Env = append(command.Env, name+"="+value)
	}
	log := &strings.Builder{}
	command.Stdout, command.Stderr = log, log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan struct{})
	go func() { _ = command.Wait(); close(exited) }()
	t.Cleanup(func() {
		_ = command.Process.Signal(os.Kill)
		<-exited
		server.CloseClientConnections()
		server.Close()
		if t.Failed() {
			t.Logf("%s wrote:\n%s", bootstrap, log)
		}
	})
	select {
	case <-api.ready:
	case <-exited:
		t.Fatalf("the function ended before its first event: %s", log)
	case <-time.After(time.Minute):
		t.Fatal("the function asked for no event")
	}
	return api
}

func (api *runtimeAPI) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", func(w http.ResponseWriter, r *http.Request) {
		select {
		case api.ready <- struct{}{}:
		default:
		}
		select {
		case api.current = <-api.events:
		case <-r.Context().Done():
			return
		}
		w.Header().Set("Lambda-Runtime-Aws-Request-Id", "invocation-1")
		w.Header().Set("Lambda-Runtime-Deadline-Ms", fmt.Sprint(time.Now().Add(time.Minute).UnixMilli()))
		_, _ = w.Write(api.current.event)
	})
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/{outcome}", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.PathValue("outcome") == "response" {
			api.current.result <- body
		} else {
			api.current.failed <- string(body)
		}
		w.WriteHeader(http.StatusAccepted)
	})
	return mux
}

// invoke hands the function an event and reads its result.
func (api *runtimeAPI) invoke(ctx context.Context, event, result any) error {
	rendered, err := json.Marshal(event)
	if err != nil {
		return err
	}
	call := invocation{event: rendered, result: make(chan []byte, 1), failed: make(chan string, 1)}
	select {
	case api.events <- call:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case body := <-call.result:
		return json.Unmarshal(body, result)
	case reason := <-call.failed:
		return errors.New(reason)
	case <-ctx.Done():
		return ctx.Err()
	}
}
