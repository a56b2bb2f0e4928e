package whatsapp

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"omni/channels"
	"omni/channels/channeltest"
	"omni/channels/simulate"
	_ "omni/channels/whatsapp/simulator"
)

const hookURL = "https://omni.example/webhooks/whatsapp"

// accountOf are the secrets of one account of the app 1000.
func accountOf(waba, token string) channels.Secrets {
	return channels.Secrets{
		"app_secret": {"app-secret"}, "verify_token": {"verify-token"}, "access_token": {token}, "app_id": {"1000"}, "waba_id": {waba},
	}
}

// cloudAPI plays the Graph API for two accounts of one app.
func cloudAPI(t *testing.T) *http.Client {
	t.Helper()
	accounts := map[string]channels.Secrets{"one": accountOf("2001", "EAAG-one"), "two": accountOf("2002", "EAAG-two"),
		"ending": accountOf("2003", "EAAG-expiring"), "ended": accountOf("2004", "EAAG-expired"), "weak": accountOf("2005", "EAAG-poor")}
	callbacks := channeltest.Network(t, channeltest.Handshakes(calling(t, nil, accounts["one"])))
	platform, _ := simulate.Lookup("whatsapp")
	return channeltest.Network(t, platform.(simulate.API).API(accounts, callbacks))
}

func calling(t *testing.T, client *http.Client, secrets channels.Secrets) channel {
	t.Helper()
	env := channels.Env{Secrets: secrets}
	if client != nil {
		env.HTTP = client
	}
	opened, err := open(env)
	if err != nil {
		t.Fatal(err)
	}
	return opened.(channel)
}

func subscriptions(t *testing.T, c channel) (app, waba channels.Subscription) {
	t.Helper()
	both, err := c.Subscriptions(t.Context())
	if err != nil || len(both) != 2 {
		t.Fatalf("%+v, %v", both, err)
	}
	return both[0], both[1]
}

// TestTwoAccountsOfOneApp: the app has one callback URL, and each account may have its own.
func TestTwoAccountsOfOneApp(t *testing.T) {
	t.Parallel()
	client := cloudAPI(t)
	one, two := calling(t, client, accountOf("2001", "EAAG-one")), calling(t, client, accountOf("2002", "EAAG-two"))
	if err := two.Subscribe(t.Context(), channels.Callback{URL: hookURL + "/two", OwnURL: true}); err == nil ||
		!strings.Contains(err.Error(), "your app must be subscribed to receive messages") {
		t.Errorf("an override before the app's own callback: %v", err)
	}
	if err := one.Subscribe(t.Context(), channels.Callback{URL: hookURL, Events: []string{"messages", "flows"}}); err != nil {
		t.Fatal(err)
	}
	if err := two.Subscribe(t.Context(), channels.Callback{URL: hookURL + "/two", OwnURL: true}); err != nil {
		t.Fatal(err)
	}
	app, waba := subscriptions(t, two)
	if app.URL != hookURL || !slices.Equal(app.Events, []string{"flows", "messages"}) || waba.URL != hookURL+"/two" || !waba.Active {
		t.Errorf("%+v, %+v", app, waba)
	}
	if err := two.Subscribe(t.Context(), channels.Callback{URL: hookURL}); err != nil {
		t.Fatal(err)
	}
	app, waba = subscriptions(t, two)
	if !slices.Contains(app.Events, "flows") || !slices.Contains(app.Events, "smb_message_echoes") || waba.URL != "" {
		t.Errorf("fields of others are kept and the override ends: %+v, %+v", app, waba)
	}
	if err := two.Unsubscribe(t.Context()); err != nil {
		t.Fatal(err)
	}
	if app, waba := subscriptions(t, two); waba.Active || !app.Active {
		t.Errorf("only the account's part ends: %+v, %+v", app, waba)
	}
	if _, waba := subscriptions(t, one); !waba.Active {
		t.Errorf("the other account goes on: %+v", waba)
	}
}

func TestSubscribeRefused(t *testing.T) {
	t.Parallel()
	client := cloudAPI(t)
	foreign := accountOf("2001", "EAAG-two") // the token of the other account
	denied := accountOf("2001", "EAAG-one")
	denied["verify_token"] = []string{"another"} // than our webhook knows
	for name, c := range map[string]struct {
		secrets  channels.Secrets
		callback channels.Callback
		want     string
	}{
		"an unknown field":   {accountOf("2001", "EAAG-one"), channels.Callback{URL: hookURL, Events: []string{"carrier"}}, `got "carrier"`},
		"a foreign account":  {foreign, channels.Callback{URL: hookURL}, "(#210)"},
		"a failed handshake": {denied, channels.Callback{URL: hookURL}, "(#2200) Callback verification failed with the following errors: HTTP Status Code = 403"},
		"a long URL of its own": {accountOf("2001", "EAAG-one"), channels.Callback{URL: hookURL + strings.Repeat("x", 200), OwnURL: true},
			"Meta takes at most 200"},
	} {
		if err := calling(t, client, c.secrets).Subscribe(t.Context(), c.callback); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if app, waba := subscriptions(t, calling(t, client, accountOf("2001", "EAAG-one"))); app.Active || waba.Active {
		t.Errorf("after refusals: %+v, %+v", app, waba)
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	client := cloudAPI(t)
	health, err := calling(t, client, accountOf("2001", "EAAG-one")).Health(t.Context())
	if err != nil || !strings.HasPrefix(health.Name, "The one (") || !health.Expires.IsZero() || len(health.Lacks) > 0 {
		t.Errorf("%+v, %v", health, err)
	}
	if health, err := calling(t, client, accountOf("2003", "EAAG-expiring")).Health(t.Context()); err != nil || time.Until(health.Expires) > 21*time.Hour ||
		health.Expires.IsZero() {
		t.Errorf("a token that ends: %+v, %v", health, err)
	}
	if health, err := calling(t, client, accountOf("2005", "EAAG-poor")).Health(t.Context()); err != nil || len(health.Lacks) != 2 {
		t.Errorf("a token without permissions: %+v, %v", health, err)
	}
	alone := accountOf("2001", "EAAG-one")
	delete(alone, "app_id")
	if health, err := calling(t, client, alone).Health(t.Context()); err != nil || health.Name == "" {
		t.Errorf("without the app's id: %+v, %v", health, err)
	}
	otherApp := accountOf("2001", "EAAG-one")
	otherApp["app_id"] = []string{"9999"}
	for name, secrets := range map[string]channels.Secrets{
		"ended": accountOf("2004", "EAAG-expired"), "wrong": accountOf("2001", "EAAG-wrong"), "of another app": otherApp,
	} {
		if _, err := calling(t, client, secrets).Health(t.Context()); !errors.Is(err, channels.ErrCredentials) {
			t.Errorf("%s: %v, want ErrCredentials", name, err)
		}
	}
}
