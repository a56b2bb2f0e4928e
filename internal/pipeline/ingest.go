package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/roster"
	"omni/internal/throttle"
)

// MaxBody is the largest webhook body, in bytes, that is accepted. WhatsApp sends up to 3 MB
// (developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview).
const MaxBody = 4 << 20

// WebhookStore keeps a webhook and its events durably, all of it or nothing.
type WebhookStore interface {
	Ingest(context.Context, inbox.Webhook) (inbox.Stored, error)
}

// JobQueue takes jobs durably, all of them or an error.
type JobQueue interface {
	Send(context.Context, []inbox.Job) error
}

// IngestQueue also takes webhooks themselves, in parts, when the store cannot.
type IngestQueue interface {
	JobQueue
	Spill(context.Context, []inbox.Part) error
}

// maxAccount is longer than the name of any credential account, in bytes: strangers cannot fill the log with longer ones.
const maxAccount = 100

// storeBudget is how long a webhook waits for the database. WhatsApp asks for a median answer under 250 ms and for 99 % under one second
// (WhatsApp Business Platform, "Throughput").
const storeBudget = 700 * time.Millisecond

// Ingester takes webhooks in. Make it with [NewIngester].
type Ingester struct {
	roster  *roster.Roster
	store   WebhookStore
	queue   IngestQueue
	meter   Meter
	log     *slog.Logger
	breaker breaker

	visitors *throttle.Limit // see [Ingester.hosted]
}

// NewIngester makes an ingester; now is the clock of its breaker and its limits.
func NewIngester(roster *roster.Roster, store WebhookStore, queue IngestQueue, meter Meter, log *slog.Logger, now func() time.Time) *Ingester {
	return &Ingester{roster: roster, store: store, queue: queue, meter: meter, log: log, breaker: breaker{now: now},
		visitors: throttle.New(visitorBurst, visitorPause, now)}
}

// Delivery is one request to a webhook URL.
type Delivery struct {
	Channel   string // name, as the route has it
	Account   string // credential account
	RequestID string // API Gateway's
	Request   channels.Request
}

// Answer is what the platform gets. Bodies are plain text and say nothing to a stranger that helps him.
type Answer struct {
	Status int
	Body   string
	Header map[string]string // besides those that every answer has
}

var accepted = Answer{Status: http.StatusOK}

// refuse answers with the standard words for a status.
func refuse(status int) Answer { return Answer{Status: status, Body: http.StatusText(status)} }

// Handshake answers a platform's proof of ownership: 200 with its challenge, 403 with a wrong token, 404 for a channel without one.
func (i *Ingester) Handshake(ctx context.Context, d Delivery) Answer {
	_, channel, answer := i.open(ctx, d)
	if channel == nil {
		return answer
	}
	handshaker, ok := channel.(channels.Handshaker)
	if !ok {
		return refuse(http.StatusNotFound)
	}
	challenge, err := handshaker.Handshake(&d.Request)
	if err != nil {
		i.about(d).Warn("handshake refused", "reason", err.Error())
		i.meter.Count(d.Channel, map[string]int{CountRefused: 1})
		return refuse(http.StatusForbidden)
	}
	i.about(d).Info("handshake answered")
	return Answer{Status: http.StatusOK, Body: string(challenge)}
}

// Webhook takes one webhook in: verified, stored, queued, and only then answered with 200. Whatever is answered otherwise was not
// accepted, and nothing of it needs to be remembered: the platform sends it again.
func (i *Ingester) Webhook(ctx context.Context, d Delivery) Answer {
	i.meter.Count(d.Channel, map[string]int{CountReceived: 1})
	if len(d.Request.Body) > MaxBody {
		return i.refused(d, http.StatusRequestEntityTooLarge, "the body is too large")
	}
	spec, channel, answer := i.open(ctx, d)
	if channel == nil {
		return answer
	}
	if host, hosted := channel.(channels.Host); hosted {
		return readableBy(host, d, i.hosted(ctx, spec, channel, d))
	}
	return i.take(ctx, spec, channel, d)
}

// take verifies a webhook and accepts it.
func (i *Ingester) take(ctx context.Context, spec channels.Spec, channel channels.Channel, d Delivery) Answer {
	channel, err := i.verify(ctx, spec, channel, d)
	if err != nil {
		return i.refused(d, http.StatusUnauthorized, err.Error())
	}
	return i.accept(ctx, channel, d)
}

// open finds the channel of a delivery; it is nil when the answer is final.
func (i *Ingester) open(ctx context.Context, d Delivery) (channels.Spec, channels.Channel, Answer) {
	spec, ok := channels.Lookup(d.Channel)
	if !ok {
		return spec, nil, i.refused(d, http.StatusNotFound, "no such channel")
	}
	if len(d.Account) > maxAccount {
		return spec, nil, i.refused(d, http.StatusNotFound, "the account's name is too long")
	}
	channel, err := i.roster.Channel(ctx, spec, d.Account)
	var missing *roster.MissingSecretsError
	switch {
	case err == nil:
		return spec, channel, Answer{}
	case errors.Is(err, roster.ErrUnknownAccount):
		return spec, nil, i.refused(d, http.StatusNotFound, err.Error())
	case errors.As(err, &missing):
		i.about(d).Error("channel has no secrets to verify with: webhooks are refused until they are entered", "missing", missing.Names)
	default:
		i.about(d).Error("channel cannot be opened", "error", err.Error())
	}
	i.meter.Count(d.Channel, map[string]int{CountFailed: 1})
	return spec, nil, refuse(http.StatusServiceUnavailable)
}

// verify checks the signature, with secrets that are read again if those at hand refuse it.
func (i *Ingester) verify(ctx context.Context, spec channels.Spec, channel channels.Channel, d Delivery) (channels.Channel, error) {
	check := func(channel channels.Channel) error {
		_, err := channels.Guarded("Verify", func() (struct{}, error) { return struct{}{}, channel.Verify(&d.Request) })
		return err
	}
	err := check(channel)
	if err == nil {
		return channel, nil
	}
	renewed, ok := i.roster.Renewed(ctx, spec, d.Account)
	if !ok {
		return nil, err
	}
	return renewed, check(renewed)
}

// refused answers a webhook that is not taken in. Only its size and digest are logged: it may hold anything.
func (i *Ingester) refused(d Delivery, status int, reason string) Answer {
	digest := sha256.Sum256(d.Request.Body)
	i.about(d).Warn("webhook refused", "status", status, "reason", reason, "bytes", len(d.Request.Body), "sha256", hex.EncodeToString(digest[:]))
	i.meter.Count(d.Channel, map[string]int{CountRefused: 1})
	return refuse(status)
}

// accept stores and queues a verified webhook. One that the database does not take in time goes into the queue itself, in parts, and is
// stored from there.
func (i *Ingester) accept(ctx context.Context, channel channels.Channel, d Delivery) Answer {
	w := webhook(channel, d)
	stored, storeErr := i.ingest(ctx, w)
	var queueErr error
	if storeErr == nil {
		queueErr = i.queue.Send(ctx, stored.Jobs)
	} else {
		queueErr = i.queue.Spill(ctx, inbox.Split(w, newID))
	}
	if queueErr != nil {
		i.about(d).Error("webhook not accepted: the platform will send it again", "webhook_id", w.ID, "error", errors.Join(storeErr, queueErr).Error())
		i.meter.Count(d.Channel, map[string]int{CountFailed: 1})
		return refuse(http.StatusInternalServerError)
	}
	i.report(d, w, stored, storeErr)
	return accepted
}

var errBreakerOpen = errors.New("the database did not answer lately")

// ingest stores a webhook if the database takes it within the budget.
func (i *Ingester) ingest(ctx context.Context, w inbox.Webhook) (inbox.Stored, error) {
	if !i.breaker.allows() {
		return inbox.Stored{}, errBreakerOpen
	}
	ctx, cancel := context.WithTimeout(ctx, storeBudget)
	defer cancel()
	stored, err := i.store.Ingest(ctx, w)
	i.breaker.report(err == nil || errors.Is(err, inbox.ErrUnstorable))
	return stored, err
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// webhook makes of a delivery what is stored of it. A body that cannot be read is stored with the reason.
func webhook(channel channels.Channel, d Delivery) inbox.Webhook {
	w := inbox.Webhook{
		ID: newID(), Channel: d.Channel, CredentialAccount: d.Account, RequestID: d.RequestID,
		Headers: harmless(d.Request.Header), Body: d.Request.Body,
	}
	var err error
	if w.Events, err = parse(channel, d.Account, &d.Request); err != nil {
		w.ParseError = err.Error()
	}
	return w
}

var errCrowded = fmt.Errorf("the lists of the body have more than %d elements", channels.MaxElements)

// parse finds the events of a body. The credential account stands for a channel account that the body does not name.
func parse(channel channels.Channel, account string, r *channels.Request) ([]channels.Event, error) {
	if channels.Crowded(r.Body) {
		return nil, errCrowded
	}
	events, err := channels.Guarded("Parse", func() ([]channels.Event, error) { return channel.Parse(r) })
	if err != nil {
		return nil, err
	}
	for n := range events {
		if events[n].Account == "" {
			events[n].Account = account
		}
	}
	return events, nil
}

// harmless picks the headers that help to understand a webhook later. It is a list of what is kept, so that no secret is kept by oversight.
func harmless(h http.Header) map[string]string {
	kept := map[string]string{}
	for _, name := range []string{"Content-Type", "User-Agent", "X-Forwarded-For", "X-Hub-Signature-256"} {
		if value := h.Get(name); value != "" {
			kept[name] = value
		}
	}
	return kept
}

func (i *Ingester) report(d Delivery, w inbox.Webhook, stored inbox.Stored, storeErr error) {
	counts := map[string]int{CountStored: stored.New, CountDuplicate: len(w.Events) - stored.New}
	about := append(about(d), "webhook_id", w.ID.String(), "events", len(w.Events), "new", stored.New, "jobs", len(stored.Jobs))
	if storeErr != nil {
		counts = map[string]int{CountSpilled: 1}
		i.log.Warn("webhook accepted into the queue: the database did not take it", append(about, "reason", storeErr.Error())...)
	}
	for _, event := range w.Events {
		if event.Kind == channels.KindUnknown {
			counts[CountUnknown]++
		}
	}
	if w.ParseError != "" {
		counts[CountParseError] = 1
		i.log.Warn("webhook kept, but it cannot be read", append(about, "reason", w.ParseError)...)
	}
	i.log.Info("webhook accepted", append(about, "unknown", counts[CountUnknown])...)
	i.meter.Count(d.Channel, counts)
}

func (i *Ingester) about(d Delivery) *slog.Logger { return i.log.With(about(d)...) }

// about names a delivery in log lines.
func about(d Delivery) []any {
	return []any{"request_id", d.RequestID, "channel", d.Channel, "account", d.Account[:min(len(d.Account), maxAccount)]}
}
