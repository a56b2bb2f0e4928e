package issuer

import (
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
)

// site is a server with an issuer, and a browser's part of the protocol.
type site struct {
	t      *testing.T
	dir    string
	server *httptest.Server
	client *http.Client
	clock  atomic.Int64 // what the clock is ahead
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, dir: t.TempDir()}
	s.start()
	s.client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return s
}

// start starts a server on the folder.
func (s *site) start() {
	s.t.Helper()
	opened, err := Open(Options{Dir: s.dir, Now: func() time.Time { return time.Now().Add(time.Duration(s.clock.Load())) }})
	if err != nil {
		s.t.Fatal(err)
	}
	s.server = httptest.NewServer(opened)
	s.t.Cleanup(s.server.Close)
}

func (s *site) pass(d time.Duration) { s.clock.Add(int64(d)) }

const verifier = "a-verifier-that-is-long-enough-for-the-rules-of-pkce"

func challenge(of string) string {
	sum := sha256.Sum256([]byte(of))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// request is an authorization request that is right.
func (s *site) request() url.Values {
	return url.Values{
		"response_type": {"code"}, "client_id": {ClientID}, "redirect_uri": {s.server.URL + "/signed-in?from=here"}, "scope": {"openid email profile"},
		"state": {"st&te"}, "nonce": {"n-1"}, "code_challenge": {challenge(verifier)}, "code_challenge_method": {"S256"},
	}
}

type response struct {
	status   int
	header   http.Header
	body     string
	location *url.URL
}

func (s *site) do(request *http.Request) response {
	s.t.Helper()
	got, err := s.client.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	location, _ := got.Location() // none: it is no redirect
	return response{got.StatusCode, got.Header, string(body), location}
}

func (s *site) get(path string) response {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.server.URL+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.do(request)
}

func (s *site) post(path string, form url.Values) response {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.do(request)
}

// code signs a person in and returns the code.
func (s *site) code(who url.Values) string {
	s.t.Helper()
	form := s.request()
	for name, values := range who {
		form[name] = values
	}
	got := s.post(Path+"/authorize", form)
	if got.location == nil || got.location.Query().Get("code") == "" {
		s.t.Fatalf("no code: %d %v %s", got.status, got.location, got.body)
	}
	return got.location.Query().Get("code")
}

// tokens is the answer of the token endpoint.
type tokens struct {
	ID      string `json:"id_token"`
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	Type    string `json:"token_type"`
	Expires int    `json:"expires_in"`
	Error   string `json:"error"`
}

func (s *site) token(form url.Values) (int, tokens) {
	s.t.Helper()
	got := s.post(Path+"/token", form)
	var answer tokens
	if err := json.Unmarshal([]byte(got.body), &answer); err != nil {
		s.t.Fatalf("%d %s: %v", got.status, got.body, err)
	}
	return got.status, answer
}

func (s *site) exchangeForm(code string) url.Values {
	return url.Values{
		"grant_type": {"authorization_code"}, "client_id": {ClientID}, "code": {code}, "code_verifier": {verifier},
		"redirect_uri": {s.server.URL + "/signed-in?from=here"},
	}
}

func (s *site) signIn(who url.Values) tokens {
	s.t.Helper()
	status, got := s.token(s.exchangeForm(s.code(who)))
	if status != http.StatusOK {
		s.t.Fatalf("no tokens: %d %+v", status, got)
	}
	return got
}

func refreshForm(token string) url.Values {
	return url.Values{"grant_type": {"refresh_token"}, "client_id": {ClientID}, "refresh_token": {token}}
}

// verify checks a token as a stranger does: by the keys and the name that discovery gives.
func (s *site) verify(token string) (jwt.MapClaims, error) {
	s.t.Helper()
	var provider struct {
		Issuer string `json:"issuer"`
		JWKS   string `json:"jwks_uri"`
	}
	if err := json.Unmarshal([]byte(s.get(Path+"/.well-known/openid-configuration").body), &provider); err != nil {
		s.t.Fatal(err)
	}
	var set struct {
		Keys []struct{ Kid, Alg, N, E string }
	}
	if err := json.Unmarshal([]byte(s.get(strings.TrimPrefix(provider.JWKS, s.server.URL)).body), &set); err != nil || len(set.Keys) != 1 {
		s.t.Fatalf("%d keys, %v", len(set.Keys), err)
	}
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(token, claims, func(parsed *jwt.Token) (any, error) {
		if parsed.Header["kid"] != set.Keys[0].Kid {
			return nil, fmt.Errorf("the key is %v", parsed.Header["kid"])
		}
		return &rsa.PublicKey{N: number(s.t, set.Keys[0].N), E: int(number(s.t, set.Keys[0].E).Int64())}, nil
	}, jwt.WithValidMethods([]string{set.Keys[0].Alg}), jwt.WithIssuer(provider.Issuer), jwt.WithExpirationRequired(), jwt.WithIssuedAt(),
		jwt.WithTimeFunc(func() time.Time { return time.Now().Add(time.Duration(s.clock.Load())) }))
	return claims, err
}

func number(t *testing.T, encoded string) *big.Int {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		t.Fatal(err)
	}
	return new(big.Int).SetBytes(b)
}

func TestSigningIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := s.get(Path + "/authorize?" + s.request().Encode())
	for _, want := range []string{">Ada Lovelace (admin)</button>", "Ben Okafor", "Chiara Rossi", "for development", `value="st&amp;te"`, `<label for="name">`} {
		if page.status != http.StatusOK || !strings.Contains(page.body, want) {
			t.Errorf("%d, no %q in:\n%s", page.status, want, page.body)
		}
	}
	if strings.Contains(page.body, "<script") || !strings.Contains(page.header.Get("Content-Security-Policy"), "default-src 'none'") || page.header.Get("Set-Cookie") != "" {
		t.Errorf("the page has a script, may have one, or remembers somebody: %v", page.header)
	}
	form := s.request()
	form.Set("person", "ada@example.com")
	back := s.post(Path+"/authorize", form)
	if back.status != http.StatusSeeOther || back.location.Path != "/signed-in" || back.location.Query().Get("state") != "st&te" || back.location.Query().Get("from") != "here" {
		t.Fatalf("%d to %v", back.status, back.location)
	}
	status, got := s.token(s.exchangeForm(back.location.Query().Get("code")))
	if status != http.StatusOK || got.Type != "Bearer" || got.Expires != 3600 {
		t.Fatalf("%d %+v", status, got)
	}
	claims, err := s.verify(got.ID)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{
		"aud": ClientID, "name": "Ada Lovelace", "email": "ada@example.com", "nonce": "n-1", "token_use": "id", "cognito:groups": []any{"admin"},
		"iss": s.server.URL + "/oidc",
	} {
		if diff := cmp.Diff(want, claims[name]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if lives := claims["exp"].(float64) - claims["iat"].(float64); lives != 3600 {
		t.Errorf("the token lives %g s", lives)
	}
	if access, err := s.verify(got.Access); err != nil || access["client_id"] != ClientID || access["sub"] != claims["sub"] || access["token_use"] != "access" {
		t.Errorf("the access token: %v, %v", access, err)
	}
}

func TestSomebodyElse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	subjects := map[any]string{}
	for _, c := range []struct {
		name  string
		admin string
		want  string
		email string
	}{
		{"Grace  Hopper ", "", "Grace Hopper", "grace.hopper@example.com"},
		{"Grace Hopper", "yes", "Grace Hopper", "grace.hopper@example.com"},
		{"Zoë", "", "Zoë", "zo-"},
		{"李雷", "", "李雷", ""},
		{"李明", "", "李明", ""},
	} {
		claims, err := s.verify(s.signIn(url.Values{"name": {c.name}, "admin": {c.admin}}).ID)
		email, _ := claims["email"].(string)
		if err != nil || claims["name"] != c.want || !strings.HasPrefix(email, c.email) || !strings.HasSuffix(email, "@example.com") {
			t.Errorf("%q: %v, %v", c.name, claims, err)
		}
		if _, admin := claims["cognito:groups"]; admin != (c.admin != "") {
			t.Errorf("%q: groups %v", c.name, claims["cognito:groups"])
		}
		if other, taken := subjects[claims["sub"]]; taken != (c.admin != "") || taken && other != c.want {
			t.Errorf("%q is the same person as %q", c.want, other)
		}
		subjects[claims["sub"]] = c.want
	}
	for _, name := range []string{"", "   ", strings.Repeat("x", 101), "a\x00b"} {
		form := s.request()
		form.Set("name", name)
		if got := s.post(Path+"/authorize", form); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, `aria-invalid="true"`) ||
			!strings.Contains(got.body, `name="state" value="st&amp;te"`) {
			t.Errorf("%q: %d\n%s", name, got.status, got.body)
		}
	}
}

func TestAuthorizationRequestsThatAreRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for name, c := range map[string]struct {
		change url.Values
		code   string // empty: the page says so, and nobody is sent anywhere
	}{
		"another client":         {url.Values{"client_id": {"stranger"}}, ""},
		"a foreign redirect_uri": {url.Values{"redirect_uri": {"https://evil.example/"}}, ""},
		"another port":           {url.Values{"redirect_uri": {"http://127.0.0.1:1/"}}, ""},
		"another name":           {url.Values{"redirect_uri": {strings.Replace(s.server.URL, "127.0.0.1", "localhost", 1)}}, ""},
		"a look-alike":           {url.Values{"redirect_uri": {s.server.URL + ".evil.example/"}}, ""},
		"a user in the address":  {url.Values{"redirect_uri": {strings.Replace(s.server.URL, "http://", "http://me@", 1)}}, ""},
		"a fragment":             {url.Values{"redirect_uri": {s.server.URL + "/#x"}}, ""},
		"a script":               {url.Values{"redirect_uri": {"javascript:alert(1)"}}, ""},
		"no redirect_uri":        {url.Values{"redirect_uri": {""}}, ""},
		"the implicit flow":      {url.Values{"response_type": {"id_token"}}, "unsupported_response_type"},
		"a fragment as answer":   {url.Values{"response_mode": {"fragment"}}, "invalid_request"},
		"without openid":         {url.Values{"scope": {"email"}}, "invalid_scope"},
		"without PKCE":           {url.Values{"code_challenge": {""}}, "invalid_request"},
		"a plain challenge":      {url.Values{"code_challenge_method": {"plain"}}, "invalid_request"},
		"no page is wanted":      {url.Values{"prompt": {"none"}}, "login_required"},
	} {
		form := s.request()
		for field, values := range c.change {
			form[field] = values
		}
		form.Set("person", "ben@example.com")
		for _, got := range []response{s.get(Path + "/authorize?" + form.Encode()), s.post(Path+"/authorize", form)} {
			switch {
			case c.code == "" && (got.status != http.StatusBadRequest || got.location != nil || !strings.Contains(got.body, `role="alert"`)):
				t.Errorf("%s: %d to %v", name, got.status, got.location)
			case c.code != "" && (got.location == nil || got.location.Query().Get("error") != c.code || got.location.Query().Get("state") != "st&te" || got.location.Query().Has("code")):
				t.Errorf("%s: %d to %v, want the error %s", name, got.status, got.location, c.code)
			}
		}
	}
}

func TestCodesThatAreRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ben := url.Values{"person": {"ben@example.com"}}
	for name, c := range map[string]struct {
		change url.Values
		status int
		code   string
	}{
		"another verifier":     {url.Values{"code_verifier": {verifier + "x"}}, http.StatusBadRequest, "invalid_grant"},
		"no verifier":          {url.Values{"code_verifier": {""}}, http.StatusBadRequest, "invalid_grant"},
		"the challenge itself": {url.Values{"code_verifier": {challenge(verifier)}}, http.StatusBadRequest, "invalid_grant"},
		"another redirect_uri": {url.Values{"redirect_uri": {s.server.URL + "/elsewhere"}}, http.StatusBadRequest, "invalid_grant"},
		"a made-up code":       {url.Values{"code": {"made-up"}}, http.StatusBadRequest, "invalid_grant"},
		"another client":       {url.Values{"client_id": {"stranger"}}, http.StatusUnauthorized, "invalid_client"},
		"another grant":        {url.Values{"grant_type": {"password"}}, http.StatusBadRequest, "unsupported_grant_type"},
	} {
		form := s.exchangeForm(s.code(ben))
		for field, values := range c.change {
			form[field] = values
		}
		if status, got := s.token(form); status != c.status || got.Error != c.code || got.ID != "" {
			t.Errorf("%s: %d %+v", name, status, got)
		}
	}
	form := s.exchangeForm(s.code(ben))
	if status, _ := s.token(form); status != http.StatusOK {
		t.Errorf("the first time: %d", status)
	}
	if status, got := s.token(form); status != http.StatusBadRequest || got.Error != "invalid_grant" {
		t.Errorf("the second time: %d %+v", status, got)
	}
	wrong := s.exchangeForm(s.code(ben))
	right := wrong.Get("code_verifier")
	wrong.Set("code_verifier", verifier+"x")
	s.token(wrong)
	wrong.Set("code_verifier", right)
	if status, _ := s.token(wrong); status != http.StatusBadRequest {
		t.Errorf("after the wrong verifier a code still works: %d", status)
	}
	form = s.exchangeForm(s.code(ben))
	s.pass(codeTime + time.Second)
	if status, got := s.token(form); status != http.StatusBadRequest || got.Error != "invalid_grant" {
		t.Errorf("too late: %d %+v", status, got)
	}
}

func TestRefreshTokensTakeTurns(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	first := s.signIn(url.Values{"person": {"chiara@example.com"}})
	status, second := s.token(refreshForm(first.Refresh))
	if status != http.StatusOK || second.Refresh == first.Refresh {
		t.Fatalf("%d %+v", status, second)
	}
	if claims, err := s.verify(second.ID); err != nil || claims["name"] != "Chiara Rossi" || claims["nonce"] != nil {
		t.Errorf("%v, %v", claims, err)
	}
	if status, _ := s.token(refreshForm(first.Refresh)); status != http.StatusOK {
		t.Errorf("another tab comes with the same token a moment later: %d", status)
	}
	s.pass(lateness + time.Second)
	if status, got := s.token(refreshForm(first.Refresh)); status != http.StatusBadRequest || got.Error != "invalid_grant" {
		t.Errorf("an old token: %d %+v", status, got)
	}
	if status, got := s.token(refreshForm(second.Refresh)); status != http.StatusBadRequest || got.Error != "invalid_grant" {
		t.Errorf("the session goes on although an old token came: %d %+v", status, got)
	}
	third := s.signIn(url.Values{"person": {"chiara@example.com"}})
	for name, token := range map[string]string{"an ID token": third.ID, "an access token": third.Access, "nonsense": "x.y.z", "nothing": ""} {
		if status, got := s.token(refreshForm(token)); status != http.StatusBadRequest || got.Error != "invalid_grant" {
			t.Errorf("%s: %d %+v", name, status, got)
		}
	}
	s.pass(sessionTime + time.Second)
	if status, _ := s.token(refreshForm(third.Refresh)); status != http.StatusBadRequest {
		t.Errorf("after 30 days: %d", status)
	}
}

func TestARestartSignsNobodyOut(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	got := s.signIn(url.Values{"person": {"ben@example.com"}})
	keys := s.get(Path + "/jwks.json").body
	s.server.Close()
	s.start()
	if again := s.get(Path + "/jwks.json").body; again != keys {
		t.Errorf("the key changed:\n%s\n%s", keys, again)
	}
	if status, _ := s.token(refreshForm(got.Refresh)); status != http.StatusOK {
		t.Errorf("refreshing after a restart: %d", status)
	}
}

func TestSigningOut(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	got := s.signIn(url.Values{"person": {"ben@example.com"}})
	s.pass(24 * time.Hour) // the hint has expired, and still says whose session it is
	if away := s.get(Path + "/logout?logout_uri=https://evil.example/"); away.status != http.StatusBadRequest || away.location != nil {
		t.Errorf("sent to %v", away.location)
	}
	back := s.get(Path + "/logout?id_token_hint=" + got.ID + "&client_id=" + ClientID + "&logout_uri=" + url.QueryEscape(s.server.URL+"/bye"))
	if back.status != http.StatusSeeOther || back.location.String() != s.server.URL+"/bye" {
		t.Errorf("%d to %v", back.status, back.location)
	}
	if status, _ := s.token(refreshForm(got.Refresh)); status != http.StatusBadRequest {
		t.Errorf("refreshing after signing out: %d", status)
	}
	got = s.signIn(url.Values{"person": {"ben@example.com"}})
	if revoked := s.post(Path+"/revoke", url.Values{"token": {got.Refresh}, "client_id": {ClientID}}); revoked.status != http.StatusOK {
		t.Errorf("revoking: %d", revoked.status)
	}
	if status, _ := s.token(refreshForm(got.Refresh)); status != http.StatusBadRequest {
		t.Errorf("refreshing after revoking: %d", status)
	}
}

func TestUserInfo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	got := s.signIn(url.Values{"person": {"ada@example.com"}})
	ask := func(token string) response {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.server.URL+Path+"/userinfo", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		return s.do(request)
	}
	if info := ask(got.Access); info.status != http.StatusOK || !strings.Contains(info.body, `"name":"Ada Lovelace"`) {
		t.Errorf("%d %s", info.status, info.body)
	}
	s.pass(tokenTime + time.Second)
	for name, token := range map[string]string{"an expired token": got.Access, "an ID token": got.ID, "nothing": ""} {
		if info := ask(token); info.status != http.StatusUnauthorized || !strings.HasPrefix(info.header.Get("WWW-Authenticate"), "Bearer") {
			t.Errorf("%s: %d %s", name, info.status, info.body)
		}
	}
}

// Whoever reaches the server from elsewhere, by a tunnel that was made for webhooks, must not be able to sign in as anybody.
func TestOnlyThisMachineIsServed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for name, c := range map[string]struct {
		host, header string
		status       int
	}{
		"by address":                 {"", "", http.StatusOK},
		"by name":                    {"localhost:8080", "", http.StatusOK},
		"by IPv6":                    {"[::1]:8080", "", http.StatusOK},
		"through a tunnel":           {"omni.example.com", "", http.StatusForbidden},
		"a tunnel that hides itself": {"", "X-Forwarded-For", http.StatusForbidden},
		"a proxy":                    {"localhost", "Forwarded", http.StatusForbidden},
		"a look-alike":               {"localhost.evil.example", "", http.StatusForbidden},
		"the network":                {"192.168.1.7:8080", "", http.StatusForbidden},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.server.URL+Path+"/.well-known/openid-configuration", nil)
		if err != nil {
			t.Fatal(err)
		}
		if c.host != "" {
			request.Host = c.host
		}
		if c.header != "" {
			request.Header.Set(c.header, "203.0.113.9")
		}
		got := s.do(request)
		if got.status != c.status || got.status == http.StatusOK && !strings.Contains(got.body, `"issuer":"http://`+request.Host+`/oidc"`) {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	for iss, want := range map[string]bool{
		"http://127.0.0.1:8080/oidc": true, "http://localhost/oidc": true, "https://localhost/oidc": false, "http://evil.example/oidc": false,
		"http://localhost:8080/oidc/": false, "http://localhost:8080": false, "": false,
	} {
		if Ours(iss) != want {
			t.Errorf("%q is ours: %v", iss, !want)
		}
	}
}
