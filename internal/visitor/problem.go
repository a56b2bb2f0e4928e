package visitor

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/roster"
)

// problem is every answer that is no success: a problem of RFC 9457, in the form that the agents' API has too.
type problem struct {
	Type      string `json:"type"`
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail"`
	Code      string `json:"code"`
	RequestID string `json:"request_id"`

	wait time.Duration // for which it is of no use to ask again; 0: nobody knows
}

// Error is the detail.
func (p *problem) Error() string { return p.Detail }

var (
	errNoOperation = &problem{Status: http.StatusNotFound, Code: "not_found", Detail: "There is no such operation."}
	errOrigin      = &problem{Status: http.StatusForbidden, Code: "origin_not_allowed", Detail: "Pages of this origin may not use this chat: an administrator can add it to its origins."}
	errIdentity    = &problem{Status: http.StatusForbidden, Code: "identity_invalid", Detail: "The proof of the visitor's identity is wrong."}
	errExpired     = &problem{Status: http.StatusGone, Code: "feed_expired", Detail: "The place is too far behind: load the conversation anew."}
	errNoFiles     = &problem{Status: http.StatusNotImplemented, Code: "no_files", Detail: "This installation keeps no files."}
	errNoSockets   = &problem{Status: http.StatusNotImplemented, Code: "no_realtime", Detail: "There are no sockets here: ask for messages now and then."}
)

// unavailable is how long to wait for what the infrastructure did not let happen.
const unavailable = 2 * time.Second

func invalid(detail string) error {
	return &problem{Status: http.StatusUnprocessableEntity, Code: "validation", Detail: detail}
}

// tokenInvalid tells a page to ask for another token. What is wrong with this one helps nobody who made it up.
func tokenInvalid(err error) error {
	return errors.Join(&problem{Status: http.StatusUnauthorized, Code: "token_invalid", Detail: "The token is not good any more: begin a session."}, err)
}

func tooMany(wait time.Duration, ok bool) error {
	if ok {
		return nil
	}
	return &problem{Status: http.StatusTooManyRequests, Code: "rate_limited", Detail: "Too many requests: wait a moment.", wait: wait}
}

// answer does an operation, unless something is wrong already, and writes its answer.
func (h *Handler) answer(w http.ResponseWriter, r *http.Request, err error, do func() (any, error)) {
	var body any
	if err == nil {
		body, err = do()
	}
	switch {
	case err != nil:
		h.refuse(w, r, err)
	case body == nil:
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(body) // a client that has gone wants no answer
	}
}

// refuse answers with a problem. Where the fault is ours it is logged, here and nowhere else.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, err error) {
	p := h.problem(r.Context(), err)
	p.Type, p.Title, p.RequestID = "about:blank", http.StatusText(p.Status), requestID(r.Context())
	if p.wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(p.wait.Seconds()))))
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // a client that has gone wants no answer
}

// problem says what an error means to whoever asked.
func (h *Handler) problem(ctx context.Context, err error) problem {
	var known *problem
	var rejected *channels.RejectedError
	var tooLarge *http.MaxBytesError
	log := h.Log.With("request_id", requestID(ctx))
	switch {
	case errors.As(err, &known):
		return *known
	case errors.As(err, &rejected) && rejected.Code == "too_large", errors.As(err, &tooLarge):
		return problem{Status: http.StatusRequestEntityTooLarge, Code: "too_large", Detail: "This is larger than it may be."}
	case errors.As(err, &rejected):
		return problem{Status: http.StatusUnprocessableEntity, Code: rejected.Code, Detail: rejected.Reason}
	case errors.Is(err, roster.ErrUnknownAccount):
		return *errNoOperation
	case errors.Is(err, inbox.ErrFeedExpired):
		return *errExpired
	case roster.LacksSecrets(err):
		log.Error("the channel has no secrets to know visitors by: pages are refused until they are entered", "error", err.Error())
		return problem{Status: http.StatusServiceUnavailable, Code: "unavailable", Detail: "This chat is not set up yet.", wait: time.Minute}
	case errors.Is(err, inbox.ErrUnavailable), errors.Is(err, context.DeadlineExceeded):
		log.Warn("an operation had to be refused for now", "error", err.Error())
		return problem{Status: http.StatusServiceUnavailable, Code: "unavailable", Detail: "This cannot be done now. Try again.", wait: unavailable}
	}
	log.Error("an operation failed", "error", err.Error())
	return problem{Status: http.StatusInternalServerError, Code: "internal", Detail: "Something is wrong with this operation. It has been noted."}
}

type requestKey struct{}

// WithRequest is a context for a request that the gateway calls by an id.
func WithRequest(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}
