package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"omni/channels"
)

// Version is the version of the Graph API that every call names. Meta keeps one for two years.
const Version = "v26.0"

// Hosts of the Graph API.
const (
	FacebookHost  = "graph.facebook.com"
	InstagramHost = "graph.instagram.com" // for tokens of Instagram Login
)

// AccessToken is the name of the secret that a Graph channel sends messages with.
const AccessToken = "access_token"

// Client makes calls with one access token.
type Client struct {
	env   channels.Env
	host  string
	token string
}

// NewClient makes a client for one of the hosts.
func NewClient(env channels.Env, host, token string) Client {
	return Client{env, host, token}
}

// Get reads a node or an edge into a struct.
func (c Client) Get(ctx context.Context, path string, params url.Values, into any) error {
	return c.call(ctx, http.MethodGet, path, params, "", nil, into)
}

// PostForm sends parameters in the body, where secrets among them are in no URL.
func (c Client) PostForm(ctx context.Context, path string, params url.Values, into any) error {
	return c.call(ctx, http.MethodPost, path, nil, "application/x-www-form-urlencoded", []byte(params.Encode()), into)
}

// PostJSON sends an object.
func (c Client) PostJSON(ctx context.Context, path string, object, into any) error {
	body, err := json.Marshal(object)
	if err != nil {
		return fmt.Errorf("calling the Graph API: %w", err)
	}
	return c.call(ctx, http.MethodPost, path, nil, "application/json", body, into)
}

// Delete deletes a node, or takes something off an edge.
func (c Client) Delete(ctx context.Context, path string, into any) error {
	return c.call(ctx, http.MethodDelete, path, nil, "", nil, into)
}

// call makes one call.
func (c Client) call(ctx context.Context, method, path string, params url.Values, contentType string, body []byte, into any) error {
	request, err := c.request(ctx, method, path, params, contentType, bytes.NewReader(body))
	if err != nil {
		return err
	}
	answer, err := c.env.Call(request)
	if err != nil {
		return err
	}
	return c.read(answer, into)
}

// post makes a request with a body that can be as long as it likes.
func (c Client) post(ctx context.Context, path, contentType string, body io.Reader) (*http.Request, error) {
	return c.request(ctx, http.MethodPost, path, nil, contentType, body)
}

// request makes a request. The token travels in a header, because URLs end up in logs.
func (c Client) request(
	ctx context.Context, method, path string, params url.Values, contentType string, body io.Reader,
) (*http.Request, error) {
	target := url.URL{Scheme: "https", Host: c.host, Path: "/" + Version + "/" + path, RawQuery: params.Encode()}
	request, err := http.NewRequestWithContext(ctx, method, target.String(), body)
	if err != nil {
		return nil, fmt.Errorf("calling %s: the path %q cannot be in a URL", c.host, path)
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	return request, nil
}

// read takes the result out of an answer. Meta's word for success is the missing error, not the status.
func (c Client) read(answer channels.Answer, into any) error {
	var envelope struct{ Error *envelopeError }
	malformed := json.Unmarshal(answer.Body, &envelope)
	if malformed == nil && envelope.Error != nil {
		return c.interpret(answer, *envelope.Error)
	}
	if answer.Status/100 != 2 {
		return &Error{Status: answer.Status, Message: http.StatusText(answer.Status)}
	}
	if malformed == nil {
		malformed = json.Unmarshal(answer.Body, into)
	}
	if malformed != nil {
		return fmt.Errorf("reading the answer of %s: %w", c.host, malformed)
	}
	return nil
}

// hide takes the token and the account's secrets out of a text of Meta's.
func (c Client) hide(text string) string {
	hidden := []string{c.token, c.token[strings.IndexByte(c.token, '|')+1:]} // an app's token is "<app id>|<app secret>"
	for _, name := range []string{AccessToken, AppSecret, VerifyToken} {
		hidden = append(hidden, c.env.Secrets[name]...)
	}
	return channels.Hide(text, hidden...)
}
