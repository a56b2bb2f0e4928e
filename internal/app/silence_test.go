package app_test

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/uuid"

	"omni/channels/simulate"
	"omni/internal/edge"
)

// canary is in every secret and every word of these tests that no log may have.
const canary = "canary-"

// customers do everything that they can do on any platform, once with and once without a database.
func (o *office) customers() {
	o.t.Helper()
	for _, channel := range simulate.Channels() {
		platform, _ := simulate.Lookup(channel)
		for _, webhook := range []edge.HTTPHandler{o.webhook, o.spilling} {
			for _, kind := range platform.Kinds() {
				o.serial++
				event, err := platform.Event(kind, simulate.Scene{
					Rand: rand.New(rand.NewPCG(1, 2)), At: time.Now(), Account: "100000000000001", Serial: o.serial, Run: o.t.Name(), Earlier: o.earlier,
					Customer: simulate.Customer{Number: o.serial, Name: canary + "name"},
				})
				if err != nil {
					continue // it needs an earlier message
				}
				o.post(webhook, sealed(channel, canary+"secret", platform.Webhooks([]simulate.Event{event})[0].Body))
				if kind == "text" {
					o.earlier = []string{event.Expect[0].ID}
				}
			}
		}
		o.run(o.behind)
		o.strangers(channel)
	}
}

// strangers try what they are refused for, with what they should not have.
func (o *office) strangers(channel string) {
	o.t.Helper()
	forged := sealed(channel, canary+"other", []byte(`{"text":"`+canary+`words"}`))
	guess := events.APIGatewayV2HTTPRequest{RouteKey: "GET /webhooks/" + channel, RawQueryString: "hub.mode=subscribe&hub.challenge=1&hub.verify_token=" + canary}
	for _, request := range []events.APIGatewayV2HTTPRequest{forged, guess} {
		answer, err := o.webhook(o.t.Context(), request)
		if err != nil || answer.StatusCode < http.StatusBadRequest {
			o.t.Errorf("%s: %d, %v", request.RouteKey, answer.StatusCode, err)
		}
		o.answers = append(o.answers, answer.Body)
	}
}

// call does what an agent does with a browser.
func (o *office) call(method, target, body string) []byte {
	o.t.Helper()
	path, query, _ := strings.Cut(target, "?")
	request := agentsRequest(method, path, body, canary+"subject")
	request.RawQueryString = query
	request.Headers["idempotency-key"] = uuid.NewString()
	request.Headers["authorization"] = "Bearer " + canary + "token"
	answer, err := o.api(o.t.Context(), request)
	if err != nil || answer.StatusCode >= http.StatusInternalServerError {
		o.t.Errorf("%s %s: %s, %v", method, path, answer.Body, err)
	}
	return []byte(answer.Body)
}

// agents do what they do every day, and make mistakes.
func (o *office) agents() {
	o.t.Helper()
	o.call(http.MethodPost, "/v1/subscriptions", `{"url":"https://127.0.0.1/`+canary+`path","description":"`+canary+`words"}`)
	o.call(http.MethodGet, "/v1/search?q="+canary+"words", "")
	for _, channel := range simulate.Channels() {
		var list struct{ Items []struct{ ID string } }
		if err := json.Unmarshal(o.call(http.MethodGet, "/v1/conversations?limit=5&channel="+channel, ""), &list); err != nil || len(list.Items) == 0 {
			o.t.Fatalf("%s: %d conversations, %v", channel, len(list.Items), err)
		}
		for _, conversation := range list.Items {
			path := "/v1/conversations/" + conversation.ID
			o.call(http.MethodPost, path+"/messages", `{"text":"`+canary+`words of an agent"}`)
			o.call(http.MethodPost, path+"/messages", `{"text":"`+canary+`words of another"}`)
			o.call(http.MethodPost, path+"/messages", `{"text":["`+canary+`words"]}`)
			o.call(http.MethodPost, path+"/notes", `{"text":"`+canary+`words of a note"}`)
			o.call(http.MethodPatch, path, `{"`+canary+`words":1}`)
		}
	}
	var ticket struct{ Ticket string }
	if err := json.Unmarshal(o.call(http.MethodPost, "/v1/tickets", ""), &ticket); err != nil || ticket.Ticket == "" {
		o.t.Errorf("no ticket: %v", err)
	}
	for n, shown := range []string{ticket.Ticket, ticket.Ticket, canary + "ticket"} {
		if answer := o.socket(o.sockets, connect(uuid.NewString(), shown)); (answer.StatusCode == http.StatusOK) != (n == 0) {
			o.t.Errorf("ticket %d: %d", n, answer.StatusCode)
		}
	}
}

// accidents: rows and jobs that nobody can read, jobs that died, and a sweep.
func (o *office) accidents() {
	o.t.Helper()
	if _, err := o.admin.Exec(o.t.Context(), `UPDATE messages SET state = 'stored', raw = convert_to('{"text":"`+canary+`words"', 'UTF8') WHERE direction = 'in'`); err != nil {
		o.t.Fatal(err)
	}
	if _, err := o.admin.Exec(o.t.Context(), `UPDATE queue_logs SET closed_at = NULL, due_at = now() - interval '1 hour'`); err != nil {
		o.t.Fatal(err)
	}
	if _, err := o.sweeper.Sweep(o.t.Context()); err != nil {
		o.t.Error(err)
	}
	for name, function := range o.behind {
		odd := events.SQSMessage{MessageId: "m", Body: `{"kind":"` + canary + `words","job":15551234567}`}
		_, err := function(o.t.Context(), events.SQSEvent{Records: []events.SQSMessage{odd}})
		dead := events.SQSEvent{Records: append([]events.SQSMessage{odd}, o.queues[name]...)}
		if _, other := o.bury(o.t.Context(), dead); err != nil || other != nil {
			o.t.Error(name, err, other)
		}
	}
	if _, err := o.bury(o.t.Context(), events.SQSEvent{Records: o.queues["timer"]}); err != nil {
		o.t.Error(err)
	}
	o.run(o.behind)
}

// private are the words, names, numbers and secrets of everybody in the database.
func (o *office) private() []string {
	o.t.Helper()
	rows, err := o.admin.Query(o.t.Context(), `SELECT DISTINCT word FROM (
		SELECT text FROM messages UNION SELECT text FROM notes UNION SELECT name FROM contacts UNION SELECT phone FROM contacts UNION SELECT username FROM contacts
		UNION SELECT trim('+' FROM phone) FROM contacts UNION SELECT value FROM contact_identities UNION SELECT thread FROM conversations
		UNION SELECT secret FROM subscriptions UNION SELECT email FROM agents UNION SELECT subject FROM agents) AS said (word) WHERE length(word) >= 8`)
	if err != nil {
		o.t.Fatal(err)
	}
	words := []string{canary}
	var word string
	for rows.Next() {
		if err := rows.Scan(&word); err != nil {
			o.t.Fatal(err)
		}
		words = append(words, word)
	}
	return words
}

func firstIn(line string, words []string) string {
	for _, word := range words {
		if strings.Contains(line, word) {
			return word
		}
	}
	return ""
}

// Through everything that happens, and everything that goes wrong, no log, metric or refusal has a secret, a message's words, or whose they are.
func TestNoLogTellsSecretsOrWords(t *testing.T) {
	o := openOffice(t)
	o.customers()
	o.agents()
	o.run(o.behind)
	o.agents()
	o.run(o.late)
	o.accidents()
	words := o.private()
	if len(words) < 50 {
		t.Fatalf("only %d things are private", len(words))
	}
	lines, told := 0, 0
	for line := range strings.Lines(o.log.String() + o.metrics.String() + strings.Join(o.answers, "\n")) {
		lines++
		if word := firstIn(line, words); word != "" {
			if told++; told <= 5 { // the rest are like them
				t.Errorf("%q is in %.600s", word, line)
			}
		}
	}
	if told > 0 {
		t.Errorf("%d of %d lines tell something", told, lines)
	}
	for _, happened := range []string{
		"webhook refused", "handshake refused", "webhook accepted into the queue", "row is a dead letter", "job is given up", "message not sent", "message sent",
		"file not stored", "file stored", "not delivered", "frames dropped", "connection refused", "platform asked", "overdue jobs queued again",
	} {
		if !strings.Contains(o.log.String(), `"msg":"`+happened) {
			t.Errorf("that %q was not tried", happened)
		}
	}
	t.Logf("%d lines tell none of %d private things", lines, len(words))
}
