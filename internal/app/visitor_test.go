package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/app"
	"omni/internal/blob"
	"omni/internal/edge"
	"omni/internal/inbox"
)

// reception is the product with the visitors' function of a hosted channel, each function in its role.
type reception struct {
	*staff
	channel string
	visitor edge.HTTPHandler
	told    *switchboard
}

func openReception(t *testing.T) *reception {
	r := &reception{staff: hire(t), told: &switchboard{}}
	for _, spec := range channels.Specs() {
		if channels.IsHosted(spec.Name) {
			r.channel = spec.Name
		}
	}
	parts := r.parts(as(t, r.url, "omni_visitor"))
	parts.WebSocketURL, parts.FileStore = "wss://example.com", blob.NewFolderFiles(t.TempDir(), "https://files.example", time.Now)
	parts.Pusher = app.NewPusher(r.parts(as(t, r.url, "omni_processor")).Store, r.told, parts.Log)
	r.visitor = parts.Visitor()
	return r
}

// guest is a visitor's page.
type guest struct {
	*reception
	Token, Visitor string
}

func (r *reception) admit(body string) *guest {
	r.t.Helper()
	g := &guest{reception: r}
	r.decode(g.ask("POST", "session", body), http.StatusOK, g)
	return g
}

// ask asks the visitors' function.
func (g *guest) ask(method, path, body string) events.APIGatewayV2HTTPResponse {
	g.t.Helper()
	path, query, _ := strings.Cut(path, "?")
	event := events.APIGatewayV2HTTPRequest{
		RawPath: "/visitors/" + g.channel + "/default/" + path, RawQueryString: query, Body: body,
		Headers:        map[string]string{"origin": "secret", "authorization": "Bearer " + g.Token},
		RequestContext: events.APIGatewayV2HTTPRequestContext{HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: method, SourceIP: "192.0.2.1"}},
	}
	response, err := g.visitor(g.t.Context(), event)
	if err != nil {
		g.t.Fatal(err)
	}
	return response
}

func (r *reception) decode(response events.APIGatewayV2HTTPResponse, status int, into any) {
	r.t.Helper()
	if response.StatusCode != status {
		r.t.Fatalf("%d %s, want %d", response.StatusCode, response.Body, status)
	}
	if err := json.Unmarshal([]byte(response.Body), into); err != nil {
		r.t.Fatal(err)
	}
}

// reports posts what the page reports, and lets it be processed.
func (g *guest) reports(list ...string) {
	g.t.Helper()
	g.post(g.webhook, events.APIGatewayV2HTTPRequest{
		RouteKey: "POST /webhooks/" + g.channel + "/{account}", PathParameters: map[string]string{"account": "default"},
		Headers: map[string]string{"origin": "secret", "authorization": "Bearer " + g.Token},
		Body:    fmt.Sprintf(`{"visitor":%q,"name":"Ada","events":[%s]}`, g.Visitor, strings.Join(list, ",")),
	})
	g.hand(g.process)
}

func says(id, text string) string {
	return fmt.Sprintf(`{"type":"message","id":%q,"text":%q}`, id, text)
}

// page is what a page reads.
type page struct {
	Messages    []visitorMessage
	Next, Older *string
	Pending     bool
	ReadUntil   *time.Time `json:"read_until"`
}

type visitorMessage struct {
	ID, From, Text, Status string
	At                     time.Time
	File                   *struct{ URL *string }
	ReplyTo                *string `json:"reply_to"`
}

func (g *guest) reads(query string) (p page) {
	g.t.Helper()
	g.decode(g.ask("GET", "messages"+query, ""), http.StatusOK, &p)
	return p
}

// follows reads what changed since a place, as pages do: again while some of it may not be shown yet (transactions of other tests hold that up too), and of
// what changed more than once the later.
func (g *guest) follows(since string) (all page) {
	g.t.Helper()
	for {
		part := g.reads("?after=" + since)
		for _, m := range part.Messages {
			if n := slices.IndexFunc(all.Messages, func(known visitorMessage) bool { return known.ID == m.ID }); n >= 0 {
				all.Messages[n] = m
			} else {
				all.Messages = append(all.Messages, m)
			}
		}
		all.Next, since = part.Next, *part.Next
		if !part.Pending {
			return all
		}
		time.Sleep(50 * time.Millisecond) // as pages do
	}
}

// lines are the messages in words.
func (p page) lines() (lines []string) {
	for _, m := range p.Messages {
		lines = append(lines, m.From+" "+m.Status+": "+m.Text)
	}
	return lines
}

// answer lets an agent answer the latest conversation, and what follows be done.
func (g *guest) answer(text string) {
	g.t.Helper()
	var conversation uuid.UUID
	if err := g.admin.QueryRow(g.t.Context(), `SELECT conversation_id FROM conversation_threads WHERE thread = $1`, g.Visitor).Scan(&conversation); err != nil {
		g.t.Fatal(err)
	}
	sent, err := g.answers.Compose(g.t.Context(), inbox.Draft{Key: uuid.NewString(), Author: "tests", Conversation: conversation, Content: channels.Content{Text: text}})
	if err != nil || len(sent.Messages) != 1 {
		g.t.Fatal(sent, err)
	}
	job := inbox.Job{ID: sent.Messages[0]}
	var account uuid.UUID
	if err := g.admin.QueryRow(g.t.Context(), `SELECT channel_account_id FROM messages WHERE id = $1`, job.ID).Scan(&account); err != nil {
		g.t.Fatal(err)
	}
	channel, err := channels.Open(g.channel, channels.Env{})
	if err != nil {
		g.t.Fatal(err)
	}
	receipt, err := channel.Send(g.t.Context(), channels.Outgoing{Thread: g.Visitor, Handle: job.ID.String()})
	if err != nil {
		g.t.Fatal(err)
	}
	g.queued = nil
	outcome := inbox.Outcome{Message: job.ID, Account: account, Attempt: 1, Result: inbox.ResultSent, Receipt: receipt, At: time.Now()}
	if err := g.answers.Conclude(g.t.Context(), outcome); err != nil {
		g.t.Fatal(err)
	}
	g.queued = nil
}

// A visitor writes, is answered with the page closed, and reads all of it when they come back; each of two sees only their own.
func TestAVisitorsConversation(t *testing.T) {
	r := openReception(t)
	ada, ben := r.admit(`{}`), r.admit(`{"token":"made up"}`)
	if first := ada.reads(""); len(first.Messages) > 0 || first.Next == nil || first.Older != nil {
		t.Errorf("nobody has written: %+v", first)
	}
	begun := *ada.reads("").Next
	ada.reports(says("m1", "Is the oak table still there?"))
	ada.reports(says("m1", "Is the oak table still there?"), says("m2", "Hello?")) // the first one again: its answer was lost
	ben.reports(says("m1", "I am somebody else"))
	ada.answer("Yes, it is.")

	back := r.admit(fmt.Sprintf(`{"token":%q}`, ada.Token))
	if back.Visitor != ada.Visitor || ben.Visitor == ada.Visitor {
		t.Fatalf("%s comes back as %s, beside %s", ada.Visitor, back.Visitor, ben.Visitor)
	}
	all := back.reads("")
	want := []string{"visitor sent: Is the oak table still there?", "visitor sent: Hello?", "agent sent: Yes, it is."}
	if diff := cmp.Diff(want, all.lines()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want, back.follows(begun).lines()); diff != "" {
		t.Errorf("since the beginning: %s", diff)
	}
	if diff := cmp.Diff([]string{"visitor sent: I am somebody else"}, ben.reads("").lines()); diff != "" {
		t.Errorf("another visitor: %s", diff)
	}

	if r.execute(`UPDATE conversations SET unread_count = 0`); all.ReadUntil != nil || back.reads("").ReadUntil == nil {
		t.Errorf("read until %v before an agent read it, and %v after", all.ReadUntil, back.reads("").ReadUntil)
	}

	answer := all.Messages[2]
	back.reports(`{"type":"delivered","ids":["`+answer.ID+`"]}`, `{"type":"read","up_to":"`+answer.At.Truncate(time.Millisecond).Format(time.RFC3339Nano)+`"}`)
	ben.reports(`{"type":"delivered","ids":["` + answer.ID + `"]}`) // which is not Ben's, and changes nothing
	later := back.follows(*all.Next)
	if lines := later.lines(); len(lines) == 0 || lines[len(lines)-1] != "agent read: Yes, it is." { // others may come again, where transactions were open
		t.Errorf("what it read: %q", lines)
	}
	if nothing := back.follows(*later.Next); len(nothing.Messages) > 0 {
		t.Errorf("nothing more: %+v", nothing)
	}
}

func TestAVisitorsHistoryIsReadInParts(t *testing.T) {
	r := openReception(t)
	ada := r.admit(`{}`)
	var want []string
	for n := range 7 {
		text := fmt.Sprintf("number %d", n)
		ada.reports(says(fmt.Sprintf("m%d", n), text))
		want = append(want, "visitor sent: "+text)
	}
	var got []string
	part := ada.reads("?limit=3")
	for {
		got = append(part.lines(), got...)
		if part.Older == nil {
			break
		}
		part = ada.reads("?limit=3&before=" + *part.Older)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, query := range []string{"?limit=0", "?limit=101", "?limit=x", "?before=x", "?after=e30", "?after=x"} {
		if response := ada.ask("GET", "messages"+query, ""); response.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", query, response.StatusCode, response.Body)
		}
	}
}

// Whom visitors concern hears of them at once, and nobody else: the ticket opens a socket as an agent's does.
func TestAVisitorsSocket(t *testing.T) {
	r := openReception(t)
	ada, ben := r.admit(`{}`), r.admit(`{}`)
	realtime := r.parts(as(t, r.url, "omni_realtime")).Realtime()
	for name, g := range map[string]*guest{"ada": ada, "ben": ben} {
		var socket struct{ URL string }
		r.decode(g.ask("POST", "ticket", ""), http.StatusOK, &socket)
		_, ticket, _ := strings.Cut(socket.URL, "?ticket=")
		for again, want := range []int{http.StatusOK, http.StatusUnauthorized} {
			if got := r.socket(realtime, connect(name, ticket)); got.StatusCode != want {
				t.Errorf("%s, time %d: %+v", name, again+1, got)
			}
		}
	}
	parts := r.parts(as(t, r.url, "omni_processor"))
	parts.Pusher = app.NewPusher(parts.Store, r.told, parts.Log)
	r.process = parts.Processor()
	ada.reports(says("m1", "Hello"))
	if len(r.told.pushes) != 1 || !slices.Equal(r.told.pushes[0].Connections, []string{"ada"}) || r.told.pushes[0].Frame.Type != inbox.FrameFeed {
		t.Errorf("%+v", r.told.pushes)
	}
	if response := ada.ask("POST", "typing", `{"typing":true}`); response.StatusCode != http.StatusNoContent {
		t.Errorf("%+v", response)
	}
	for _, role := range []string{"omni_api", "omni_sweeper"} { // they tell visitors too
		if open, err := r.parts(as(t, r.url, role)).Store.Connections(t.Context()); err != nil || len(open) != 2 {
			t.Errorf("%s: open are %v, %v", role, open, err)
		}
	}
}

// A file goes to object storage by a link that the page is given, and is fetched from there as from any platform.
func TestAVisitorsFile(t *testing.T) {
	r := openReception(t)
	ada, ben := r.admit(`{}`), r.admit(`{}`)
	var upload struct{ URL, Token string }
	r.decode(ada.ask("POST", "uploads", `{"name":"oak.png","mime":"image/png","bytes":5}`), http.StatusOK, &upload)
	if !strings.HasPrefix(upload.URL, "https://files.example/uploaded/") {
		t.Errorf("%+v", upload)
	}
	ada.reports(fmt.Sprintf(`{"type":"message","id":"m1","file":%q}`, upload.Token))
	if read := ada.reads(""); len(read.Messages) != 1 || read.Messages[0].File == nil || read.Messages[0].File.URL != nil {
		t.Errorf("a file that is not stored yet: %+v", read)
	}
	r.execute(`UPDATE files SET state = 'stored', key = 'incoming/1', bytes = 5, mime = 'image/png'`)
	if read := ada.reads(""); read.Messages[0].File.URL == nil || !strings.HasPrefix(*read.Messages[0].File.URL, "https://files.example/incoming/1") {
		t.Errorf("a file that is stored: %+v", read)
	}
	stolen := ben.webhookStatus(fmt.Sprintf(`{"visitor":%q,"events":[{"type":"message","id":"m1","file":%q}]}`, ben.Visitor, upload.Token))
	if stolen != http.StatusUnauthorized {
		t.Errorf("another visitor names it: %d", stolen)
	}
	for body, want := range map[string]int{
		`{"name":"oak.png","mime":"image/png","bytes":99999999}`: http.StatusRequestEntityTooLarge,
		`{"name":"oak.png","mime":"image/png","bytes":0}`:        http.StatusUnprocessableEntity,
		`{"name":"","mime":"image/png","bytes":5}`:               http.StatusUnprocessableEntity,
		`{"name":"oak","mime":"png","bytes":5}`:                  http.StatusUnprocessableEntity,
		`{"name":"` + strings.Repeat("x", 20<<10) + `"}`:         http.StatusRequestEntityTooLarge,
		`[]`: http.StatusUnprocessableEntity,
	} {
		if response := ada.ask("POST", "uploads", body); response.StatusCode != want {
			t.Errorf("%.60s: %d %s", body, response.StatusCode, response.Body)
		}
	}
}

func (g *guest) webhookStatus(body string) int {
	g.t.Helper()
	response, err := g.webhook(g.t.Context(), events.APIGatewayV2HTTPRequest{
		RouteKey: "POST /webhooks/" + g.channel + "/{account}", PathParameters: map[string]string{"account": "default"},
		Headers: map[string]string{"origin": "secret", "authorization": "Bearer " + g.Token}, Body: body,
	})
	if err != nil {
		g.t.Fatal(err)
	}
	return response.StatusCode
}

// The e-mail address that a visitor leaves is their contact's, and the last one counts.
func TestAVisitorLeavesAnAddress(t *testing.T) {
	r := openReception(t)
	ada := r.admit(`{}`)
	ada.reports(says("m1", "Hello"), `{"type":"email","id":"e1","email":"ada@mial.example"}`)
	ada.reports(`{"type":"email","id":"e2","email":"ada@mail.example"}`)
	if n := r.count(`SELECT count(*) FROM contacts WHERE email = 'ada@mail.example' AND name = 'Ada'`); n != 1 {
		t.Errorf("%d contacts have it", n)
	}
}

// What the role may not do is refused, whatever the code says.
func TestTheVisitorsRoleReadsAndWritesNothingElse(t *testing.T) {
	r := openReception(t)
	for _, statement := range []string{
		`SELECT name FROM contacts`, `SELECT text FROM notes`, `SELECT body FROM webhook_logs`, `SELECT raw FROM messages`, `SELECT email FROM agents`,
		`SELECT hash FROM tickets`, `SELECT id FROM connections`, `UPDATE messages SET text = ''`, `INSERT INTO feed (kind) VALUES ('x')`,
		`INSERT INTO tickets (hash, agent_id, expires_at) VALUES ('\x00', gen_random_uuid(), now())`, `DELETE FROM tickets`, `SELECT error_reason FROM messages`,
	} {
		r.refuse("omni_visitor", statement)
	}
}
