package telegram

import (
	"testing"
	"time"

	"omni/channels/channeltest"
)

// TestWindows: only the chats of business accounts have a window, and only a customer's message opens it.
func TestWindows(t *testing.T) {
	t.Parallel()
	const (
		day      = 24 * time.Hour
		customer = `"from":{"id":7},"chat":{"id":7,"type":"private"},"message_id":5,"date":1782900007`
		business = customer + `,"business_connection_id":"c"`
	)
	for name, test := range map[string]struct {
		body string
		want time.Duration
	}{
		"message to the bot":        {`{"update_id":1,"message":{` + customer + `,"text":"Hi"}}`, 0},
		"message in a group":        {`{"update_id":1,"message":{"from":{"id":7},"chat":{"id":-9,"type":"supergroup"},"message_id":5,"text":"Hi"}}`, 0},
		"message to a business":     {`{"update_id":1,"business_message":{` + business + `,"text":"Hi"}}`, day},
		"picture to a business":     {`{"update_id":1,"business_message":{` + business + `,"photo":[{"file_id":"f"}]}}`, day},
		"message of the owner":      {`{"update_id":1,"business_message":{"from":{"id":8},"chat":{"id":7,"type":"private"},"message_id":5,"business_connection_id":"c"}}`, 0},
		"message of its bot":        {`{"update_id":1,"business_message":{` + business + `,"sender_business_bot":{"id":9},"text":"Hi"}}`, 0},
		"edit":                      {`{"update_id":1,"edited_business_message":{` + business + `,"text":"Hi"}}`, 0},
		"deletion":                  {`{"update_id":1,"deleted_business_messages":{"business_connection_id":"c","chat":{"id":7},"message_ids":[5]}}`, 0},
		"pressed button":            {`{"update_id":1,"callback_query":{"id":"1","from":{"id":7},"data":"y","message":{` + business + `}}}`, 0},
		"notice in a business chat": {`{"update_id":1,"business_message":{` + business + `,"pinned_message":{"message_id":4}}}`, 0},
		"reaction":                  {`{"update_id":1,"message_reaction":{"chat":{"id":7},"message_id":5,"user":{"id":7},"new_reaction":[]}}`, 0},
		"return of a blocker":       {`{"update_id":1,"my_chat_member":{"chat":{"id":7},"from":{"id":7},"new_chat_member":{"status":"member"}}}`, 0},
	} {
		if got := channeltest.Window(t, &channel{}, test.body); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
