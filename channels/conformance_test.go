package channels_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"omni/channels"
	"omni/channels/channeltest"
	"omni/channels/simulate"
	"omni/gen/dispatch"
	_ "omni/gen/simulators"
)

// TestConformance holds every linked channel to the rules of the contract.
func TestConformance(t *testing.T) {
	rules := []struct {
		name string
		hold func(*testing.T, channels.Spec)
	}{
		{"Spec", checkSpec},
		{"RefusesWhatIsNotSigned", checkRefusal},
		{"AcceptsEverySecretOfARotation", checkRotation},
		{"RefusesAnEmptyHandshake", checkHandshake},
		{"KeepsTheRulesForEveryBody", checkBodies},
		{"CanBeSimulated", checkSimulator},
		{"CallsKeepSecrets", byPlatform(checkCalls, checkHostCalls)},
		{"CanSubscribe", checkSubscribe},
		{"CanSend", byPlatform(checkSend, checkHostSend)},
		{"KeepsTheRate", checkRate},
		{"ConfirmsWhatItSent", checkConfirmations},
		{"CanFetchMedia", byPlatform(checkMedia, checkHostMedia)},
		{"ListsTemplates", checkTemplates},
		{"LetsPagesIn", checkHost},
		{"Files", checkFiles},
		{"Readme", checkReadme},
		{"RegistersFirst", checkRegistration},
		{"ExportsNothing", checkExports},
		{"Imports", checkImports},
		{"ParsesPurely", checkPurity},
	}
	for _, spec := range channels.Specs() {
		t.Run(spec.Name, func(t *testing.T) {
			t.Parallel()
			for _, rule := range rules {
				t.Run(rule.name, func(t *testing.T) { rule.hold(t, spec) })
			}
		})
	}
}

// TestRoutes takes a request for every webhook path of every channel through net/http's router.
func TestRoutes(t *testing.T) {
	t.Parallel()
	answeredBy := ""
	mux := http.NewServeMux()
	for _, route := range dispatch.Routes {
		mux.HandleFunc(route.Key, func(http.ResponseWriter, *http.Request) { answeredBy = route.Channel })
	}
	for _, spec := range channels.Specs() {
		_, handshakes := channeltest.Open(t, spec.Name, nil).(channels.Handshaker)
		for method, want := range map[string]bool{http.MethodPost: true, http.MethodGet: handshakes} {
			for _, path := range spec.WebhookPaths() {
				path = strings.ReplaceAll(path, "{account}", "support_bot")
				answeredBy = ""
				mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(method, path, nil))
				if (answeredBy == spec.Name) != want {
					t.Errorf("%s %s is answered by %q", method, path, answeredBy)
				}
			}
		}
	}
}

// checkSpec checks what Register does not insist on, and what would look wrong where the spec is shown.
func checkSpec(t *testing.T, spec channels.Spec) {
	kinds := map[channels.AttachmentKind]bool{}
	for _, media := range spec.Media {
		if kinds[media.Kind] {
			t.Errorf("media %q is listed twice", media.Kind)
		}
		kinds[media.Kind] = true
	}
	for _, secret := range spec.Secrets {
		if !strings.HasSuffix(secret.Meaning, ".") {
			t.Errorf("the meaning of secret %q is no sentence: %s", secret.Name, secret.Meaning)
		}
	}
}

// checkRefusal sends webhooks without a signature, and with one made from an empty secret, to channels that have no secret, an empty
// one and a right one.
func checkRefusal(t *testing.T, spec channels.Spec) {
	unsigned := simulate.NewWebhook([]byte(`{}`))
	forged := sign(t, spec, "")
	for state, secrets := range map[string]channels.Secrets{
		"no secrets": nil, "empty lists": secretsOf(spec), "empty secrets": secretsOf(spec, ""), "secrets": secretsOf(spec, "right-secret_1"),
		"an empty secret beside a right one": secretsOf(spec, "", "right-secret_1"),
	} {
		channel := channeltest.Open(t, spec.Name, secrets)
		for what, w := range map[string]simulate.Webhook{"without a signature": unsigned, "signed with an empty secret": forged} {
			if verify(channel, w) == nil {
				t.Errorf("with %s, a webhook %s is accepted", state, what)
			}
		}
	}
}

func checkRotation(t *testing.T, spec channels.Spec) {
	channel := channeltest.Open(t, spec.Name, secretsOf(spec, "old-secret_1", "new-secret_2"))
	for _, secret := range []string{"old-secret_1", "new-secret_2"} {
		if err := verify(channel, sign(t, spec, secret)); err != nil {
			t.Errorf("signed with %s of two: %v", secret, err)
		}
	}
	err := verify(channel, sign(t, spec, "foreign-secret_3"))
	if err == nil {
		t.Fatal("signed with a foreign secret, it is accepted")
	}
	for _, secret := range []string{"old-secret_1", "new-secret_2", "foreign-secret_3"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error tells a secret: %v", err)
		}
	}
}

func checkHandshake(t *testing.T, spec channels.Spec) {
	for _, secrets := range []channels.Secrets{nil, secretsOf(spec, ""), secretsOf(spec, "right-secret_1")} {
		handshaker, ok := channeltest.Open(t, spec.Name, secrets).(channels.Handshaker)
		if !ok {
			return
		}
		for _, query := range []url.Values{nil, {}} {
			challenge, err := handshaker.Handshake(&channels.Request{Header: http.Header{}, Query: query})
			if err == nil {
				t.Errorf("an empty query is answered with %q", challenge)
			}
		}
	}
}

// checkBodies takes the bodies that break parsers, and the channel's own, through Parse and Normalize.
func checkBodies(t *testing.T, spec channels.Spec) {
	bodies := slices.Clone(channeltest.Troublemakers)
	paths, err := filepath.Glob(filepath.Join(spec.Name, "testdata", "*.json"))
	if err != nil || len(paths) == 0 {
		t.Errorf("there are no bodies in %s/testdata: %v", spec.Name, err)
	}
	for _, path := range paths {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, string(body))
	}
	channel := channeltest.Open(t, spec.Name, nil)
	for _, body := range bodies {
		if err := channeltest.Check(channel, []byte(body)); err != nil {
			t.Errorf("%.300q: %v", body, err)
		}
	}
}

func checkSimulator(t *testing.T, spec channels.Spec) {
	kinds := platform(t, spec).Kinds()
	if len(kinds) == 0 || !slices.IsSorted(kinds) || slices.Contains(kinds, "") {
		t.Errorf("its kinds are %q: want some, sorted", kinds)
	}
}

// verify asks the channel about a webhook as it would arrive.
func verify(channel channels.Channel, w simulate.Webhook) error {
	return channel.Verify(&channels.Request{Header: w.Header, Query: url.Values{}, Body: w.Body})
}

// sign makes a webhook that the platform signed with the secret.
func sign(t *testing.T, spec channels.Spec, secret string) simulate.Webhook {
	t.Helper()
	w := simulate.NewWebhook([]byte(`{}`))
	platform(t, spec).Sign(&w, secretsOf(spec, secret))
	return w
}

// secretsOf gives every secret that the channel verifies with the same values. A host's pages have an origin besides.
func secretsOf(spec channels.Spec, values ...string) channels.Secrets {
	secrets := channels.Secrets{}
	if channels.IsHosted(spec.Name) {
		secrets[channels.OriginsSecret] = []string{hostOrigin}
	}
	for _, name := range spec.VerifySecrets() {
		secrets[name] = values
	}
	return secrets
}

func platform(t *testing.T, spec channels.Spec) simulate.Platform {
	t.Helper()
	p, ok := simulate.Lookup(spec.Name)
	if !ok {
		t.Fatalf("there is no simulator in %s/simulator, or it is registered by another name", spec.Name)
	}
	return p
}
