package telegram

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"omni/channels"
	"omni/channels/channeltest"
	"omni/channels/simulate"
	_ "omni/channels/telegram/simulator"
)

const (
	rightToken = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
	hookURL    = "https://omni.example/webhooks/telegram/support"
)

// calling opens the channel with a network.
func calling(t *testing.T, client channels.Doer, botToken, secretToken string) *channel {
	t.Helper()
	opened, err := open(channels.Env{
		Account: "support", HTTP: client, Secrets: channels.Secrets{"bot_token": {botToken}, "secret_token": {secretToken, "old"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return opened.(*channel)
}

// botAPI plays the Bot API for one bot.
func botAPI(t *testing.T) http.Handler {
	t.Helper()
	platform, _ := simulate.Lookup("telegram")
	return platform.(simulate.API).API(map[string]channels.Secrets{"support": {"bot_token": {rightToken}}}, nil)
}

func TestSubscribe(t *testing.T) {
	t.Parallel()
	var asked []string
	server := botAPI(t)
	client := channeltest.Network(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		asked = append(asked, r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]+string(body))
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		server.ServeHTTP(w, r)
	}))
	c := calling(t, client, rightToken, "new")
	if err := c.Subscribe(t.Context(), channels.Callback{URL: hookURL}); err != nil {
		t.Fatal(err)
	}
	kinds, _ := json.Marshal(updateKeys)
	want := `setWebhook{"allowed_updates":` + string(kinds) + `,"drop_pending_updates":false,"max_connections":40,"secret_token":"new","url":"` + hookURL + `"}`
	if diff := cmp.Diff([]string{want}, asked); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	got, err := c.Subscriptions(t.Context())
	on := "bot @support_bot ("
	if err != nil || len(got) != 1 || !strings.HasPrefix(got[0].On, on) {
		t.Fatalf("%+v, %v", got, err)
	}
	got[0].On = on
	if diff := cmp.Diff([]channels.Subscription{{On: on, Active: true, URL: hookURL, Events: slices.Sorted(slices.Values(updateKeys))}}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if err := c.Subscribe(t.Context(), channels.Callback{URL: hookURL, Events: []string{"message", "callback_query"}}); err != nil {
		t.Fatal(err)
	}
	if got, _ := c.Subscriptions(t.Context()); !slices.Equal(got[0].Events, []string{"callback_query", "message"}) {
		t.Errorf("with two kinds: %+v", got)
	}
}

func TestSubscribeRefused(t *testing.T) {
	t.Parallel()
	client := channeltest.Network(t, botAPI(t))
	for name, c := range map[string]struct {
		callback channels.Callback
		want     string
	}{
		"no TLS":          {channels.Callback{URL: "http://omni.example/"}, "An HTTPS URL must be provided"},
		"another port":    {channels.Callback{URL: "https://omni.example:8080/"}, "only on ports 80, 88, 443 or 8443"},
		"an unknown kind": {channels.Callback{URL: hookURL, Events: []string{"carrier_pigeon"}}, "unknown update type carrier_pigeon"},
	} {
		if err := calling(t, client, rightToken, "new").Subscribe(t.Context(), c.callback); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if err := calling(t, client, rightToken, "").Subscribe(t.Context(), channels.Callback{URL: hookURL}); err == nil ||
		err.Error() != "missing secrets: secret_token" {
		t.Errorf("without a secret token anybody could send updates: %v", err)
	}
	if _, err := open(channels.Env{Secrets: channels.Secrets{"secret_token": {strings.Repeat("x", 257)}}}); err == nil {
		t.Error("a secret token that Telegram refuses can be opened")
	}
}

// TestTroubles: Telegram says what went wrong with the webhook, and with calls. No word of it shows a token.
func TestTroubles(t *testing.T) {
	t.Parallel()
	const infos = `{"ok":true,"result":{"id":7,"username":"shop_bot","url":"` + hookURL + `","pending_update_count":12,` +
		`"last_error_date":1764000000,"last_error_message":"Wrong response from the webhook: 500 Internal Server Error"}}`
	tests := []struct {
		name, answer, want string
		status             int
		credentials        bool
		throttled          time.Duration
	}{
		{name: "revoked", status: 401, answer: `{"ok":false,"error_code":401,"description":"Unauthorized"}`,
			want: "the Bot API answers getMe with 401 Unauthorized", credentials: true},
		{name: "no token", status: 404, answer: `{"ok":false,"error_code":404,"description":"Not Found"}`,
			want: "the Bot API answers getMe with 404 Not Found", credentials: true},
		{name: "throttled", status: 429, answer: `{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":35}}`,
			want:      "the Bot API answers getMe with 429 Too Many Requests; the platform wants no calls for 35s",
			throttled: 35 * time.Second},
		{name: "token repeated", status: 400, answer: `{"ok":false,"error_code":400,"description":"bad ` + rightToken + `"}`,
			want: "the Bot API answers getMe with 400 bad [hidden]"},
		{name: "no JSON", status: 502, answer: `<html>` + rightToken, want: "the Bot API answers getMe with 502 and no JSON: Bad Gateway"},
		{name: "another result", status: 200, answer: `{"ok":true,"result":7}`, want: "reading the result of getMe: "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			client := channeltest.Network(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(test.status)
				w.Write([]byte(test.answer))
			}))
			_, err := calling(t, client, rightToken, "new").Health(t.Context())
			if err == nil || !strings.HasPrefix(err.Error(), test.want) || errors.Is(err, channels.ErrCredentials) != test.credentials {
				t.Errorf("%v, want %s", err, test.want)
			}
			var throttled *channels.ThrottledError
			if errors.As(err, &throttled) != (test.throttled > 0) || throttled != nil && throttled.After != test.throttled {
				t.Errorf("throttled: %+v, want %s", throttled, test.throttled)
			}
		})
	}
	client := channeltest.Network(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(infos)) }))
	got, err := calling(t, client, rightToken, "new").Subscriptions(t.Context())
	want := channels.Subscription{
		On: "bot @shop_bot (7)", Active: true, URL: hookURL, Waiting: 12,
		LastError: "Wrong response from the webhook: 500 Internal Server Error", LastErrorAt: time.Unix(1764000000, 0).UTC(),
	}
	if diff := cmp.Diff([]channels.Subscription{want}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	broken := channeltest.Network(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	_, err = calling(t, broken, rightToken, "new").Health(t.Context())
	if err == nil || strings.Contains(err.Error(), rightToken) || !strings.Contains(err.Error(), "calling api.telegram.org: ") {
		t.Errorf("a server that hangs up: %v", err)
	}
	unconfirmed := channeltest.Network(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Write([]byte(`{"ok":true,"result":false}`))
	}))
	if err := calling(t, unconfirmed, rightToken, "new").Unsubscribe(t.Context()); err == nil {
		t.Error("what is not confirmed counts as done")
	}
}
