package whatsapp

import (
	"errors"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"omni/channels"
	"omni/channels/simulate"
)

// The phone number that sends, and a customer who shows a number and a BSUID: the simulator's first.
const (
	sender   = "201188844455501"
	customer = "4915120000000"
)

// to is a message to the customer.
func to(c channels.Content) channels.Outgoing {
	bsuid := customerBSUID()
	return channels.Outgoing{Handle: "row-7", Account: sender, Thread: bsuid, Content: c,
		To: []channels.Identity{{Kind: "bsuid", Value: bsuid}, {Kind: "wa_id", Value: customer}}}
}

// customerBSUID is as the simulator makes it.
var customerBSUID = sync.OnceValue(func() string {
	platform, _ := simulate.Lookup("whatsapp")
	event, err := platform.Event("image", simulate.Scene{Account: sender})
	if err != nil {
		panic(err)
	}
	return event.Expect[0].Thread
})

// TestSend: what is posted, what the customer gets, and what comes back.
func TestSend(t *testing.T) {
	t.Parallel()
	for _, test := range sent {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			o := to(test.content)
			if err := spec.Check(o); err != nil {
				t.Fatalf("the spec refuses it: %v", err)
			}
			m := newMeta(t)
			receipt, err := m.channel(t, disk{"a": 70}).Send(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			delivered := m.Deliveries()
			if len(delivered) != 1 || delivered[0].Account != sender || delivered[0].Thread != o.Thread || delivered[0].Handle != o.Handle {
				t.Fatalf("delivered %+v", delivered)
			}
			if want := (channels.Receipt{ID: delivered[0].ID, Aliases: []string{customer}}); !reflect.DeepEqual(receipt, want) {
				t.Errorf("receipt %+v, want %+v", receipt, want)
			}
			checkPost(t, m.post(t), test.want)
			checkSeen(t, delivered[0].Content, test.content)
		})
	}
}

// checkPost compares a request with what the table says of it.
func checkPost(t *testing.T, got, want string) {
	t.Helper()
	got = uploadID.ReplaceAllString(got, `"id":"ID"`)
	for _, members := range []string{`"biz_opaque_callback_data":"row-7",`, `"messaging_product":"whatsapp",`,
		`"recipient_type":"individual",`, `"to":"+4915120000000",`} {
		if !strings.Contains(got, members) {
			t.Errorf("%s is missing in %s", members, got)
		}
		got, want = strings.Replace(got, members, "", 1), strings.Replace(want, members, "", 1)
	}
	if want = "{" + want + "}"; got != want {
		t.Errorf("posted\n%s, want\n%s", got, want)
	}
}

// checkSeen compares what the customer sees with what was said, as far as a platform shows it.
func checkSeen(t *testing.T, got, want channels.Content) {
	t.Helper()
	for _, c := range []*channels.Content{&got, &want} {
		if c.Choices != nil {
			c.Choices = &channels.Choices{Options: c.Choices.Options}
		}
		files := []**channels.File{&c.File}
		if c.Template != nil {
			template := *c.Template
			c.Template, files = &template, append(files, &template.HeaderFile)
		}
		for _, file := range files {
			if *file != nil && (*file).Link != "" {
				*file = &channels.File{Kind: (*file).Kind, Link: (*file).Link, Name: (*file).Name}
			} else if *file != nil {
				*file = &channels.File{Kind: (*file).Kind, MIME: (*file).MIME, Name: (*file).Name, Bytes: (*file).Bytes}
			}
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the customer sees %+v, want %+v", got, want)
	}
}

// TestReply: an answer to a message names it, a reaction to one does not twice.
func TestReply(t *testing.T) {
	t.Parallel()
	for _, content := range []channels.Content{{Text: "Yes"}, {Reaction: &channels.SentReaction{Target: "wamid.b", Emoji: "👍"}}} {
		m := newMeta(t)
		o := to(content)
		o.ReplyTo = "wamid.a"
		if _, err := m.channel(t, nil).Send(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(m.post(t), `"context":{"message_id":"wamid.a"}`); got != (content.Reaction == nil) {
			t.Errorf("posted %s", m.post(t))
		}
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	bsuid, waID := channels.Identity{Kind: "bsuid", Value: "DE.1"}, channels.Identity{Kind: "wa_id", Value: "4915"}
	for name, test := range map[string]struct {
		outgoing channels.Outgoing
		want     dict
	}{
		"both ids":           {channels.Outgoing{Thread: "DE.1", To: []channels.Identity{bsuid, waID}}, dict{"to": "+4915"}},
		"a BSUID":            {channels.Outgoing{Thread: "DE.1", To: []channels.Identity{bsuid}}, dict{"recipient": "DE.1"}},
		"a number":           {channels.Outgoing{Thread: "4915", To: []channels.Identity{waID}}, dict{"to": "+4915"}},
		"a thread of BSUID":  {channels.Outgoing{Thread: "DE.1"}, dict{"recipient": "DE.1"}},
		"a thread of number": {channels.Outgoing{Thread: "4915"}, dict{"to": "+4915"}},
		"a BSUID as a number": {channels.Outgoing{Thread: "DE.1", To: []channels.Identity{{Kind: "wa_id", Value: "DE.1"}}},
			dict{"recipient": "DE.1"}},
		"a group": {channels.Outgoing{Thread: "1203@g.us", Group: true}, dict{"recipient_type": "group", "to": "1203@g.us"}},
	} {
		if test.want["recipient_type"] == nil {
			test.want["recipient_type"] = "individual"
		}
		if got := address(test.outgoing); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

// TestReceipt: under which names the platform knows the chat after a message to it.
func TestReceipt(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		thread string
		answer string
		want   channels.Receipt
	}{
		"the same number":          {"4915", `{"messages":[{"id":"w"}],"contacts":[{"input":"+4915","wa_id":"4915"}]}`, channels.Receipt{ID: "w"}},
		"a number that is written": {"554199", `{"messages":[{"id":"w"}],"contacts":[{"wa_id":"55419"}]}`, channels.Receipt{ID: "w", Thread: "55419"}},
		"a BSUID for a number": {"4915", `{"messages":[{"id":"w"}],"contacts":[{"wa_id":"4915","user_id":"DE.1"}]}`,
			channels.Receipt{ID: "w", Thread: "DE.1", Aliases: []string{"4915"}}},
		"a number for a BSUID": {"DE.1", `{"messages":[{"id":"w"}],"contacts":[{"wa_id":"4915"}]}`,
			channels.Receipt{ID: "w", Aliases: []string{"4915"}}},
		"the same BSUID": {"DE.1", `{"messages":[{"id":"w"}],"contacts":[{"user_id":"DE.1"}]}`, channels.Receipt{ID: "w"}},
		"nothing":        {"DE.1", `{"messages":[{"id":"w","message_status":"accepted"}]}`, channels.Receipt{ID: "w"}},
	} {
		c := answered(t, http.StatusOK, nil, test.answer)
		receipt, err := c.Send(t.Context(), channels.Outgoing{Account: sender, Thread: test.thread, Content: channels.Content{Text: "Hi"}})
		if err != nil || !reflect.DeepEqual(receipt, test.want) {
			t.Errorf("%s: %+v, %v, want %+v", name, receipt, err, test.want)
		}
	}
}

func TestGroup(t *testing.T) {
	t.Parallel()
	platform, _ := simulate.Lookup("whatsapp")
	event, err := platform.Event("status_group", simulate.Scene{Account: sender})
	if err != nil {
		t.Fatal(err)
	}
	m := newMeta(t)
	o := channels.Outgoing{Account: sender, Thread: event.Expect[0].Thread, Group: true, Content: channels.Content{Text: "Hi all"}}
	receipt, err := m.channel(t, nil).Send(t.Context(), o)
	if delivered := m.Deliveries(); err != nil || len(delivered) != 1 || delivered[0].Thread != o.Thread || receipt.Thread != "" || receipt.Aliases != nil {
		t.Errorf("%+v, %v, delivered %+v", receipt, err, delivered)
	}
	o.Content = channels.Content{Text: "Which?", Choices: &channels.Choices{Options: options("a")}}
	var rejected *channels.RejectedError
	if _, err := m.channel(t, nil).Send(t.Context(), o); !errors.As(err, &rejected) || rejected.Code != "unsupported_choices" {
		t.Errorf("choices in a group: %v", err)
	}
}

// TestWindow: the platform has the last word on whether the window is open; templates need none.
func TestWindow(t *testing.T) {
	t.Parallel()
	m := newMeta(t)
	c := m.channel(t, nil)
	m.Wrote(sender, customerBSUID(), time.Now().Add(-25*time.Hour))
	var rejected *channels.RejectedError
	if _, err := c.Send(t.Context(), to(channels.Content{Text: "Hi"})); !errors.As(err, &rejected) || rejected.Code != "131047" ||
		!strings.Contains(rejected.Reason, "template") {
		t.Errorf("after 25 hours: %v", err)
	}
	template := channels.Content{Template: &channels.TemplateMessage{Name: "hello", Language: "en_US"}}
	if _, err := c.Send(t.Context(), to(template)); err != nil {
		t.Errorf("a template: %v", err)
	}
	m.Wrote(sender, customerBSUID(), time.Now())
	if _, err := c.Send(t.Context(), to(channels.Content{Text: "Hi"})); err != nil {
		t.Errorf("after a new message: %v", err)
	}
}

func TestTypingAndRead(t *testing.T) {
	t.Parallel()
	for want, call := range map[string]func(channel, channels.Chat) error{
		`{"message_id":"wamid.a","messaging_product":"whatsapp","status":"read","typing_indicator":{"type":"text"}}`: func(c channel, chat channels.Chat) error {
			return c.Typing(t.Context(), chat)
		},
		`{"message_id":"wamid.a","messaging_product":"whatsapp","status":"read"}`: func(c channel, chat channels.Chat) error {
			return c.MarkRead(t.Context(), chat)
		},
	} {
		m := newMeta(t)
		if err := call(m.channel(t, nil), channels.Chat{Account: sender, Thread: customer, Last: "wamid.a"}); err != nil || m.post(t) != want {
			t.Errorf("%v, posted %s", err, m.post(t))
		}
		if err := call(m.channel(t, nil), channels.Chat{Account: sender, Thread: customer}); err != nil || len(m.posts) != 1 {
			t.Errorf("in a chat without a message: %v, posted %q", err, m.posts)
		}
		if err := call(channel{}, channels.Chat{Account: sender, Last: "wamid.a"}); !errors.Is(err, channels.ErrMissingSecrets) {
			t.Errorf("without secrets: %v", err)
		}
		if len(m.Deliveries()) > 0 {
			t.Errorf("delivered %+v", m.Deliveries())
		}
	}
}
