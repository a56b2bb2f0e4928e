package issuer

import (
	"crypto/rand"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// How long tokens and sessions last, as the deployment's Cognito has it.
const (
	tokenTime   = time.Hour
	sessionTime = 30 * 24 * time.Hour
)

// What a token is for, in its claim token_use, as Cognito writes it.
const (
	useID      = "id"
	useAccess  = "access"
	useRefresh = "refresh"
)

// idClaims are who signed in, with the claims that Cognito gives.
func (i *Issuer) idClaims(origin, nonce string, s session) jwt.MapClaims {
	claims := i.claims(origin, useID, s)
	claims["aud"], claims["email"], claims["email_verified"] = ClientID, s.Person.Email, true
	claims["name"], claims["cognito:username"] = s.Person.Name, s.Person.subject()
	if nonce != "" {
		claims["nonce"] = nonce
	}
	return claims
}

func (i *Issuer) accessClaims(origin string, s session) jwt.MapClaims {
	claims := i.claims(origin, useAccess, s)
	claims["client_id"], claims["scope"], claims["username"] = ClientID, s.Scope, s.Person.subject()
	return claims
}

// claims are what id and access tokens share.
func (i *Issuer) claims(origin, use string, s session) jwt.MapClaims {
	now := i.now()
	claims := jwt.MapClaims{
		"iss": URL(origin), "sub": s.Person.subject(), "token_use": use, "auth_time": s.Began.Unix(), "iat": now.Unix(),
		"exp": now.Add(i.tokenTime).Unix(), "jti": rand.Text(), "origin_jti": s.ID,
	}
	if groups := s.Person.groups(); len(groups) > 0 {
		claims["cognito:groups"] = groups
	}
	return claims
}

// refreshClaims are for ourselves: to others a refresh token is a word without a meaning.
func (i *Issuer) refreshClaims(s session) jwt.MapClaims {
	return jwt.MapClaims{
		"token_use": useRefresh, "origin_jti": s.ID, "turn": s.Turn, "iat": i.now().Unix(), "exp": s.Began.Add(sessionTime).Unix(),
	}
}

func (i *Issuer) sign(claims jwt.MapClaims) (string, error) {
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	token.Header["kid"] = i.kid
	return token.SignedString(i.key)
}

// parse reads a token of ours that is for the use and has not expired.
func (i *Issuer) parse(token, use string) (jwt.MapClaims, error) {
	return i.parseWith(token, use, jwt.WithExpirationRequired(), jwt.WithTimeFunc(i.now))
}

// parseHint reads an ID token that says whose session is meant. It may have expired, as OpenID Connect RP-Initiated Logout 1.0 has it: whoever signs out
// has often been away for long.
func (i *Issuer) parseHint(token string) (jwt.MapClaims, error) {
	return i.parseWith(token, useID, jwt.WithoutClaimsValidation())
}

func (i *Issuer) parseWith(token, use string, options ...jwt.ParserOption) (jwt.MapClaims, error) {
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(token, claims, func(*jwt.Token) (any, error) { return &i.key.PublicKey, nil },
		append(options, jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}))...)
	if err != nil {
		return nil, err
	}
	if text(claims, "token_use") != use {
		return nil, fmt.Errorf("the token is for %q, not for %q", text(claims, "token_use"), use)
	}
	return claims, nil
}

// turn is one refresh token: the place that it has in its session.
type turn struct {
	session string
	number  int
}

func (i *Issuer) readRefresh(token string) (turn, error) {
	claims, err := i.parse(token, useRefresh)
	if err != nil {
		return turn{}, err
	}
	number, _ := claims["turn"].(float64)
	return turn{text(claims, "origin_jti"), int(number)}, nil
}

func text(claims jwt.MapClaims, name string) string {
	value, _ := claims[name].(string)
	return value
}
