package issuer

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// token exchanges a code, or a refresh token, for tokens (RFC 6749, sections 4.1.3 and 6).
func (i *Issuer) token(w http.ResponseWriter, r *http.Request, origin string) {
	if !readForm(w, r) {
		return
	}
	if r.PostForm.Get("client_id") != ClientID {
		refuse(w, http.StatusUnauthorized, "invalid_client", "client_id must be "+ClientID)
		return
	}
	switch r.PostForm.Get("grant_type") {
	case "authorization_code":
		i.exchange(w, r, origin)
	case "refresh_token":
		i.refresh(w, r, origin)
	default:
		refuse(w, http.StatusBadRequest, "unsupported_grant_type", "grant_type must be authorization_code or refresh_token")
	}
}

// exchange takes a code, once: also one that comes with the wrong verifier is used up.
func (i *Issuer) exchange(w http.ResponseWriter, r *http.Request, origin string) {
	i.mu.Lock()
	g, known := i.codes[r.PostForm.Get("code")]
	delete(i.codes, r.PostForm.Get("code"))
	i.mu.Unlock()
	switch {
	case !known || i.now().Sub(g.at) > codeTime:
		refuse(w, http.StatusBadRequest, "invalid_grant", "the code does not work, or not any more")
	case g.origin != origin || g.request.RedirectURI != r.PostForm.Get("redirect_uri"):
		refuse(w, http.StatusBadRequest, "invalid_grant", "redirect_uri is not the one that the code was asked for with")
	case !verifies(r.PostForm.Get("code_verifier"), g.request.Challenge):
		refuse(w, http.StatusBadRequest, "invalid_grant", "code_verifier does not belong to the code_challenge")
	default:
		current, err := i.sessions.begin(g.person, g.request.Scope)
		i.grantTokens(w, origin, g.request.Nonce, current, err)
	}
}

// verifies is PKCE's check (RFC 7636, section 4.6).
func verifies(verifier, challenge string) bool {
	sum := sha256.Sum256([]byte(verifier))
	return len(verifier) >= 43 && len(verifier) <= 128 && subtle.ConstantTimeCompare([]byte(base64url(sum[:])), []byte(challenge)) == 1
}

// refresh gives new tokens for a refresh token, which works once: see [sessions.renew].
func (i *Issuer) refresh(w http.ResponseWriter, r *http.Request, origin string) {
	given, err := i.readRefresh(r.PostForm.Get("refresh_token"))
	if err != nil {
		refuse(w, http.StatusBadRequest, "invalid_grant", "the refresh token does not work, or not any more")
		return
	}
	current, ok, err := i.sessions.renew(given)
	if err == nil && !ok {
		refuse(w, http.StatusBadRequest, "invalid_grant", "the refresh token was used before, or its session has ended")
		return
	}
	i.grantTokens(w, origin, "", current, err)
}

// grantTokens answers with the tokens of a session, unless it could not be written down.
func (i *Issuer) grantTokens(w http.ResponseWriter, origin, nonce string, s session, err error) {
	var id, access, refresh string
	for _, one := range []struct {
		into   *string
		claims jwt.MapClaims
	}{{&id, i.idClaims(origin, nonce, s)}, {&access, i.accessClaims(origin, s)}, {&refresh, i.refreshClaims(s)}} {
		if err == nil {
			*one.into, err = i.sign(one.claims)
		}
	}
	if err != nil {
		refuse(w, http.StatusInternalServerError, "server_error", err.Error())
		return
	}
	answer(w, http.StatusOK, map[string]any{
		"id_token": id, "access_token": access, "refresh_token": refresh, "token_type": "Bearer",
		"expires_in": int(i.tokenTime.Seconds()), "scope": s.Scope,
	})
}

// revoke ends the session of a refresh token (RFC 7009). A token that is none is fine.
func (i *Issuer) revoke(w http.ResponseWriter, r *http.Request, _ string) {
	if !readForm(w, r) {
		return
	}
	if given, err := i.readRefresh(r.PostForm.Get("token")); err == nil {
		if err := i.sessions.end(given.session); err != nil {
			refuse(w, http.StatusInternalServerError, "server_error", err.Error())
			return
		}
	}
	w.WriteHeader(http.StatusOK)
}

// userInfo tells who an access token is for (OpenID Connect Core 1.0, section 5.3).
func (i *Issuer) userInfo(w http.ResponseWriter, r *http.Request, _ string) {
	bearer, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	claims, err := i.parse(bearer, useAccess)
	if err != nil {
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		refuse(w, http.StatusUnauthorized, "invalid_token", "the access token does not work, or not any more")
		return
	}
	s, ok := i.sessions.get(text(claims, "origin_jti"))
	if !ok {
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		refuse(w, http.StatusUnauthorized, "invalid_token", "the session has ended")
		return
	}
	answer(w, http.StatusOK, map[string]any{
		"sub": s.Person.subject(), "name": s.Person.Name, "email": s.Person.Email, "email_verified": true, "username": s.Person.subject(),
	})
}

// logout ends the session that the hint names and sends the browser back: as OpenID Connect has it, and as Cognito does.
func (i *Issuer) logout(w http.ResponseWriter, r *http.Request, origin string) {
	query := r.URL.Query()
	if claims, err := i.parseHint(query.Get("id_token_hint")); err == nil {
		if err := i.sessions.end(text(claims, "origin_jti")); err != nil {
			refuse(w, http.StatusInternalServerError, "server_error", err.Error())
			return
		}
	}
	back := query.Get("post_logout_redirect_uri")
	if back == "" {
		back = query.Get("logout_uri")
	}
	if back == "" {
		back = origin + "/"
	}
	if back != origin && !strings.HasPrefix(back, origin+"/") {
		showPage(w, http.StatusBadRequest, page{Refused: "The address to go to after signing out leads away from " + origin + "."})
		return
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
}
