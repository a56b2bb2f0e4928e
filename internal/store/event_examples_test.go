package store_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

var update = flag.Bool("update", false, "write the examples in the documentation anew")

// subscriptionsDoc has, under a heading for each type of event, an example of it.
const subscriptionsDoc = "../../docs/subscriptions.md"

// story makes everything happen of which subscribers are told.
func (f *fixture) story(s inbox.Subscription) {
	f.t.Helper()
	chat := f.writes("4915112345678")
	f.take(reacted("reaction-1", "hello 4915112345678", "❤"))
	answer := f.compose(chat, "k1", "Good morning! How can we help?").Sends[0]
	f.take(echo("out-1", "4915112345678", ""))
	f.conclude(answer, inbox.ResultSent, "out-1")
	f.take(told(channels.KindRead, "read-1", "4915112345678", noon.Add(time.Minute), channels.Update{
		Watermark: &channels.Watermark{State: channels.Read, Until: noon.Add(time.Minute)},
	}))
	f.take(told(channels.KindSystem, "system-1", "4915112345678", noon, channels.Update{
		System: &channels.System{Type: "number_changed", Text: "Ada changed from 4915112345678 to 4915187654321"},
	}))
	unknownYet := received("hello-2", "DE.1234567890", "Hello from my other phone", noon)
	unknownYet.Person = person("bsuid:DE.1234567890")
	both := received("hello-3", "DE.1234567890", "It is me", noon)
	both.Person, both.Aliases = person("bsuid:DE.1234567890", "phone:4915112345678"), []string{"4915112345678"}
	f.take(unknownYet)
	f.agents(chat.ID)
	f.take(both)
	view, err := f.ConversationView(f.t.Context(), chat.ID)
	if err != nil {
		f.t.Fatal(err)
	}
	if _, _, err := f.BeginErasure(f.t.Context(), inbox.Actor{}, view.Contact.ID, "They asked for it."); err != nil {
		f.t.Fatal(err)
	}
	if _, err := f.TestSubscription(f.t.Context(), inbox.Actor{}, s); err != nil {
		f.t.Fatal(err)
	}
	if _, err := f.DisableSubscription(f.t.Context(), inbox.Actor{}, f.subscribe([]string{"message.merged"}, nil).ID, "The endpoint has taken nothing for a day."); err != nil {
		f.t.Fatal(err)
	}
}

// agents makes happen what agents do, besides answering.
func (f *fixture) agents(conversation uuid.UUID) {
	f.t.Helper()
	ada, err := f.SeeAgent(f.t.Context(), inbox.Agent{Subject: "ada", Name: "Ada Lovelace", Role: inbox.RoleAgent})
	if err != nil {
		f.t.Fatal(err)
	}
	note, _, err := f.AddNote(f.t.Context(), inbox.NoteView{
		Conversation: conversation, Author: inbox.AgentRef{ID: ada.ID}, Text: "Asked twice about the delivery.",
	})
	if err != nil {
		f.t.Fatal(err)
	}
	by, text, email := inbox.Actor{Agent: ada.ID}, "Asked twice about delivery 4711.", "ada@example.com"
	if _, err := f.EditNote(f.t.Context(), by, false, note, &text); err != nil {
		f.t.Fatal(err)
	}
	view, err := f.ConversationView(f.t.Context(), conversation)
	if err != nil {
		f.t.Fatal(err)
	}
	if _, err := f.EditContact(f.t.Context(), by, view.Contact.ID, inbox.ContactEdit{Email: &email}); err != nil {
		f.t.Fatal(err)
	}
}

// examples are the bodies of what a subscription gets, the first of each type, with ids and times that are always the same.
func (f *fixture) examples(s inbox.Subscription) map[inbox.EventType]string {
	f.t.Helper()
	all := map[inbox.EventType]string{}
	for released := f.release(s); len(released) > 0; {
		for _, one := range released {
			body, err := one.Event.Body()
			if err != nil {
				f.t.Fatal(err)
			}
			if all[one.Event.Type] == "" {
				all[one.Event.Type] = steady(f.t, body)
			}
			released = append(released[1:], f.reply(one, "", taken).Released...)
		}
	}
	return all
}

var (
	anyUUID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	// Times of ours have fractions of a second; those of the platform here have none.
	anyTime     = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(Z|[+-]\d\d:\d\d)`)
	anySequence = regexp.MustCompile(`"sequence": \d+`)
)

// steady renders a body for people, without what is different in each run.
func steady(t *testing.T, body []byte) string {
	t.Helper()
	var out bytes.Buffer
	if err := json.Indent(&out, body, "", "  "); err != nil {
		t.Fatal(err)
	}
	numbers := map[string]int{}
	text := anyUUID.ReplaceAllStringFunc(out.String(), func(id string) string {
		if numbers[id] == 0 {
			numbers[id] = len(numbers) + 1
		}
		return fmt.Sprintf("01a20400-0000-7000-8000-%012d", numbers[id])
	})
	text = anyTime.ReplaceAllString(text, "2026-11-22T12:00:01.25Z")
	text = anySequence.ReplaceAllString(text, `"sequence": 4711`)
	return strings.NewReplacer(channel, "whatsapp", account, "106540352242922", "+00:00", "Z").Replace(text)
}

func TestTheDocumentationShowsWhatSubscribersGet(t *testing.T) {
	f := setup(t)
	s := f.subscribe(nil, nil)
	f.story(s)
	examples := f.examples(s)
	content, err := os.ReadFile(subscriptionsDoc)
	if err != nil {
		t.Fatal(err)
	}
	doc := string(content)
	for _, eventType := range append(inbox.EventTypes(), inbox.SubscriptionTest) {
		block := regexp.MustCompile("(?s)(### `" + regexp.QuoteMeta(string(eventType)) + "`\n.*?```json\n)(.*?)(\n```)")
		switch found := block.FindStringSubmatch(doc); {
		case examples[eventType] == "":
			t.Errorf("nothing made a %s", eventType)
		case found == nil:
			t.Errorf("%s shows no %s", subscriptionsDoc, eventType)
		case *update:
			doc = block.ReplaceAllString(doc, "${1}"+strings.ReplaceAll(examples[eventType], "$", "$$")+"${3}")
		case found[2] != examples[eventType]:
			t.Errorf("%s shows another %s (-update writes it anew); now it is\n%s", subscriptionsDoc, eventType, examples[eventType])
		}
	}
	if *update {
		if err := os.WriteFile(subscriptionsDoc, []byte(doc), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
