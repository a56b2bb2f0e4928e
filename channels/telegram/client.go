package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"omni/channels"
)

// botToken is the name of the secret that calls are made with.
const botToken = "bot_token"

const apiHost = "api.telegram.org"

// apiError is an answer in which the Bot API refuses a call.
type apiError struct {
	Method      string
	Code        int // like a status of HTTP
	Description string
	MovedTo     string // the chat's new id, of a group that has become a supergroup
}

func (e *apiError) Error() string {
	return fmt.Sprintf("the Bot API answers %s with %d %s", e.Method, e.Code, e.Description)
}

// Is makes an error of the token a [channels.ErrCredentials]. Telegram answers 404 to a token that cannot be one.
func (e *apiError) Is(target error) bool {
	return target == channels.ErrCredentials && (e.Code == http.StatusUnauthorized || e.Code == http.StatusNotFound)
}

// call calls a method of the Bot API that delivers nothing.
// Source: core.telegram.org/bots/api, "Making requests".
func (c *channel) call(ctx context.Context, method string, params, result any) error {
	body, err := json.Marshal(params)
	if err != nil {
		return fmt.Errorf("calling %s: %w", method, err)
	}
	request, err := c.request(ctx, method, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	answer, err := c.env.Call(request)
	if err != nil {
		return fmt.Errorf("calling %s: %w", method, err)
	}
	return c.read(method, answer, result)
}

// request makes the request that calls a method.
func (c *channel) request(ctx context.Context, method, contentType string, body io.Reader) (*http.Request, error) {
	if err := c.env.Secrets.Need(botToken); err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+apiHost, body)
	if err != nil {
		return nil, fmt.Errorf("calling %s: %w", method, err)
	}
	request.URL = c.url("", method)
	request.Header.Set("Content-Type", contentType)
	return request, nil
}

// url is where a method is called or, below "/file", a file lies. The token is a part of the path, so no error may have the URL.
func (c *channel) url(below, path string) *url.URL {
	return &url.URL{Scheme: "https", Host: apiHost, Path: below + "/bot" + c.env.Secrets.First(botToken) + "/" + path}
}

// read takes the result out of an answer.
func (c *channel) read(method string, answer channels.Answer, result any) error {
	var envelope struct {
		OK          bool            `json:"ok"`
		Result      json.RawMessage `json:"result"`
		Code        int             `json:"error_code"`
		Description string          `json:"description"`
		Parameters  struct {
			RetryAfter int         `json:"retry_after"` // seconds
			MovedTo    json.Number `json:"migrate_to_chat_id"`
		} `json:"parameters"`
	}
	if err := json.Unmarshal(answer.Body, &envelope); err != nil {
		envelope.OK, envelope.Code, envelope.Description = false, answer.Status, "and no JSON: "+http.StatusText(answer.Status)
	}
	if !envelope.OK {
		err := &apiError{method, envelope.Code, channels.Hide(envelope.Description, c.secrets()...), envelope.Parameters.MovedTo.String()}
		if envelope.Code == http.StatusTooManyRequests {
			return channels.Throttled(time.Duration(envelope.Parameters.RetryAfter)*time.Second, err)
		}
		return err
	}
	if err := json.Unmarshal(envelope.Result, result); err != nil {
		return fmt.Errorf("reading the result of %s: %w", method, err)
	}
	return nil
}

// secrets are the values that no text may show.
func (c *channel) secrets() []string {
	var all []string
	for _, values := range c.env.Secrets {
		all = append(all, values...)
	}
	return all
}
