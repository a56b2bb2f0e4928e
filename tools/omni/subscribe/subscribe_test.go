package subscribe

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"omni/channels"
	"omni/channels/channeltest"
	"omni/channels/simulate"
	_ "omni/gen/dispatch"
	_ "omni/gen/simulators"
	"omni/tools/omni/secrets"
)

const botToken = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"

// everything are the secrets of an account of each channel.
var everything = map[string]map[string]channels.Secrets{
	"telegram": {"support": {"bot_token": {botToken}, "secret_token": {"secret-token-new", "secret-token-old"}}},
	"whatsapp": {
		"default": {"app_secret": {"app-secret"}, "verify_token": {"verify-token"}, "access_token": {"EAAG-one"}, "app_id": {"1000"}, "waba_id": {"2001"}},
		"second":  {"app_secret": {"app-secret"}, "verify_token": {"verify-token"}, "access_token": {"EAAG-two"}, "app_id": {"1000"}, "waba_id": {"2002"}},
		"empty":   {"app_secret": {"app-secret"}, "verify_token": {"verify-token"}},
	},
}

// bench is everything that a run needs.
type bench struct {
	t       *testing.T
	channel string
	store   secrets.Store
	client  *http.Client
	asked   []string
	answer  bool
}

// newBench starts the platform of a channel.
func newBench(t *testing.T, channel string) *bench {
	t.Helper()
	platform, _ := simulate.Lookup(channel)
	var any channels.Secrets
	for _, s := range everything[channel] {
		any = s
	}
	callbacks := channeltest.Network(t, channeltest.Handshakes(channeltest.Open(t, channel, any)))
	client := channeltest.Network(t, platform.(simulate.API).API(everything[channel], callbacks))
	return &bench{t: t, channel: channel, client: client, store: fileOf(t, everything), answer: true}
}

func fileOf(t *testing.T, content any) secrets.File {
	t.Helper()
	raw, err := json.Marshal(content)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "secrets.json")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return secrets.File{Path: path}
}

// run runs one command line and returns all that it wrote. No secret may be in it.
func (b *bench) run(target string, o Options) (string, error) {
	b.t.Helper()
	var err error
	if o.Target, err = secrets.ParseTarget(target, channels.Specs()); err != nil {
		b.t.Fatal(err)
	}
	var out bytes.Buffer
	err = Run(b.t.Context(), o, Parts{Store: b.store, HTTP: b.client, Out: &out, Confirm: func(question string) (bool, error) {
		b.asked = append(b.asked, question)
		return b.answer, nil
	}})
	all := out.String()
	if err != nil {
		all += "error: " + err.Error()
	}
	for _, secret := range []string{botToken, "secret-token", "app-secret", "verify-token", "EAAG-"} {
		if strings.Contains(all, secret) {
			b.t.Errorf("%s shows the secret %s:\n%s", target, secret, all)
		}
	}
	return all, err
}

func TestRegistrationOfTelegram(t *testing.T) {
	t.Parallel()
	b := newBench(t, "telegram")
	const want = `Registered for telegram/support before:
  bot @support_bot (2013091222)
    not registered

Registered now:
  bot @support_bot (2013091222)
    webhooks to  https://api.example/webhooks/telegram/support
    events       callback_query, message

`
	got, err := b.run("telegram/support", Options{Action: Register, URL: "https://api.example", Events: []string{"message", "callback_query"}})
	if diff := cmp.Diff(want, maskID(got)); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	got, err = b.run("telegram/support", Options{Action: Register, URL: "https://api.example/"})
	if err != nil || len(b.asked) > 0 || !strings.Contains(got, "message_reaction_count") {
		t.Errorf("the same again: %v, asked %q\n%s", err, b.asked, got)
	}
	b.answer = false
	got, err = b.run("telegram/support", Options{Action: Register, URL: "https://other.example"})
	if err != nil || len(b.asked) != 1 || !strings.Contains(b.asked[0], "go to https://api.example/webhooks/telegram/support. Send them to https://other.") ||
		!strings.HasSuffix(got, "Nothing was done.\n") {
		t.Errorf("another URL, and no: %v, asked %q\n%s", err, b.asked, got)
	}
	if got, err := b.run("telegram/support", Options{Action: Show}); err != nil || !strings.Contains(got, "https://api.example/webhooks") {
		t.Errorf("after a no: %v\n%s", err, got)
	}
	b.answer = true
	if got, err := b.run("telegram/support", Options{Action: Remove}); err != nil || !strings.HasSuffix(got, "    not registered\n\n") {
		t.Errorf("removing: %v\n%s", err, got)
	}
}

// maskID replaces the number that the simulator makes of the bot's name.
func maskID(text string) string {
	start := strings.Index(text, "(")
	end := strings.Index(text, ")")
	if start < 0 || end < start {
		return text
	}
	return strings.ReplaceAll(text, text[start:end+1], "(2013091222)")
}

func TestRegistrationOfTwoWhatsAppAccounts(t *testing.T) {
	t.Parallel()
	b := newBench(t, "whatsapp")
	if got, err := b.run("whatsapp", Options{Action: Register, URL: "https://api.example"}); err != nil ||
		!strings.Contains(got, "  app 1000, whatsapp_business_account\n    webhooks to  https://api.example/webhooks/whatsapp\n") {
		t.Errorf("%v\n%s", err, got)
	}
	got, err := b.run("whatsapp/second", Options{Action: Register, URL: "https://api.example", OwnURL: true})
	if err != nil || !strings.Contains(got, "  WhatsApp Business Account 2002\n    webhooks to  https://api.example/webhooks/whatsapp/second\n") {
		t.Errorf("a URL of its own: %v\n%s", err, got)
	}
	if got, err := b.run("whatsapp", Options{Action: Show}); err != nil || !strings.Contains(got, "https://api.example/webhooks/whatsapp\n") {
		t.Errorf("the other account: %v\n%s", err, got)
	}
}

func TestMistakesAreExplained(t *testing.T) {
	t.Parallel()
	b := newBench(t, "whatsapp")
	for name, c := range map[string]struct {
		target string
		o      Options
		want   string
	}{
		"no secrets":      {"whatsapp/third", Options{}, "enter them with `omni secrets set whatsapp/third`"},
		"missing secrets": {"whatsapp/empty", Options{}, "missing secrets: access_token, waba_id: enter them with `omni secrets set whatsapp/empty`"},
		"no TLS":          {"whatsapp", Options{Action: Register, URL: "http://api.example"}, "want an https address"},
		"no host":         {"whatsapp", Options{Action: Register, URL: "https://"}, "want an https address"},
		"a query":         {"whatsapp", Options{Action: Register, URL: "https://api.example/?a=b"}, "without ? and #"},
		"another webhook": {"whatsapp", Options{Action: Register, URL: "https://api.example/webhooks/telegram/a"}, "the webhook of whatsapp/default is /webhooks/whatsapp"},
	} {
		if got, err := b.run(c.target, c.o); err == nil || !strings.Contains(got, c.want) {
			t.Errorf("%s: no %q in %s", name, c.want, got)
		}
	}
	b.store = fileOf(t, map[string]map[string]channels.Secrets{"whatsapp": {"default": {"app_secret": {"app-secret-2"}, "verify_token": {"verify-token"},
		"access_token": {"EAAG-other"}, "app_id": {"1000"}, "waba_id": {"2001"}}}})
	if got, err := b.run("whatsapp", Options{}); err == nil || !strings.Contains(got, "(#15)") {
		t.Errorf("a wrong app secret: %s", got)
	}
	b.store = fileOf(t, map[string]map[string]channels.Secrets{"telegram": {"support": {"bot_token": {"1:wrong"}, "secret_token": {"secret-token"}}}})
	b.client = newBench(t, "telegram").client
	if got, err := b.run("telegram/support", Options{}); !errors.Is(err, channels.ErrCredentials) || !strings.Contains(got, "enter them again with `omni secrets set telegram/support`") {
		t.Errorf("a wrong token: %s", got)
	}
}

// TestWhatThePlatformShows: a platform that confirms and then shows something else is not believed.
func TestWhatThePlatformShows(t *testing.T) {
	t.Parallel()
	ours := channels.Subscription{On: "it", Active: true, URL: "https://api.example/webhooks/whatsapp"}
	theirs := channels.Subscription{On: "it", Active: true, URL: "https://other.example"}
	for name, c := range map[string]struct {
		action Action
		after  []channels.Subscription
		want   string
	}{
		"registered":           {Register, []channels.Subscription{ours, {On: "page", Active: true}}, ""},
		"the special one":      {Register, []channels.Subscription{theirs, ours}, ""},
		"half":                 {Register, []channels.Subscription{ours, {On: "page"}}, "does not show all of it"},
		"nothing":              {Register, nil, "does not show all of it"},
		"an override":          {Register, []channels.Subscription{ours, theirs}, "still shows https://other.example"},
		"removed":              {Remove, []channels.Subscription{ours, {On: "page"}}, ""},
		"removed, still there": {Remove, []channels.Subscription{ours}, "still shows the registration"},
	} {
		err := verify(c.action, ours.URL, c.after)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
