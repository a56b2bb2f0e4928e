package outside_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/outside"
	"omni/internal/roster"
)

// teller is a puppet whose platform can be asked, and shown things. What it answers depends on its token, because that is all it knows.
type teller struct {
	puppet
	shown *shown
}

// shown are the hints that tellers got, by their token.
type shown struct {
	sync.Mutex
	hints map[string][]string
}

var hints = &shown{hints: map[string][]string{}}

func init() {
	channels.Register(channels.Spec{
		Name: "teller", Title: "Teller", Docs: "https://example.com/", Account: channels.AccountOptional,
		Secrets: []channels.Secret{
			{Name: "signature", Meaning: "signs", For: channels.ForVerify}, {Name: "token", Meaning: "sends", For: channels.ForSend},
		},
		Text: channels.TextLimit{Max: 100, Unit: channels.Characters}, Sends: channels.Abilities{Templates: true},
	}, func(env channels.Env) (channels.Channel, error) { return teller{puppet{env}, hints}, nil })
}

var expiry = time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)

func (t teller) answer() error {
	switch t.Secrets.First("token") {
	case "old":
		return channels.ErrCredentials
	case "lacking":
		return channels.ErrMissingSecrets
	case "offline":
		return io.EOF
	case "panicking":
		panic("a mistake of the plugin")
	}
	return nil
}

func (t teller) Health(context.Context) (channels.Health, error) {
	return channels.Health{Name: "The shop (7)", Expires: expiry, Lacks: []string{"reading"}}, t.answer()
}

func (t teller) Templates(context.Context) ([]channels.MessageTemplate, error) {
	return []channels.MessageTemplate{{Name: "a", Language: "de"}, {Name: "a", Language: "en"}, {Name: "a", Language: "de"}}, t.answer()
}

func (t teller) Typing(ctx context.Context, c channels.Chat) error { return t.show(ctx, "typing", c) }

func (t teller) MarkRead(ctx context.Context, c channels.Chat) error { return t.show(ctx, "read", c) }

func (t teller) show(ctx context.Context, what string, c channels.Chat) error {
	if deadline, limited := ctx.Deadline(); !limited || time.Until(deadline) > 5*time.Second {
		what = "with too much time: " + what
	}
	t.shown.Lock()
	defer t.shown.Unlock()
	token := t.Secrets.First("token")
	t.shown.hints[token] = append(t.shown.hints[token], what+" "+c.Last)
	return t.answer()
}

// newspaper remembers the news.
type newspaper struct {
	news []inbox.News
	err  error
}

func (p *newspaper) ReportNews(_ context.Context, _ uuid.UUID, n inbox.News) error {
	p.news = append(p.news, n)
	return p.err
}

func newErrands(tokens ...string) (*outside.Errands, *newspaper) {
	clock, paper := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), &newspaper{}
	now := func() time.Time {
		clock = clock.Add(time.Minute) // secrets may be read again each time
		return clock
	}
	accounts := roster.New(&accounts{tokens: tokens}, now, roster.Options{Purpose: channels.ForSend})
	return &outside.Errands{Roster: accounts, Report: paper, Log: slog.New(slog.DiscardHandler), Now: now}, paper
}

func accountErrand(kind inbox.ErrandKind, channel, account string) inbox.Errand {
	return inbox.AccountErrand(uuid.Max, kind, inbox.CredentialAccount{Channel: channel, Name: account})
}

func TestEachAnswerOfAPlatformIsAState(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		tokens           []string
		channel, account string
		want             inbox.AccountState
		detail           string
	}{
		"well":               {[]string{"new"}, "teller", "default", inbox.AccountOK, ""},
		"refused":            {[]string{"old"}, "teller", "default", inbox.AccountRefused, "refuses the credentials"},
		"replaced meanwhile": {[]string{"old", "new"}, "teller", "default", inbox.AccountOK, ""},
		"no secrets":         {[]string{""}, "teller", "default", inbox.AccountMissingSecrets, "token"},
		"too few secrets":    {[]string{"lacking"}, "teller", "default", inbox.AccountMissingSecrets, "missing secrets"},
		"unknown account":    {[]string{"new"}, "teller", "another", inbox.AccountMissingSecrets, "another"},
		"no answer":          {[]string{"offline"}, "teller", "default", inbox.AccountUnreachable, "EOF"},
		"a panic":            {[]string{"panicking"}, "teller", "default", inbox.AccountUnreachable, "panicked"},
		"no such question":   {[]string{"new"}, "puppet", "default", inbox.AccountUnreachable, "the channel"},
		"no such channel":    {[]string{"new"}, "nothing", "default", inbox.AccountUnreachable, "no channel"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			errands, paper := newErrands(test.tokens...)
			for _, kind := range []inbox.ErrandKind{inbox.ErrandHealth, inbox.ErrandTemplates} {
				if err := errands.Run(t.Context(), accountErrand(kind, test.channel, test.account), 1); err != nil {
					t.Fatal(err)
				}
			}
			for _, n := range paper.news {
				if n.State != test.want || !strings.Contains(n.Detail, test.detail) || n.At.IsZero() || n.Channel != test.channel {
					t.Errorf("%+v", n)
				}
			}
			if len(paper.news) != 2 {
				t.Errorf("%d news", len(paper.news))
			}
		})
	}
}

func TestWhatThePlatformTells(t *testing.T) {
	t.Parallel()
	errands, paper := newErrands("new")
	for _, kind := range []inbox.ErrandKind{inbox.ErrandHealth, inbox.ErrandTemplates} {
		if err := errands.Run(t.Context(), accountErrand(kind, "teller", "default"), 2); err != nil {
			t.Fatal(err)
		}
	}
	health, templates := paper.news[0], paper.news[1]
	if health.Name != "The shop (7)" || !health.ExpiresAt.Equal(expiry) || !cmp.Equal(health.Lacks, []string{"reading"}) {
		t.Errorf("%+v", health)
	}
	if templates.Total != 2 || len(templates.Templates) != 2 || templates.Templates[1].Language != "en" {
		t.Errorf("%+v", templates)
	}
	paper.err = errors.New("the queue is down")
	if err := errands.Run(t.Context(), accountErrand(inbox.ErrandHealth, "teller", "default"), 1); err == nil {
		t.Error("news that could not be reported are forgotten")
	}
}

func TestHintsAreTriedOnceAndInTime(t *testing.T) {
	t.Parallel()
	soon := time.Date(2026, 11, 22, 13, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		channel  string
		until    time.Time
		receives int
		want     string
	}{
		"shown":       {"teller", soon, 1, "typing m1, read m1"},
		"late":        {"teller", soon.Add(-2 * time.Hour), 1, ""},
		"interrupted": {"teller", soon, 2, ""},
		"impossible":  {"puppet", soon, 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			errands, paper := newErrands("token of " + name)
			for _, kind := range []inbox.ErrandKind{inbox.ErrandTyping, inbox.ErrandRead} {
				errand := inbox.Errand{
					Kind: kind, Channel: test.channel, CredentialAccount: "default", Chat: channels.Chat{Last: "m1"}, Until: test.until,
				}
				if err := errands.Run(t.Context(), errand, test.receives); err != nil {
					t.Error(err)
				}
			}
			hints.Lock()
			defer hints.Unlock()
			if got := strings.Join(hints.hints["token of "+name], ", "); got != test.want || len(paper.news) != 0 {
				t.Errorf("shown %q, want %q; news %+v", got, test.want, paper.news)
			}
		})
	}
}

func TestAHintThatFailsIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	errands, _ := newErrands("offline")
	errand := inbox.Errand{Kind: inbox.ErrandTyping, Channel: "teller", CredentialAccount: "default", Until: expiry}
	if err := errands.Run(t.Context(), errand, 1); err != nil {
		t.Errorf("it comes again: %v", err)
	}
}
