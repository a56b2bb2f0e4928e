package dev

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"omni/internal/edge"
)

// functionTimeout is how long a function may take for one event, as in the deployment.
const functionTimeout = 30 * time.Second

// newFront is what stands in for API Gateway: every route's requests become events of the function, its answers responses. It serves files as
// well, to whoever has a link to one.
func newFront(routeKeys []string, function edge.HTTPHandler, files http.Handler, log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET "+filesPath, http.StripPrefix(filesPath, files))
	for _, key := range routeKeys {
		mux.Handle(key, invoke(key, function, log))
	}
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "omni dev takes webhooks here:")
		for _, key := range routeKeys {
			fmt.Fprintln(w, " ", key)
		}
	})
	return mux
}

// invoke calls the function for one route.
func invoke(routeKey string, function edge.HTTPHandler, log *slog.Logger) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		event, err := edge.Event(r, routeKey)
		if errors.Is(err, edge.ErrTooLarge) {
			http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
			return
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		// A Lambda goes on when its caller hangs up, and so does this.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), functionTimeout)
		defer cancel()
		response, err := function(ctx, event)
		if err != nil {
			log.Error("function ended with an error", "route", routeKey, "error", err.Error())
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
			return
		}
		if err := edge.Write(w, response); err != nil {
			log.Error("response not written", "route", routeKey, "error", err.Error())
		}
	}
}
