package graph

import (
	"testing"
	"time"
)

// TestWindows: what a customer does besides writing, and how long answers are allowed after it. The products' own items are in their
// packages.
func TestWindows(t *testing.T) {
	t.Parallel()
	const (
		customer = `"sender":{"id":"1"},"recipient":{"id":"9"}`
		business = `"sender":{"id":"9"},"recipient":{"id":"1"}`
	)
	for name, test := range map[string]struct {
		between, content string
		want             time.Duration
	}{
		"message":                   {customer, `"message":{"mid":"m1","text":"Hi"}`, 0},
		"echo":                      {business, `"message":{"mid":"m1","text":"Hi","is_echo":true}`, 0},
		"button":                    {customer, `"postback":{"mid":"m1","title":"Start","payload":"START"}`, 0}, // a message
		"reaction":                  {customer, `"reaction":{"mid":"m0","action":"react","reaction":"love"}`, 24 * time.Hour},
		"reaction taken back":       {customer, `"reaction":{"mid":"m0","action":"unreact"}`, 0},
		"reaction of the business":  {business, `"reaction":{"mid":"m0","action":"react","reaction":"love"}`, 0},
		"reaction to nothing known": {customer, `"reaction":{"action":"react","reaction":"love"}`, 0},
		"link into the chat":        {customer, `"referral":{"ref":"poster","source":"SHORTLINK","type":"OPEN_THREAD"}`, 24 * time.Hour},
		"passed on":                 {customer, `"pass_thread_control":{"new_owner_app_id":"1"}`, 0},
		"edit":                      {customer, `"message_edit":{"mid":"m1","text":"Hello","num_edit":1}`, 0},
		"deletion":                  {customer, `"message":{"mid":"m1","is_deleted":true}`, 0},
		"unknown":                   {customer, `"hologram":{}`, 0},
	} {
		for _, object := range []string{"page", "instagram"} {
			item := `{` + test.between + `,"timestamp":1785312000250,` + test.content + `}`
			if got := windowOf(t, object, item); got != test.want {
				t.Errorf("%s of the object %s: %s, want %s", name, object, got, test.want)
			}
		}
	}
}

// windowOf is [channels.Update.Window] of the one event of a messaging item.
func windowOf(t *testing.T, object, item string) time.Duration {
	t.Helper()
	product := Messaging{Object: object, Identity: "scoped"}
	events, err := product.Parse([]byte(`{"object":"` + object + `","entry":[{"id":"9","messaging":[` + item + `]}]}`))
	if err != nil || len(events) != 1 {
		t.Fatalf("%s became %+v, %v: want one event", item, events, err)
	}
	update, err := product.Normalize(events[0])
	if err != nil {
		t.Fatal(err)
	}
	return update.Window
}
