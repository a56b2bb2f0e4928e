package issuer

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// codeTime is how long a code can be exchanged (RFC 6749, section 4.1.2: ten minutes at most).
const codeTime = time.Minute

// request is an authorization request (RFC 6749, section 4.1.1; RFC 7636; OpenID Connect Core 1.0, section 3.1.2.1).
type request struct {
	ResponseType, ClientID, RedirectURI, Scope, State, Nonce, Challenge, ChallengeMethod, Prompt, ResponseMode string
}

func readRequest(v url.Values) request {
	return request{
		ResponseType: v.Get("response_type"), ClientID: v.Get("client_id"), RedirectURI: v.Get("redirect_uri"), Scope: v.Get("scope"),
		State: v.Get("state"), Nonce: v.Get("nonce"), Challenge: v.Get("code_challenge"), ChallengeMethod: v.Get("code_challenge_method"),
		Prompt: v.Get("prompt"), ResponseMode: v.Get("response_mode"),
	}
}

// fields are the request as a form carries it on.
func (q request) fields() map[string]string {
	return map[string]string{
		"response_type": q.ResponseType, "client_id": q.ClientID, "redirect_uri": q.RedirectURI, "scope": q.Scope, "state": q.State,
		"nonce": q.Nonce, "code_challenge": q.Challenge, "code_challenge_method": q.ChallengeMethod,
	}
}

// grant is what a code stands for.
type grant struct {
	person  Person
	request request
	origin  string
	at      time.Time
}

// sendable says what is wrong with where the answer is to go; empty: nothing is. While something is, nobody is sent anywhere.
func (q request) sendable(origin string) string {
	to, err := url.Parse(q.RedirectURI)
	switch {
	case q.ClientID != ClientID:
		return "The client is not known here. Its client_id should be " + ClientID + "."
	case q.RedirectURI == "" || err != nil || to.Fragment != "" || to.User != nil:
		return "The redirect_uri cannot be used."
	case to.Scheme+"://"+to.Host != origin:
		return "The redirect_uri leads away from " + origin + ", where this page is."
	}
	return ""
}

// challengeForm is a SHA-256 in base64url (RFC 7636, section 4.2).
var challengeForm = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// refused says by an error of OAuth what is wrong with the rest; none: nothing is.
func (q request) refused() (code, why string) {
	switch {
	case q.ResponseType != "code":
		return "unsupported_response_type", "response_type must be code"
	case q.ResponseMode != "" && q.ResponseMode != "query":
		return "invalid_request", "response_mode must be query"
	case !slices.Contains(strings.Fields(q.Scope), "openid"):
		return "invalid_scope", "scope must contain openid"
	case q.ChallengeMethod != "S256" || !challengeForm.MatchString(q.Challenge):
		return "invalid_request", "PKCE with S256 is required: code_challenge and code_challenge_method"
	case q.Prompt == "none":
		return "login_required", "nobody is remembered here"
	}
	return "", ""
}

// authorize shows who can sign in.
func (i *Issuer) authorize(w http.ResponseWriter, r *http.Request, origin string) {
	if q := readRequest(r.URL.Query()); checked(w, r, q, origin) {
		showPage(w, http.StatusOK, page{Fields: q.fields(), People: Demo})
	}
}

// signIn takes the answer to the page: who it is.
func (i *Issuer) signIn(w http.ResponseWriter, r *http.Request, origin string) {
	if !readForm(w, r) {
		return
	}
	q := readRequest(r.PostForm)
	if !checked(w, r, q, origin) {
		return
	}
	person, ok := demo(r.PostForm.Get("person"))
	if typed := r.PostForm.Get("name"); !ok {
		if person, ok = called(typed, r.PostForm.Get("admin") != ""); !ok {
			showPage(w, http.StatusUnprocessableEntity, page{Fields: q.fields(), People: Demo, Typed: typed, Wrong: "Enter a name of at most 100 characters."})
			return
		}
	}
	redirect(w, r, q, url.Values{"code": {i.issueCode(grant{person, q, origin, i.now()})}})
}

// checked answers a request that is wrong.
func checked(w http.ResponseWriter, r *http.Request, q request, origin string) bool {
	if why := q.sendable(origin); why != "" {
		showPage(w, http.StatusBadRequest, page{Refused: why})
		return false
	}
	if code, why := q.refused(); code != "" {
		redirect(w, r, q, url.Values{"error": {code}, "error_description": {why}})
		return false
	}
	return true
}

// redirect sends the browser back with the answer.
func redirect(w http.ResponseWriter, r *http.Request, q request, result url.Values) {
	to, _ := url.Parse(q.RedirectURI) // it was checked
	query := to.Query()
	for name, values := range result {
		query[name] = values
	}
	if q.State != "" {
		query.Set("state", q.State)
	}
	to.RawQuery = query.Encode()
	http.Redirect(w, r, to.String(), http.StatusSeeOther)
}

// issueCode makes a code, and forgets those that nobody came back with.
func (i *Issuer) issueCode(g grant) string {
	i.mu.Lock()
	defer i.mu.Unlock()
	for code, old := range i.codes {
		if i.now().Sub(old.at) > codeTime {
			delete(i.codes, code)
		}
	}
	code := rand.Text()
	i.codes[code] = g
	return code
}

// maxForm is more than any form here has.
const maxForm = 16 << 10

func readForm(w http.ResponseWriter, r *http.Request) bool {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		refuse(w, http.StatusBadRequest, "invalid_request", "the form cannot be read")
		return false
	}
	return true
}
