package channels_test

import (
	"cmp"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"omni/channels"
	"omni/channels/channeltest"
	"omni/channels/simulate"
)

// offline is a network that reaches nobody, and keeps the URLs. Like net/http it puts the whole URL into its errors.
type offline struct{ urls []string }

func (o *offline) Do(r *http.Request) (*http.Response, error) {
	o.urls = append(o.urls, r.URL.String())
	return nil, &url.Error{Op: r.Method, URL: r.URL.String(), Err: errors.New("no route to host")}
}

// checkCalls holds a channel that calls its platform to what the contract says of it: it names missing secrets, and no error holds one.
func checkCalls(t *testing.T, spec channels.Spec) {
	secrets := channels.Secrets{}
	for _, secret := range spec.Secrets {
		secrets[secret.Name] = []string{"wholly-secret_" + secret.Name}
		if secret.For == channels.ForSubscribe {
			secrets[secret.Name] = []string{"1234567"} // ids, which are shown
		}
	}
	for name, call := range calls(t, spec, channels.Env{}) {
		if err := call(); !errors.Is(err, channels.ErrMissingSecrets) {
			t.Errorf("%s without secrets: %v", name, err)
		}
	}
	client := &offline{}
	for name, call := range calls(t, spec, channels.Env{Secrets: secrets, HTTP: client}) {
		err := call()
		if err == nil || !strings.Contains(err.Error(), "no route to host") {
			t.Errorf("%s: %v, want what is wrong with the network", name, err)
			continue
		}
		if strings.Contains(err.Error(), "wholly-secret_") {
			t.Errorf("%s tells a secret: %v", name, err)
		}
	}
	if slices.ContainsFunc(client.urls, func(u string) bool { return !strings.HasPrefix(u, "https://") }) {
		t.Errorf("it calls %q", client.urls)
	}
}

// calls are the channel's methods that call the platform.
func calls(t *testing.T, spec channels.Spec, env channels.Env) map[string]func() error {
	t.Helper()
	channel, err := channels.Open(spec.Name, env)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]func() error{"Send": func() error {
		_, err := channel.Send(t.Context(), channels.Outgoing{Account: "1", Thread: "2", Content: channels.Content{Text: "Hello"}})
		return err
	}}
	if s, ok := channel.(channels.Subscriber); ok {
		all["Subscriptions"] = func() error { _, err := s.Subscriptions(t.Context()); return err }
		all["Subscribe"] = func() error { return s.Subscribe(t.Context(), channels.Callback{URL: "https://example.com/"}) }
		all["Unsubscribe"] = func() error { return s.Unsubscribe(t.Context()) }
	}
	if h, ok := channel.(channels.HealthChecker); ok {
		all["Health"] = func() error { _, err := h.Health(t.Context()); return err }
	}
	if l, ok := channel.(channels.TemplateLister); ok {
		all["Templates"] = func() error { _, err := l.Templates(t.Context()); return err }
	}
	if s, ok := channel.(channels.Typer); ok {
		all["Typing"] = func() error { return s.Typing(t.Context(), channels.Chat{Account: "1", Thread: "2", Last: "3"}) }
	}
	return all
}

// checkSubscribe takes a channel that can register its webhook through its life at the platform that its simulator plays.
func checkSubscribe(t *testing.T, spec channels.Spec) {
	if _, can := channeltest.Open(t, spec.Name, nil).(channels.Subscriber); !can {
		if len(spec.MissingFor(channels.ForSubscribe, nil)) > 0 {
			t.Error("it asks for secrets to subscribe with and is no channels.Subscriber")
		}
		return
	}
	secrets := callSecrets(spec)
	client := playPlatform(t, spec, secrets)
	right := open(t, spec, secrets, client).(channels.Subscriber)
	const url = "https://omni.example/webhooks"
	expectURL(t, "before", right, "")
	for _, when := range []string{"the first time", "the second time"} {
		if err := right.Subscribe(t.Context(), channels.Callback{URL: url}); err != nil {
			t.Fatalf("subscribing %s: %v", when, err)
		}
		expectURL(t, when, right, url)
	}
	if err := right.Subscribe(t.Context(), channels.Callback{URL: "http://omni.example/"}); err == nil {
		t.Error("a callback without TLS is registered")
	}
	expectURL(t, "after a refusal", right, url)
	for _, secret := range spec.Secrets {
		checkWrongSecret(t, spec, secrets, secret, client)
	}
	expectURL(t, "after wrong secrets", right, url)
	for range 2 {
		if err := right.Unsubscribe(t.Context()); err != nil {
			t.Fatalf("unsubscribing: %v", err)
		}
		expectURL(t, "after the end", right, "")
	}
}

// checkWrongSecret asks for everything with one wrong secret. Whatever the platform says of it, the error shows none.
func checkWrongSecret(t *testing.T, spec channels.Spec, secrets channels.Secrets, wrong channels.Secret, client channels.Doer) {
	t.Helper()
	given := maps.Clone(secrets)
	given[wrong.Name] = []string{"wrong!" + wrong.Name}
	channel, err := channels.Open(spec.Name, channels.Env{Account: "shop", Secrets: given, HTTP: client})
	if err != nil {
		return // it can be seen to be wrong
	}
	var errs []error
	subscriber := channel.(channels.Subscriber)
	_, err = subscriber.Subscriptions(t.Context())
	errs = append(errs, err, subscriber.Subscribe(t.Context(), channels.Callback{URL: "https://elsewhere.example/"}))
	if checker, ok := channel.(channels.HealthChecker); ok {
		_, err := checker.Health(t.Context())
		errs = append(errs, err)
		if wrong.For == channels.ForSend && !errors.Is(err, channels.ErrCredentials) {
			t.Errorf("Health with a wrong %s: %v, want ErrCredentials", wrong.Name, err)
		}
	}
	if errs[1] == nil {
		t.Errorf("with a wrong %s, the webhook is registered", wrong.Name)
	}
	for _, secret := range spec.Secrets {
		if value := given.First(secret.Name); secret.For != channels.ForSubscribe && strings.Contains(errors.Join(errs...).Error(), value) {
			t.Errorf("with a wrong %s, an error tells the %s: %v", wrong.Name, secret.Name, errors.Join(errs...))
		}
	}
}

// expectURL checks where webhooks go: what a later subscription says prevails. None means that they go nowhere.
func expectURL(t *testing.T, when string, s channels.Subscriber, want string) {
	t.Helper()
	subscriptions, err := s.Subscriptions(t.Context())
	if err != nil || len(subscriptions) == 0 {
		t.Fatalf("%s: %v, %v", when, subscriptions, err)
	}
	url := ""
	for _, one := range subscriptions {
		url = cmp.Or(one.URL, url)
		if one.On == "" || one.Active && len(one.Events) == 0 && one.URL != "" {
			t.Errorf("%s: %+v", when, one)
		}
	}
	if slices.ContainsFunc(subscriptions, func(one channels.Subscription) bool { return !one.Active }) {
		url = ""
	}
	if url != want {
		t.Errorf("%s webhooks go to %q, want %q: %+v", when, url, want, subscriptions)
	}
}

// callSecrets are secrets that a platform can know: ids are numbers, and a right value is none of a wrong one's parts.
func callSecrets(spec channels.Spec) channels.Secrets {
	secrets := channels.Secrets{}
	for i, secret := range spec.Secrets {
		secrets[secret.Name] = []string{"right-" + secret.Name}
		if secret.For == channels.ForSubscribe {
			secrets[secret.Name] = []string{strconv.Itoa(1000 + i)}
		}
	}
	return secrets
}

// playPlatform starts the platform for one account, whose callback URL is answered by the channel itself, and returns the way there.
func playPlatform(t *testing.T, spec channels.Spec, secrets channels.Secrets) channels.Doer {
	t.Helper()
	api, ok := platform(t, spec).(simulate.API)
	if !ok {
		t.Fatal("its simulator is no simulate.API")
	}
	callbacks := channeltest.Network(t, channeltest.Handshakes(open(t, spec, secrets, nil)))
	return channeltest.Network(t, api.API(map[string]channels.Secrets{"shop": secrets}, callbacks))
}

func open(t *testing.T, spec channels.Spec, secrets channels.Secrets, client channels.Doer) channels.Channel {
	t.Helper()
	channel, err := channels.Open(spec.Name, channels.Env{Account: "shop", Secrets: secrets, HTTP: client})
	if err != nil {
		t.Fatal(err)
	}
	return channel
}
