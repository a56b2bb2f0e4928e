package dev

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"omni/internal/edge"
	"omni/tools/omni/dev/issuer"
	"omni/tools/omni/dev/simulator"
)

// functionTimeout is how long a function may take for one event, as in the deployment.
const functionTimeout = 30 * time.Second

// The routes of the agents' API and of visitors' pages, as in the deployment, where the latter is there for each channel that has visitors.
const (
	apiRoute     = "ANY /v1/{proxy+}"
	visitorRoute = "ANY /visitors/{proxy+}"
)

// Where else what is served.
const (
	socketPath    = "/ws"
	simulatorPath = simulator.Path
)

// front is what stands in for API Gateway and for what serves the dashboard: every route's requests become events of its function, whose answers become
// responses. It serves files as well, to whoever has a link to one. What is nil is not there.
type front struct {
	webhooks  []string // route keys
	webhook   edge.HTTPHandler
	api       edge.HTTPHandler
	visitors  edge.HTTPHandler
	tokens    *authorizer  // of who calls the API
	sockets   http.Handler // agents' WebSockets
	files     http.Handler
	issuer    http.Handler
	simulator http.Handler
	dashboard http.Handler
	widget    http.Handler // the files that companies' pages load
	log       *slog.Logger
}

// handler answers all requests.
func (f front) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(filesPath, anyOrigin(http.StripPrefix(filesPath, f.files)))
	mux.Handle("/webhooks/", http.NotFoundHandler())
	for _, key := range f.webhooks {
		mux.Handle(key, f.invoke(key, f.webhook))
	}
	if f.widget != nil {
		mux.Handle("/widget/", anyOrigin(http.StripPrefix("/widget", f.widget)))
	}
	if f.visitors != nil {
		mux.HandleFunc("/visitors/", f.invoke(visitorRoute, f.visitors))
	}
	for path, handler := range map[string]http.Handler{
		"/v1/": f.agents(), socketPath: f.sockets, issuer.Path + "/": f.issuer, simulatorPath: here(f.simulator),
	} {
		if handler == nil {
			handler = http.NotFoundHandler()
		}
		mux.Handle(path, handler)
	}
	mux.HandleFunc("GET /config.json", settings)
	if f.dashboard != nil {
		mux.Handle("/", here(f.dashboard))
	} else {
		mux.HandleFunc("GET /{$}", f.directory)
	}
	return mux
}

// anyOrigin lets pages of every origin fetch files and put them, as the bucket's rules do: what they may fetch and put follows from the link.
func anyOrigin(files http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
		if r.Method == http.MethodOptions {
			w.Header().Set("Access-Control-Allow-Methods", "GET, PUT")
			w.Header().Set("Access-Control-Allow-Headers", "*")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		files.ServeHTTP(w, r)
	})
}

// here serves requests from this machine only.
func here(handler http.Handler) http.Handler {
	if handler == nil {
		return nil
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, ok := issuer.Origin(r); !ok {
			http.NotFound(w, r)
			return
		}
		handler.ServeHTTP(w, r)
	})
}

// directory says what is here where there is no dashboard.
func (f front) directory(w http.ResponseWriter, _ *http.Request) {
	fmt.Fprintln(w, "omni dev takes webhooks here:")
	for _, key := range f.webhooks {
		fmt.Fprintln(w, " ", key)
	}
}

// agents lets requests with a good token through to the API.
func (f front) agents() http.Handler {
	if f.api == nil {
		return nil
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, err := f.tokens.check(r)
		if err != nil {
			unauthorized(w, err)
			return
		}
		f.call(w, r, apiRoute, func(ctx context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
			event.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
				JWT: &events.APIGatewayV2HTTPRequestContextAuthorizerJWTDescription{Claims: rendered(claims)},
			}
			return f.api(ctx, event)
		})
	})
}

// invoke calls the function for one route.
func (f front) invoke(routeKey string, function edge.HTTPHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { f.call(w, r, routeKey, function) }
}

// call makes an event of a request, and a response of what the function answers.
func (f front) call(w http.ResponseWriter, r *http.Request, routeKey string, function edge.HTTPHandler) {
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
		f.log.Error("function ended with an error", "route", routeKey, "error", err.Error())
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	if err := edge.Write(w, response); err != nil {
		f.log.Error("response not written", "route", routeKey, "error", err.Error())
	}
}
