package telegram

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"omni/channels"
	"omni/channels/channeltest"
	"omni/channels/simulate"
)

const (
	customer = "5100000007"
	business = "Hk2mR7vXqUkDEAAAp9w3Tz5LcYs:" + customer
)

// files opens a file by what it consists of.
type files map[string]io.Reader

func (f files) Open(_ context.Context, key string) (io.ReadCloser, error) {
	file, ok := f[key]
	if !ok {
		return nil, fmt.Errorf("there is no %q", key)
	}
	return io.NopCloser(file), nil
}

// sending opens the channel beside the Bot API. What it calls is written down as a method and its parameters.
func sending(t *testing.T, have files) (*channel, *[]string, simulate.Inspector) {
	t.Helper()
	server := botAPI(t)
	var calls []string
	client := channeltest.Network(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		calls = append(calls, r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]+" "+readable(r.Header.Get("Content-Type"), body))
		r.Body = io.NopCloser(bytes.NewReader(body))
		server.ServeHTTP(w, r)
	}))
	c := calling(t, client, rightToken, "new")
	c.env.Files = have
	return c, &calls, server.(simulate.Inspector)
}

// readable is JSON as it is, and a form as lines.
func readable(contentType string, body []byte) string {
	_, options, _ := mime.ParseMediaType(contentType)
	if options["boundary"] == "" {
		return string(body)
	}
	var lines []string
	for form := multipart.NewReader(bytes.NewReader(body), options["boundary"]); ; {
		part, err := form.NextPart()
		if err != nil {
			return strings.Join(lines, "\n")
		}
		value, _ := io.ReadAll(part)
		if part.FileName() != "" {
			lines = append(lines, fmt.Sprintf("%s: %s, %s, %s", part.FormName(), part.FileName(), part.Header.Get("Content-Type"), value))
		} else {
			lines = append(lines, fmt.Sprintf("%s: %s", part.FormName(), value))
		}
	}
}

func TestSend(t *testing.T) {
	t.Parallel()
	file := func(kind channels.AttachmentKind, mime, name string) *channels.File {
		return &channels.File{Kind: kind, Key: "k", MIME: mime, Name: name, Bytes: 4}
	}
	choices := &channels.Choices{Options: []channels.Option{{ID: "y", Title: "Yes"}, {ID: "n", Title: "No"}}}
	card := channels.Card{Name: "Lovelace; Ada", Phones: []string{"+44 1", "+44 2"}, Organization: "A, B"}
	tests := map[string]struct {
		outgoing channels.Outgoing
		want     string
	}{
		"text": {
			channels.Outgoing{Thread: customer, Content: channels.Content{Text: "5 > 3 & <b>"}},
			`sendMessage {"chat_id":5100000007,"text":"5 \u003e 3 \u0026 \u003cb\u003e"}`,
		},
		"reply": {
			channels.Outgoing{Thread: customer, ReplyTo: customer + "/12", Content: channels.Content{Text: "Yes"}},
			`sendMessage {"chat_id":5100000007,"reply_parameters":{"allow_sending_without_reply":true,"message_id":12},"text":"Yes"}`,
		},
		"in a business account's chat": {
			channels.Outgoing{Thread: business, ReplyTo: business + "/12", Content: channels.Content{Text: "Yes"}},
			`sendMessage {"business_connection_id":"Hk2mR7vXqUkDEAAAp9w3Tz5LcYs","chat_id":5100000007,` +
				`"reply_parameters":{"allow_sending_without_reply":true,"message_id":12},"text":"Yes"}`,
		},
		"in a group": {
			channels.Outgoing{Thread: "-1002100000000", Group: true, Content: channels.Content{Text: "Hi all"}},
			`sendMessage {"chat_id":-1002100000000,"text":"Hi all"}`,
		},
		"in a forum's topic": {
			channels.Outgoing{Thread: "-1002100000000", Group: true, Topic: "33", Content: channels.Content{Text: "Hi all"}},
			`sendMessage {"chat_id":-1002100000000,"message_thread_id":33,"text":"Hi all"}`,
		},
		"in a subscriber's topic": {
			channels.Outgoing{Thread: "-1002100000000", Group: true, Topic: "direct:5811223344", Content: channels.Content{Text: "Hi"}},
			`sendMessage {"chat_id":-1002100000000,"direct_messages_topic_id":5811223344,"text":"Hi"}`,
		},
		"in no topic": {
			channels.Outgoing{Thread: "-1002100000000", Group: true, Topic: "direct:", Content: channels.Content{Text: "Hi"}},
			`sendMessage {"chat_id":-1002100000000,"text":"Hi"}`,
		},
		"choices": {
			channels.Outgoing{Thread: customer, Content: channels.Content{Text: "Shall we?", Choices: choices}},
			`sendMessage {"chat_id":5100000007,"reply_markup":{"inline_keyboard":[[{"callback_data":"y","text":"Yes"}],` +
				`[{"callback_data":"n","text":"No"}]]},"text":"Shall we?"}`,
		},
		"photo": {
			channels.Outgoing{Thread: customer, Content: channels.Content{Text: "A cat", File: file(channels.Image, "image/png", "")}},
			"sendPhoto caption: A cat\nchat_id: 5100000007\nphoto: image.png, image/png, abcd",
		},
		"document of a business account": {
			channels.Outgoing{Thread: business, ReplyTo: business + "/3", Content: channels.Content{File: file(channels.Document, "text/plain", `a "b".txt`)}},
			"sendDocument business_connection_id: Hk2mR7vXqUkDEAAAp9w3Tz5LcYs\nchat_id: 5100000007\ndisable_content_type_detection: true\n" +
				"reply_parameters: {\"allow_sending_without_reply\":true,\"message_id\":3}\ndocument: a \"b\".txt, text/plain, abcd",
		},
		"video": {
			channels.Outgoing{Thread: customer, Content: channels.Content{File: file(channels.Video, "video/mp4", "")}},
			"sendVideo chat_id: 5100000007\nsupports_streaming: true\nvideo: video.mp4, video/mp4, abcd",
		},
		"place": {
			channels.Outgoing{Thread: customer, Content: channels.Content{Place: &channels.Place{Latitude: 38.5, Longitude: -9}}},
			`sendLocation {"chat_id":5100000007,"latitude":38.5,"longitude":-9}`,
		},
		"place with a name": {
			channels.Outgoing{Thread: customer, Content: channels.Content{Place: &channels.Place{Name: "Shop"}}},
			`sendVenue {"address":"Shop","chat_id":5100000007,"latitude":0,"longitude":0,"title":"Shop"}`,
		},
		"card": {
			channels.Outgoing{Thread: customer, Content: channels.Content{Card: &channels.Card{Name: "Ada", Phones: []string{"+44 1"}}}},
			`sendContact {"chat_id":5100000007,"first_name":"Ada","phone_number":"+44 1"}`,
		},
		"card with more": {
			channels.Outgoing{Thread: customer, Content: channels.Content{Card: &card}},
			`sendContact {"chat_id":5100000007,"first_name":"Lovelace; Ada","phone_number":"+44 1","vcard":"BEGIN:VCARD\r\nVERSION:3.0\r\n` +
				`N:;Lovelace\\; Ada;;;\r\nFN:Lovelace\\; Ada\r\nTEL:+44 1\r\nTEL:+44 2\r\nORG:A\\, B\r\nEND:VCARD\r\n"}`,
		},
		"reaction": {
			channels.Outgoing{Thread: customer, Content: channels.Content{Reaction: &channels.SentReaction{Target: customer + "/12", Emoji: "👍"}}},
			`setMessageReaction {"chat_id":5100000007,"message_id":12,"reaction":[{"emoji":"👍","type":"emoji"}]}`,
		},
		"reaction taken back": {
			channels.Outgoing{Thread: customer, Content: channels.Content{Reaction: &channels.SentReaction{Target: customer + "/12"}}},
			`setMessageReaction {"chat_id":5100000007,"message_id":12,"reaction":[]}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := spec.Check(test.outgoing); err != nil {
				t.Fatal(err)
			}
			c, calls, inspector := sending(t, files{"k": strings.NewReader("abcd")})
			receipt, err := c.Send(t.Context(), test.outgoing)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{test.want}, *calls); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			got := inspector.Deliveries()
			if len(got) != 1 || got[0].Thread != test.outgoing.Thread || got[0].ID != receipt.ID || receipt.Thread != "" {
				t.Errorf("%+v is delivered, the receipt is %+v", got, receipt)
			}
			if strings.HasPrefix(receipt.ID, test.outgoing.Thread+"/") == (test.outgoing.Reaction != nil) {
				t.Errorf("the receipt is %+v", receipt)
			}
		})
	}
}

// TestSendToMovedGroup: a group that has become a supergroup gets the message there, once.
func TestSendToMovedGroup(t *testing.T) {
	t.Parallel()
	const old, now = `-4000000001`, `-1002100000001`
	var bodies []string
	client := channeltest.Network(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		bodies = append(bodies, string(body))
		if strings.Contains(string(body), old) {
			w.WriteHeader(http.StatusBadRequest)
			w.Write([]byte(`{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat",` +
				`"parameters":{"migrate_to_chat_id":` + now + `}}`))
			return
		}
		w.Write([]byte(`{"ok":true,"result":{"message_id":5,"chat":{"id":` + now + `}}}`))
	}))
	c := calling(t, client, rightToken, "new")
	o := channels.Outgoing{Thread: old, ReplyTo: old + "/7", Content: channels.Content{Text: "Hi"}}
	receipt, err := c.Send(t.Context(), o)
	if want := (channels.Receipt{ID: now + "/5", Thread: now}); err != nil || cmp.Diff(want, receipt) != "" {
		t.Errorf("%+v, %v, want %+v", receipt, err, want)
	}
	if len(bodies) != 2 || bodies[1] != `{"chat_id":`+now+`,"text":"Hi"}` {
		t.Errorf("%q", bodies)
	}
	o.Content = channels.Content{Reaction: &channels.SentReaction{Target: old + "/7", Emoji: "👍"}}
	if _, err := c.Send(t.Context(), o); !strings.HasPrefix(class(err), "rejected 400: This group has become a supergroup") {
		t.Errorf("a reaction: %v", err)
	}
}

// TestThrottledBySimulator: the wait is the platform's, whole seconds and never too short.
func TestThrottledBySimulator(t *testing.T) {
	t.Parallel()
	c, _, inspector := sending(t, nil)
	inspector.Misbehave(simulate.Fault{Throttle: 1, After: 1500 * time.Millisecond})
	o := channels.Outgoing{Thread: customer, Content: channels.Content{Text: "Hi"}}
	if _, err := c.Send(t.Context(), o); class(err) != "throttled 2s" {
		t.Error(err)
	}
	if _, err := c.Send(t.Context(), o); err != nil || len(inspector.Deliveries()) != 1 {
		t.Errorf("after that: %v, %+v", err, inspector.Deliveries())
	}
}
