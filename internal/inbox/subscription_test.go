package inbox_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"omni/channels"
	"omni/internal/inbox"
)

func TestWhichSubscriptionsThereCanBe(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		inbox.Subscription
		local bool
		wrong string // part of the error; empty: there is none
	}{
		{inbox.Subscription{URL: "https://example.com/hook?key=1"}, false, ""},
		{inbox.Subscription{URL: "https://example.com", Types: []string{"message.created", "conversation.*"}}, false, ""},
		{inbox.Subscription{URL: "http://127.0.0.1:9000/hook"}, true, ""},
		{inbox.Subscription{URL: "http://[::1]:9000"}, true, ""},
		{inbox.Subscription{URL: "http://localhost:9000"}, true, ""},
		{inbox.Subscription{URL: "http://127.0.0.1:9000/hook"}, false, "omni dev"},
		{inbox.Subscription{URL: "http://example.com"}, true, "https://"},
		{inbox.Subscription{URL: "http://localhost.example.com"}, true, "https://"},
		{inbox.Subscription{URL: "ftp://example.com"}, true, "https://"},
		{inbox.Subscription{URL: "https://ada:secret@example.com"}, false, "user"},
		{inbox.Subscription{URL: "https://example.com/#top"}, false, "fragment"},
		{inbox.Subscription{URL: "example.com"}, false, "no URL"},
		{inbox.Subscription{URL: "https://example.com/" + strings.Repeat("x", 2048)}, false, "no URL"},
		{inbox.Subscription{URL: "https://example.com", Types: []string{"message"}}, false, "message.*"},
		{inbox.Subscription{URL: "https://example.com", Types: []string{"*"}}, false, "message.*"},
		{inbox.Subscription{URL: "https://example.com", Types: []string{"subscription.test"}}, false, "message.*"},
		{inbox.Subscription{URL: "https://example.com", Channels: []string{"pigeon"}}, false, "pigeon"},
	} {
		err := test.Check(test.local)
		if (err == nil) != (test.wrong == "") || err != nil && !strings.Contains(err.Error(), test.wrong) {
			t.Errorf("%+v: %v", test.Subscription, err)
		}
	}
}

// The scheme's own library says whether a receiver takes what we sign.
func TestReceiversVerifyWhatWeSign(t *testing.T) {
	t.Parallel()
	now := time.Now()
	s := inbox.Subscription{
		ID: uuid.New(), URL: "https://example.com", Secret: inbox.NewSubscriptionSecret(), OldSecret: inbox.NewSubscriptionSecret(),
		OldUntil: now.Add(time.Hour),
	}
	event := inbox.Event{ID: uuid.New(), Type: inbox.MessageCreated, Timestamp: now, Data: inbox.EventData{Message: &inbox.EventMessage{Text: "<äöü>"}}}
	released := inbox.Released{Delivery: inbox.Delivery{ID: uuid.New(), Subscription: s.ID, Event: event, Attempt: 3}, To: s}
	for name, test := range map[string]struct {
		at    time.Time
		valid map[string]bool
	}{
		"while the secret is rotated": {now, map[string]bool{s.Secret: true, s.OldSecret: true, inbox.NewSubscriptionSecret(): false}},
		"afterwards":                  {now.Add(2 * time.Hour), map[string]bool{s.Secret: true, s.OldSecret: false}},
	} {
		post, err := released.Sealed(test.at)
		if err != nil {
			t.Fatal(err)
		}
		if post.Delivery != released.ID || post.URL != s.URL || post.Attempt != 3 || post.Event != event.ID {
			t.Errorf("%+v", post)
		}
		header := http.Header{}
		header.Set(inbox.HeaderWebhookID, post.Event.String())
		header.Set(inbox.HeaderWebhookTimestamp, post.Timestamp())
		header.Set(inbox.HeaderWebhookSignature, post.Signature)
		for secret, want := range test.valid {
			webhook, err := standardwebhooks.NewWebhook(secret)
			if err != nil {
				t.Fatal(err)
			}
			if got := webhook.VerifyIgnoringTimestamp([]byte(post.Body), header) == nil; got != want {
				t.Errorf("%s: verified: %t", name, got)
			}
			if webhook.VerifyIgnoringTimestamp([]byte(post.Body+" "), header) == nil {
				t.Errorf("%s: another body is verified", name)
			}
		}
	}
	s.Secret = "whsec_&"
	if _, err := (inbox.Released{To: s}).Sealed(now); err == nil {
		t.Error("signed with what is no secret")
	}
}

func TestAPostIsStaleBeforeReceiversRefuseIt(t *testing.T) {
	t.Parallel()
	now := time.Now()
	p := inbox.Post{At: now}
	if p.IsStale(now.Add(3*time.Minute)) || !p.IsStale(now.Add(5*time.Minute-30*time.Second)) {
		t.Error("receivers tolerate five minutes")
	}
}

func TestAnEventThatIsTooLargeComesWithoutItsContent(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("\"", 300<<10) // twice as long in JSON
	event := inbox.Event{ID: uuid.New(), Type: inbox.MessageUpdated, Data: inbox.EventData{
		Message: &inbox.EventMessage{ID: uuid.New(), Text: long, Content: &channels.Message{Text: long}},
		Event:   &inbox.EventFact{Kind: channels.KindEdit, Content: &channels.Update{}},
	}}
	body, err := event.Body()
	if err != nil || len(body) > 1<<10 {
		t.Fatalf("%d bytes, %v", len(body), err)
	}
	var got inbox.Event
	if err := json.Unmarshal(body, &got); err != nil || !got.Data.Truncated || got.Data.Message.ID != event.Data.Message.ID || got.Data.Event.Content != nil {
		t.Errorf("%s, %v", body, err)
	}
	if event.Data.Message.Text != long {
		t.Error("the event itself changed")
	}
}
