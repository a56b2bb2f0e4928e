package doctor

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"omni/channels"
	"omni/channels/channeltest"
	"omni/channels/simulate"
	_ "omni/gen/dispatch"
	_ "omni/gen/simulators"
	"omni/tools/omni/secrets"
)

// secretParts are in every secret value of these tests, and in nothing else.
var secretParts = []string{"AAHdq", "hidden-", "EAAG-"}

const botToken = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"

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

func page(token string) channels.Secrets {
	return channels.Secrets{"app_secret": {"hidden-app"}, "verify_token": {"hidden-verify"}, "access_token": {token}, "app_id": {"1000"}}
}

// world plays every platform in one network, by the names of their hosts, for the accounts that exist there.
func world(t *testing.T, telegram, messenger map[string]channels.Secrets) *http.Client {
	t.Helper()
	callbacks := channeltest.Network(t, channeltest.Handshakes(channeltest.Open(t, "messenger", page(""))))
	api := func(name string, accounts map[string]channels.Secrets) http.Handler {
		platform, _ := simulate.Lookup(name)
		return platform.(simulate.API).API(accounts, callbacks)
	}
	hosts := map[string]http.Handler{"api.telegram.org": api("telegram", telegram), "graph.facebook.com": api("messenger", messenger)}
	return channeltest.Network(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { hosts[r.Host].ServeHTTP(w, r) }))
}

func TestChannels(t *testing.T) {
	t.Parallel()
	bot := channels.Secrets{"bot_token": {botToken}, "secret_token": {"hidden-token"}}
	messenger := map[string]channels.Secrets{
		"default": page("EAAG-default"), "ending": page("EAAG-expiring"), "weak": page("EAAG-poor"), "idle": page("EAAG-idle"),
	}
	client := world(t, map[string]channels.Secrets{"support": bot}, messenger)
	for name, given := range messenger {
		if name != "idle" {
			subscribeTo(t, "messenger", given, client, "https://api.example/webhooks/messenger")
		}
	}
	subscribeTo(t, "telegram", bot, client, "https://old.example/webhooks/telegram/support")
	store := fileOf(t, map[string]map[string]channels.Secrets{
		"telegram": {
			"support": bot,
			"revoked": {"bot_token": {"7:AAHdq-revoked"}, "secret_token": {"hidden-token"}},
			"deaf":    {"bot_token": {botToken}},
			"broken":  {"secret_token": {"hidden-token with a blank"}},
			"mute":    {"secret_token": {"hidden-token"}, "bot_tokn": {"hidden-typo"}},
		},
		"messenger": messenger,
		"whatsapp":  {"default": {"app_secret": {"hidden-app"}, "verify_token": {"hidden-verify"}, "access_token": {"EAAG-no-ids"}}},
	})
	var unused []string
	for _, spec := range channels.Specs() {
		if !slices.Contains([]string{"messenger", "telegram", "whatsapp"}, spec.Name) {
			unused = append(unused, spec.Name)
		}
	}
	findings := Channels(t.Context(), channels.Specs(), Platforms{Store: store, HTTP: client, URL: "https://api.example", Now: time.Now()})
	expect(t, findings, []string{
		"ok messenger/default: webhooks are accepted, answers can be sent",
		"ok messenger/default token: accepted, The default (",
		"ok messenger/default webhook: registered, to https://api.example/webhooks/messenger",
		"ok messenger/ending: ",
		"warning messenger/ending token: it ends on ",
		"problem messenger/ending webhook: not to https://api.example/webhooks/messenger/ending",
		"ok messenger/idle: ",
		"ok messenger/idle token: accepted",
		"problem messenger/idle webhook: nothing is registered on page The idle",
		"ok messenger/weak: ",
		"warning messenger/weak token: it lacks the permissions pages_messaging, pages_manage_metadata",
		"problem messenger/weak webhook: not to https://api.example/webhooks/messenger/weak",
		"warning telegram/broken: nothing can be sent without the secrets bot_token",
		"problem telegram/broken: the secrets cannot be used",
		"problem telegram/deaf: webhooks are refused without the secrets secret_token",
		"ok telegram/deaf token: accepted, @support_bot",
		"problem telegram/deaf webhook: webhooks go to https://old.example/webhooks/telegram/support, not to https://api.example/webhooks/telegram/deaf",
		"warning telegram/mute: nothing reads the secrets bot_tokn",
		"- telegram/mute webhook: missing secrets: bot_token",
		"ok telegram/revoked: ",
		"problem telegram/revoked token: 401 Unauthorized",
		"ok telegram/support: ",
		"ok telegram/support token: accepted, @support_bot",
		"problem telegram/support webhook: webhooks go to https://old.example/webhooks/telegram/support",
		"ok whatsapp/default: ",
		"problem whatsapp/default token: (#190)",
		"- not used: " + strings.Join(unused, ", ") + ": no secrets",
	}, secretParts...)
	for _, f := range findings {
		if f.About == "telegram/support webhook" && !strings.Contains(f.Do, "`omni subscribe telegram/support --url https://api.example`") {
			t.Errorf("what to do is %s", f.Do)
		}
	}
}

func subscribeTo(t *testing.T, channel string, given channels.Secrets, client *http.Client, url string) {
	t.Helper()
	opened, err := channels.Open(channel, channels.Env{Secrets: given, HTTP: client})
	if err != nil {
		t.Fatal(err)
	}
	if err := opened.(channels.Subscriber).Subscribe(t.Context(), channels.Callback{URL: url}); err != nil {
		t.Fatal(err)
	}
}

// TestDeliveries: the platform's own words on what it could not deliver.
func TestDeliveries(t *testing.T) {
	t.Parallel()
	now := time.Unix(1764000000, 0)
	target, err := secrets.ParseTarget("telegram/support", channels.Specs())
	if err != nil {
		t.Fatal(err)
	}
	a := account{Target: target, platforms: Platforms{Store: fileOf(t, map[string]any{}), Now: now}}
	sub := channels.Subscription{Active: true, LastError: "Wrong response from the webhook: 500", LastErrorAt: now.Add(-time.Minute), Waiting: 101}
	expect(t, a.deliveries("it", sub), []string{"warning it: Wrong response from the webhook: 500", "warning it: 101 webhooks wait"})
	sub.LastErrorAt, sub.Waiting = now.Add(-2*time.Hour), 3
	expect(t, a.deliveries("it", sub), nil)
	for url, want := range map[string]string{
		"https://any.example/stage/webhooks/telegram/support": "ok it: registered, to https://any.example/stage/",
		"https://any.example/webhooks/telegram/sales":         "warning it: which is no address of this account",
	} {
		expect(t, []Finding{a.registered("it", []channels.Subscription{{Active: true, URL: url}})}, []string{want})
	}
	a.platforms.URL = "http://no-tls.example"
	expect(t, []Finding{a.registered("it", []channels.Subscription{{Active: true, URL: "https://any.example/"}})}, []string{"problem it: want an https address"})
	expect(t, []Finding{
		a.unanswered("it", channels.Throttled(time.Minute, errors.New("too many"))), a.unanswered("it", errors.New("no such host")),
		a.unanswered("it", channels.ErrCredentials),
	}, []string{"warning it: no calls for 1m0s", "warning it: no such host", "problem it: refuses the credentials"})
}

func TestUnreadableSecrets(t *testing.T) {
	t.Parallel()
	store := fileOf(t, map[string]any{"telegram": "hidden-text"})
	expect(t, Channels(t.Context(), channels.Specs(), Platforms{Store: store}), []string{"problem secrets: telegram"}, secretParts...)
}
