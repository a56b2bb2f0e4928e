package platforms

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"omni/channels/simulate"
)

// Pauses between the attempts at a webhook: 0.25, 0.5, 1, 2, 2, ... seconds. The platforms' own are longer, and go on for days.
const (
	firstPause = 250 * time.Millisecond
	maxPause   = 2 * time.Second
)

// webhookTimeout is how long a platform waits for an answer.
const webhookTimeout = 10 * time.Second

// Courier delivers webhooks as platforms do: again and again until they are answered with something final.
type Courier struct {
	Client   *http.Client
	Attempts int // after which a webhook is given up; 0: when the context ends
}

// Outcome is what became of a webhook.
type Outcome struct {
	Status   int   // of the last attempt; 0: no answer
	Err      error // why there was no answer
	Attempts int
}

// String says how the last attempt ended.
func (o Outcome) String() string {
	switch {
	case o.Err != nil:
		return fmt.Sprintf("%v (%d attempts)", o.Err, o.Attempts)
	case o.Status == http.StatusUnauthorized:
		return "401: the server verifies with other secrets than the ones here"
	}
	return fmt.Sprintf("%d %s (%d attempts)", o.Status, http.StatusText(o.Status), o.Attempts)
}

// Deliver posts a webhook to the URL.
func (c Courier) Deliver(ctx context.Context, url string, w simulate.Webhook) (o Outcome) {
	for pause := firstPause; ; pause = min(2*pause, maxPause) {
		o.Attempts++
		o.Status, o.Err = c.post(ctx, url, w)
		if !worthTrying(o) || o.Attempts == c.Attempts {
			return o
		}
		select {
		case <-ctx.Done():
			return o
		case <-time.After(pause):
		}
	}
}

// worthTrying tells whether the same webhook may be taken later.
func worthTrying(o Outcome) bool {
	return o.Err != nil || o.Status == http.StatusTooManyRequests || o.Status >= http.StatusInternalServerError
}

func (c Courier) post(ctx context.Context, url string, w simulate.Webhook) (status int, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(w.Body))
	if err != nil {
		return 0, fmt.Errorf("making a request: %w", err)
	}
	request.Header = w.Header.Clone()
	response, err := c.Client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body) // so that the connection is used again
	return response.StatusCode, err
}
