package dev

import (
	"net/http"
	"slices"
	"testing"
	"time"
)

// said is an entry of a customer's chat.
type said struct{ ID, From, Kind, Text, State string }

// write lets a customer write and returns the id of their chat.
func (b *tab) write(channel, text string) (chat string) {
	b.t.Helper()
	var got struct {
		Status int
		Chat   struct{ ID string }
	}
	b.send(http.MethodPost, "/simulator/api/messages", map[string]any{
		"channel": channel, "customer": map[string]any{"number": 4, "name": "Nora " + channel}, "text": text,
	}).into(b.t, &got)
	if got.Status != http.StatusOK {
		b.t.Fatalf("%s: the webhook was answered with %d", channel, got.Status)
	}
	return got.Chat.ID
}

// sees waits until the customer of a chat sees something from us.
func (b *tab) sees(chat string, wanted func(said) bool) {
	b.t.Helper()
	waitFor(b.t, func() string {
		var now struct{ Entries []said }
		b.get("/simulator/api/chats/"+chat+"?wait=1").into(b.t, &now)
		if i := slices.IndexFunc(now.Entries, func(e said) bool { return e.From == "us" && wanted(e) }); i >= 0 {
			return now.Entries[i].ID
		}
		return ""
	})
}

// conversation waits until the channel's conversation is in the inbox, and returns its id.
func (b *tab) conversation(channel string) string {
	b.t.Helper()
	return waitFor(b.t, func() string {
		var list struct{ Items []struct{ ID string } }
		b.get("/v1/conversations?channel="+channel).into(b.t, &list)
		if len(list.Items) == 0 {
			return ""
		}
		return list.Items[0].ID
	})
}

// A person plays a customer on the simulator's page; an agent answers by the API.
func TestACustomerAndAnAgentTalk(t *testing.T) {
	t.Parallel()
	running := beginOpen(t)
	agent, customer := newTab(t, running), newTab(t, running)
	agent.signIn("ben@example.com")
	for _, channel := range []string{"whatsapp", "messenger", "instagram", "telegram"} {
		chat := customer.write(channel, "Is it "+channel+"?")
		messages := "/v1/conversations/" + agent.conversation(channel) + "/messages"
		if got := agent.send(http.MethodPost, messages, map[string]any{"text": "Yes, it is."}); got.status != http.StatusAccepted {
			t.Fatalf("%s: answering: %d %s", channel, got.status, got.body)
		}
		customer.sees(chat, func(e said) bool { return e.Text == "Yes, it is." && (e.State == "read" || channel == "telegram") })
	}
}

// A browser puts a file to where the API says, and sees it there; then it goes to the customer.
func TestAFileReachesTheCustomer(t *testing.T) {
	t.Parallel()
	running := beginOpen(t)
	agent, customer := newTab(t, running), newTab(t, running)
	agent.signIn("ada@example.com")
	const picture = "\x89PNG\r\n\x1a\n and so on"
	for _, channel := range []string{"messenger", "telegram"} { // one takes a link, the other the file itself
		chat := customer.write(channel, "How does it look?")
		conversation := agent.conversation(channel)
		var slot struct {
			Key, URL, Method string
			Headers          map[string]string
		}
		agent.send(http.MethodPost, "/v1/uploads", map[string]any{"name": "shelf.png", "mime": "image/png", "bytes": len(picture)}).into(t, &slot)
		if got := newTab(t, running).do(slot.Method, slot.URL, "image/png", picture); got.status >= http.StatusMultipleChoices {
			t.Fatalf("%s: uploading to %s: %d %s", channel, slot.URL, got.status, got.body)
		}
		file := map[string]any{"key": slot.Key, "name": "shelf.png", "mime": "image/png", "kind": "image", "bytes": len(picture)}
		if got := agent.send(http.MethodPost, "/v1/conversations/"+conversation+"/messages", map[string]any{"file": file}); got.status != http.StatusAccepted {
			t.Fatalf("%s: sending: %d %s", channel, got.status, got.body)
		}
		customer.sees(chat, func(e said) bool { return e.Kind == "image" })
		if got := newTab(t, running).get(agent.link(conversation)); got.status != http.StatusOK || got.body != picture || got.header.Get("Content-Type") != "image/png" {
			t.Errorf("%s: the file is shown as %d %q", channel, got.status, got.body)
		}
	}
}

// link is the link to the file that was sent in a conversation.
func (b *tab) link(conversation string) (link string) {
	b.t.Helper()
	var timeline struct {
		Items []struct {
			Message *struct {
				Direction   string
				Attachments []struct{ File *struct{ URL string } }
			}
		}
	}
	b.get("/v1/conversations/"+conversation+"/timeline").into(b.t, &timeline)
	for _, item := range timeline.Items {
		if item.Message == nil || item.Message.Direction != "out" {
			continue
		}
		for _, attachment := range item.Message.Attachments {
			if attachment.File != nil {
				link = attachment.File.URL
			}
		}
	}
	return link
}

// waitFor asks until there is an answer.
func waitFor(t *testing.T, ask func() string) string {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		if got := ask(); got != "" {
			return got
		}
		time.Sleep(10 * time.Millisecond) // between two looks
	}
	t.Fatal("it did not happen in time")
	return ""
}
