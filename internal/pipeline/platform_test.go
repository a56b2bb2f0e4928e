package pipeline_test

import (
	"bytes"
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

// chattychat is plainchat on a platform that can be asked and shown things.
type chattychat struct{ plainchat }

func (chattychat) Health(context.Context) (channels.Health, error)               { return channels.Health{}, nil }
func (chattychat) Templates(context.Context) ([]channels.MessageTemplate, error) { return nil, nil }
func (chattychat) Typing(context.Context, channels.Chat) error                   { return nil }
func (chattychat) MarkRead(context.Context, channels.Chat) error                 { return nil }

func init() {
	channels.Register(channels.Spec{
		Name: "chattychat", Title: "Chatty chat", Docs: "https://example.com/", Account: channels.AccountOptional,
		Secrets: []channels.Secret{{Name: "token", Meaning: "what every webhook carries", For: channels.ForVerify}},
		Text:    channels.TextLimit{Max: 100, Unit: channels.Characters}, Window: time.Hour, Sends: channels.Abilities{Templates: true},
	}, func(env channels.Env) (channels.Channel, error) { return chattychat{plainchat{env}}, nil })
}

func (o *office) Templates(_ context.Context, a inbox.CredentialAccount, name string) ([]channels.MessageTemplate, bool, error) {
	var named []channels.MessageTemplate
	for _, t := range o.templates[a] {
		if t.Name == name {
			named = append(named, t)
		}
	}
	return named, len(o.templates[a]) > 0, nil
}

func (o *office) Presence(_ context.Context, conversation uuid.UUID) (inbox.Presence, error) {
	if conversation != o.chat.ID {
		return inbox.Presence{}, inbox.ErrNotFound
	}
	p := o.presence
	p.Chat = o.chat
	return p, nil
}

func (o *office) Errands(_ context.Context, errands []inbox.Errand) error {
	if o.queueErr == nil {
		o.errands = append(o.errands, errands...)
	}
	return o.queueErr
}

func newChattyOffice() (*office, *pipeline.Answers) {
	o, answers, _ := newOffice()
	o.chat.Channel, o.chat.CredentialAccount, o.chat.Thread, answers.Errands = "chattychat", "shop", "4912", o
	return o, answers
}

func TestTemplatesAreCheckedOnceTheyAreKnown(t *testing.T) {
	t.Parallel()
	shop := inbox.CredentialAccount{Channel: "chattychat", Name: "shop"}
	approved := channels.MessageTemplate{
		Name: "order", Language: "de", Status: "approved", Body: channels.TemplateText{Text: "Am {{1}}.", Gaps: []string{"1"}},
	}
	pending := approved
	pending.Name, pending.Status = "new", "pending"
	filled := func(name, language string, gaps ...string) *channels.TemplateMessage {
		return &channels.TemplateMessage{Name: name, Language: language, Body: gaps}
	}
	for name, test := range map[string]struct {
		account inbox.CredentialAccount // that has the templates
		message *channels.TemplateMessage
		code    string // of the refusal; empty: it is sent
		reason  string // of the refusal; what the customer reads of what is sent
	}{
		"an approved one":          {shop, filled("order", "de", "Montag"), "", "Am Montag."},
		"none is known":            {inbox.CredentialAccount{Channel: "chattychat", Name: "other"}, filled("any", "de"), "", ""},
		"no template at all":       {shop, nil, "", ""},
		"one that is not there":    {shop, filled("any", "de"), "template_unknown", "Chatty chat has no template any."},
		"one in another language":  {shop, filled("order", "en", "Monday"), "template_unknown", "not in en, but in de."},
		"one that is not approved": {shop, filled("new", "de", "Montag"), "template_not_approved", "it is pending"},
		"one with a gap left":      {shop, filled("order", "de"), "template_gaps", "1 gap"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, answers := newChattyOffice()
			o.templates = map[inbox.CredentialAccount][]channels.MessageTemplate{test.account: {approved, pending}}
			draft := inbox.Draft{Conversation: uuid.Max, Key: "k", Author: "agent:ada", Content: channels.Content{Template: test.message}}
			if test.message == nil {
				draft.Content.Text = "hello"
			}
			_, err := answers.Compose(t.Context(), draft)
			_, again := answers.Compose(t.Context(), draft)
			var rejected *channels.RejectedError
			switch {
			case test.code == "" && (err != nil || len(o.sent) != 2 || len(o.errands) != 0 || o.draft.TemplateWords != test.reason):
				t.Errorf("%v; sent %d, errands %+v, words %q, want %q", err, len(o.sent), o.errands, o.draft.TemplateWords, test.reason)
			case test.code != "" && (!errors.As(err, &rejected) || rejected.Code != test.code || !strings.Contains(rejected.Reason, test.reason)):
				t.Errorf("%v, want %s: %s", err, test.code, test.reason)
			case test.code != "" && (again == nil || len(o.errands) != 2 || o.errands[0].Kind != inbox.ErrandTemplates ||
				o.errands[0].Job != o.errands[1].Job): // which the queue takes once
				t.Errorf("the templates are listed again by %+v", o.errands)
			}
		})
	}
}

func TestCustomersAreShownThatWeAreThere(t *testing.T) {
	t.Parallel()
	to := []channels.Identity{{Kind: "wa_id", Value: "4912"}}
	for name, test := range map[string]struct {
		channel  string
		presence inbox.Presence
		typing   []string // the last message of each errand
		read     []string
	}{
		"who wrote":              {"chattychat", inbox.Presence{Message: "m1", To: to}, []string{"m1"}, []string{"m1"}},
		"who pressed a button":   {"chattychat", inbox.Presence{Message: "m1", Pressed: "callback/7"}, []string{"m1"}, []string{"callback/7", "m1"}},
		"who never wrote":        {"chattychat", inbox.Presence{}, []string{""}, nil},
		"where nothing is shown": {"plainchat", inbox.Presence{Message: "m1"}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, answers := newChattyOffice()
			o.chat.Channel, o.presence = test.channel, test.presence
			if err := errors.Join(answers.Typing(t.Context(), uuid.Max), answers.MarkRead(t.Context(), uuid.Max)); err != nil {
				t.Fatal(err)
			}
			shown := map[inbox.ErrandKind][]string{}
			for _, e := range o.errands {
				shown[e.Kind] = append(shown[e.Kind], e.Chat.Last)
				if !e.IsHint() || e.Chat.Thread != "4912" || len(e.Chat.To) != len(test.presence.To) || e.Job.Lane != "live/4912" ||
					e.Job.Queue != "outbound-chattychat" || !e.Until.After(answeredAt) || e.CredentialAccount != "shop" {
					t.Errorf("%+v", e)
				}
			}
			if got, want := strings.Join(shown[inbox.ErrandTyping], " "), strings.Join(test.typing, " "); got != want {
				t.Errorf("typing: %q, want %q", got, want)
			}
			if got, want := strings.Join(shown[inbox.ErrandRead], " "), strings.Join(test.read, " "); got != want {
				t.Errorf("read: %q, want %q", got, want)
			}
		})
	}
	o, answers := newChattyOffice()
	if err := answers.Typing(t.Context(), uuid.New()); !errors.Is(err, inbox.ErrNotFound) {
		t.Errorf("in no conversation: %v", err)
	}
	answers.Errands = nil
	if err := answers.MarkRead(t.Context(), uuid.Max); err != nil || len(o.errands) != 0 {
		t.Errorf("without a queue: %v, %+v", err, o.errands)
	}
}

// ledger is a store of accounts.
type ledger struct {
	accounts []inbox.CredentialAccount
	every    time.Duration
	before   inbox.AccountState
	stale    bool
	listed   []inbox.News
}

func (l *ledger) AskAccounts(_ context.Context, every time.Duration) ([]inbox.CredentialAccount, error) {
	l.every = every
	return l.accounts, nil
}

func (l *ledger) RecordHealth(_ context.Context, n inbox.News) (inbox.AccountState, bool, error) {
	before := l.before
	l.before = n.State
	return before, !l.stale, nil
}

func (l *ledger) RecordTemplates(_ context.Context, n inbox.News) error {
	l.listed = append(l.listed, n)
	return nil
}

func TestPlatformsAreAskedWhatTheyCanTell(t *testing.T) {
	t.Parallel()
	o, _ := newChattyOffice()
	store := &ledger{accounts: []inbox.CredentialAccount{{Channel: "chattychat", Name: "shop"}, {Channel: "plainchat", Name: "a"}, {Channel: "gone", Name: "b"}}}
	platforms := &pipeline.Platforms{Store: store, Log: slog.New(slog.DiscardHandler)}
	if n, err := platforms.Ask(t.Context(), time.Hour); n != 0 || err != nil || store.every != 0 {
		t.Errorf("without a queue: %d, %v", n, err)
	}
	platforms.Queue = o
	if n, err := platforms.Ask(t.Context(), time.Hour); n != 3 || err != nil || store.every != time.Hour {
		t.Errorf("%d, %v", n, err)
	}
	if len(o.errands) != 2 || o.errands[0].Kind != inbox.ErrandHealth || o.errands[1].Kind != inbox.ErrandTemplates ||
		o.errands[0].Job.Group() != o.errands[1].Job.Group() || o.errands[0].Job.ID == o.errands[1].Job.ID || o.errands[0].CredentialAccount != "shop" {
		t.Errorf("%+v", o.errands)
	}
	o.queueErr = errors.New("the queue is gone")
	if n, err := platforms.Ask(t.Context(), time.Hour); n != 0 || !errors.Is(err, o.queueErr) || !strings.Contains(err.Error(), "account shop of channel chattychat") {
		t.Errorf("without the queue: %d, %v", n, err)
	}
}

func TestAnAccountThatTurnsIsTold(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		before, now inbox.AccountState
		stale       bool
		line        string // level of the log line; empty: none
		counted     int
	}{
		"well at first":    {"", inbox.AccountOK, false, "", 0},
		"ill at first":     {"", inbox.AccountMissingSecrets, false, "ERROR", 1},
		"still well":       {inbox.AccountOK, inbox.AccountOK, false, "", 0},
		"it falls ill":     {inbox.AccountOK, inbox.AccountRefused, false, "ERROR", 1},
		"still ill":        {inbox.AccountRefused, inbox.AccountRefused, false, "", 1},
		"it gets well":     {inbox.AccountRefused, inbox.AccountOK, false, "INFO", 0},
		"it was ill, once": {inbox.AccountOK, inbox.AccountRefused, true, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			m := &meter{counts: map[string]int{}}
			platforms := &pipeline.Platforms{
				Store: &ledger{before: test.before, stale: test.stale}, Meter: m, Log: slog.New(slog.NewTextHandler(&log, nil)),
			}
			if err := platforms.Record(t.Context(), inbox.News{Errand: inbox.ErrandHealth, State: test.now}); err != nil {
				t.Fatal(err)
			}
			line := log.String()
			if (line == "") != (test.line == "") || !strings.Contains(line, test.line) || m.counts["channel_unhealthy"] != test.counted {
				t.Errorf("counted %v, logged %q", m.counts, line)
			}
		})
	}
}

func TestTemplatesAreRecordedAlsoWhenTheyCouldNotBeListed(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	store := &ledger{}
	platforms := &pipeline.Platforms{Store: store, Log: slog.New(slog.NewTextHandler(&log, nil))}
	for _, state := range []inbox.AccountState{inbox.AccountOK, inbox.AccountMissingSecrets} {
		if err := platforms.Record(t.Context(), inbox.News{Errand: inbox.ErrandTemplates, State: state, Detail: "waba_id"}); err != nil {
			t.Fatal(err)
		}
	}
	if len(store.listed) != 2 || strings.Count(log.String(), "templates not listed") != 1 || store.before != "" {
		t.Errorf("recorded %+v, logged %s", store.listed, log.String())
	}
}
