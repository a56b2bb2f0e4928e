package dev

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/golang-jwt/jwt/v5"
)

// provider signs tokens, and has a set of keys by which they are verified.
type provider struct{ key *rsa.PrivateKey }

func newProvider(t *testing.T) provider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return provider{key}
}

func (p provider) keys() []byte {
	encode := base64.RawURLEncoding.EncodeToString
	return []byte(`{"keys":[{"kid":"k1","kty":"RSA","n":"` + encode(p.key.N.Bytes()) + `","e":"` + encode(big.NewInt(int64(p.key.E)).Bytes()) + `"}]}`)
}

func (p provider) sign(t *testing.T, kid string, claims jwt.MapClaims) string {
	t.Helper()
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	token.Header["kid"] = kid
	signed, err := token.SignedString(p.key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// protected is a server with an API that answers with the claims that it gets.
func protected(t *testing.T, p provider) *httptest.Server {
	t.Helper()
	tokens, err := newAuthorizer(p.keys(), func(iss string) bool { return iss == "https://issuer.example" }, "client-1")
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(front{
		files: http.NotFoundHandler(), log: quiet, tokens: tokens,
		api: func(_ context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
			body, err := json.Marshal(e.RequestContext.Authorizer.JWT.Claims)
			return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusOK, Headers: map[string]string{"X-Route": e.RouteKey, "X-Path": e.RawPath}, Body: string(body)}, err
		},
	}.handler())
	t.Cleanup(web.Close)
	return web
}

func ask(t *testing.T, url, authorization string) (status int, body string, header http.Header) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPatch, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if authorization != "" {
		request.Header.Set("Authorization", authorization)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	read, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(read), response.Header
}

// goodClaims are those of a token that is let through.
func goodClaims() jwt.MapClaims {
	now := time.Now()
	return jwt.MapClaims{
		"iss": "https://issuer.example", "aud": "client-1", "sub": "s-1", "exp": now.Add(time.Hour).Unix(), "iat": now.Unix(),
		"cognito:groups": []string{"admin", "night shift"}, "email_verified": true, "big": 1795000000123.0,
	}
}

func TestAGoodTokensClaimsReachTheAPI(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	web := protected(t, p)
	for _, scheme := range []string{"Bearer ", "bearer ", ""} {
		status, body, header := ask(t, web.URL+"/v1/conversations/7?x=1", scheme+p.sign(t, "k1", goodClaims()))
		var claims map[string]string
		if err := json.Unmarshal([]byte(body), &claims); err != nil || status != http.StatusOK {
			t.Fatalf("%d %s %v", status, body, err)
		}
		for name, want := range map[string]string{
			"sub": "s-1", "cognito:groups": "[admin night shift]", "email_verified": "true", "big": "1795000000123", "aud": "client-1",
		} {
			if claims[name] != want {
				t.Errorf("%s is %q, want %q", name, claims[name], want)
			}
		}
		if header.Get("X-Route") != "ANY /v1/{proxy+}" || header.Get("X-Path") != "/v1/conversations/7" {
			t.Errorf("route %q, path %q", header.Get("X-Route"), header.Get("X-Path"))
		}
	}
	access := goodClaims()
	delete(access, "aud")
	access["client_id"] = "client-1"
	if status, body, _ := ask(t, web.URL+"/v1/me", "Bearer "+p.sign(t, "k1", access)); status != http.StatusOK {
		t.Errorf("a token with client_id: %d %s", status, body)
	}
}

func TestWithoutAGoodTokenNothingReachesTheAPI(t *testing.T) {
	t.Parallel()
	p, stranger := newProvider(t), newProvider(t)
	web := protected(t, p)
	with := func(change jwt.MapClaims) string {
		claims := goodClaims()
		maps.Copy(claims, change)
		maps.DeleteFunc(claims, func(_ string, value any) bool { return value == nil })
		return "Bearer " + p.sign(t, "k1", claims)
	}
	unsigned, err := jwt.NewWithClaims(jwt.SigningMethodNone, goodClaims()).SignedString(jwt.UnsafeAllowNoneSignatureType)
	if err != nil {
		t.Fatal(err)
	}
	symmetric := jwt.NewWithClaims(jwt.SigningMethodHS256, goodClaims())
	symmetric.Header["kid"] = "k1"
	forged, err := symmetric.SignedString(p.key.N.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	const expired, invalid = "the token has expired", "the token is not valid"
	for name, c := range map[string]struct{ authorization, challenge string }{
		"nothing":                {"", ""},
		"nonsense":               {"Bearer nonsense", ""},
		"a password":             {"Basic YTpi", ""},
		"expired":                {with(jwt.MapClaims{"exp": time.Now().Add(-time.Second).Unix()}), expired},
		"without an end":         {with(jwt.MapClaims{"exp": nil}), invalid},
		"not valid yet":          {with(jwt.MapClaims{"nbf": time.Now().Add(time.Hour).Unix()}), invalid},
		"issued in the future":   {with(jwt.MapClaims{"iat": time.Now().Add(time.Hour).Unix()}), invalid},
		"another issuer":         {with(jwt.MapClaims{"iss": "https://evil.example"}), invalid},
		"for another client":     {with(jwt.MapClaims{"aud": "client-2", "client_id": "client-1"}), invalid},
		"for nobody":             {with(jwt.MapClaims{"aud": nil}), invalid},
		"signed by a stranger":   {"Bearer " + stranger.sign(t, "k1", goodClaims()), invalid},
		"with an unknown key":    {"Bearer " + p.sign(t, "k2", goodClaims()), invalid},
		"not signed":             {"Bearer " + unsigned, invalid},
		"signed by a public key": {"Bearer " + forged, invalid},
	} {
		status, body, header := ask(t, web.URL+"/v1/me", c.authorization)
		if status != http.StatusUnauthorized || body != `{"message":"Unauthorized"}` || header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %d %s", name, status, body)
		}
		if got := header.Get("WWW-Authenticate"); !strings.HasPrefix(got, "Bearer") || !strings.Contains(got, c.challenge) || c.challenge == "" && got != "Bearer" {
			t.Errorf("%s: the challenge is %q", name, got)
		}
	}
}

func TestKeysThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for _, keys := range []string{"", `{"keys":[{"kid":"k","kty":"EC"}]}`, `{"keys":[{"kid":"k","kty":"RSA","n":"*"}]}`} {
		if _, err := newAuthorizer([]byte(keys), nil, ""); err == nil {
			t.Errorf("%q was taken", keys)
		}
	}
}
