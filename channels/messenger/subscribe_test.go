package messenger

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"omni/channels"
	"omni/channels/channeltest"
	_ "omni/channels/messenger/simulator"
	"omni/channels/simulate"
)

const hookURL = "https://omni.example/webhooks/messenger"

func pageSecrets(token string) channels.Secrets {
	return channels.Secrets{"app_secret": {"app-secret"}, "verify_token": {"verify-token"}, "access_token": {token}, "app_id": {"1000"}}
}

func calling(t *testing.T, client *http.Client, token string) *channel {
	t.Helper()
	opened, err := open(channels.Env{Secrets: pageSecrets(token), HTTP: client})
	if err != nil {
		t.Fatal(err)
	}
	return opened.(*channel)
}

// TestTwoPagesOfOneApp: what one account registers leaves the other's part alone, and fields that somebody else wanted stay.
func TestTwoPagesOfOneApp(t *testing.T) {
	t.Parallel()
	platform, _ := simulate.Lookup("messenger")
	callbacks := channeltest.Network(t, channeltest.Handshakes(calling(t, nil, "")))
	client := channeltest.Network(t, platform.(simulate.API).API(
		map[string]channels.Secrets{"bakery": pageSecrets("EAAG-bakery"), "cinema": pageSecrets("EAAG-cinema")}, callbacks))
	bakery, cinema := calling(t, client, "EAAG-bakery"), calling(t, client, "EAAG-cinema")
	if err := cinema.Subscribe(t.Context(), channels.Callback{URL: hookURL, Events: []string{"feed", "messages"}}); err != nil {
		t.Fatal(err)
	}
	if err := bakery.Subscribe(t.Context(), channels.Callback{URL: hookURL}); err != nil {
		t.Fatal(err)
	}
	got, err := bakery.Subscriptions(t.Context())
	if err != nil || len(got) != 2 || got[0].On != "app 1000, page" || !strings.HasPrefix(got[1].On, "page The bakery (") {
		t.Fatalf("%+v, %v", got, err)
	}
	if all := slices.Sorted(slices.Values(append([]string{"feed"}, fields...))); got[0].URL != hookURL || !slices.Equal(got[0].Events, all) {
		t.Errorf("the app: %+v", got[0])
	}
	if !got[1].Active || !slices.Equal(got[1].Events, slices.Sorted(slices.Values(fields))) {
		t.Errorf("the Page: %+v", got[1])
	}
	if err := bakery.Unsubscribe(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, _ := cinema.Subscriptions(t.Context()); !got[0].Active || !slices.Equal(got[1].Events, []string{"feed", "messages"}) {
		t.Errorf("the other Page: %+v", got)
	}
	if err := bakery.Subscribe(t.Context(), channels.Callback{URL: hookURL, OwnURL: true}); err == nil || !strings.Contains(err.Error(), "one callback URL") {
		t.Errorf("a URL of its own: %v", err)
	}
	health, err := bakery.Health(t.Context())
	if err != nil || !strings.HasPrefix(health.Name, "The bakery (") || len(health.Lacks) > 0 {
		t.Errorf("%+v, %v", health, err)
	}
}
