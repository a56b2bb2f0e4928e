package messenger

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"omni/channels"
	"omni/channels/channeltest"
	"omni/channels/internal/graph"
	"omni/channels/simulate"
)

const bakeryToken = "EAAG-bakery"

// sending opens the channel beside the platform that it sends to.
func sending(t *testing.T) (*channel, *channeltest.Recorder, simulate.Inspector) {
	t.Helper()
	platform, _ := simulate.Lookup("messenger")
	api := platform.(simulate.API).API(map[string]channels.Secrets{"bakery": pageSecrets(bakeryToken)}, nil)
	network := &channeltest.Recorder{Doer: channeltest.Network(t, api)}
	opened, err := open(channels.Env{Secrets: pageSecrets(bakeryToken), HTTP: network})
	if err != nil {
		t.Fatal(err)
	}
	return opened.(*channel), network, api.(simulate.Inspector)
}

func outgoing(content channels.Content) channels.Outgoing {
	return channels.Outgoing{
		Handle: "0199", Account: "104218563001122", Thread: "7482913650021475",
		To: []channels.Identity{{Kind: "psid", Value: "7482913650021475"}}, Content: content,
	}
}

func TestSend(t *testing.T) {
	t.Parallel()
	const link = "https://files.example/f?sig=1"
	file := func(kind channels.AttachmentKind) channels.Content {
		return channels.Content{File: &channels.File{Kind: kind, Link: link}}
	}
	colours := &channels.Choices{Options: []channels.Option{{ID: "r", Title: "Red"}, {ID: "g", Title: "Green"}}}
	tests := map[string]struct {
		content channels.Content
		want    string // after the recipient
	}{
		"text": {channels.Content{Text: "Hi ❤️"}, `"messaging_type":"RESPONSE","message":{"text":"Hi ❤️","metadata":"0199"}`},
		"image": {file(channels.Image),
			`"messaging_type":"RESPONSE","message":{"attachment":{"type":"image","payload":{"url":"` + link + `"}},"metadata":"0199"}`},
		"video": {file(channels.Video),
			`"messaging_type":"RESPONSE","message":{"attachment":{"type":"video","payload":{"url":"` + link + `"}},"metadata":"0199"}`},
		"audio": {file(channels.Audio),
			`"messaging_type":"RESPONSE","message":{"attachment":{"type":"audio","payload":{"url":"` + link + `"}},"metadata":"0199"}`},
		"document": {file(channels.Document),
			`"messaging_type":"RESPONSE","message":{"attachment":{"type":"file","payload":{"url":"` + link + `"}},"metadata":"0199"}`},
		"choices": {channels.Content{Text: "Which?", Choices: colours},
			`"messaging_type":"RESPONSE","message":{"text":"Which?","quick_replies":[` +
				`{"content_type":"text","title":"Red","payload":"r"},{"content_type":"text","title":"Green","payload":"g"}],"metadata":"0199"}`},
		"reaction": {channels.Content{Reaction: &channels.SentReaction{Target: "m_1", Emoji: "🎉"}},
			`"sender_action":"react","payload":{"message_id":"m_1","reaction":"🎉"}`},
		"reaction taken back": {channels.Content{Reaction: &channels.SentReaction{Target: "m_1"}},
			`"sender_action":"unreact","payload":{"message_id":"m_1"}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, network, inspector := sending(t)
			o := outgoing(test.content)
			if err := spec.Check(o); err != nil {
				t.Fatal(err)
			}
			receipt, err := c.Send(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			want := `{"recipient":{"id":"7482913650021475"},` + test.want + `}`
			if diff := cmp.Diff(want, network.Body); diff != "" || network.URL != "https://graph.facebook.com/v26.0/104218563001122/messages" {
				t.Errorf("%s (-want +got):\n%s", network.URL, diff)
			}
			delivered := inspector.Deliveries()
			if len(delivered) != 1 {
				t.Fatalf("delivered: %+v", delivered)
			}
			one := simulate.Delivery{Account: o.Account, App: "1000", Thread: o.Thread, ID: receipt.ID, Handle: o.Handle, Content: test.content}
			if test.content.Reaction != nil {
				one.Handle = ""
			}
			if (receipt.ID == "") != (test.content.Reaction != nil) || receipt.Thread != "" {
				t.Errorf("receipt: %+v", receipt)
			}
			delivered[0].At = time.Time{}
			if diff := cmp.Diff(one, delivered[0]); diff != "" {
				t.Errorf("delivered (-want +got):\n%s", diff)
			}
		})
	}
}

// TestEchoHasReceipt: the echo of an answer has the id of its receipt, and gives its handle back.
func TestEchoHasReceipt(t *testing.T) {
	t.Parallel()
	c, _, _ := sending(t)
	o := outgoing(channels.Content{Text: "Hi"})
	receipt, err := c.Send(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	results, err := channeltest.Run(c, []byte(`{"object":"page","entry":[{"id":"`+o.Account+`","time":1785312000590,"messaging":[{
		"sender":{"id":"`+o.Account+`"},"recipient":{"id":"`+o.Thread+`"},"timestamp":1785312000250,
		"message":{"mid":"`+receipt.ID+`","text":"Hi","is_echo":true,"app_id":1,"metadata":"`+o.Handle+`"}}]}]}`))
	if err != nil || len(results) != 1 {
		t.Fatalf("%+v, %v", results, err)
	}
	event, message := results[0].Event, results[0].Update.Message
	if event.ID != receipt.ID || event.Thread != o.Thread || message.Handle != o.Handle || message.Direction != channels.Out {
		t.Errorf("%+v, %+v", event, message)
	}
}

// TestHints: what shows that somebody is there delivers nothing.
func TestHints(t *testing.T) {
	t.Parallel()
	c, network, inspector := sending(t)
	chat := channels.Chat{Account: "104218563001122", Thread: "7482913650021475", Last: "m_1"}
	for action, call := range map[string]func() error{
		"typing_on": func() error { return c.Typing(t.Context(), chat) },
		"mark_seen": func() error { return c.MarkRead(t.Context(), chat) },
	} {
		err := call()
		want := `{"recipient":{"id":"7482913650021475"},"sender_action":"` + action + `"}`
		if diff := cmp.Diff(want, network.Body); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	}
	if delivered := inspector.Deliveries(); len(delivered) > 0 {
		t.Errorf("delivered: %+v", delivered)
	}
}

// TestPlatformRefuses: the platform that is played refuses what the real one does. The forms are none that Send makes.
func TestPlatformRefuses(t *testing.T) {
	t.Parallel()
	platform, _ := simulate.Lookup("messenger")
	api := platform.(simulate.API).API(map[string]channels.Secrets{"bakery": pageSecrets(bakeryToken)}, nil)
	const who, hi = `"recipient":{"id":"777"}`, `"messaging_type":"RESPONSE","message":{"text":"Hi"}`
	tests := map[string]struct{ body, want string }{
		"nobody":                     {`{` + hi + `}`, "recipient is required"},
		"somebody unknown":           {`{"recipient":{"id":"Ada"},` + hi + `}`, "No matching user found"},
		"nothing":                    {`{` + who + `,"messaging_type":"RESPONSE","message":{}}`, "cannot be empty"},
		"without its type":           {`{` + who + `,"message":{"text":"Hi"}}`, "messaging_type is required"},
		"a tag without its type":     {`{` + who + `,` + hi + `,"tag":"HUMAN_AGENT"}`, "Invalid message tag"},
		"a tag of the past":          {`{` + who + `,"messaging_type":"MESSAGE_TAG","tag":"ACCOUNT_UPDATE","message":{"text":"Hi"}}`, "Invalid message tag"},
		"an unknown member":          {`{` + who + `,"messaging_type":"RESPONSE","message":{"text":"Hi","colour":"red"}}`, "unknown field"},
		"a long text":                {`{` + who + `,"messaging_type":"RESPONSE","message":{"text":"` + strings.Repeat("é", 2001) + `"}}`, "less than or equal to 2000"},
		"a link without TLS":         {`{` + who + `,"messaging_type":"RESPONSE","message":{"attachment":{"type":"image","payload":{"url":"http://a/"}}}}`, "Failed to fetch"},
		"a sticker":                  {`{` + who + `,"messaging_type":"RESPONSE","message":{"attachment":{"type":"sticker","payload":{"url":"https://a/"}}}}`, "must be one of"},
		"a long title":               {`{` + who + `,"messaging_type":"RESPONSE","message":{"text":"Q","quick_replies":[{"content_type":"text","title":"` + strings.Repeat("a", 21) + `","payload":"p"}]}}`, "between 1 and 20"},
		"a message and an action":    {`{` + who + `,` + hi + `,"sender_action":"typing_on"}`, "both message and state"},
		"an unknown action":          {`{` + who + `,"sender_action":"wave"}`, "Invalid sender_action"},
		"a reaction without a word":  {`{` + who + `,"sender_action":"react","payload":{"message_id":"m"}}`, "A reaction is required"},
		"a reaction to what we made": {`{` + who + `,"sender_action":"unreact","payload":{"message_id":"sha256:1"}}`, "Invalid message id"},
	}
	for name, test := range tests {
		if got := post(api, "/v26.0/me/messages", bakeryToken, test.body); !strings.Contains(got, test.want) {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
	if got := post(api, "/v26.0/me/messages", "EAAG-other", `{`+who+`,`+hi+`}`); !strings.Contains(got, "(#190)") {
		t.Errorf("another token: %s", got)
	}
	if delivered := api.(simulate.Inspector).Deliveries(); len(delivered) > 0 {
		t.Errorf("delivered: %+v", delivered)
	}
}

// TestAnotherPage: one Page's token does not send in the name of another.
func TestAnotherPage(t *testing.T) {
	t.Parallel()
	platform, _ := simulate.Lookup("messenger")
	accounts := map[string]channels.Secrets{"bakery": pageSecrets(bakeryToken), "cinema": pageSecrets("EAAG-cinema")}
	client := channeltest.Network(t, platform.(simulate.API).API(accounts, nil))
	cinema, err := graph.Me(t.Context(), graph.NewClient(channels.Env{HTTP: client}, graph.FacebookHost, "EAAG-cinema"), "page", "")
	if err != nil {
		t.Fatal(err)
	}
	o := outgoing(channels.Content{Text: "Hi"})
	o.Account = cinema.ID
	if _, err := calling(t, client, bakeryToken).Send(t.Context(), o); !errors.Is(err, channels.ErrCredentials) {
		t.Errorf("%v, want ErrCredentials", err)
	}
	if _, err := calling(t, client, "EAAG-cinema").Send(t.Context(), o); err != nil {
		t.Error(err)
	}
}

// post makes a request as curl would.
func post(api http.Handler, path, token, body string) string {
	request := httptest.NewRequest(http.MethodPost, "https://graph.facebook.com"+path, strings.NewReader(body))
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	recorder := httptest.NewRecorder()
	api.ServeHTTP(recorder, request)
	return recorder.Body.String()
}

// TestSoundAndVideoAreSlower: Meta takes 10 of them a second, and texts besides.
func TestSoundAndVideoAreSlower(t *testing.T) {
	t.Parallel()
	c, _, inspector := sending(t)
	video := outgoing(channels.Content{File: &channels.File{Kind: channels.Video, Link: "https://files.example/f"}})
	var err error
	for range 1000 {
		if _, err = c.Send(t.Context(), video); err != nil {
			break
		}
	}
	if peak := simulate.Peak(inspector.Deliveries()); channeltest.Class(err) != "throttled 0s" || peak != 10 {
		t.Errorf("%d in a second, then %v", peak, err)
	}
	if _, err := c.Send(t.Context(), outgoing(channels.Content{Text: "Hi"})); err != nil {
		t.Errorf("a text beside them: %v", err)
	}
}
