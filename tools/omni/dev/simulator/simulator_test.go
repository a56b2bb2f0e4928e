package simulator

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"omni/channels"
	_ "omni/gen/dispatch"
	_ "omni/gen/simulators"
	"omni/tools/omni/platforms"
)

// entered are secrets of every channel.
type entered struct{}

func (entered) Secrets(_ context.Context, channel string) (map[string]channels.Secrets, error) {
	spec, _ := channels.Lookup(channel)
	all := channels.Secrets{}
	for _, secret := range spec.Secrets {
		all[secret.Name] = []string{"right"}
	}
	return map[string]channels.Secrets{"default": all, "shop": all}, nil
}

// product takes webhooks as the product does: it verifies, and reads.
type product struct {
	mu      sync.Mutex
	status  int // with which it refuses; 0: it does not
	updates []told
}

// told is something that the product was told.
type told struct {
	channel string
	channels.Update
}

func (p *product) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.status != 0 {
		w.WriteHeader(p.status)
		return
	}
	body, _ := io.ReadAll(r.Body)
	name := strings.Split(r.URL.Path, "/")[2]
	secrets, _ := entered{}.Secrets(r.Context(), name)
	request := &channels.Request{Header: r.Header, Body: body}
	channel, err := channels.Open(name, channels.Env{Account: "default", Secrets: secrets["default"]})
	if err == nil {
		err = channel.Verify(request)
	}
	if err != nil {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	events, _ := channel.Parse(request)
	for _, event := range events {
		if update, err := channel.Normalize(event); err == nil {
			p.updates = append(p.updates, told{name, update})
		}
	}
}

// last is the last thing that the product was told of a channel.
func (p *product) last(channel string) (last channels.Update) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, one := range p.updates {
		if one.channel == channel {
			last = one.Update
		}
	}
	return last
}

// table is a simulator with platforms, a product, and a page.
type table struct {
	t       *testing.T
	product *product
	page    *httptest.Server
	world   *platforms.Server
	calls   channels.Doer // to the platforms
}

func newTable(t *testing.T) *table {
	t.Helper()
	b := &table{t: t, product: &product{}}
	server := httptest.NewServer(b.product)
	t.Cleanup(server.Close)
	var err error
	log := slog.New(slog.DiscardHandler)
	if b.world, err = platforms.New(t.Context(), platforms.Options{Secrets: platforms.Pretend(entered{}), Webhooks: server.URL, Log: log}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.world.Close)
	played := httptest.NewServer(b.world)
	t.Cleanup(played.Close)
	if b.calls, err = platforms.NewClient(played.URL); err != nil {
		t.Fatal(err)
	}
	s, err := New(t.Context(), Options{Platforms: b.world, Secrets: entered{}, Product: server.URL, Client: server.Client()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	b.page = httptest.NewServer(s)
	t.Cleanup(b.page.Close)
	return b
}

// do makes a request of the page.
func (b *table) do(status int, method, path string, body, into any) {
	b.t.Helper()
	content, err := json.Marshal(body)
	if err != nil {
		b.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(b.t.Context(), method, b.page.URL+Path+path, bytes.NewReader(content))
	if err != nil {
		b.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := b.page.Client().Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != status {
		b.t.Fatalf("%s %s: %d %s, %v; want %d", method, path, response.StatusCode, got, err, status)
	}
	if into != nil {
		if err := json.Unmarshal(got, into); err != nil {
			b.t.Fatalf("%s: %v", got, err)
		}
	}
}

type object = map[string]any

// wait looks into a chat until it is as wanted.
func (b *table) wait(chat string, what string, wanted func(seen) bool) seen {
	b.t.Helper()
	var all seen
	entries := map[string]Entry{}
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		var now seen
		b.do(http.StatusOK, http.MethodGet, fmt.Sprintf("chats/%s?after=%d&wait=5", chat, all.Next), nil, &now)
		for _, e := range now.Entries {
			entries[e.ID] = e
		}
		now.Entries = nil
		for _, e := range entries {
			now.Entries = append(now.Entries, e)
		}
		if all = now; wanted(all) {
			return all
		}
	}
	b.t.Fatalf("%s: never; %+v", what, all)
	return all
}

// sender is the product's side of a channel, which calls the simulated platforms.
func (b *table) sender(channel string) channels.Channel {
	b.t.Helper()
	secrets, err := platforms.Pretend(entered{}).Secrets(b.t.Context(), channel)
	if err != nil {
		b.t.Fatal(err)
	}
	opened, err := channels.Open(channel, channels.Env{Account: "default", Secrets: secrets["default"], HTTP: b.calls})
	if err != nil {
		b.t.Fatal(err)
	}
	return opened
}

func TestAChatOnEveryChannel(t *testing.T) {
	t.Parallel()
	b := newTable(t)
	var offered items[channel]
	b.do(http.StatusOK, http.MethodGet, "channels", nil, &offered)
	names := map[string]bool{}
	for _, c := range offered.Items {
		names[c.Name] = true
	}
	for _, spec := range channels.Specs() {
		if names[spec.Name] == channels.IsHosted(spec.Name) {
			t.Errorf("%s is offered: %t", spec.Name, names[spec.Name])
		}
	}
	for _, c := range offered.Items {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			b := *b
			b.t = t
			var made Chat
			b.do(http.StatusCreated, http.MethodPost, "chats", object{"channel": c.Name, "customer": object{"number": 3, "name": "Vera Lind"}}, &made)
			var said written
			b.do(http.StatusOK, http.MethodPost, "messages", object{"chat": made.ID, "text": "Do you have it in blue?"}, &said)
			if said.Status != http.StatusOK || said.Entry.State != stateSent || said.Entry.Text != "Do you have it in blue?" || said.Entry.Message == "" {
				t.Fatalf("%+v", said)
			}
			chat := channels.Chat{Account: made.ExternalID, Thread: made.Thread, Last: said.Entry.Message}
			answer := channels.Outgoing{Handle: "0190", Account: made.ExternalID, Thread: made.Thread, Content: channels.Content{Text: "Yes, on Friday."}}
			b.answerTo(c.Name, &chat, &answer)
			got := b.wait(made.ID, "the answer was read", func(s seen) bool {
				return len(s.Entries) == 2 && (find(s, fromUs).State == stateRead || c.Name == "telegram")
			})
			if e := find(got, fromUs); e.Text != "Yes, on Friday." || e.Kind != "text" || e.Content == nil || e.Message == "" || e.Times != 1 {
				t.Errorf("the answer is %+v", e)
			}
			b.reactTo(c, made, find(got, fromUs))
		})
	}
}

func find(s seen, from string) Entry {
	for _, e := range s.Entries {
		if e.From == from {
			return e
		}
	}
	return Entry{}
}

// answerTo lets an agent type, read and answer.
func (b *table) answerTo(name string, chat *channels.Chat, answer *channels.Outgoing) {
	b.t.Helper()
	sender := b.sender(name)
	person := b.product.last(name).Person.Identities
	chat.To, answer.To = person, person
	id := name + ".default.3"
	if typer, ok := sender.(channels.Typer); ok {
		if err := typer.Typing(b.t.Context(), *chat); err != nil {
			b.t.Errorf("typing: %v", err)
		}
		b.wait(id, "an agent types", func(s seen) bool { return s.Typing })
	}
	if marker, ok := sender.(channels.ReadMarker); ok && name != "telegram" { // Telegram has it for business chats only
		if err := marker.MarkRead(b.t.Context(), *chat); err != nil {
			b.t.Errorf("marking as read: %v", err)
		}
		b.wait(id, "the message was read", func(s seen) bool { return s.Read != nil && *s.Read == id+".1" })
	}
	if _, err := sender.Send(b.t.Context(), *answer); err != nil {
		b.t.Fatal(err)
	}
	b.wait(id, "nobody types any more", func(s seen) bool { return !s.Typing && find(s, fromUs).ID != "" })
}

// reactTo lets the customer react to the answer, and reply to it.
func (b *table) reactTo(c channel, chat Chat, to Entry) {
	b.t.Helper()
	for _, name := range []string{"reaction", "message_reaction", "reply", "text_reply", "reply_to_message"} {
		k, ok := c.kind(name)
		if !ok {
			continue
		}
		if !k.Text || !k.Earlier {
			b.t.Errorf("%s: %+v", name, k)
		}
		var did written
		b.do(http.StatusOK, http.MethodPost, "messages", object{"chat": chat.ID, "kind": name, "text": "🎉", "target": to.ID}, &did)
		if did.Status != http.StatusOK || did.Entry.Target == nil || *did.Entry.Target != to.ID || did.Entry.Text != "🎉" {
			b.t.Errorf("%s: %+v", name, did)
		}
		b.product.mu.Lock()
		for _, one := range b.product.updates {
			if r := one.Reaction; one.channel == c.Name && r != nil && (r.Target != to.Message || len(r.Emojis) != 1 || r.Emojis[0] != "🎉") {
				b.t.Errorf("%s: the product reads %+v", name, r)
			}
		}
		b.product.mu.Unlock()
	}
}

// Whatever kind of event the page offers can be played with what the page knows of it.
func TestEveryKindCanBePlayed(t *testing.T) {
	t.Parallel()
	b := newTable(t)
	var offered items[channel]
	b.do(http.StatusOK, http.MethodGet, "channels", nil, &offered)
	for _, c := range offered.Items {
		var first written
		b.do(http.StatusOK, http.MethodPost, "messages", object{"channel": c.Name, "customer": object{"number": 1}}, &first)
		worded := 0
		for _, k := range c.Kinds {
			body := object{"chat": first.Chat.ID, "kind": k.Name, "target": first.Entry.ID}
			if k.Text {
				worded++
				body["text"] = "words of mine"
			}
			var did written
			b.do(http.StatusOK, http.MethodPost, "messages", body, &did)
			if did.Status != http.StatusOK || did.Entry.Text == "" || k.Text && did.Entry.Text != "words of mine" {
				t.Errorf("%s %s: %+v", c.Name, k.Name, did)
			}
		}
		if text, ok := c.kind("text"); !ok || !text.Text || text.Earlier || worded < 4 {
			t.Errorf("%s: text is %+v, and %d kinds have words", c.Name, text, worded)
		}
	}
}

func TestAnAnswerFromBeforeTheChatIsThere(t *testing.T) {
	t.Parallel()
	b := newTable(t)
	var first written
	b.do(http.StatusOK, http.MethodPost, "messages", object{"channel": "whatsapp", "customer": object{"number": 2}}, &first)
	to := b.product.last("whatsapp").Person.Identities
	answer := channels.Outgoing{Handle: "0190", Account: first.Chat.ExternalID, Thread: first.Chat.Thread, To: to, Content: channels.Content{Text: "Yes."}}
	if _, err := b.sender("whatsapp").Send(t.Context(), answer); err != nil {
		t.Fatal(err)
	}
	later, err := New(t.Context(), Options{Platforms: b.world, Secrets: entered{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(later.Close)
	var w who
	if err := json.Unmarshal([]byte(`{"channel": "whatsapp", "customer": {"number": 2}}`), &w); err != nil {
		t.Fatal(err)
	}
	c, made, err := later.open(w)
	if err != nil || !made || len(c.entries) != 1 || c.entries[0].Text != "Yes." || c.customer.Name != "Chloé" {
		t.Errorf("%+v, %v, %v", c, made, err)
	}
}

func TestWhatTheProductRefusesIsShown(t *testing.T) {
	t.Parallel()
	b := newTable(t)
	b.product.status = http.StatusUnauthorized
	var said written
	b.do(http.StatusOK, http.MethodPost, "messages", object{"channel": "telegram", "customer": object{}}, &said)
	if said.Status != http.StatusUnauthorized || said.Attempts != 1 || said.Entry.State != stateRefused {
		t.Errorf("%+v", said)
	}
	var list items[Chat]
	b.do(http.StatusOK, http.MethodGet, "chats?channel=telegram", nil, &list)
	if len(list.Items) != 1 || list.Items[0].Last == nil || list.Items[0].Last.State != stateRefused {
		t.Errorf("%+v", list)
	}
	b.do(http.StatusOK, http.MethodGet, "chats?channel=whatsapp", nil, &list)
	if len(list.Items) != 0 {
		t.Errorf("%+v", list)
	}
}

func TestNewCustomersAreDifferent(t *testing.T) {
	t.Parallel()
	b := newTable(t)
	var first, second, again Chat
	b.do(http.StatusCreated, http.MethodPost, "chats", object{"channel": "messenger"}, &first)
	b.do(http.StatusCreated, http.MethodPost, "chats", object{"channel": "messenger"}, &second)
	b.do(http.StatusOK, http.MethodPost, "chats", object{"channel": "messenger", "customer": object{"number": second.Customer.Number}}, &again)
	if first.ID == second.ID || first.Thread == second.Thread || first.Customer.Name == second.Customer.Name || again.ID != second.ID {
		t.Errorf("%+v, %+v, %+v", first, second, again)
	}
	var shop Chat
	b.do(http.StatusCreated, http.MethodPost, "chats", object{"channel": "messenger", "account": "shop"}, &shop)
	if shop.ExternalID == first.ExternalID || shop.Thread == first.Thread || shop.Customer.Number != 0 {
		t.Errorf("%+v", shop)
	}
}

func TestRequestsThatAreRefused(t *testing.T) {
	t.Parallel()
	b := newTable(t)
	var chat Chat
	b.do(http.StatusCreated, http.MethodPost, "chats", object{"channel": "whatsapp"}, &chat)
	for _, c := range []struct {
		status       int
		method, path string
		body         any
		why          string
	}{
		{http.StatusUnprocessableEntity, "POST", "chats", object{"channel": "pigeon"}, "pigeon"},
		{http.StatusUnprocessableEntity, "POST", "chats", object{"channel": "whatsapp", "account": "loft"}, "loft"},
		{http.StatusUnprocessableEntity, "POST", "chats", object{"channel": "whatsapp", "customer": object{"number": -1}}, "99999"},
		{http.StatusBadRequest, "POST", "chats", object{"chanel": "whatsapp"}, "chanel"},
		{http.StatusNotFound, "POST", "messages", object{"chat": "whatsapp.default.77"}, "restart"},
		{http.StatusUnprocessableEntity, "POST", "messages", object{"chat": chat.ID, "kind": "telepathy"}, "telepathy"},
		{http.StatusUnprocessableEntity, "POST", "messages", object{"chat": chat.ID, "kind": "sticker", "text": "x"}, "no text"},
		{http.StatusUnprocessableEntity, "POST", "messages", object{"chat": chat.ID, "kind": "reaction"}, "earlier"},
		{http.StatusUnprocessableEntity, "POST", "messages", object{"chat": chat.ID, "kind": "reaction", "target": "x"}, "no message"},
		{http.StatusNotFound, "GET", "chats/none", nil, "none"},
		{http.StatusBadRequest, "GET", "chats/" + chat.ID + "?after=-1", nil, "after"},
		{http.StatusBadRequest, "GET", "chats/" + chat.ID + "?wait=long", nil, "wait"},
		{http.StatusUnprocessableEntity, "PUT", "trouble", object{"lose": 1.1}, "fractions"},
		{http.StatusUnprocessableEntity, "PUT", "trouble", object{"lose": 0.6, "refuse": 0.6}, "together"},
		{http.StatusNotFound, "GET", "weather", nil, "weather"},
	} {
		var got struct{ Error string }
		b.do(c.status, c.method, c.path, c.body, &got)
		if !strings.Contains(got.Error, c.why) {
			t.Errorf("%s %s: %q, want something about %q", c.method, c.path, got.Error, c.why)
		}
	}
	response, err := http.Post(b.page.URL+Path+"messages", "text/plain", strings.NewReader(`{"channel": "whatsapp"}`))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusUnsupportedMediaType {
		t.Errorf("a form of another page gets %d", response.StatusCode)
	}
}

func TestTrouble(t *testing.T) {
	t.Parallel()
	b := newTable(t)
	var got platforms.Trouble
	b.do(http.StatusOK, http.MethodPut, "trouble", object{"throttle": 0.25, "repeat": 1}, &got)
	b.do(http.StatusOK, http.MethodGet, "trouble", nil, &got)
	if got != (platforms.Trouble{Throttle: 0.25, Repeat: 1}) {
		t.Errorf("%+v", got)
	}
}

func TestAMomentWithoutNewsEndsWithoutAny(t *testing.T) {
	t.Parallel()
	b := newTable(t)
	var chat Chat
	b.do(http.StatusCreated, http.MethodPost, "chats", object{"channel": "instagram"}, &chat)
	var now seen
	b.do(http.StatusOK, http.MethodGet, "chats/"+chat.ID+"?wait=1", nil, &now)
	if len(now.Entries) != 0 || now.Typing || now.Read != nil || now.Chat.ID != chat.ID {
		t.Errorf("%+v", now)
	}
}

func TestWithoutSimulatedPlatformsThePageIsToldWhy(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	Unavailable("The platforms are real.").ServeHTTP(w, httptest.NewRequest("GET", Path+"channels", nil))
	if w.Code != http.StatusNotFound || w.Body.String() != "{\"error\":\"The platforms are real.\"}\n" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// Typing is shown until the answer comes, or for as long as platforms show it.
func TestTypingEnds(t *testing.T) {
	t.Parallel()
	now := time.Now()
	c := &chat{typed: now.Add(-time.Second)}
	if left := c.typing(now); left != typingTime-time.Second {
		t.Errorf("%s", left)
	}
	if left := c.typing(now.Add(typingTime)); left != 0 {
		t.Errorf("%s", left)
	}
	c.add(&entry{Entry: Entry{From: fromUs, At: now}}, 1)
	if left := c.typing(now); left != 0 {
		t.Errorf("after the answer: %s", left)
	}
}
