package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"runtime/debug"

	"github.com/danielgtaylor/huma/v2"

	"omni/channels"
	"omni/internal/inbox"
)

// Problem is every answer that is no success: a problem of RFC 9457.
type Problem struct {
	Type      string   `json:"type" doc:"Always about:blank: code says what it is."`
	Title     string   `json:"title" doc:"The status in words."`
	Status    int      `json:"status" doc:"The HTTP status."`
	Detail    string   `json:"detail" doc:"A sentence for whoever reads it."`
	Code      string   `json:"code" doc:"A stable word for programs: not_found, validation, window_closed, ... Of a message that a channel refuses, the channel's word for why."`
	Errors    []Detail `json:"errors" doc:"What is wrong with the request, place by place."`
	RequestID string   `json:"request_id" doc:"By which the logs name this request."`
}

// Detail is one thing that is wrong with a request.
type Detail struct {
	Location string `json:"location" doc:"Where: body.text, query.limit, path.id, ..."`
	Message  string `json:"message"`
	Code     string `json:"code,omitempty"`
}

// Error is the detail.
func (p *Problem) Error() string { return p.Detail }

// GetStatus is for huma, which asks an error for its status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is for huma, which asks a body for its type.
func (p *Problem) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

// codes are the codes of problems that have none of their own.
var codes = map[int]string{
	http.StatusBadRequest:            "bad_request",
	http.StatusUnauthorized:          "unauthenticated",
	http.StatusForbidden:             "forbidden",
	http.StatusNotFound:              "not_found",
	http.StatusMethodNotAllowed:      "method_not_allowed",
	http.StatusRequestTimeout:        "timeout",
	http.StatusConflict:              "conflict",
	http.StatusGone:                  "gone",
	http.StatusRequestEntityTooLarge: "too_large",
	http.StatusUnsupportedMediaType:  "unsupported_media_type",
	http.StatusUnprocessableEntity:   "validation",
	http.StatusInternalServerError:   "internal",
	http.StatusServiceUnavailable:    "unavailable",
}

// newProblem makes a problem of a request. code "" is that of the status.
func newProblem(ctx context.Context, status int, code, detail string, errs ...Detail) *Problem {
	return complete(ctx, Problem{Status: status, Code: code, Detail: detail, Errors: errs})
}

// complete fills in what follows from the rest, and from the request.
func complete(ctx context.Context, p Problem) *Problem {
	p.Type, p.Title, p.RequestID = "about:blank", http.StatusText(p.Status), callOf(ctx).RequestID
	if p.Code == "" {
		p.Code = codes[p.Status]
	}
	if p.Errors == nil {
		p.Errors = []Detail{}
	}
	return &p
}

// conflict is a problem of an operation that does not fit what is there.
func conflict(code, detail string) error {
	return &Problem{Status: http.StatusConflict, Code: code, Detail: detail}
}

// invalid is a problem of what was sent, at a place such as body.text.
func invalid(location, message string) error {
	return &Problem{Status: http.StatusUnprocessableEntity, Detail: message, Errors: []Detail{{Location: location, Message: message}}}
}

// problem says what an error means to whoever asked. Where the fault is ours it is logged, here and nowhere else.
func (a *API) problem(ctx context.Context, err error) error {
	var problem *Problem
	var rejected *channels.RejectedError
	var field *inbox.FieldError
	switch {
	case errors.As(err, &problem):
		return complete(ctx, *problem)
	case errors.As(err, &field):
		return newProblem(ctx, http.StatusUnprocessableEntity, "", field.Error(), Detail{Location: "body." + field.Field, Message: field.Error()})
	case errors.As(err, &rejected):
		return newProblem(ctx, http.StatusUnprocessableEntity, rejected.Code, rejected.Reason)
	case errors.Is(err, inbox.ErrNotFound):
		return newProblem(ctx, http.StatusNotFound, "", "There is nothing of this id.")
	case errors.Is(err, inbox.ErrKeyReused):
		return newProblem(ctx, http.StatusConflict, "idempotency_key_reused", "The idempotency key was used for another request.")
	case errors.Is(err, inbox.ErrTaken):
		return newProblem(ctx, http.StatusConflict, "taken", "This name is taken.")
	case errors.Is(err, inbox.ErrUnstorable):
		return newProblem(ctx, http.StatusUnprocessableEntity, "", "Something in the request cannot be stored.")
	case errors.Is(err, inbox.ErrUnavailable), errors.Is(err, context.DeadlineExceeded):
		a.Log.Warn("an operation had to be refused for now", "request_id", callOf(ctx).RequestID, "error", err.Error())
		return huma.ErrorWithHeaders(newProblem(ctx, http.StatusServiceUnavailable, "", "This cannot be done now. Try again."), retryAfter)
	}
	a.Log.Error("an operation failed", "request_id", callOf(ctx).RequestID, "error", err.Error())
	return newProblem(ctx, http.StatusInternalServerError, "", "Something is wrong with this operation. It has been noted.")
}

// retryAfter is when to try again what the infrastructure did not let happen, in seconds.
var retryAfter = http.Header{"Retry-After": {"2"}}

// translate makes problems of what huma itself finds wrong with a request.
func (a *API) translate(ctx huma.Context, _ string, body any) (any, error) {
	found, ok := body.(*huma.ErrorModel)
	if !ok {
		return body, nil
	}
	var details []Detail
	for _, e := range found.Errors {
		details = append(details, Detail{Location: e.Location, Message: e.Message})
	}
	return newProblem(ctx.Context(), found.Status, "", sentence(found.Detail, details), details...), nil
}

// sentence says what is wrong with a request in one place, where it is only that.
func sentence(detail string, errs []Detail) string {
	if len(errs) == 1 {
		return errs[0].Location + ": " + errs[0].Message
	}
	return detail
}

// refuse answers with a problem in the place of an operation.
func (a *API) refuse(ctx huma.Context, err error) {
	var headers huma.HeadersError
	if errors.As(err, &headers) {
		for name := range headers.GetHeaders() {
			ctx.SetHeader(name, headers.GetHeaders().Get(name))
		}
	}
	var p *Problem
	errors.As(err, &p)
	if p.Status == http.StatusUnauthorized {
		ctx.SetHeader("WWW-Authenticate", "Bearer")
	}
	ctx.SetHeader("Content-Type", problemType)
	ctx.SetStatus(p.Status)
	_ = json.NewEncoder(ctx.BodyWriter()).Encode(p)
}

// write answers with a problem outside of any operation.
func (a *API) write(w http.ResponseWriter, p *Problem) {
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p)
}

func stack() string { return string(debug.Stack()) }
