package instagram

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"omni/channels"
	"omni/channels/channeltest"
	"omni/channels/internal/graph"
	"omni/channels/simulate"
)

// Tokens of the two flavours.
const (
	pageToken  = "EAAG-shop"
	loginToken = "IGAA-shop"
)

// sending opens the channel with the token, beside the platform that it sends to.
func sending(t *testing.T, token string) (*channel, *channeltest.Recorder, simulate.Inspector) {
	t.Helper()
	secrets := channels.Secrets{graph.AppSecret: {"app-secret"}, graph.AppID: {"1000"}, graph.AccessToken: {token}}
	platform, _ := simulate.Lookup("instagram")
	api := platform.(simulate.API).API(map[string]channels.Secrets{"shop": secrets}, nil)
	network := &channeltest.Recorder{Doer: channeltest.Network(t, api)}
	opened, err := open(channels.Env{Secrets: secrets, HTTP: network})
	if err != nil {
		t.Fatal(err)
	}
	return opened.(*channel), network, api.(simulate.Inspector)
}

func outgoing(content channels.Content) channels.Outgoing {
	return channels.Outgoing{Handle: "0199", Account: "17841400000000001", Thread: "1234567890123456", Content: content}
}

func TestSend(t *testing.T) {
	t.Parallel()
	const (
		who  = `{"recipient":{"id":"1234567890123456"},`
		link = "https://files.example/f?sig=1"
	)
	file := channels.Content{File: &channels.File{Kind: channels.Document, Link: link, MIME: "application/pdf"}}
	choice := channels.Content{Text: "Which?", Choices: &channels.Choices{Options: []channels.Option{{ID: "r", Title: "Red"}}}}
	tests := []struct {
		name, token string
		content     channels.Content
		body        string // after the recipient
	}{
		{"text, Page", pageToken, channels.Content{Text: "Hi"}, `"messaging_type":"RESPONSE","message":{"text":"Hi","metadata":"0199"}}`},
		{"text, Instagram Login", loginToken, channels.Content{Text: "Hi"}, `"messaging_type":"RESPONSE","message":{"text":"Hi"}}`},
		{"file", pageToken, file,
			`"messaging_type":"RESPONSE","message":{"attachment":{"type":"file","payload":{"url":"` + link + `"}},"metadata":"0199"}}`},
		{"choices", loginToken, choice,
			`"messaging_type":"RESPONSE","message":{"text":"Which?","quick_replies":[{"content_type":"text","title":"Red","payload":"r"}]}}`},
		{"reaction", loginToken, channels.Content{Reaction: &channels.SentReaction{Target: "aWdf", Emoji: heart}},
			`"sender_action":"react","payload":{"message_id":"aWdf","reaction":"love"}}`},
		{"plain reaction", loginToken, channels.Content{Reaction: &channels.SentReaction{Target: "aWdf", Emoji: "\u2764"}},
			`"sender_action":"react","payload":{"message_id":"aWdf","reaction":"love"}}`},
		{"reaction taken back", pageToken, channels.Content{Reaction: &channels.SentReaction{Target: "aWdf"}},
			`"sender_action":"unreact","payload":{"message_id":"aWdf"}}`},
	}
	hosts := map[string]string{pageToken: graph.FacebookHost, loginToken: graph.InstagramHost}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c, network, inspector := sending(t, test.token)
			o := outgoing(test.content)
			if err := spec.Check(o); err != nil {
				t.Fatal(err)
			}
			receipt, err := c.Send(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(who+test.body, network.Body); diff != "" || network.URL != "https://"+hosts[test.token]+"/v26.0/me/messages" {
				t.Errorf("%s (-want +got):\n%s", network.URL, diff)
			}
			delivered := inspector.Deliveries()
			if len(delivered) != 1 || delivered[0].ID != receipt.ID || delivered[0].Thread != o.Thread {
				t.Errorf("delivered %+v, receipt %+v", delivered, receipt)
			}
		})
	}
}

// TestLimits: bytes count, not characters, and the heart is the one reaction.
func TestLimits(t *testing.T) {
	t.Parallel()
	c, _, inspector := sending(t, loginToken)
	for name, content := range map[string]channels.Content{
		"a text of 1001 bytes": {Text: strings.Repeat("é", 500) + "a"},
		"another reaction":     {Reaction: &channels.SentReaction{Target: "aWdf", Emoji: "👍"}},
	} {
		var rejected *channels.RejectedError
		if err := spec.Check(outgoing(content)); !errors.As(err, &rejected) {
			t.Errorf("%s: the spec says %v", name, err)
		}
		if _, err := c.Send(t.Context(), outgoing(content)); !errors.As(err, &rejected) {
			t.Errorf("%s: the platform says %v", name, err)
		}
	}
	if _, err := c.Send(t.Context(), outgoing(channels.Content{Text: strings.Repeat("é", 500)})); err != nil {
		t.Errorf("a text of 1000 bytes: %v", err)
	}
	if delivered := inspector.Deliveries(); len(delivered) != 1 {
		t.Errorf("delivered: %+v", delivered)
	}
}

// TestWindow: the tag makes the window longer, and not endless.
func TestWindow(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	tests := []struct {
		name string
		ago  time.Duration
		tag  string
		code string // of the refusal
	}{
		{"in time", day - time.Minute, "", ""},
		{"late", day + time.Minute, "", "10-2534022"},
		{"late, by a human", day + time.Minute, "HUMAN_AGENT", ""},
		{"too late, by a human", 7*day + time.Minute, "HUMAN_AGENT", "10-2534022"},
	}
	for _, test := range tests {
		c, _, inspector := sending(t, pageToken)
		o := outgoing(channels.Content{Text: "Hi"})
		o.Tag = test.tag
		inspector.(simulate.Listener).Wrote(o.Account, o.Thread, time.Now().Add(-test.ago))
		_, err := c.Send(t.Context(), o)
		code := ""
		if rejected := (*channels.RejectedError)(nil); errors.As(err, &rejected) {
			code = rejected.Code
		}
		if code != test.code || (err == nil) != (code == "") {
			t.Errorf("%s: %v, want the code %q", test.name, err, test.code)
		}
		if delivered := inspector.Deliveries(); err == nil && (len(delivered) != 1 || delivered[0].Account != o.Account) {
			t.Errorf("%s: delivered %+v", test.name, delivered)
		}
	}
}

// TestThrottled: Meta tells when there is access again.
func TestThrottled(t *testing.T) {
	t.Parallel()
	c, _, inspector := sending(t, pageToken)
	inspector.Misbehave(simulate.Fault{Throttle: 1, After: 7 * time.Minute})
	var throttled *channels.ThrottledError
	if _, err := c.Send(t.Context(), outgoing(channels.Content{Text: "Hi"})); !errors.As(err, &throttled) || throttled.After != 7*time.Minute {
		t.Errorf("%v", err)
	}
}

// TestHints: what shows that somebody is there delivers nothing.
func TestHints(t *testing.T) {
	t.Parallel()
	c, network, inspector := sending(t, loginToken)
	chat := channels.Chat{Account: "17841400000000001", Thread: "1234567890123456"}
	for action, call := range map[string]func() error{
		"typing_on": func() error { return c.Typing(t.Context(), chat) },
		"mark_seen": func() error { return c.MarkRead(t.Context(), chat) },
	} {
		if err := call(); err != nil || network.Body != `{"recipient":{"id":"1234567890123456"},"sender_action":"`+action+`"}` {
			t.Errorf("%v: %s", err, network.Body)
		}
	}
	if delivered := inspector.Deliveries(); len(delivered) > 0 {
		t.Errorf("delivered: %+v", delivered)
	}
}
