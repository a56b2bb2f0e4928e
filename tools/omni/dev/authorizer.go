package dev

import (
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// authorizer is what API Gateway's JWT authorizer is in the deployment: it lets a request through with a good token only, and hands the function
// the token's claims. Source: docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html.
type authorizer struct {
	keys     map[string]*rsa.PublicKey // by id
	issuer   func(iss string) bool
	audience string
	now      func() time.Time
}

// newAuthorizer makes an authorizer that verifies by a set of keys (RFC 7517).
func newAuthorizer(keys []byte, issuer func(iss string) bool, audience string) (*authorizer, error) {
	var set struct {
		Keys []struct{ Kid, Kty, N, E string }
	}
	if err := json.Unmarshal(keys, &set); err != nil {
		return nil, fmt.Errorf("reading the issuer's keys: %w", err)
	}
	a := &authorizer{keys: map[string]*rsa.PublicKey{}, issuer: issuer, audience: audience, now: time.Now}
	for _, key := range set.Keys {
		n, nErr := base64.RawURLEncoding.DecodeString(key.N)
		e, eErr := base64.RawURLEncoding.DecodeString(key.E)
		if key.Kty != "RSA" {
			return nil, fmt.Errorf("the issuer's key %q is of type %q, and RSA is wanted", key.Kid, key.Kty)
		}
		if err := errors.Join(nErr, eErr); err != nil {
			return nil, fmt.Errorf("reading the issuer's key %q: %w", key.Kid, err)
		}
		a.keys[key.Kid] = &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
	}
	return a, nil
}

// check returns the claims of a request's token. The request header may have the token alone, too.
func (a *authorizer) check(r *http.Request) (jwt.MapClaims, error) {
	token := r.Header.Get("Authorization")
	if scheme, rest, found := strings.Cut(token, " "); found && strings.EqualFold(scheme, "Bearer") {
		token = rest
	}
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(token, claims, a.key, jwt.WithValidMethods([]string{"RS256", "RS384", "RS512"}), jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(), jwt.WithTimeFunc(a.now))
	if err != nil {
		return nil, err
	}
	if iss, _ := claims.GetIssuer(); !a.issuer(iss) {
		return nil, fmt.Errorf("%w: %q", jwt.ErrTokenInvalidIssuer, iss)
	}
	return claims, a.checkAudience(claims)
}

func (a *authorizer) key(token *jwt.Token) (any, error) {
	kid, _ := token.Header["kid"].(string)
	key, ok := a.keys[kid]
	if !ok {
		return nil, fmt.Errorf("no key is called %q", kid)
	}
	return key, nil
}

// checkAudience holds `aud`, or in a token without it `client_id`, to the client.
func (a *authorizer) checkAudience(claims jwt.MapClaims) error {
	audience, err := claims.GetAudience()
	if client, ok := claims["client_id"].(string); ok && len(audience) == 0 {
		audience = jwt.ClaimStrings{client}
	}
	if err != nil || !slices.Contains(audience, a.audience) {
		return fmt.Errorf("%w: %q", jwt.ErrTokenInvalidAudience, audience)
	}
	return nil
}

// unauthorized is how API Gateway answers a request without a good token.
func unauthorized(w http.ResponseWriter, err error) {
	challenge := "Bearer"
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		challenge = `Bearer scope="" error="invalid_token" error_description="the token has expired"`
	case !errors.Is(err, jwt.ErrTokenMalformed):
		challenge = `Bearer scope="" error="invalid_token" error_description="the token is not valid"`
	}
	w.Header().Set("WWW-Authenticate", challenge)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusUnauthorized)
	_, _ = w.Write([]byte(`{"message":"Unauthorized"}`)) // a client that has gone wants no answer
}

// rendered are claims as API Gateway hands them to a function: all of them strings.
func rendered(claims jwt.MapClaims) map[string]string {
	all := map[string]string{}
	for name, value := range claims {
		all[name] = render(value)
	}
	return all
}

// render writes a list as [a b], and a number without an exponent.
func render(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		items := make([]string, len(v))
		for i, item := range v {
			items[i] = render(item)
		}
		return "[" + strings.Join(items, " ") + "]"
	}
	return fmt.Sprint(value)
}
