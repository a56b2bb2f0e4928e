package accounts

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"omni/channels"
	_ "omni/gen/dispatch"
	"omni/internal/inbox"
)

// book is a store in which an account's news arrive after some looks.
type book struct {
	accounts  []inbox.AccountHealth
	templates []inbox.KnownTemplate
	looks     int
	arrives   int // at which look; 0: never
	asked     int
	filter    inbox.CredentialAccount
}

func (b *book) ListAccounts(context.Context) ([]inbox.AccountHealth, error) {
	b.looks++
	if b.arrives > 0 && b.looks == b.arrives {
		b.accounts[0].CheckedAt = time.Now()
	}
	return append([]inbox.AccountHealth(nil), b.accounts...), nil
}

func (b *book) ListTemplates(_ context.Context, filter inbox.CredentialAccount) ([]inbox.KnownTemplate, error) {
	b.filter = filter
	return b.templates, nil
}

func (b *book) Ask(_ context.Context, every time.Duration) (int, error) {
	if every != 0 {
		return 0, errors.New("not all are asked about")
	}
	b.asked++
	return len(b.accounts), nil
}

func TestList(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for name, test := range map[string]struct {
		accounts []inbox.AccountHealth
		want     []string
	}{
		"none":      {nil, []string{"No account is known yet"}},
		"nobody":    {[]inbox.AccountHealth{{Channel: "telegram", CredentialAccount: "bot"}}, []string{"telegram/bot", "not known", " - "}},
		"well":      {[]inbox.AccountHealth{{State: inbox.AccountOK, Name: "The\x1b[1m shop", ChannelAccounts: []string{"1", "2"}}}, []string{"ok", "The\\x1b[1m shop", "1, 2"}},
		"refused":   {[]inbox.AccountHealth{{State: inbox.AccountRefused, Detail: "expired yesterday"}}, []string{"refused", "expired yesterday"}},
		"ending":    {[]inbox.AccountHealth{{State: inbox.AccountOK, ExpiresAt: now.Add(time.Hour)}}, []string{"the credentials end on"}},
		"weak":      {[]inbox.AccountHealth{{State: inbox.AccountOK, Lacks: []string{"reading"}}}, []string{"lack the permissions reading"}},
		"templates": {[]inbox.AccountHealth{{State: inbox.AccountOK, TemplatesDetail: "no waba_id"}}, []string{"could not be listed: no waba_id"}},
	} {
		var out strings.Builder
		if err := List(t.Context(), &book{accounts: test.accounts}, &out); err != nil {
			t.Error(err)
		}
		for _, want := range test.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s: no %q in\n%s", name, want, out.String())
			}
		}
	}
	var out strings.Builder
	quiet := []inbox.AccountHealth{{Channel: "a", CredentialAccount: "b", State: inbox.AccountOK, ExpiresAt: now.AddDate(1, 0, 0), Detail: "old"}}
	if err := List(t.Context(), &book{accounts: quiet}, &out); err != nil || strings.Count(out.String(), "\n") != 2 {
		t.Errorf("%v, more than a table of one account:\n%s", err, out.String())
	}
}

func TestRefreshWaitsForTheAnswers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		channel string
		arrives int
		heard   bool
	}{
		"at once": {"telegram", 2, true}, "after some looks": {"telegram", 5, true}, "never": {"telegram", 0, false},
		"who has templates to list": {"whatsapp", 2, false}, "who cannot be asked": {"gone", 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := &book{accounts: []inbox.AccountHealth{{Channel: test.channel, CredentialAccount: "bot"}}, arrives: test.arrives}
			var out strings.Builder
			wait := 20 * time.Second
			if !test.heard {
				wait = 20 * time.Millisecond
			}
			err := Refresh(t.Context(), b, b, &out, Options{Wait: wait, Every: time.Millisecond})
			if (err == nil) != test.heard || b.asked != 1 || !strings.Contains(out.String(), test.channel+"/bot") {
				t.Errorf("%v, asked %d\n%s", err, b.asked, out.String())
			}
			if err != nil && !strings.Contains(err.Error(), "nothing was heard within 20ms of "+test.channel+"/bot") {
				t.Error(err)
			}
		})
	}
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	full := channels.MessageTemplate{
		Name: "order", Language: "de", Status: "approved", Category: "utility", Header: &channels.TemplateHeader{File: channels.Image},
		Body:    channels.TemplateText{Text: "Am {{1}}\n" + strings.Repeat("lang ", 40), Gaps: []string{"1"}},
		Buttons: []channels.TemplateAction{{Kind: "quick_reply"}, {Kind: "url", Gap: true}}, Beyond: []string{"carousel"},
	}
	plain := channels.MessageTemplate{Name: "hello", Language: "de", Status: "rejected", Body: channels.TemplateText{Text: "Hallo"}}
	b := &book{templates: []inbox.KnownTemplate{{Channel: "whatsapp", CredentialAccount: "shop", MessageTemplate: full}, {MessageTemplate: plain}}}
	var out strings.Builder
	shop := inbox.CredentialAccount{Channel: "whatsapp", Name: "shop"}
	if err := Templates(t.Context(), b, &out, Filter{CredentialAccount: shop, Status: "approved"}); err != nil || b.filter != shop {
		t.Errorf("%v, asks for %+v", err, b.filter)
	}
	for _, want := range []string{"whatsapp/shop", "header: image, text: 1, button 1: url, not possible: carousel", "Am {{1}} lang", "…"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "hello") || strings.Count(out.String(), "\n") != 2 {
		t.Errorf("not one template:\n%s", out.String())
	}
	out.Reset()
	if err := Templates(t.Context(), b, &out, Filter{Status: "paused"}); err != nil || !strings.Contains(out.String(), "omni channels refresh") {
		t.Errorf("%v\n%s", err, out.String())
	}
}
