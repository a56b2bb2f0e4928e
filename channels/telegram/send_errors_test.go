package telegram

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"omni/channels"
	"omni/channels/channeltest"
)

// TestSendRefuses what depends on more than the spec, before anything is called.
func TestSendRefuses(t *testing.T) {
	t.Parallel()
	hello := channels.Content{Text: "Hello"}
	react := func(target string) channels.Content {
		return channels.Content{Reaction: &channels.SentReaction{Target: target}}
	}
	large := channels.Content{Card: &channels.Card{Name: "Ada", Phones: []string{"1"}, VCard: strings.Repeat("x", 2049)}}
	for name, test := range map[string]struct {
		outgoing channels.Outgoing
		code     string
	}{
		"a chat where the bot is a guest":      {channels.Outgoing{Thread: "guest:-100", Content: hello}, "guest_chat"},
		"no chat":                              {channels.Outgoing{Thread: "ada", Content: hello}, "thread"},
		"an empty connection":                  {channels.Outgoing{Thread: ":5", Content: hello}, "thread"},
		"a reply to a pressed button":          {channels.Outgoing{Thread: "5", ReplyTo: "callback/7", Content: hello}, "reply_target"},
		"a reply to another chat's message":    {channels.Outgoing{Thread: "5", ReplyTo: "55/7", Content: hello}, "reply_target"},
		"a reply to an ephemeral message":      {channels.Outgoing{Thread: "5", ReplyTo: "5/ephemeral-7-1", Content: hello}, "reply_target"},
		"a reaction to another chat's":         {channels.Outgoing{Thread: "5", Content: react("6/7")}, "reaction_target"},
		"a reaction for a business account":    {channels.Outgoing{Thread: "b:5", Content: react("b:5/7")}, "business_reaction"},
		"a card that is too large":             {channels.Outgoing{Thread: "5", Content: large}, "too_long"},
		"a template":                           {channels.Outgoing{Thread: "5", Content: channels.Content{Template: &channels.TemplateMessage{}}}, "unsupported_template"},
		"a kind of file that Telegram has not": {channels.Outgoing{Thread: "5", Content: channels.Content{File: &channels.File{Kind: channels.Reel}}}, "unsupported_media"},
	} {
		c, calls, _ := sending(t, nil)
		_, err := c.Send(t.Context(), test.outgoing)
		var rejected *channels.RejectedError
		if !errors.As(err, &rejected) || rejected.Code != test.code || len(*calls) > 0 {
			t.Errorf("%s: %v after %q, want %s", name, err, *calls, test.code)
		}
	}
}

// class is [channeltest.Class] with the reason of a rejection, which Telegram's own words are put into.
func class(err error) string {
	var rejected *channels.RejectedError
	if errors.As(err, &rejected) {
		return channeltest.Class(err) + ": " + rejected.Reason
	}
	return channeltest.Class(err)
}

func TestSendErrors(t *testing.T) {
	t.Parallel()
	refusal := func(code int, description string) string {
		return fmt.Sprintf(`{"ok":false,"error_code":%d,"description":%q}`, code, description)
	}
	for name, test := range map[string]struct {
		status int
		answer string
		want   string
	}{
		"blocked": {403, refusal(403, "Forbidden: bot was blocked by the user"),
			"rejected 403: The customer has blocked the bot. Only they can undo that."},
		"business window": {400, refusal(400, "Bad Request: BUSINESS_PEER_USAGE_MISSING"),
			"rejected 400: The customer has not written to the business account within the last 24 hours: the bot cannot answer until they do."},
		"unheard of": {400, refusal(400, "Bad Request: SOMETHING_NEW "+rightToken),
			"rejected 400: Telegram refuses the message: Bad Request: SOMETHING_NEW [hidden]."},
		"too large":           {413, "<html>413 Request Entity Too Large</html>", "rejected 413: Telegram says that the file is too large."},
		"revoked":             {401, refusal(401, "Unauthorized"), "credentials"},
		"no token":            {404, refusal(404, "Not Found"), "credentials"},
		"throttled":           {429, `{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":7}}`, "throttled 7s"},
		"throttled by nginx":  {429, "<html>", "throttled 0s"},
		"restart":             {500, refusal(500, "Internal Server Error: restart"), "uncertain"},
		"bad gateway":         {502, "<html>502 Bad Gateway</html>", "uncertain"},
		"no JSON":             {200, "<html>", "uncertain"},
		"no message":          {200, `{"ok":true,"result":{"date":1}}`, "uncertain"},
		"not even an object":  {200, `{"ok":true,"result":true}`, "uncertain"},
		"conflict":            {409, refusal(409, "Conflict: terminated by other getUpdates request"), "again"},
		"a redirect":          {302, "", "again"},
		"an unexpected error": {418, refusal(418, "I'm a teapot"), "again"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := channeltest.Network(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(test.status)
				w.Write([]byte(test.answer))
			}))
			_, err := calling(t, client, rightToken, "new").Send(t.Context(), channels.Outgoing{Thread: customer, Content: channels.Content{Text: "Hi"}})
			if got := class(err); got != test.want {
				t.Errorf("%s (%v), want %s", got, err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), rightToken) {
				t.Errorf("it tells the token: %v", err)
			}
		})
	}
}
