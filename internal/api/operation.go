package api

import (
	"context"
	"fmt"
	"net/http"
	"path"
	"reflect"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"omni/internal/inbox"
)

// role says who may do something. An operation cannot be registered without one.
type role struct{ least inbox.Role }

// Who may do things.
var (
	everybody = role{inbox.RoleAgent} // who has signed in and is not disabled
	admins    = role{inbox.RoleAdmin}
)

func (r role) allows(other inbox.Role) bool {
	return r.least == inbox.RoleAgent || other == r.least
}

// tags are the chapters of the document, in their order.
var tags = []*huma.Tag{
	{Name: "Conversations", Description: "What customers and agents write to each other, and what agents do about it."},
	{Name: "Contacts", Description: "Who writes to us."},
	{Name: "Agents", Description: "Who works here."},
	{Name: "Labels", Description: "Words by which conversations are sorted."},
	{Name: "Canned replies", Description: "Texts that are often needed."},
	{Name: "Channels", Description: "What can be sent where, and whether the accounts there work."},
	{Name: "Dead letters", Description: "What nobody could process, and its way back."},
	{Name: "Subscriptions", Description: "The company's own endpoints, which are told of changes, and what became of each delivery."},
	{Name: "Audit", Description: "Who changed what."},
	{Name: "Real time", Description: "How to hear of changes as they happen."},
}

// register makes an operation part of the API: who may do it, what it is, and what does it. I is its input (parameters, and Body), O what it answers
// (Body). An error of do becomes a problem; see [API.problem].
func register[I, O any](a *API, who role, op huma.Operation, do func(context.Context, *I) (*O, error)) {
	check(who, op, reflect.TypeFor[I]())
	op.Security = []map[string][]string{{securityScheme: {}}}
	op.Metadata = map[string]any{metadataRole: who.least}
	op.Extensions = map[string]any{"x-role": who.least}
	op.Responses = map[string]*huma.Response{"default": a.problemResponse()}
	op.Middlewares = huma.Middlewares{a.admit(who)}
	op.RejectUnknownQueryParameters = true
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := do(ctx, in)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		return out, nil
	})
}

// metadataRole is where an operation keeps the role that it needs.
const metadataRole = "role"

// check refuses an operation that is not described, or whose input huma would not see whole, before anything is served.
func check(who role, op huma.Operation, input reflect.Type) {
	known := len(op.Tags) == 1 && slices.ContainsFunc(tags, func(t *huma.Tag) bool { return t.Name == op.Tags[0] })
	if who.least == "" || op.OperationID == "" || op.Summary == "" || !known {
		panic(fmt.Sprintf("api: %s %s needs a role, an operation id, a summary and one of the tags of the document", op.Method, op.Path))
	}
	for i := range input.NumField() {
		if field := input.Field(i); field.Anonymous && !field.IsExported() {
			panic(fmt.Sprintf("api: the parameters in %s of %s are not seen: export it", field.Name, op.OperationID))
		}
	}
}

// operationTime is how long an operation may take: longer than a database that slept needs to wake, and shorter than the 30 seconds after which API
// Gateway gives up without saying why.
const operationTime = 25 * time.Second

// ServeHTTP answers a request. Whatever happens, the answer is JSON, and a failure a problem.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	ctx, cancel := context.WithTimeout(r.Context(), operationTime)
	defer cancel()
	r = r.WithContext(ctx)
	defer a.recover(w, r)
	handler, pattern := a.mux.Handler(r)
	switch {
	case path.Clean(r.URL.Path) != r.URL.Path: // the router would redirect
		a.write(w, newProblem(r.Context(), http.StatusNotFound, "", noOperation))
	case pattern == "":
		refusal := &refusal{header: http.Header{}, status: http.StatusNotFound}
		handler.ServeHTTP(refusal, r)
		if allow := refusal.header.Get("Allow"); allow != "" {
			header.Set("Allow", allow)
		}
		a.write(w, newProblem(r.Context(), refusal.status, "", noOperation))
	default:
		a.mux.ServeHTTP(w, r)
	}
}

const noOperation = "There is no such operation."

// refusal catches what the router says of a request that it has no operation for.
type refusal struct {
	header http.Header
	status int
}

func (r *refusal) Header() http.Header         { return r.header }
func (r *refusal) Write(b []byte) (int, error) { return len(b), nil }
func (r *refusal) WriteHeader(status int)      { r.status = status }

// recover answers for a handler that panicked, which is logged here and nowhere else.
func (a *API) recover(w http.ResponseWriter, r *http.Request) {
	reason := recover()
	if reason == nil {
		return
	}
	a.Log.Error("an operation panicked", "method", r.Method, "path", r.URL.Path, "request_id", callOf(r.Context()).RequestID, "panic", fmt.Sprint(reason), "stack", stack())
	a.write(w, newProblem(r.Context(), http.StatusInternalServerError, "", "Something is wrong with this operation. It has been noted."))
}

// answer is the output of an operation with a body.
type answer[T any] struct{ Body T }

// reply answers with a body.
func reply[T any](body T) *answer[T] { return &answer[T]{Body: body} }

// List is a whole list.
type List[T any] struct {
	Items []T `json:"items"`
}

// listOf makes a list of what is made of each of all.
func listOf[From, To any](all []From, make func(From) To) List[To] {
	return List[To]{Items: each(all, make)}
}

// each is never nil: a list without entries is [] in JSON.
func each[From, To any](all []From, one func(From) To) []To {
	list := make([]To, len(all))
	for i, from := range all {
		list[i] = one(from)
	}
	return list
}
