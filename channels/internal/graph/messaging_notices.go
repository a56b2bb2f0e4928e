package graph

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"omni/channels"
	"omni/channels/internal/wire"
)

// notice says which members of a messaging item that is not about a message are what in [channels.System]. Its other plain members go
// to Update.Extra.
type notice struct {
	key     string
	detail  string
	text    string
	target  string
	payload []string // the first that is present
	whole   bool     // without any of payload, the object itself is the payload
}

// notices are the contents of messaging items besides those about messages. Each becomes a [channels.System] of the key's type.
var notices = []notice{
	{key: "referral"},
	{key: "optin", detail: "type", text: "title", payload: []string{"payload", "ref"}},
	{key: "pass_thread_control", payload: []string{"metadata"}},
	{key: "take_thread_control", payload: []string{"metadata"}},
	{key: "request_thread_control", payload: []string{"metadata"}},
	{key: "app_roles", whole: true},
	{key: "account_linking", detail: "status", payload: []string{"authorization_code"}},
	{key: "policy-enforcement", detail: "action", text: "reason"},
	{key: "policy_enforcement", detail: "action", text: "reason"},
	{key: "game_play", target: "game_id", payload: []string{"payload"}},
	{key: "response_feedback", detail: "feedback", target: "mid"},
	{key: "messaging_feedback", whole: true},
	{key: "checkout_update", payload: []string{"payload"}, whole: true},
	{key: "payment", payload: []string{"payload"}, whole: true},
	{key: "pre_checkout", payload: []string{"payload"}, whole: true},
}

// Window is how long free-form answers are allowed on Messenger and Instagram.
const Window = 24 * time.Hour

// opensWindow reports whether a customer's item that is no message opens the reply window: a reaction, a link that led into a chat that
// exists, the beginning of a chat by a plugin of a web page. An opt-in with a type asks for what is sent outside the window, and opens none.
// Source: .../messenger-platform/send-messages, "Standard messaging window".
func opensWindow(key string, body wire.Object) bool {
	switch key {
	case "reaction":
		return body.String("action") != "unreact"
	case "referral":
		return true
	case "optin":
		return !body.Has("type")
	}
	return false
}

func isNotice(key string) bool { return noticeOf(key) != nil }

func noticeOf(key string) *notice {
	if i := slices.IndexFunc(notices, func(n notice) bool { return n.key == key }); i >= 0 {
		return &notices[i]
	}
	return nil
}

func readNotice(key string, raw json.RawMessage, who people, notes notes) *channels.System {
	n := noticeOf(key)
	body, _ := wire.ParseObject(raw)
	s := &channels.System{
		Type:    key,
		Detail:  body.ID(n.detail),
		Actor:   who.sender.name(),
		Text:    body.String(n.text),
		Target:  body.ID(n.target),
		Payload: body.FirstID(n.payload...),
	}
	switch {
	case key == "referral":
		s.Referral = referral(body, notes)
		notes.add("product_id", referredProduct(body))
	case s.Payload == "" && n.whole:
		s.Payload = compact(raw)
	default:
		told := append([]string{n.detail, n.text, n.target}, n.payload...)
		maps.Copy(notes, body.Plain(told...))
	}
	return s
}

// compact writes raw JSON without spaces and in valid UTF-8, as whoever stores it needs it.
func compact(raw json.RawMessage) string {
	var b bytes.Buffer
	if err := json.Compact(&b, raw); err != nil {
		return ""
	}
	return strings.ToValidUTF8(b.String(), "\ufffd")
}
