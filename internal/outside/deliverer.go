package outside

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"omni/channels"
	"omni/internal/inbox"
)

// Limits of a delivery.
const (
	deliveryTime    = 10 * time.Second // for the endpoint to answer
	maxAnswerBytes  = 4 << 10          // of an answer that are read
	maxExcerptBytes = 1 << 10          // of them that are kept, for whoever looks for the fault
)

// userAgent is how we introduce ourselves to subscribers.
const userAgent = "Omni-Webhooks/1"

// Replier carries back what came of an attempt.
type Replier interface {
	Reply(context.Context, inbox.Reply) error
}

// Deliverer posts events to the company's own endpoints.
type Deliverer struct {
	HTTP    channels.Doer // follows no redirect: see [NewGuardedClient]
	Replies Replier
	Log     *slog.Logger
	Now     func() time.Time
}

// Deliver makes one attempt and reports what came of it. An error means that this could not be reported, and that the job has to come again.
func (d *Deliverer) Deliver(ctx context.Context, p inbox.Post) error {
	reply := inbox.Reply{Delivery: p.Delivery, Subscription: p.Subscription, Attempt: p.Attempt, At: d.Now()}
	if p.IsStale(reply.At) {
		reply.Stale = true
	} else {
		d.attempt(ctx, p, &reply)
		reply.Took = d.Now().Sub(reply.At)
	}
	d.Log.Info("attempt at a delivery", "delivery_id", p.Delivery, "subscription_id", p.Subscription, "attempt", p.Attempt, "status", reply.Status,
		"stale", reply.Stale, "error", reply.Error, "took_ms", reply.Took.Milliseconds())
	if err := d.Replies.Reply(ctx, reply); err != nil {
		return fmt.Errorf("reporting an attempt at delivery %s: %w", p.Delivery, err)
	}
	return nil
}

// attempt posts the event and writes into the reply what comes of it.
func (d *Deliverer) attempt(ctx context.Context, p inbox.Post, reply *inbox.Reply) {
	ctx, cancel := context.WithTimeout(ctx, deliveryTime)
	defer cancel()
	request, err := request(ctx, p)
	if err != nil {
		reply.Error = "The URL cannot be called: " + channels.WithoutURL(err).Error()
		return
	}
	response, err := d.HTTP.Do(request)
	if err != nil {
		reply.Error = why(err)
		return
	}
	defer response.Body.Close()
	reply.Status = response.StatusCode
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswerBytes))
	reply.Response = excerpt(body)
	switch {
	case response.StatusCode < 200 || response.StatusCode > 299:
		reply.Error = strings.TrimSpace(fmt.Sprintf("The endpoint answered %d %s", response.StatusCode, http.StatusText(response.StatusCode)))
		reply.RetryAfter = retryAfter(response.Header, d.Now())
	case err != nil:
		reply.Error = why(err)
	}
}

func request(ctx context.Context, p inbox.Post) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.URL, strings.NewReader(p.Body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", userAgent)
	r.Header.Set(inbox.HeaderWebhookID, p.Event.String())
	r.Header.Set(inbox.HeaderWebhookTimestamp, p.Timestamp())
	r.Header.Set(inbox.HeaderWebhookSignature, p.Signature)
	return r, nil
}

// why says in a sentence why there was no answer.
func why(err error) string {
	switch {
	case errors.Is(err, ErrPrivateAddress):
		return "The URL leads to an address that is not on the internet."
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("The endpoint gave no answer within %d seconds.", int(deliveryTime.Seconds()))
	}
	return "There was no answer: " + channels.WithoutURL(err).Error()
}

// excerpt is how an answer begins, as text.
func excerpt(body []byte) string {
	body = bytes.TrimSpace(body)
	return strings.ToValidUTF8(string(body[:min(len(body), maxExcerptBytes)]), "\ufffd")
}

// retryAfter is how long an endpoint wants to be left alone: in seconds, or until a time. 0: it does not say.
func retryAfter(h http.Header, now time.Time) time.Duration {
	given := h.Get("Retry-After")
	if seconds, err := strconv.ParseUint(given, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(given); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
