package follow

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"omni/tools/omni/dev/issuer"
)

// refusal means that the server answered, and not with what was asked for.
type refusal struct {
	status int
	text   string
}

func (r *refusal) Error() string { return r.text }

// expired reports whether the agent has to sign in again.
func expired(err error) bool {
	var r *refusal
	return errors.As(err, &r) && r.status == http.StatusUnauthorized
}

// verifier is long enough for the rules of PKCE. It protects nothing here.
const verifier = "a-verifier-that-is-long-enough-for-the-rules-of-pkce"

// signIn gets a token as a browser does.
func (d *Dashboard) signIn(ctx context.Context) error {
	sum := sha256.Sum256([]byte(verifier))
	back := d.o.URL + "/"
	asked, err := d.post(ctx, "/authorize", url.Values{
		"response_type": {"code"}, "client_id": {issuer.ClientID}, "redirect_uri": {back}, "scope": {"openid email profile"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"}, "name": {d.o.Name},
	})
	if err != nil {
		return err
	}
	asked.Body.Close()
	to, err := asked.Location()
	if err != nil {
		return fmt.Errorf("signing in: %s: %w", asked.Status, err)
	}
	given, err := d.post(ctx, "/token", url.Values{
		"grant_type": {"authorization_code"}, "client_id": {issuer.ClientID}, "redirect_uri": {back}, "code": {to.Query().Get("code")},
		"code_verifier": {verifier},
	})
	if err != nil {
		return err
	}
	defer given.Body.Close()
	var tokens struct {
		ID string `json:"id_token"`
	}
	if err := json.NewDecoder(given.Body).Decode(&tokens); err != nil || tokens.ID == "" {
		return fmt.Errorf("signing in: no token with %s: %w", given.Status, err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.token = tokens.ID
	return nil
}

// post sends a form to the issuer.
func (d *Dashboard) post(ctx context.Context, path string, form url.Values) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, d.o.URL+issuer.Path+path, bytes.NewReader([]byte(form.Encode())))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return d.o.Client.Do(request)
}

// Call calls the API as the agent; headers are names and values in turn.
func (d *Dashboard) Call(ctx context.Context, method, path string, body, into any, headers ...string) error {
	var given io.Reader
	if body != nil {
		rendered, err := json.Marshal(body)
		if err != nil {
			return err
		}
		given = bytes.NewReader(rendered)
	}
	request, err := http.NewRequestWithContext(ctx, method, d.o.URL+path, given)
	if err != nil {
		return err
	}
	d.mu.Lock()
	request.Header.Set("Authorization", "Bearer "+d.token)
	d.mu.Unlock()
	request.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := d.o.Client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		return err
	case response.StatusCode >= http.StatusMultipleChoices:
		err := &refusal{response.StatusCode, fmt.Sprintf("%s %s: refused: %s %s", method, path, response.Status, answer)}
		d.note(func(t *Tally) { t.Refused = append(t.Refused, err) })
		return err
	case into == nil:
		return nil
	}
	return json.Unmarshal(answer, into)
}
