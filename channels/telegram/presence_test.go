package telegram

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"omni/channels"
)

func TestPresence(t *testing.T) {
	t.Parallel()
	type calls = []string
	for name, test := range map[string]struct {
		do   func(*channel, channels.Chat) error
		chat channels.Chat
		want calls
		err  string // a part of it
	}{
		"typing":            {typing, channels.Chat{Thread: customer}, calls{`sendChatAction {"action":"typing","chat_id":5100000007}`}, ""},
		"typing elsewhere":  {typing, channels.Chat{Thread: "77"}, calls{`sendChatAction {"action":"typing","chat_id":77}`}, "chat not found"},
		"typing as a guest": {typing, channels.Chat{Thread: "guest:-100"}, nil, "only a guest"},
		"read":              {markRead, channels.Chat{Thread: customer, Last: customer + "/7"}, nil, ""},
		"read by a business": {markRead, channels.Chat{Thread: business, Last: business + "/7"},
			calls{`readBusinessMessage {"business_connection_id":"Hk2mR7vXqUkDEAAAp9w3Tz5LcYs","chat_id":5100000007,"message_id":7}`}, ""},
		"nothing to read":  {markRead, channels.Chat{Thread: business}, nil, ""},
		"a pressed button": {markRead, channels.Chat{Thread: customer, Last: "callback/77"}, calls{`answerCallbackQuery {"callback_query_id":"77"}`}, ""},
		"an old button":    {markRead, channels.Chat{Thread: customer, Last: "callback/x"}, calls{`answerCallbackQuery {"callback_query_id":"x"}`}, ""},
		"no chat":          {markRead, channels.Chat{Thread: "ada"}, nil, "no chat"},
	} {
		c, got, _ := sending(t, nil)
		err := test.do(c, test.chat)
		if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
			t.Errorf("%s: %v, want %q", name, err, test.err)
		}
		if diff := cmp.Diff(test.want, *got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

func typing(c *channel, chat channels.Chat) error { return c.Typing(context.Background(), chat) }

func markRead(c *channel, chat channels.Chat) error { return c.MarkRead(context.Background(), chat) }
