package pipeline_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/pipeline"
	"omni/internal/roster"
)

// plainchat is a channel for these tests: its webhooks are lines "thread id text", and its signature is the secret itself.
func init() {
	channels.Register(channels.Spec{
		Name: "plainchat", Title: "Plain chat", Docs: "https://example.com/", Account: channels.AccountOptional,
		Secrets: []channels.Secret{{Name: "token", Meaning: "what every webhook carries", For: channels.ForVerify}},
		Text:    channels.TextLimit{Max: 100, Unit: channels.Characters}, Window: time.Hour,
	}, func(env channels.Env) (channels.Channel, error) { return plainchat{env}, nil })
}

type plainchat struct{ channels.Env }

func (plainchat) Send(context.Context, channels.Outgoing) (channels.Receipt, error) {
	return channels.Receipt{}, errors.New("nothing is sent here")
}

func (p plainchat) Verify(r *channels.Request) error {
	for _, token := range p.Secrets["token"] {
		if r.Header.Get("Token") == token {
			return nil
		}
	}
	return errors.New("wrong token")
}

func (plainchat) Handshake(r *channels.Request) ([]byte, error) {
	if r.Query.Get("token") != "open" {
		return nil, errors.New("wrong token")
	}
	return []byte("welcome"), nil
}

func (plainchat) Parse(r *channels.Request) ([]channels.Event, error) {
	var events []channels.Event
	for line := range strings.Lines(string(r.Body)) {
		fields := strings.SplitN(strings.TrimSpace(line), " ", 3)
		switch {
		case line == "panic\n":
			panic("a mistake of the plugin")
		case len(fields) != 3:
			return nil, fmt.Errorf("%q has no three fields", line)
		}
		kind := channels.KindMessage
		if fields[2] == "?" {
			kind = channels.KindUnknown
		}
		thread := strings.Trim(fields[0], "-")
		events = append(events, channels.Event{Kind: kind, Thread: thread, ID: fields[1], Raw: []byte(line)})
	}
	return events, nil
}

func (plainchat) Normalize(e channels.Event) (channels.Update, error) {
	switch fields := strings.SplitN(strings.TrimSpace(string(e.Raw)), " ", 3); fields[2] {
	case "?":
		return channels.Update{}, nil
	case "panic":
		panic("a mistake of the plugin")
	case "incomprehensible":
		return channels.Update{}, errors.New("nobody understands this")
	case "empty":
		return channels.Update{}, nil
	default:
		return channels.Update{Message: &channels.Message{Direction: channels.In, Type: channels.TypeText, Text: fields[2]}}, nil
	}
}

// secrets is a source that counts how often it is read.
type secrets struct {
	accounts map[string]channels.Secrets
	err      error
	reads    int
}

func (s *secrets) Secrets(context.Context, string) (map[string]channels.Secrets, error) {
	s.reads++
	return s.accounts, s.err
}

// meter adds up what is counted.
type meter struct {
	mu     sync.Mutex
	counts map[string]int
}

func (m *meter) Count(_ string, counts map[string]int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for name, n := range counts {
		if n != 0 {
			m.counts[name] += n
		}
	}
}

func (m *meter) CountAged(channel string, counts map[string]int, _ string, _ time.Duration) {
	m.Count(channel, counts)
}

// recorder is a store and a queue that remember what they were given, and refuse when told to.
type recorder struct {
	webhooks []inbox.Webhook
	jobs     []inbox.Job
	parts    []inbox.Part
	reports  []string // of outcomes: their results, or the bodies sent again
	asked    int      // how often the store was asked
	freeze   bool
	storeErr error
	queueErr error
}

func (r *recorder) Ingest(ctx context.Context, w inbox.Webhook) (inbox.Stored, error) {
	r.asked++
	if r.freeze {
		<-ctx.Done()
		return inbox.Stored{}, ctx.Err()
	}
	if r.storeErr != nil {
		return inbox.Stored{}, r.storeErr
	}
	r.webhooks = append(r.webhooks, w)
	return inbox.Stored{New: len(w.Events), Jobs: []inbox.Job{{ID: w.ID, Attempt: 1}}}, nil
}

func (r *recorder) Send(_ context.Context, jobs []inbox.Job) error {
	if r.queueErr != nil {
		return r.queueErr
	}
	r.jobs = append(r.jobs, jobs...)
	return nil
}

func (r *recorder) Spill(_ context.Context, parts []inbox.Part) error {
	if r.queueErr != nil {
		return r.queueErr
	}
	r.parts = append(r.parts, parts...)
	return nil
}

func (r *recorder) Report(_ context.Context, _ inbox.Job, o inbox.Outcome) error {
	r.reports = append(r.reports, string(o.Result))
	return r.queueErr
}

func (r *recorder) Resend(_ context.Context, body string, _ uuid.UUID) error {
	r.reports = append(r.reports, body)
	return r.queueErr
}

// desk is an Ingester with everything around it.
type desk struct {
	*pipeline.Ingester
	*recorder
	secrets *secrets
	meter   *meter
	log     *bytes.Buffer
	clock   time.Time
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{
		recorder: &recorder{}, meter: &meter{counts: map[string]int{}}, log: &bytes.Buffer{}, clock: time.Unix(0, 0),
		secrets: &secrets{accounts: map[string]channels.Secrets{"default": {"token": {"right"}}, "shop": {"token": {"other"}}}},
	}
	now := func() time.Time { return d.clock }
	d.Ingester = pipeline.NewIngester(
		roster.New(d.secrets, now, roster.Options{Purpose: channels.ForVerify}), d.recorder, d.recorder, d.meter, slog.New(slog.NewJSONHandler(d.log, nil)), now)
	return d
}
