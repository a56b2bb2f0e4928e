package graph

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"omni/channels"
	"omni/channels/channeltest"
)

const token = "EAAG-right/token"

// answering makes a client of a server that answers everything alike.
func answering(t *testing.T, handler http.HandlerFunc) Client {
	t.Helper()
	secrets := channels.Secrets{AccessToken: {token}, AppSecret: {"app-secret"}, VerifyToken: {"verify-token"}}
	return NewClient(channels.Env{Secrets: secrets, HTTP: channeltest.Network(t, handler)}, FacebookHost, token)
}

func TestRequest(t *testing.T) {
	t.Parallel()
	var method, host, target, authorization, contentType, body string
	client := answering(t, func(w http.ResponseWriter, r *http.Request) {
		method, host, target = r.Method, r.Host, r.URL.String()
		authorization, contentType = r.Header.Get("Authorization"), r.Header.Get("Content-Type")
		raw, _ := io.ReadAll(r.Body)
		body = string(raw)
		w.Write([]byte(`{"id":"7"}`))
	})
	var into struct{ ID string }
	tests := []struct {
		name, method, target, contentType, body string
		call                                    func() error
	}{
		{"Get", "GET", "/" + Version + "/me?fields=id%2Cname", "", "",
			func() error { return client.Get(t.Context(), "me", url.Values{"fields": {"id,name"}}, &into) }},
		{"PostForm", "POST", "/" + Version + "/1/subscribed_apps", "application/x-www-form-urlencoded", "a=b%26c",
			func() error {
				return client.PostForm(t.Context(), "1/subscribed_apps", url.Values{"a": {"b&c"}}, &into)
			}},
		{"PostJSON", "POST", "/" + Version + "/1/messages", "application/json", `{"a":1}`,
			func() error { return client.PostJSON(t.Context(), "1/messages", map[string]int{"a": 1}, &into) }},
		{"Delete", "DELETE", "/" + Version + "/1", "", "", func() error { return client.Delete(t.Context(), "1", &into) }},
	}
	for _, test := range tests {
		into.ID = ""
		if err := test.call(); err != nil || into.ID != "7" {
			t.Errorf("%s: %v, %+v", test.name, err, into)
		}
		if method != test.method || host != FacebookHost || target != test.target || contentType != test.contentType || body != test.body {
			t.Errorf("%s sends %s %s%s (%s) %s", test.name, method, host, target, contentType, body)
		}
		if authorization != "Bearer "+token {
			t.Errorf("%s: Authorization: %s", test.name, authorization)
		}
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	const usage = `{"17":[{"type":"messenger","estimated_time_to_regain_access":3},{"estimated_time_to_regain_access":12}]}`
	tests := []struct {
		name, body, usage string
		status            int
		want              string // the error's text
		credentials       bool
		throttled         time.Duration // -1: not
	}{
		{name: "expired token", status: 401,
			body: `{"error":{"message":"Session has expired","type":"OAuthException","code":190,"error_subcode":463,"fbtrace_id":"AbC"}}`,
			want: "the Graph API answers 401 (#190) Session has expired, subcode 463, trace AbC", credentials: true, throttled: -1},
		{name: "missing permission", status: 403, body: `{"error":{"message":"(#200) Permissions error","code":200}}`,
			want: "the Graph API answers 403 (#200) Permissions error", credentials: true, throttled: -1},
		{name: "an error with a status of success", status: 200, body: `{"error":{"message":"(#100) bad","code":100}}`,
			want: "the Graph API answers 200 (#100) bad", throttled: -1},
		{name: "details", status: 400, body: `{"error":{"message":"Parameter","code":131009,"error_data":{"details":"too long"}}}`,
			want: "the Graph API answers 400 (#131009) Parameter, too long", throttled: -1},
		{name: "words for users", status: 400, body: `{"error":{"message":"No","code":1,"error_user_title":"Sorry","error_user_msg":"Not now."}}`,
			want: "the Graph API answers 400 (#1) No, Sorry Not now.", throttled: -1},
		{name: "throttled", status: 400, body: `{"error":{"message":"Too many calls","code":80007}}`, usage: usage,
			want: "the Graph API answers 400 (#80007) Too many calls; the platform wants no calls for 12m0s", throttled: 12 * time.Minute},
		{name: "throttled without a time", status: 429, body: `{"error":{"message":"Slower","code":99}}`,
			want: "the Graph API answers 429 (#99) Slower; the platform wants no calls for a while", throttled: 0},
		{name: "no JSON", status: 502, body: `<html>`, want: "the Graph API answers 502 Bad Gateway", throttled: -1},
		{name: "JSON without an error", status: 503, body: `{}`, want: "the Graph API answers 503 Service Unavailable", throttled: -1},
		{name: "success without JSON", status: 200, body: `OK`, want: "reading the answer of graph.facebook.com: ", throttled: -1},
		{name: "a token repeated", status: 400, body: `{"error":{"message":"Malformed access token ` + token + ` or app-secret","code":190}}`,
			want: "the Graph API answers 400 (#190) Malformed access token [hidden] or [hidden]", credentials: true, throttled: -1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			client := answering(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-Business-Use-Case-Usage", test.usage)
				w.WriteHeader(test.status)
				w.Write([]byte(test.body))
			})
			err := client.Get(t.Context(), "me", nil, &struct{}{})
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("%v, want %s", err, test.want)
			}
			if errors.Is(err, channels.ErrCredentials) != test.credentials {
				t.Errorf("ErrCredentials: %t", !test.credentials)
			}
			after := time.Duration(-1)
			var throttled *channels.ThrottledError
			if errors.As(err, &throttled) {
				after = throttled.After
			}
			if after != test.throttled {
				t.Errorf("throttled for %s, want %s", after, test.throttled)
			}
		})
	}
}

// TestTypedError: whoever sends decides by code and subcode.
func TestTypedError(t *testing.T) {
	t.Parallel()
	client := answering(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		w.Write([]byte(`{"error":{"message":"m","code":4,"error_subcode":2018300,"fbtrace_id":"t"}}`))
	})
	var refused *Error
	err := client.Get(t.Context(), "me", nil, &struct{}{})
	if !errors.As(err, &refused) || *refused != (Error{Status: 400, Code: 4, Subcode: 2018300, Message: "m", TraceID: "t"}) {
		t.Errorf("%v: %+v", err, refused)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	huge := answering(t, func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, 1<<20+1)) })
	if err := huge.Get(t.Context(), "me", nil, &struct{}{}); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("an answer without end: %v", err)
	}
	moved := answering(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://elsewhere.example/"+r.Header.Get("Authorization"), http.StatusFound)
	})
	if err := moved.Get(t.Context(), "me", nil, &struct{}{}); err == nil || !strings.Contains(err.Error(), "302 Found") {
		t.Errorf("a redirect: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	slow := answering(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	err := slow.Get(ctx, "me", nil, &struct{}{})
	if !errors.Is(err, context.Canceled) || !strings.HasPrefix(err.Error(), "calling graph.facebook.com: ") {
		t.Errorf("a caller that gives up: %v", err)
	}
}
