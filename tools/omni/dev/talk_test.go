package dev

import (
	"bytes"
	"fmt"
	"net/http"
	"testing"
	"time"
)

// A person plays a customer on the simulator's page; an agent answers by the API.
func TestACustomerAndAnAgentTalk(t *testing.T) {
	t.Parallel()
	running := beginOpen(t)
	agent, customer := newTab(t, running), newTab(t, running)
	agent.signIn("ben@example.com")
	for _, channel := range []string{"whatsapp", "messenger", "instagram", "telegram"} {
		var said struct {
			Status int
			Chat   struct{ ID string }
		}
		customer.send(http.MethodPost, "/simulator/api/messages", map[string]any{
			"channel": channel, "customer": map[string]any{"number": 4, "name": "Nora " + channel}, "text": "Is it " + channel + "?",
		}).into(t, &said)
		if said.Status != http.StatusOK {
			t.Fatalf("%s: %+v", channel, said)
		}
		conversation := waitFor(t, func() (id string) {
			var list struct {
				Items []struct {
					ID      string
					Channel string
				}
			}
			agent.get("/v1/conversations?channel="+channel).into(t, &list)
			for _, one := range list.Items {
				id = one.ID
			}
			return id
		})
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, running.URL+"/v1/conversations/"+conversation+"/messages",
			bytes.NewReader([]byte(`{"text": "Yes, it is."}`)))
		if err != nil {
			t.Fatal(err)
		}
		request.Header = http.Header{"Authorization": {"Bearer " + agent.token}, "Content-Type": {"application/json"}, "Idempotency-Key": {"k-" + channel}}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusAccepted {
			t.Fatalf("%s: answering: %d", channel, response.StatusCode)
		}
		waitFor(t, func() string {
			var now struct {
				Entries []struct{ From, Text string }
			}
			customer.get(fmt.Sprintf("/simulator/api/chats/%s?wait=1", said.Chat.ID)).into(t, &now)
			for _, entry := range now.Entries {
				if entry.From == "us" && entry.Text == "Yes, it is." {
					return entry.Text
				}
			}
			return ""
		})
	}
}

// waitFor asks until there is an answer.
func waitFor(t *testing.T, ask func() string) string {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		if got := ask(); got != "" {
			return got
		}
		time.Sleep(10 * time.Millisecond) // between two looks
	}
	t.Fatal("it did not happen within 20 s")
	return ""
}
