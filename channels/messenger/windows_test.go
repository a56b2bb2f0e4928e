package messenger

import (
	"testing"
	"time"

	"omni/channels/channeltest"
)

// TestWindows: what a customer does besides writing, and how long answers are allowed after it.
func TestWindows(t *testing.T) {
	t.Parallel()
	const (
		day      = 24 * time.Hour
		page     = `"recipient":{"id":"104218563001122"}`
		customer = `"sender":{"id":"7482913650021475"},` + page
		business = `"sender":{"id":"104218563001122"},"recipient":{"id":"7482913650021475"}`
	)
	for name, test := range map[string]struct {
		between, content string
		want             time.Duration
	}{
		"message":                   {customer, `"message":{"mid":"m1","text":"Hi"}`, 0},
		"echo":                      {business, `"message":{"mid":"m1","text":"Hi","is_echo":true}`, 0},
		"button":                    {customer, `"postback":{"mid":"m1","title":"Start","payload":"START"}`, 0}, // a message
		"reaction":                  {customer, `"reaction":{"mid":"m0","action":"react","reaction":"love"}`, day},
		"reaction taken back":       {customer, `"reaction":{"mid":"m0","action":"unreact"}`, 0},
		"reaction of the business":  {business, `"reaction":{"mid":"m0","action":"react","reaction":"love"}`, 0},
		"reaction to nothing known": {customer, `"reaction":{"action":"react","reaction":"love"}`, 0},
		"link into the chat":        {customer, `"referral":{"ref":"poster","source":"SHORTLINK","type":"OPEN_THREAD"}`, day},
		"opt-in by a plugin":        {customer, `"optin":{"ref":"shop"}`, day},
		"opt-in of a visitor":       {`"sender":{"user_ref":"visitor"},` + page, `"optin":{"user_ref":"visitor","ref":"shop"}`, day},
		"opt-in to news":            {customer, `"optin":{"type":"notification_messages","payload":"NEWS"}`, 0},
		"delivery":                  {customer, `"delivery":{"watermark":1785312000250}`, 0},
		"read":                      {customer, `"read":{"watermark":1785312000250}`, 0},
		"log-in":                    {customer, `"account_linking":{"status":"linked"}`, 0},
		"passed on":                 {customer, `"pass_thread_control":{"new_owner_app_id":"1"}`, 0},
		"edit":                      {customer, `"message_edit":{"mid":"m1","text":"Hello","num_edit":1}`, 0},
		"deletion":                  {customer, `"message":{"mid":"m1","is_deleted":true}`, 0},
		"unknown":                   {customer, `"hologram":{}`, 0},
	} {
		body := `{"object":"page","entry":[{"id":"104218563001122","messaging":[{` + test.between + `,"timestamp":1785312000250,` + test.content + `}]}]}`
		if got := channeltest.Window(t, &channel{}, body); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
