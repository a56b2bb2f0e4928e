package dev

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"omni/channels"
	"omni/tools/omni/follow"
	"omni/tools/omni/state"
)

// visitor is a page with the chat, behind a cable. It follows the rules for clients: it posts until that is taken, and what its socket says is only that it
// is time to look.
type visitor struct {
	channel, origin string
	server          *cable
	client          *http.Client

	looking sync.Mutex

	mu      sync.Mutex
	token   string
	name    string
	next    string
	lines   map[string]string // by id
	order   []string          // ids, as they were first seen
	doubled []string          // ids that came as new a second time
}

// hosted is the channel that has visitors.
func hosted(t *testing.T) string {
	t.Helper()
	for _, spec := range channels.Specs() {
		if channels.IsHosted(spec.Name) {
			return spec.Name
		}
	}
	t.Skip("no channel is hosted")
	return ""
}

// visit opens a page of the demo site.
func visit(t *testing.T, running state.Dev) *visitor {
	t.Helper()
	v := &visitor{
		channel: hosted(t), origin: running.DemoURL, server: layCable(t, strings.TrimPrefix(running.URL, "http://")),
		client: &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{}}, lines: map[string]string{},
	}
	v.persist(t.Context(), v.begin)
	return v
}

// persist does something until it succeeds.
func (v *visitor) persist(ctx context.Context, do func(context.Context) error) {
	for do(ctx) != nil && ctx.Err() == nil {
		time.Sleep(20 * time.Millisecond) // before another try, as pages wait
	}
}

// ask makes one request, and begins a new session if the old one is over.
func (v *visitor) ask(ctx context.Context, method, path string, in, out any) error {
	content, err := json.Marshal(in)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, method, "http://"+v.server.address()+path, strings.NewReader(string(content)))
	if err != nil {
		return err
	}
	v.mu.Lock()
	request.Header.Set("Authorization", "Bearer "+v.token)
	v.mu.Unlock()
	request.Header.Set("Origin", v.origin)
	response, err := v.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("%s %s: %s", method, path, response.Status)
	}
	if out == nil {
		_, err := io.Copy(io.Discard, response.Body)
		return err
	}
	return json.NewDecoder(response.Body).Decode(out)
}

func (v *visitor) path(name string) string { return "/visitors/" + v.channel + "/default/" + name }

func (v *visitor) begin(ctx context.Context) error {
	var session struct{ Token, Visitor string }
	if err := v.ask(ctx, http.MethodPost, v.path("session"), map[string]any{"token": v.token}, &session); err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.token, v.name = session.Token, session.Visitor
	return nil
}

// says posts a message until it is taken, however often that takes.
func (v *visitor) says(ctx context.Context, id, text string) {
	body := map[string]any{"visitor": v.name, "name": "Vera", "events": []any{map[string]string{"type": "message", "id": id, "text": text}}}
	v.persist(ctx, func(ctx context.Context) error {
		return v.ask(ctx, http.MethodPost, "/webhooks/"+v.channel+"/default", body, nil)
	})
}

// look reads what is new, one look at a time.
func (v *visitor) look(ctx context.Context) error {
	v.looking.Lock()
	defer v.looking.Unlock()
	var part struct {
		Messages []struct{ ID, From, Text string }
		Next     string
		Pending  bool
	}
	v.mu.Lock()
	query := ""
	if v.next != "" {
		query = "?after=" + v.next
	}
	v.mu.Unlock()
	if err := v.ask(ctx, http.MethodGet, v.path("messages")+query, nil, &part); err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, m := range part.Messages {
		line := m.From + ": " + m.Text
		if was, known := v.lines[m.ID]; known && was != line {
			v.doubled = append(v.doubled, m.ID)
		} else if !known {
			v.order = append(v.order, m.ID)
		}
		v.lines[m.ID] = line
	}
	v.next = part.Next
	if part.Pending {
		return errors.New("there is more to come")
	}
	return nil
}

// listen keeps a socket open, again and again, and looks at each frame. It returns how many sockets there were.
func (v *visitor) listen(ctx context.Context) (sockets int) {
	for ctx.Err() == nil {
		if v.socket(ctx) {
			sockets++
		}
		time.Sleep(20 * time.Millisecond) // before another socket, as pages wait
	}
	return sockets
}

func (v *visitor) socket(ctx context.Context) (opened bool) {
	var ticket struct{ URL string }
	if v.ask(ctx, http.MethodPost, v.path("ticket"), nil, &ticket) != nil {
		return false
	}
	target, err := url.Parse(ticket.URL)
	if err != nil {
		return false
	}
	target.Host = v.server.address()
	conn, _, err := websocket.Dial(ctx, target.String(), nil)
	if err != nil {
		return false
	}
	defer func() { _ = conn.CloseNow() }()
	v.persist(ctx, v.look)
	again := time.AfterFunc(follow.LookAgain, func() { v.persist(ctx, v.look) })
	defer again.Stop()
	for {
		if _, _, err := conn.Read(ctx); err != nil {
			return true
		}
		v.persist(ctx, v.look)
	}
}

// said are the messages that the page shows, as it came to know of them.
func (v *visitor) said() (lines []string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, id := range v.order {
		lines = append(lines, v.lines[id])
	}
	return lines
}

// A visitor and an agent talk while the visitor's network is cut at every turn: nothing is lost, nothing is there twice. Of what was answered while the page
// was closed, the next page shows all.
func TestAVisitorAndAnAgentTalkAcrossCuts(t *testing.T) {
	t.Parallel()
	running := beginOpen(t)
	agent, vera := newTab(t, running), visit(t, running)
	agent.signIn("ben@example.com")
	ctx, leave := context.WithCancel(t.Context())
	sockets := make(chan int, 1)
	go func() { sockets <- vera.listen(ctx) }()

	var want []string
	answer := func(text string) {
		messages := "/v1/conversations/" + agent.conversation(vera.channel) + "/messages"
		if got := agent.send(http.MethodPost, messages, map[string]any{"text": text}); got.status != http.StatusAccepted {
			t.Fatalf("answering: %d %s", got.status, got.body)
		}
		want = append(want, "agent: "+text)
	}
	for n := range 6 {
		text := fmt.Sprintf("question %d", n)
		vera.says(ctx, fmt.Sprintf("q%d", n), text)
		want = append(want, "visitor: "+text)
		vera.server.cut()
		answer(fmt.Sprintf("answer %d", n))
		vera.server.cut()
		waitFor(t, func() string { return strings.Repeat("seen", len(vera.said())/len(want)) })
	}
	leave()
	if opened := <-sockets; opened < 2 {
		t.Errorf("%d sockets were open: the cuts cut nothing", opened)
	}
	answer("and one more, to whoever comes back")
	if got := vera.said(); !sameLines(got, want[:len(want)-1]) || len(vera.doubled) > 0 {
		t.Errorf("the page shows %q, of which %v twice", got, vera.doubled)
	}

	back := visit(t, running)
	back.token = vera.token
	back.persist(t.Context(), back.begin)
	waitFor(t, func() string {
		back.next = ""
		back.persist(t.Context(), back.look)
		return strings.Repeat("seen", len(back.said())/len(want))
	})
	if got := back.said(); !slices.Equal(got, want) {
		t.Errorf("the next page shows\n%q, want\n%q", got, want)
	}
}

// sameLines reports whether two conversations say the same: their order may be that in which a page heard of them.
func sameLines(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}
