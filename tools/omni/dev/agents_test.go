package dev

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"omni/internal/store/storetest"
	"omni/tools/omni/state"
)

// tab is what an agent has in front of them: it follows config.json, discovery and the sign-in page as the dashboard does.
type tab struct {
	t      *testing.T
	origin string
	client *http.Client
	token  string // ID token; empty: nobody has signed in
}

func newTab(t *testing.T, running state.Dev) *tab {
	t.Helper()
	return &tab{t: t, origin: running.URL, client: &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// answer is an HTTP response that was read.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) into(t *testing.T, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), into); err != nil {
		t.Fatalf("%d %s: %v", a.status, a.body, err)
	}
}

func (b *tab) do(method, target, kind, body string) answer {
	b.t.Helper()
	if !strings.HasPrefix(target, "http") {
		target = b.origin + target
	}
	request, err := http.NewRequestWithContext(b.t.Context(), method, target, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	if kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	if b.token != "" {
		request.Header.Set("Authorization", "Bearer "+b.token)
		request.Header.Set("Idempotency-Key", rand.Text())
	}
	response, err := b.client.Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(content)}
}

func (b *tab) get(target string) answer {
	b.t.Helper()
	return b.do(http.MethodGet, target, "", "")
}

// send sends JSON.
func (b *tab) send(method, target string, body any) answer {
	b.t.Helper()
	content, err := json.Marshal(body)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(method, target, "application/json", string(content))
}

// signIn goes the whole way of the authorization code flow.
func (b *tab) signIn(email string) {
	b.t.Helper()
	var config struct {
		Issuer string  `json:"issuer"`
		Client string  `json:"client_id"`
		Logout *string `json:"logout_url"`
		API    string  `json:"api_url"`
		Dev    bool    `json:"dev"`
	}
	b.get("/config.json").into(b.t, &config)
	if !config.Dev || config.API != "" || config.Logout == nil {
		b.t.Errorf("config.json says %+v", config)
	}
	var provider struct {
		Authorize string `json:"authorization_endpoint"`
		Token     string `json:"token_endpoint"`
	}
	b.get(config.Issuer+"/.well-known/openid-configuration").into(b.t, &provider)
	const verifier = "0123456789012345678901234567890123456789abcdef"
	sum := sha256.Sum256([]byte(verifier))
	form := url.Values{
		"response_type": {"code"}, "client_id": {config.Client}, "redirect_uri": {b.origin + "/"}, "scope": {"openid email profile"}, "state": {"s"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	if page := b.get(provider.Authorize + "?" + form.Encode()); page.status != http.StatusOK || !strings.Contains(page.body, email) {
		b.t.Fatalf("the sign-in page: %d %s", page.status, page.body)
	}
	form.Set("person", email)
	back := b.do(http.MethodPost, provider.Authorize, "application/x-www-form-urlencoded", form.Encode())
	location, err := url.Parse(back.header.Get("Location"))
	if err != nil || location.Query().Get("state") != "s" {
		b.t.Fatalf("sent back to %v, %v", location, err)
	}
	exchange := url.Values{
		"grant_type": {"authorization_code"}, "client_id": {config.Client}, "code": {location.Query().Get("code")}, "code_verifier": {verifier},
		"redirect_uri": {b.origin + "/"},
	}
	var tokens struct {
		ID string `json:"id_token"`
	}
	b.do(http.MethodPost, provider.Token, "application/x-www-form-urlencoded", exchange.Encode()).into(b.t, &tokens)
	b.token = tokens.ID
}

// beginOpen runs a local server with a dashboard.
func beginOpen(t *testing.T) state.Dev {
	t.Helper()
	_, database := storetest.New(t)
	pages := t.TempDir()
	for name, content := range map[string]string{"index.html": "<title>dashboard</title>", "simulator.html": "<title>simulator</title>"} {
		if err := os.WriteFile(filepath.Join(pages, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	running, _ := begin(t, Options{
		State: state.Folder(filepath.Join(t.TempDir(), ".omni")), Address: "127.0.0.1:0", DatabaseURL: database, Pollers: 4, Out: io.Discard, Log: quiet,
		Dashboard: Dashboard{Dir: pages},
	})
	return running
}

func TestAgentsSignInAndReachTheAPI(t *testing.T) {
	t.Parallel()
	running := beginOpen(t)
	for email, want := range map[string]struct{ name, role string }{
		"ada@example.com": {"Ada Lovelace", "admin"}, "ben@example.com": {"Ben Okafor", "agent"},
	} {
		b := newTab(t, running)
		if got := b.get("/v1/me"); got.status != http.StatusUnauthorized || got.body != `{"message":"Unauthorized"}` || got.header.Get("WWW-Authenticate") != "Bearer" {
			t.Errorf("before signing in: %d %s", got.status, got.body)
		}
		b.signIn(email)
		got := b.get("/v1/agents")
		var agents struct {
			Items []struct{ Name, Email, Role string }
		}
		got.into(t, &agents)
		found := false
		for _, agent := range agents.Items {
			found = found || agent.Email == email && agent.Name == want.name && agent.Role == want.role
		}
		if got.status != http.StatusOK || !found {
			t.Errorf("%s: %d %s", email, got.status, got.body)
		}
		signed := b.token
		b.token = signed[:len(signed)-4] + "AAAA"
		if got := b.get("/v1/agents"); got.status != http.StatusUnauthorized || !strings.Contains(got.header.Get("WWW-Authenticate"), "invalid_token") {
			t.Errorf("a token that was changed: %d %s", got.status, got.body)
		}
	}
}

func TestPagesAreServedToThisMachineOnly(t *testing.T) {
	t.Parallel()
	running := beginOpen(t)
	ask := func(host, path, forwarded string) answer {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, running.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Accept", "text/html")
		if request.Host = host; forwarded != "" {
			request.Header.Set("X-Forwarded-For", forwarded)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		content, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer{response.StatusCode, response.Header, string(content)}
	}
	for path, want := range map[string]string{"/": "dashboard", "/inbox/7": "dashboard", "/simulator": "simulator", "/config.json": `"issuer":"http://localhost/oidc"`} {
		if got := ask("localhost", path, ""); got.status != http.StatusOK || !strings.Contains(got.body, want) {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
		for host, forwarded := range map[string]string{"omni.tunnel.example": "", "localhost": "203.0.113.7"} {
			if got := ask(host, path, forwarded); got.status != http.StatusNotFound {
				t.Errorf("%s as %s for %q: %d", path, host, forwarded, got.status)
			}
		}
	}
	for _, path := range []string{"/webhooks/pigeon", "/v1", "/files/none", "/simulator/api/none"} {
		if got := ask("localhost", path, ""); got.status == http.StatusOK {
			t.Errorf("%s is a page: %s", path, got.body)
		}
	}
	if got := ask("omni.tunnel.example", "/simulator/api/channels", ""); got.status != http.StatusNotFound {
		t.Errorf("customers can be played from elsewhere: %d", got.status)
	}
}
