package pipeline_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/pipeline"
)

// office is a store of answers and their queue, which remember what they were given.
type office struct {
	chat      inbox.Chat
	draft     inbox.Draft // what was composed last
	parts     []channels.Outgoing
	composed  []uuid.UUID // of an earlier request
	failed    inbox.FailedMessage
	concluded []inbox.Result
	follows   inbox.Concluded // what follows from any outcome
	overdue   []inbox.Overdue
	sent      []inbox.Send
	noted     []inbox.Send // that the queue has them
	reminders []inbox.Outcome
	queueErr  error

	templates map[inbox.CredentialAccount][]channels.MessageTemplate
	presence  inbox.Presence // without the chat
	errands   []inbox.Errand
}

func (o *office) Chat(_ context.Context, conversation, _ uuid.UUID) (inbox.Chat, error) {
	if conversation != o.chat.ID {
		return inbox.Chat{}, inbox.ErrNotFound
	}
	return o.chat, nil
}

func (o *office) Failed(context.Context, uuid.UUID) (inbox.FailedMessage, error) {
	return o.failed, nil
}

func (o *office) Composed(context.Context, inbox.Draft) ([]uuid.UUID, error) { return o.composed, nil }

func (o *office) Compose(_ context.Context, _ inbox.Chat, d inbox.Draft, parts []channels.Outgoing) (inbox.Composed, error) {
	o.draft, o.parts = d, parts
	return inbox.Composed{Messages: make([]uuid.UUID, len(parts)), Sends: []inbox.Send{{Channel: "plainchat"}}}, nil
}

func (o *office) Conclude(_ context.Context, outcome inbox.Outcome, decide func(inbox.Attempted) inbox.Decision) (inbox.Concluded, error) {
	o.concluded = append(o.concluded, outcome.Result)
	decide(inbox.Attempted{Channel: "plainchat"})
	return o.follows, nil
}

func (o *office) Queued(_ context.Context, send inbox.Send) error {
	o.noted = append(o.noted, send)
	return nil
}

func (o *office) OverdueSends(context.Context, int) ([]inbox.Overdue, error) {
	found := o.overdue
	o.overdue = nil
	return found, nil
}

func (o *office) Send(_ context.Context, send inbox.Send) error {
	if o.queueErr == nil {
		o.sent = append(o.sent, send)
	}
	return o.queueErr
}

func (o *office) Remind(_ context.Context, _ inbox.Job, outcome inbox.Outcome, _ time.Time) error {
	o.reminders = append(o.reminders, outcome)
	return o.queueErr
}

var answeredAt = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func newOffice() (*office, *pipeline.Answers, *meter) {
	o := &office{chat: inbox.Chat{Channel: "plainchat", Conversation: inbox.Conversation{ID: uuid.Max, WindowExpiresAt: answeredAt.Add(time.Hour)}}}
	m := &meter{counts: map[string]int{}}
	return o, &pipeline.Answers{
		Store: o, Queue: o, Meter: m, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return answeredAt },
	}, m
}

func TestComposeChecksWhatIsKnownBeforehand(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a word and ", 20) // plainchat takes 100 characters
	good := inbox.Draft{Conversation: uuid.Max, Key: "k", Author: "agent:ada", Content: channels.Content{Text: "hello"}}
	for name, test := range map[string]struct {
		change func(*inbox.Draft, *inbox.Chat)
		code   string // of the refusal; empty: it is taken
		parts  int
	}{
		"a text":                     {func(*inbox.Draft, *inbox.Chat) {}, "", 1},
		"a long text":                {func(d *inbox.Draft, _ *inbox.Chat) { d.Content.Text = long }, "", 3},
		"no key":                     {func(d *inbox.Draft, _ *inbox.Chat) { d.Key = "" }, "idempotency_key", 0},
		"a long key":                 {func(d *inbox.Draft, _ *inbox.Chat) { d.Key = strings.Repeat("k", 256) }, "idempotency_key", 0},
		"no author":                  {func(d *inbox.Draft, _ *inbox.Chat) { d.Author = "" }, "author", 0},
		"nothing":                    {func(d *inbox.Draft, _ *inbox.Chat) { d.Content.Text = " " }, "empty", 0},
		"what the channel cannot":    {func(d *inbox.Draft, _ *inbox.Chat) { d.Content = channels.Content{Place: &channels.Place{}} }, "unsupported_place", 0},
		"a closed window":            {func(_ *inbox.Draft, c *inbox.Chat) { c.WindowExpiresAt = answeredAt }, "window_closed", 0},
		"a reaction to nothing":      {func(d *inbox.Draft, _ *inbox.Chat) { d.Content = channels.Content{Reaction: &channels.SentReaction{}} }, "reaction_target", 0},
		"an answer to what is going": {func(d *inbox.Draft, _ *inbox.Chat) { d.ReplyTo = uuid.Max }, "reply_to", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, answers, m := newOffice()
			draft := good
			test.change(&draft, &o.chat)
			composed, err := answers.Compose(t.Context(), draft)
			var rejected *channels.RejectedError
			switch {
			case test.code == "" && (err != nil || len(composed.Messages) != test.parts || len(o.sent) != 1 || len(o.noted) != 1):
				t.Errorf("%+v, %v; queued %d", composed, err, len(o.sent))
			case test.code == "" && m.counts["composed"] != test.parts:
				t.Errorf("counted %v", m.counts)
			case test.code != "" && (!errors.As(err, &rejected) || rejected.Code != test.code || o.parts != nil):
				t.Errorf("%s wanted, got %v", test.code, err)
			}
		})
	}
	_, answers, _ := newOffice()
	missing := good
	missing.Conversation = uuid.New()
	if _, err := answers.Compose(t.Context(), missing); !errors.Is(err, inbox.ErrNotFound) {
		t.Errorf("ErrNotFound wanted, got %v", err)
	}
}

func TestAnAnswerIsTakenEvenIfItCannotBeQueuedNow(t *testing.T) {
	t.Parallel()
	o, answers, _ := newOffice()
	o.queueErr = errors.New("the queue is down")
	draft := inbox.Draft{Conversation: uuid.Max, Key: "k", Author: "agent:ada", Content: channels.Content{Text: "hello"}}
	if _, err := answers.Compose(t.Context(), draft); err != nil || len(o.noted) != 0 {
		t.Errorf("%v; noted as queued: %v", err, o.noted)
	}
}

func TestWhatFollowsFromAnOutcomeIsQueued(t *testing.T) {
	t.Parallel()
	o, answers, m := newOffice()
	o.follows = inbox.Concluded{News: inbox.VerdictListen, Sends: []inbox.Send{{}, {}}, Listen: answeredAt.Add(time.Minute)}
	if err := answers.Conclude(t.Context(), inbox.Outcome{Result: inbox.ResultUnknown, Attempt: 3}); err != nil {
		t.Fatal(err)
	}
	if len(o.sent) != 2 || len(o.noted) != 2 || m.counts["send_listened"] != 1 {
		t.Errorf("queued %d, noted %d, counted %v", len(o.sent), len(o.noted), m.counts)
	}
	if len(o.reminders) != 1 || o.reminders[0].Result != inbox.ResultSilent || o.reminders[0].Attempt != 3 {
		t.Errorf("reminders: %+v", o.reminders)
	}
}

func TestOverdueSendsTakeTheirTurnInTheProcessor(t *testing.T) {
	t.Parallel()
	o, answers, _ := newOffice()
	o.overdue = []inbox.Overdue{{Late: 2 * time.Minute, Job: inbox.Job{Attempt: 3}}, {Unconfirmed: true}}
	if n, err := answers.Rescue(t.Context()); n != 2 || err != nil || len(o.sent) != 0 {
		t.Errorf("%d, %v; queued %d", n, err, len(o.sent))
	}
	if r := o.reminders; len(r) != 2 || r[0].Result != inbox.ResultOverdue || r[0].After != 2*time.Minute || r[0].Attempt != 3 ||
		r[1].Result != inbox.ResultSilent {
		t.Errorf("%+v", r)
	}
}

func TestWhatFailedIsTriedAgainAsAnotherMessage(t *testing.T) {
	t.Parallel()
	for status, again := range map[channels.DeliveryState]bool{
		channels.Failed: true, inbox.Unknown: true, inbox.Queued: false, channels.Sent: false, channels.Read: false,
	} {
		o, answers, _ := newOffice()
		o.failed = inbox.FailedMessage{Conversation: uuid.Max, Status: status, Content: channels.Content{Text: "hello"}}
		old := uuid.New()
		_, err := answers.Retry(t.Context(), old, inbox.Draft{Key: "k", Author: "ada", Human: true})
		switch {
		case again && (err != nil || len(o.parts) != 1 || o.parts[0].Text != "hello" || o.draft.RetryOf != old || !o.draft.Human):
			t.Errorf("%s: %+v, %v", status, o.draft, err)
		case !again && (!errors.Is(err, inbox.ErrNotFailed) || o.parts != nil):
			t.Errorf("%s: %+v, %v", status, o.parts, err)
		}
	}
}

// watch is a store of sleeping conversations.
type watch struct{ due, asked int }

func (w *watch) Wake(_ context.Context, most int) (woken, told []uuid.UUID, err error) {
	w.asked++
	n := min(w.due, most)
	w.due -= n
	return make([]uuid.UUID, n), nil, nil
}

func TestWhatSleptIsOpenedInTimeAndNotLookedForAllTheTime(t *testing.T) {
	t.Parallel()
	now, w := answeredAt, &watch{due: 250}
	snoozes := &pipeline.Snoozes{Store: w, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return now }}
	if snoozes.Try(t.Context()); w.due != 0 || w.asked != 3 {
		t.Errorf("%+v", w)
	}
	if snoozes.Try(t.Context()); w.asked != 3 {
		t.Error("it is looked for all the time")
	}
	now = now.Add(5 * time.Second)
	if snoozes.Try(t.Context()); w.asked != 4 {
		t.Error("it is not looked for again")
	}
}

func TestWhatWasTakenOnIsNotRefusedWhenItIsAskedForAgain(t *testing.T) {
	t.Parallel()
	o, answers, _ := newOffice()
	o.chat.WindowExpiresAt, o.composed = answeredAt, []uuid.UUID{uuid.Max}
	d := inbox.Draft{Conversation: uuid.Max, Key: "k", Author: "agent:ada", Content: channels.Content{Text: "hello"}}
	if again, err := answers.Compose(t.Context(), d); err != nil || !again.Repeated || len(again.Messages) != 1 || o.parts != nil {
		t.Errorf("%+v, %v", again, err)
	}
	o.composed = nil
	var refused *channels.RejectedError
	if _, err := answers.Compose(t.Context(), d); !errors.As(err, &refused) || refused.Code != "window_closed" {
		t.Errorf("%v", err)
	}
}
