package channels

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestCallWithoutAClient: a channel that is given no client makes its own, which follows no redirect and names no URL.
func TestCallWithoutAClient(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}))
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/bot123:token/getMe", nil)
	if err != nil {
		t.Fatal(err)
	}
	if answer, err := (Env{}).Call(request); err != nil || answer.Status != http.StatusFound {
		t.Errorf("%+v, %v", answer, err)
	}
	server.Close()
	_, err = Env{}.Call(request)
	if err == nil || !strings.HasPrefix(err.Error(), "calling 127.0.0.1:") || strings.Contains(err.Error(), "token") {
		t.Errorf("a server that is gone: %v", err)
	}
}

func TestThrottled(t *testing.T) {
	t.Parallel()
	cause := errors.New("too many")
	for after, want := range map[time.Duration]string{
		0:                "too many; the platform wants no calls for a while",
		90 * time.Second: "too many; the platform wants no calls for 1m30s",
	} {
		if err := Throttled(after, cause); err.Error() != want || !errors.Is(err, cause) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestSecrets(t *testing.T) {
	t.Parallel()
	secrets := Secrets{"rotated": {"new", "old"}, "one": {"1"}, "unset": {""}, "none": nil}
	if got := secrets.First("rotated") + secrets.First("none") + secrets.First("absent"); got != "new" {
		t.Errorf("First: %q", got)
	}
	if err := secrets.Need("rotated", "unset", "one", "absent"); err == nil || err.Error() != "missing secrets: unset, absent" {
		t.Errorf("Need: %v", err)
	}
	if err := secrets.Need("rotated", "one"); err != nil {
		t.Errorf("Need: %v", err)
	}
	if got := Hide("new and old and 1", "new", "", "old"); got != "[hidden] and [hidden] and 1" {
		t.Errorf("Hide: %q", got)
	}
}

func TestWebhookPath(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		source        AccountSource
		account, want string
	}{
		{AccountOptional, DefaultAccount, "/webhooks/pigeon"},
		{AccountOptional, "desk", "/webhooks/pigeon/desk"},
		{AccountRequired, DefaultAccount, "/webhooks/pigeon/default"},
		{AccountRequired, "a/b", "/webhooks/pigeon/a%2Fb"},
	} {
		if got := (Spec{Name: "pigeon", Account: test.source}).WebhookPath(test.account); got != test.want {
			t.Errorf("%s of %s: %s, want %s", test.account, test.source, got, test.want)
		}
	}
}
