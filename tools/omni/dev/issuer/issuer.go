// Package issuer is an OpenID Connect provider for a laptop: in `omni dev` it stands where Amazon Cognito stands in the deployment, so that
// the dashboard and the gateway sign people in and check tokens in one way everywhere. It believes whoever comes and asks for no password,
// so it answers only requests that come from this machine (see [Origin]).
package issuer

import (
	"cmp"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// ClientID is the one client: the dashboard, which runs in browsers and so keeps no secret.
const ClientID = "omni-dashboard"

// Path is where the server has the issuer mounted.
const Path = "/oidc"

// Options say how people are signed in.
type Options struct {
	Dir       string           // where the key is kept, and who is signed in
	TokenTime time.Duration    // how long ID and access tokens work; 0: an hour
	Now       func() time.Time // nil: time.Now
}

// Issuer is the provider; it is an http.Handler for requests below [Path]. Make it with [Open].
type Issuer struct {
	key       *rsa.PrivateKey
	kid       string
	tokenTime time.Duration
	now       func() time.Time
	mux       *http.ServeMux
	sessions  *sessions

	mu    sync.Mutex
	codes map[string]grant
}

// Open opens the issuer of a folder, and makes it when there is none. Whoever signed in before a restart stays signed in.
func Open(o Options) (*Issuer, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	key, err := openKey(o.Dir)
	if err != nil {
		return nil, err
	}
	kept, err := openSessions(o.Dir, o.Now)
	if err != nil {
		return nil, err
	}
	i := &Issuer{
		key: key, kid: thumbprint(&key.PublicKey), tokenTime: cmp.Or(o.TokenTime, tokenTime), now: o.Now, mux: http.NewServeMux(), sessions: kept,
		codes: map[string]grant{},
	}
	for pattern, handle := range map[string]func(http.ResponseWriter, *http.Request, string){
		"GET " + Path + "/.well-known/openid-configuration": i.discovery,
		"GET " + Path + "/jwks.json":                        i.jwks,
		"GET " + Path + "/style.css":                        i.style,
		"GET " + Path + "/authorize":                        i.authorize,
		"POST " + Path + "/authorize":                       i.signIn,
		"POST " + Path + "/token":                           i.token,
		"POST " + Path + "/revoke":                          i.revoke,
		"GET " + Path + "/userinfo":                         i.userInfo,
		"GET " + Path + "/logout":                           i.logout,
	} {
		i.mux.HandleFunc(pattern, local(handle))
	}
	return i, nil
}

// ServeHTTP implements [http.Handler].
func (i *Issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) { i.mux.ServeHTTP(w, r) }

// local hands only requests from this machine on, with the origin that they are for.
func local(handle func(http.ResponseWriter, *http.Request, string)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		origin, ok := Origin(r)
		if !ok {
			http.Error(w, "This server signs people in only on its own machine: open it there, as http://localhost and its port.", http.StatusForbidden)
			return
		}
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		handle(w, r, origin)
	}
}

// Origin is the origin that a browser on this machine sees the request go to; ok is false if it is for another host than this machine, or was
// passed on by a tunnel or proxy that says so. A page on the internet that makes a name of its own lead to this machine gets nothing either.
func Origin(r *http.Request) (origin string, ok bool) {
	for _, header := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "Via"} {
		if r.Header.Get(header) != "" {
			return "", false
		}
	}
	return "http://" + r.Host, loopback(r.Host)
}

// loopback reports whether a host, with or without its port, is this machine by a name that nobody else can have.
func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if host == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && address.IsLoopback()
}

// URL is the issuer's name for who reaches it at the origin: what its tokens have as `iss`.
func URL(origin string) string { return origin + Path }

// Ours reports whether a token's `iss` is this machine, under any of its names and ports: a browser may come by 127.0.0.1, by localhost or
// through a forwarded port, and the issuer is called what the browser calls it.
func Ours(iss string) bool {
	host, found := strings.CutPrefix(iss, "http://")
	host, ends := strings.CutSuffix(host, Path)
	return found && ends && loopback(host)
}

// discovery is OpenID Connect Discovery 1.0.
func (i *Issuer) discovery(w http.ResponseWriter, _ *http.Request, origin string) {
	at := URL(origin)
	answer(w, http.StatusOK, map[string]any{
		"issuer": at, "authorization_endpoint": at + "/authorize", "token_endpoint": at + "/token", "userinfo_endpoint": at + "/userinfo",
		"jwks_uri": at + "/jwks.json", "revocation_endpoint": at + "/revoke", "end_session_endpoint": at + "/logout",
		"response_types_supported": []string{"code"}, "response_modes_supported": []string{"query"},
		"grant_types_supported": []string{"authorization_code", "refresh_token"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256"}, "token_endpoint_auth_methods_supported": []string{"none"},
		"code_challenge_methods_supported": []string{"S256"}, "scopes_supported": []string{"openid", "email", "profile"},
		"claims_supported": []string{"sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "name", "email", "email_verified", "cognito:groups"},
	})
}

func (i *Issuer) jwks(w http.ResponseWriter, _ *http.Request, _ string) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(i.Keys()) // a client that has gone wants no answer
}

// Keys is the set of keys by which tokens are verified (RFC 7517).
func (i *Issuer) Keys() []byte {
	public := i.key.PublicKey
	set, err := json.Marshal(map[string]any{"keys": []any{map[string]string{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": i.kid, "n": base64url(public.N.Bytes()), "e": base64url(big.NewInt(int64(public.E)).Bytes()),
	}}})
	if err != nil {
		panic(err) // strings can be written
	}
	return set
}

func base64url(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func answer(w http.ResponseWriter, status int, object any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(object) // a client that has gone wants no answer
}

// refuse is an error of OAuth 2.0 (RFC 6749, section 5.2).
func refuse(w http.ResponseWriter, status int, code, why string) {
	answer(w, status, map[string]string{"error": code, "error_description": why})
}
