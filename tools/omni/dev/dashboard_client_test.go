package dev

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"

	"omni/tools/omni/dev/issuer"
)

// browser is a dashboard without its pages: it signs in, opens its socket, and keeps what it shows up to date by the rules of docs/realtime.md.
type browser struct {
	t      *testing.T
	cable  *cable
	client *http.Client
	token  string

	mu            sync.Mutex
	cursor        string
	conversations map[uuid.UUID]shownConversation
	messages      map[uuid.UUID]shownMessage
	changes       map[string]int // how often each came, by cursor
	created       map[uuid.UUID]int
	sockets       int // that were opened
	frames        int // that came through them
}

// shownConversation and shownMessage are as much of what the API says as is looked at here.
type shownConversation struct {
	ID            uuid.UUID  `json:"id"`
	Status        string     `json:"status"`
	Unread        int        `json:"unread"`
	LastMessageAt *time.Time `json:"last_message_at"` // null: nobody has written yet, and it is in no list
	Assignee      *struct {
		ID uuid.UUID `json:"id"`
	} `json:"assignee"`
}

type shownMessage struct {
	ID           uuid.UUID  `json:"id"`
	Conversation uuid.UUID  `json:"conversation"`
	Direction    string     `json:"direction"`
	Text         string     `json:"text"`
	Status       *string    `json:"status"`
	DeletedAt    *time.Time `json:"deleted_at"`
}

type shownChange struct {
	Cursor         string             `json:"cursor"`
	Kind           string             `json:"kind"`
	ConversationID *uuid.UUID         `json:"conversation_id"`
	MessageID      *uuid.UUID         `json:"message_id"`
	MergedInto     *uuid.UUID         `json:"merged_into"`
	Conversation   *shownConversation `json:"conversation"`
	Message        *shownMessage      `json:"message"`
}

// openBrowser signs somebody in who comes by a cable of their own.
func openBrowser(t *testing.T, server, name string) *browser {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	b := &browser{
		t: t, cable: layCable(t, strings.TrimPrefix(server, "http://")), conversations: map[uuid.UUID]shownConversation{},
		messages: map[uuid.UUID]shownMessage{}, changes: map[string]int{}, created: map[uuid.UUID]int{},
		client: &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
	b.signIn(name)
	var now struct {
		Next string `json:"next"`
	}
	if err := b.call(t.Context(), http.MethodGet, "/v1/feed", nil, &now); err != nil {
		t.Fatal(err)
	}
	b.cursor = now.Next
	return b
}

// signIn gets a token as a browser does.
func (b *browser) signIn(name string) {
	b.t.Helper()
	const verifier = "a-verifier-that-is-long-enough-for-the-rules-of-pkce"
	sum := sha256.Sum256([]byte(verifier))
	challenge, back := base64.RawURLEncoding.EncodeToString(sum[:]), b.origin()+"/"
	form := url.Values{
		"response_type": {"code"}, "client_id": {issuer.ClientID}, "redirect_uri": {back}, "scope": {"openid email profile"},
		"code_challenge": {challenge}, "code_challenge_method": {"S256"}, "name": {name},
	}
	asked, err := b.client.PostForm(b.origin()+issuer.Path+"/authorize", form)
	if err != nil {
		b.t.Fatal(err)
	}
	asked.Body.Close()
	to, err := asked.Location()
	if err != nil {
		b.t.Fatal(asked.Status, err)
	}
	given, err := b.client.PostForm(b.origin()+issuer.Path+"/token", url.Values{
		"grant_type": {"authorization_code"}, "client_id": {issuer.ClientID}, "redirect_uri": {back}, "code": {to.Query().Get("code")},
		"code_verifier": {verifier},
	})
	if err != nil {
		b.t.Fatal(err)
	}
	defer given.Body.Close()
	var tokens struct {
		ID string `json:"id_token"`
	}
	if err := json.NewDecoder(given.Body).Decode(&tokens); err != nil || tokens.ID == "" {
		b.t.Fatal(given.Status, err)
	}
	b.token = tokens.ID
}

func (b *browser) origin() string { return "http://" + b.cable.address() }

// call calls the API; headers are names and values in turn.
func (b *browser) call(ctx context.Context, method, path string, body, into any, headers ...string) error {
	var given io.Reader
	if body != nil {
		rendered, err := json.Marshal(body)
		if err != nil {
			return err
		}
		given = bytes.NewReader(rendered)
	}
	request, err := http.NewRequestWithContext(ctx, method, b.origin()+path, given)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+b.token)
	request.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := b.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %w: %s %s", method, path, errRefused, response.Status, answer)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer, into)
}

// errRefused means that the server answered, and refused.
var errRefused = errors.New("refused")

// The client's times. Those between two tries are shorter than in a browser, for more tries in a test.
const (
	lookAgain  = 1500 * time.Millisecond // after a socket was opened: a push may have been addressed before
	pendingFor = 50 * time.Millisecond
	lookAnyway = 5 * time.Second // in a browser 30: a frame may be lost
	firstPause = 10 * time.Millisecond
	longPause  = 200 * time.Millisecond
)

// run keeps what is shown up to date until the context ends.
func (b *browser) run(ctx context.Context) {
	pause := firstPause
	for ctx.Err() == nil {
		opened, err := b.session(ctx)
		if errors.Is(err, errRefused) {
			b.t.Error(err)
			return
		}
		if pause = min(pause*3/2, longPause); opened {
			pause = firstPause
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// session is the life of one socket. It reports whether there was one.
func (b *browser) session(ctx context.Context) (opened bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var ticket struct {
		URL string `json:"url"`
	}
	if err := b.call(ctx, http.MethodPost, "/v1/tickets", nil, &ticket); err != nil {
		return false, err
	}
	conn, _, err := websocket.Dial(ctx, ticket.URL, nil)
	if err != nil {
		return false, err
	}
	defer conn.CloseNow()
	b.mu.Lock()
	b.sockets++
	b.mu.Unlock()
	news, closed := make(chan struct{}, 1), make(chan struct{}) // one look is wanted at most, besides the one that is under way
	go func() {
		defer close(closed)
		b.listen(ctx, conn, news)
	}()
	news <- struct{}{}
	again, anyway := time.After(lookAgain), time.NewTicker(lookAnyway)
	defer anyway.Stop()
	for {
		select {
		case <-closed:
			return true, nil
		case <-again:
		case <-anyway.C:
		case <-news:
		}
		if err := b.look(ctx); err != nil {
			return true, err
		}
	}
}

// listen wants a look for each feed frame.
func (b *browser) listen(ctx context.Context, conn *websocket.Conn, news chan<- struct{}) {
	for {
		_, frame, err := conn.Read(ctx)
		if err != nil {
			return
		}
		if string(frame) != `{"type":"feed"}` {
			b.t.Errorf("the frame is %s", frame)
		}
		b.mu.Lock()
		b.frames++
		b.mu.Unlock()
		select {
		case news <- struct{}{}:
		default:
		}
	}
}

// look reads the feed to its end. What is read is shown, and the cursor moves, at once or not at all.
func (b *browser) look(ctx context.Context) error {
	for {
		var page struct {
			Changes []shownChange `json:"changes"`
			Next    string        `json:"next"`
			More    bool          `json:"more"`
			Pending bool          `json:"pending"`
		}
		if err := b.call(ctx, http.MethodGet, "/v1/feed?limit=50&after="+url.QueryEscape(b.cursor), nil, &page); err != nil {
			return err
		}
		b.show(page.Changes, page.Next)
		switch {
		case page.More:
		case page.Pending:
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(pendingFor):
			}
		default:
			return nil
		}
	}
}

// show folds changes into what is shown. Objects show the present, so that the latest counts.
func (b *browser) show(changes []shownChange, next string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range changes {
		b.changes[c.Cursor]++
		if c.MergedInto != nil {
			b.merge(c)
			continue
		}
		if c.Conversation != nil && c.Conversation.LastMessageAt != nil {
			b.conversations[c.Conversation.ID] = *c.Conversation
		}
		if c.Message == nil {
			continue
		}
		b.messages[c.Message.ID] = *c.Message
		if c.Kind == "message.created" {
			b.created[c.Message.ID]++
		}
	}
	b.cursor = next
}

// merge forgets what has turned out to be another. Everything of a conversation belongs to the other then.
func (b *browser) merge(c shownChange) {
	if c.MessageID != nil {
		delete(b.messages, *c.MessageID)
		return
	}
	delete(b.conversations, *c.ConversationID)
	for id, m := range b.messages {
		if m.Conversation == *c.ConversationID {
			m.Conversation = *c.MergedInto
			b.messages[id] = m
		}
	}
}
