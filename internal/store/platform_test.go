package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

func news(kind inbox.ErrandKind, state inbox.AccountState, at time.Time) inbox.News {
	return inbox.News{Errand: kind, Channel: channel, CredentialAccount: "default", At: at, State: state}
}

func TestAccountsAreAskedAboutNowAndThen(t *testing.T) {
	f := setup(t)
	if asked, err := f.AskAccounts(t.Context(), time.Hour); err != nil || len(asked) != 0 {
		t.Errorf("before there is any: %+v, %v", asked, err)
	}
	f.writes("4912")
	for _, step := range []struct {
		every time.Duration
		want  int
	}{{time.Hour, 1}, {time.Hour, 0}, {0, 1}, {time.Hour, 0}} {
		asked, err := f.AskAccounts(t.Context(), step.every)
		if err != nil || len(asked) != step.want {
			t.Errorf("every %s: %+v, %v", step.every, asked, err)
		}
	}
	f.want(`SELECT channel, credential_account, state IS NULL, checked_at IS NULL FROM channel_health`, "testchat default true true")
}

func TestAnAccountsHealthIsThatOfTheLatestCheck(t *testing.T) {
	f := setup(t)
	f.writes("4912")
	record := func(n inbox.News, before inbox.AccountState, isNews bool) {
		t.Helper()
		if got, ok, err := f.RecordHealth(t.Context(), n); err != nil || got != before || ok != isNews {
			t.Errorf("%s after %q, %t, %v; want after %q, %t", n.State, got, ok, err, before, isNews)
		}
	}
	well := news(inbox.ErrandHealth, inbox.AccountOK, noon)
	well.Name, well.ExpiresAt, well.Lacks = "The shop (7)", noon.AddDate(0, 0, 60), []string{"reading"}
	refused := news(inbox.ErrandHealth, inbox.AccountRefused, noon.Add(time.Hour))
	refused.Detail = "the platform refuses the credentials\x00"
	record(well, "", true)
	record(refused, inbox.AccountOK, true)
	later := refused
	later.At = noon.Add(2 * time.Hour)
	record(later, inbox.AccountRefused, true)
	record(well, "", false) // which comes late
	all, err := f.ListAccounts(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatalf("%+v, %v", all, err)
	}
	got := all[0]
	if got.State != inbox.AccountRefused || !got.Since.Equal(noon.Add(time.Hour)) || !got.CheckedAt.Equal(later.At) || got.Name != "The shop (7)" ||
		len(got.Lacks) != 0 || !got.ExpiresAt.IsZero() || got.Detail != "the platform refuses the credentials" ||
		!slices.Equal(got.ChannelAccounts, []string{account}) {
		t.Errorf("%+v", got)
	}
}

func listed(names ...string) []channels.MessageTemplate {
	var all []channels.MessageTemplate
	for _, name := range names {
		all = append(all, channels.MessageTemplate{
			Name: name, Language: "de", Category: "utility", Status: "approved", Body: channels.TemplateText{Text: name, Gaps: []string{"1"}},
		})
	}
	return all
}

func TestTemplatesAreThoseOfTheLatestWholeList(t *testing.T) {
	f := setup(t)
	record := func(at time.Duration, total int, names ...string) {
		t.Helper()
		n := news(inbox.ErrandTemplates, inbox.AccountOK, noon.Add(at))
		n.Templates, n.Total = listed(names...), total
		if err := f.RecordTemplates(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	const have = `SELECT name FROM templates ORDER BY name`
	if named, known, err := f.Templates(t.Context(), inbox.CredentialAccount{Channel: channel, Name: "default"}, "a"); named != nil || known || err != nil {
		t.Errorf("%+v, %t, %v", named, known, err)
	}
	record(0, 3, "a", "b", "c")
	record(time.Hour, 3, "d") // a page of several
	f.want(have, "a", "b", "c", "d")
	record(time.Hour, 3, "d") // once more
	record(time.Hour, 3, "b", "e")
	f.want(have, "b", "d", "e")
	record(time.Minute, 1, "a") // which comes late
	f.want(have, "a", "b", "d", "e")
	record(2*time.Hour, 2, "b", "d")
	f.want(have, "b", "d")
	failed := news(inbox.ErrandTemplates, inbox.AccountMissingSecrets, noon.Add(3*time.Hour))
	failed.Detail = "missing secrets: waba_id"
	if err := f.RecordTemplates(t.Context(), failed); err != nil {
		t.Fatal(err)
	}
	f.want(have, "b", "d")
	f.want(`SELECT templates_detail, state IS NULL FROM channel_health`, "missing secrets: waba_id true")
	record(4*time.Hour, 0)
	f.want(`SELECT count(*) FROM templates`, "0")
	f.want(`SELECT templates_detail IS NULL FROM channel_health`, "true")
}

func TestTemplatesAreFoundByNameAndAccount(t *testing.T) {
	f := setup(t)
	n := news(inbox.ErrandTemplates, inbox.AccountOK, noon)
	n.Templates, n.Total = listed("a", "b"), 3
	english := n.Templates[0]
	english.Language = "en"
	n.Templates = append(n.Templates, english)
	if err := f.RecordTemplates(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"default a": "2 true", "default b": "1 true", "default c": "0 true", "other a": "0 false"} {
		var credential, template string
		if _, err := fmt.Sscan(name, &credential, &template); err != nil {
			t.Fatal(err)
		}
		named, known, err := f.Templates(t.Context(), inbox.CredentialAccount{Channel: channel, Name: credential}, template)
		if got := fmt.Sprint(len(named), known); got != want || err != nil {
			t.Errorf("%s: %s, %v, want %s", name, got, err, want)
		}
		if len(named) > 0 && (named[0].Body.Text != template || len(named[0].Body.Gaps) != 1) {
			t.Errorf("%+v", named[0])
		}
	}
	for _, filter := range []inbox.CredentialAccount{{}, {Channel: channel}, {Name: "default"}} {
		if all, err := f.ListTemplates(t.Context(), filter); err != nil || len(all) != 3 || all[0].Name != "a" || all[0].CredentialAccount != "default" {
			t.Errorf("%+v: %+v, %v", filter, all, err)
		}
	}
}

func TestPresenceIsWhatTheCustomerLastWroteAndPressed(t *testing.T) {
	f := setup(t)
	chat := f.writes("4912")
	expect := func(written, pressed string) {
		t.Helper()
		p, err := f.Presence(t.Context(), chat.ID)
		if err != nil || p.Message != written || p.Pressed != pressed || len(p.To) == 0 || p.Account != account || p.CredentialAccount != "default" {
			t.Errorf("%+v, %v; want %q and %q", p, err, written, pressed)
		}
	}
	expect("hello 4912", "")
	f.take(received("callback/7", "4912", "Yes", noon.Add(time.Minute)))
	expect("hello 4912", "callback/7")
	f.take(received("m2", "4912", "and this", noon.Add(2*time.Minute)))
	expect("m2", "")
	if _, err := f.Presence(t.Context(), uuid.New()); !errors.Is(err, inbox.ErrNotFound) {
		t.Errorf("of no conversation: %v", err)
	}
}
