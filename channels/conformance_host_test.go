package channels_test

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"omni/channels"
	"omni/channels/channeltest"
	"omni/channels/simulate"
)

// hostOrigin is where the pages of a tested host are.
const hostOrigin = "https://shop.example"

// byPlatform holds channels whose platform is elsewhere to one rule, and hosts to another.
func byPlatform(elsewhere, here func(*testing.T, channels.Spec)) func(*testing.T, channels.Spec) {
	return func(t *testing.T, spec channels.Spec) {
		if channels.IsHosted(spec.Name) {
			here(t, spec)
			return
		}
		elsewhere(t, spec)
	}
}

// openHost opens a host that fails the test when it calls out.
func openHost(t *testing.T, spec channels.Spec, account string, secrets channels.Secrets) channels.Channel {
	t.Helper()
	forbidden := channeltest.DoerFunc(func(r *http.Request) (*http.Response, error) {
		t.Errorf("it calls %s", r.URL.Host)
		return nil, errors.New("there is nobody to be called")
	})
	channel, err := channels.Open(spec.Name, channels.Env{
		Account: account, Secrets: secrets, HTTP: forbidden, Files: files{"uploaded/1": []byte("the bytes of a file")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return channel
}

// checkHost lets pages in, and others not: see [channels.Host].
func checkHost(t *testing.T, spec channels.Spec) {
	if !channels.IsHosted(spec.Name) {
		t.Skip("its platform is elsewhere")
	}
	host := openHost(t, spec, "shop", secretsOf(spec, "new-secret_2", "old-secret_1")).(channels.Host)
	for origin, want := range map[string]bool{hostOrigin: true, "": false, "null": false, hostOrigin + "/": false, "https://evil.example": false, "http://shop.example": false} {
		if host.AllowsOrigin(origin) != want {
			t.Errorf("origin %q is allowed: %t", origin, !want)
		}
		if _, err := host.Admit(channels.Visit{Origin: origin}); errors.Is(err, channels.ErrOrigin) == want {
			t.Errorf("a page of %q: %v", origin, err)
		}
	}
	first, second := admit(t, host, channels.Visit{}), admit(t, host, channels.Visit{})
	if again := admit(t, host, channels.Visit{Token: first.Token}); again.Thread != first.Thread || second.Thread == first.Thread || first.Known {
		t.Errorf("%+v comes again as %+v, another as %+v", first.Visitor, again.Visitor, second.Visitor)
	}
	if time.Until(first.Until) > time.Hour || time.Until(first.Until) < time.Minute {
		t.Errorf("a token is good until %s", first.Until)
	}
	unproved := channels.Visit{Origin: hostOrigin, Identity: &channels.VisitorIdentity{ID: "42", Proof: "00"}}
	if _, err := host.Admit(unproved); !errors.Is(err, channels.ErrIdentity) {
		t.Errorf("somebody without proof: %v", err)
	}
	checkToken(t, spec, host, first)
}

func admit(t *testing.T, host channels.Host, v channels.Visit) channels.Admission {
	t.Helper()
	v.Origin = hostOrigin
	a, err := host.Admit(v)
	if err != nil || a.Thread == "" {
		t.Fatalf("%+v, %v", a, err)
	}
	return a
}

// checkToken uses a visitor's token where it is good and where it is not. Verify agrees.
func checkToken(t *testing.T, spec channels.Spec, host channels.Host, a channels.Admission) {
	t.Helper()
	old, foreign := secretsOf(spec, "newer-secret_4", "new-secret_2"), secretsOf(spec, "foreign-secret_3")
	for name, test := range map[string]struct {
		at            channels.Channel
		origin, token string
		good          bool
	}{
		"where it is from":      {host.(channels.Channel), hostOrigin, a.Token, true},
		"after a rotation":      {openHost(t, spec, "shop", old), hostOrigin, a.Token, true},
		"on another origin":     {host.(channels.Channel), "https://evil.example", a.Token, false},
		"without an origin":     {host.(channels.Channel), "", a.Token, false},
		"changed":               {host.(channels.Channel), hostOrigin, a.Token + "x", false},
		"at another account":    {openHost(t, spec, "other", secretsOf(spec, "new-secret_2")), hostOrigin, a.Token, false},
		"by a key not its own":  {openHost(t, spec, "shop", foreign), hostOrigin, a.Token, false},
		"without a key":         {openHost(t, spec, "shop", nil), hostOrigin, a.Token, false},
		"a file's in its place": {host.(channels.Channel), hostOrigin, host.GrantFile(a.Visitor, channels.HostedFile{Key: "uploaded/1"}), false},
		"none":                  {host.(channels.Channel), hostOrigin, "", false},
	} {
		r := &channels.Request{Header: http.Header{"Origin": {test.origin}, "Authorization": {"Bearer " + test.token}}, Body: []byte(`{}`)}
		visitor, err := test.at.(channels.Host).Visitor(r)
		if (err == nil) != test.good || test.good && visitor.Thread != a.Thread {
			t.Errorf("%s: %+v, %v", name, visitor, err)
		}
		if verified := test.at.Verify(r); (verified == nil) != test.good {
			t.Errorf("%s: Verify says %v", name, verified)
		}
		if err != nil && (strings.Contains(err.Error(), "-secret_") || test.token != "" && strings.Contains(err.Error(), test.token)) {
			t.Errorf("%s: the error tells a secret: %v", name, err)
		}
	}
}

// checkHostSend answers: whatever the spec allows gets an id of its chat, and what goes beyond it the spec refuses. Nobody is called.
func checkHostSend(t *testing.T, spec channels.Spec) {
	channel := openHost(t, spec, "shop", nil) // answers need no secrets
	c := &chat{spec: spec, channel: channel, inspector: idle{}, base: channels.Outgoing{Account: "shop", Thread: "thread"}, earlier: "thread/1", files: files{}}
	for name, o := range c.allowed() {
		o.Handle = "0199a0b1-7c00-7000-8000-000000000001"
		if err := spec.Check(o); err != nil {
			t.Errorf("%s: the spec refuses what it allows: %v", name, err)
		}
		receipt, err := channel.Send(t.Context(), o)
		if want := channels.HostedID(o.Thread, o.Handle); err != nil || receipt.ID != want || channels.PageID(o.Thread, receipt.ID) != o.Handle {
			t.Errorf("%s: %+v, %v, want the id %s", name, receipt, err, want)
		}
	}
	for name, content := range c.excessive() {
		var rejected *channels.RejectedError
		if err := spec.Check(c.saying(content)); !errors.As(err, &rejected) {
			t.Errorf("%s: the spec says %v, want a RejectedError", name, err)
		}
	}
	if spec.Window > 0 || spec.Rate > 0 || spec.Confirms > 0 || spec.Sends.Templates {
		t.Error("its spec has limits of a platform that is elsewhere")
	}
}

// checkHostCalls holds a host to calling nobody: it registers nothing, and nobody is asked how it is.
func checkHostCalls(t *testing.T, spec channels.Spec) {
	channel := openHost(t, spec, "shop", nil)
	for name, can := range map[string]bool{
		"Subscriber": is[channels.Subscriber](channel), "Handshaker": is[channels.Handshaker](channel), "Typer": is[channels.Typer](channel),
		"ReadMarker": is[channels.ReadMarker](channel), "HealthChecker": is[channels.HealthChecker](channel),
	} {
		if can {
			t.Errorf("it is a %s, and there is nobody to be called", name)
		}
	}
	if slices.ContainsFunc(spec.Secrets, func(s channels.Secret) bool { return s.For == channels.ForSend || s.For == channels.ForSubscribe }) {
		t.Error("it asks for secrets to call somebody with")
	}
}

func is[Ability any](channel channels.Channel) bool {
	_, can := channel.(Ability)
	return can
}

// checkHostMedia opens what a visitor uploaded, and nothing that is elsewhere.
func checkHostMedia(t *testing.T, spec channels.Spec) {
	opener, can := openHost(t, spec, "shop", nil).(channels.MediaOpener)
	if !can {
		t.Skip("its visitors send no files")
	}
	media, err := opener.OpenMedia(t.Context(), channels.Attachment{Kind: channels.Image, MediaID: "uploaded/1", MIME: "image/png"})
	if err != nil {
		t.Fatal(err)
	}
	defer media.Body.Close()
	if content, err := io.ReadAll(media.Body); err != nil || string(content) != "the bytes of a file" {
		t.Errorf("%q, %v", content, err)
	}
	if media, err := opener.OpenMedia(t.Context(), channels.Attachment{Kind: channels.Image, URL: "https://files.example/1.png"}); err == nil {
		_ = media.Body.Close()
		t.Error("it fetches a file from elsewhere")
	}
}

// idle is an inspector of nobody: a chat counts by it what was delivered.
type idle struct{ simulate.Inspector }

func (idle) Deliveries() []simulate.Delivery { return nil }
