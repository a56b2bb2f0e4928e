package instagram

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"omni/channels"
	"omni/channels/channeltest"
	_ "omni/channels/instagram/simulator"
	"omni/channels/simulate"
)

// TestBothFlavours: an account that is linked to a Page is subscribed through the Page, one with Instagram Login by itself.
func TestBothFlavours(t *testing.T) {
	t.Parallel()
	const hookURL = "https://omni.example/webhooks/instagram"
	sorted := func(names ...string) []string { return slices.Sorted(slices.Values(names)) }
	for name, flavour := range map[string]struct {
		token, on         string
		appFields, fields []string
	}{
		"linked to a Page": {"EAAG-right", "page The shop (", sorted(fields...), sorted(pageFields...)},
		"Instagram Login":  {"IGAA-right", "account @The shop (", sorted(append(fields, echoes)...), sorted(append(fields, echoes)...)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			secrets := channels.Secrets{
				"app_secret": {"app-secret", "instagram-app-secret"}, "verify_token": {"verify-token"}, "access_token": {flavour.token}, "app_id": {"1000"},
			}
			calling := func(client *http.Client) *channel {
				opened, err := open(channels.Env{Secrets: secrets, HTTP: client})
				if err != nil {
					t.Fatal(err)
				}
				return opened.(*channel)
			}
			platform, _ := simulate.Lookup("instagram")
			callbacks := channeltest.Network(t, channeltest.Handshakes(calling(nil)))
			c := calling(channeltest.Network(t, platform.(simulate.API).API(map[string]channels.Secrets{"shop": secrets}, callbacks)))
			if err := c.Subscribe(t.Context(), channels.Callback{URL: hookURL}); err != nil {
				t.Fatal(err)
			}
			got, err := c.Subscriptions(t.Context())
			if err != nil || len(got) != 2 || !strings.HasPrefix(got[1].On, flavour.on) {
				t.Fatalf("%+v, %v", got, err)
			}
			if got[0].URL != hookURL || !slices.Equal(got[0].Events, flavour.appFields) || !slices.Equal(got[1].Events, flavour.fields) {
				t.Errorf("%+v", got)
			}
			health, err := c.Health(t.Context())
			if err != nil || !strings.Contains(health.Name, "The shop (") || len(health.Lacks) > 0 {
				t.Errorf("%+v, %v", health, err)
			}
			if err := c.Unsubscribe(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got, err := c.Subscriptions(t.Context()); err != nil || got[1].Active || !got[0].Active {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}
