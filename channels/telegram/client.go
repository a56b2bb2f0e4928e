package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
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
}

func (e *apiError) Error() string {
	return fmt.Sprintf("the Bot API answers %s with %d %s", e.Method, e.Code, e.Description)
}

// Is makes an error of the token a [channels.ErrCredentials]. Telegram answers 404 to a token that cannot be one.
func (e *apiError) Is(target error) bool {
	return target == channels.ErrCredentials && (e.Code == http.StatusUnauthorized || e.Code == http.StatusNotFound)
}

// call calls a method of the Bot API. The token is a part of the URL's path, so the URL is in no error.
// Source: core.telegram.org/bots/api, "Making requests".
func (c *channel) call(ctx context.Context, method string, params, result any) error {
	if err := c.env.Secrets.Need(botToken); err != nil {
		return err
	}
	body, err := json.Marshal(params)
	if err != nil {
		return fmt.Errorf("calling %s: %w", method, err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+apiHost, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("calling %s: %w", method, err)
	}
	request.URL = &url.URL{Scheme: "https", Host: apiHost, Path: "/bot" + c.env.Secrets.First(botToken) + "/" + method}
	request.Header.Set("Content-Type", "application/json")
	answer, err := c.env.Call(request)
	if err != nil {
		return fmt.Errorf("calling %s: %w", method, err)
	}
	return c.read(method, answer, result)
}

// read takes the result out of an answer.
func (c *channel) read(method string, answer channels.Answer, result any) error {
	var envelope struct {
		OK          bool            `json:"ok"`
		Result      json.RawMessage `json:"result"`
		Code        int             `json:"error_code"`
		Description string          `json:"description"`
		Parameters  struct {
			RetryAfter int `json:"retry_after"` // seconds
		} `json:"parameters"`
	}
	if err := json.Unmarshal(answer.Body, &envelope); err != nil {
		return &apiError{method, answer.Status, "and no JSON: " + http.StatusText(answer.Status)}
	}
	if !envelope.OK {
		err := &apiError{method, envelope.Code, channels.Hide(envelope.Description, c.secrets()...)}
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
