package whatsapp

import (
	"fmt"
	"testing"
	"time"

	"omni/channels/channeltest"
)

// TestWindows: what a customer does besides writing, and how long answers are allowed after it.
func TestWindows(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for name, test := range map[string]struct {
		field, list, element string
		want                 time.Duration
	}{
		"message":               {"messages", "messages", `{"from":"49151","id":"wamid.1","type":"text","text":{"body":"Hi"}}`, 0},
		"reaction":              {"messages", "messages", `{"from":"49151","id":"wamid.2","type":"reaction","reaction":{"message_id":"wamid.0","emoji":"👍"}}`, day},
		"reaction taken back":   {"messages", "messages", `{"from":"49151","id":"wamid.3","type":"reaction","reaction":{"message_id":"wamid.0"}}`, 0},
		"reaction in the app":   {"smb_message_echoes", "message_echoes", `{"from":"4930","to":"49151","id":"wamid.4","type":"reaction","reaction":{"message_id":"wamid.0","emoji":"👍"}}`, 0},
		"edit":                  {"messages", "messages", `{"from":"49151","id":"wamid.5","type":"edit","edit":{"original_message_id":"wamid.1","message":{"type":"text"}}}`, 0},
		"revoke":                {"messages", "messages", `{"from":"49151","id":"wamid.6","type":"revoke","revoke":{"original_message_id":"wamid.1"}}`, 0},
		"new number":            {"messages", "messages", `{"from":"49151","id":"wamid.7","type":"system","system":{"type":"user_changed_number","wa_id":"49152"}}`, 0},
		"read":                  {"messages", "statuses", `{"id":"wamid.0","status":"read","recipient_id":"49151"}`, 0},
		"call":                  {"calls", "calls", `{"id":"wacid.1","from":"49151","to":"4930","event":"connect","direction":"USER_INITIATED"}`, day},
		"end of a call":         {"calls", "calls", `{"id":"wacid.1","from":"49151","to":"4930","event":"terminate","direction":"USER_INITIATED"}`, 0},
		"call of ours":          {"calls", "calls", `{"id":"wacid.2","from":"4930","to":"49151","event":"connect","direction":"BUSINESS_INITIATED"}`, 0},
		"call of ours accepted": {"calls", "statuses", `{"id":"wacid.2","type":"call","status":"ACCEPTED","recipient_id":"49151"}`, day},
		"call of ours rejected": {"calls", "statuses", `{"id":"wacid.2","type":"call","status":"REJECTED","recipient_id":"49151"}`, 0},
		"wish for no marketing": {"user_preferences", "user_preferences", `{"wa_id":"49151","category":"marketing_messages","value":"stop"}`, 0},
		"past": {"history", "history",
			`{"threads":[{"id":"49151","messages":[{"from":"49151","id":"wamid.8","type":"reaction","reaction":{"message_id":"wamid.0","emoji":"👍"}}]}]}`, 0},
	} {
		body := fmt.Sprintf(`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":%q,"value":{`+
			`"metadata":{"display_phone_number":"4930","phone_number_id":"2"},%q:[%s]}}]}]}`, test.field, test.list, test.element)
		if got := channeltest.Window(t, channel{}, body); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
