package instagram

import (
	"testing"
	"time"

	"omni/channels/channeltest"
)

// TestWindows: what a customer does besides writing, and how long answers are allowed after it. What Messenger has as well is in
// package graph.
func TestWindows(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		content string
		want    time.Duration
	}{
		"reaction":       {`"reaction":{"mid":"m0","action":"react","reaction":"love"}`, 24 * time.Hour},
		"story answered": {`"message":{"mid":"m1","text":"Hi","reply_to":{"story":{"id":"1"}}}`, 0},
		"seen":           {`"read":{"mid":"m0"}`, 0},
	} {
		body := `{"object":"instagram","entry":[{"id":"17841400008460056","messaging":[{"sender":{"id":"1234567890123456"},` +
			`"recipient":{"id":"17841400008460056"},"timestamp":1785312000250,` + test.content + `}]}]}`
		if got := channeltest.Window(t, &channel{}, body); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
