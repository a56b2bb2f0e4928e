package messenger

import (
	"testing"
	"time"

	"omni/channels/channeltest"
)

// TestWindows: what a customer does besides writing, and how long answers are allowed after it. What Instagram has as well is in
// package graph.
func TestWindows(t *testing.T) {
	t.Parallel()
	const (
		day      = 24 * time.Hour
		page     = `"recipient":{"id":"104218563001122"}`
		customer = `"sender":{"id":"7482913650021475"},` + page
	)
	for name, test := range map[string]struct {
		between, content string
		want             time.Duration
	}{
		"opt-in by a plugin":  {customer, `"optin":{"ref":"shop"}`, day},
		"opt-in of a visitor": {`"sender":{"user_ref":"visitor"},` + page, `"optin":{"user_ref":"visitor","ref":"shop"}`, day},
		"opt-in to news":      {customer, `"optin":{"type":"notification_messages","payload":"NEWS"}`, 0},
		"delivery":            {customer, `"delivery":{"watermark":1785312000250}`, 0},
		"read":                {customer, `"read":{"watermark":1785312000250}`, 0},
		"log-in":              {customer, `"account_linking":{"status":"linked"}`, 0},
	} {
		body := `{"object":"page","entry":[{"id":"104218563001122","messaging":[{` + test.between + `,"timestamp":1785312000250,` + test.content + `}]}]}`
		if got := channeltest.Window(t, &channel{}, body); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
