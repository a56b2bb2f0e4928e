package app_test

import (
	"context"
	"encoding/base64"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"omni/channels"
	"omni/channels/simulate"
	"omni/internal/app"
	"omni/internal/edge"
	"omni/internal/metrics"
	"omni/internal/pipeline"
	"omni/internal/queue"
	"omni/internal/store"
)

// target is a webhook function that strangers aim at: its database is a door at which every knock is heard.
type target struct {
	webhook edge.HTTPHandler
	knocks  atomic.Int32
	queued  atomic.Int32
	log     lockedBuffer
}

// vault is the secrets of two credential accounts, each with values of its own.
type vault struct{}

func (vault) Secrets(_ context.Context, channel string) (map[string]channels.Secrets, error) {
	return map[string]channels.Secrets{channels.DefaultAccount: valued(channel, "right-secret"), "other": valued(channel, "other-secret")}, nil
}

// valued gives every secret of a channel the same value.
func valued(channel, value string) channels.Secrets {
	secrets := allSecrets(channel)
	for name := range secrets {
		secrets[name] = []string{value}
	}
	return secrets
}

func newTarget(t *testing.T) *target {
	t.Helper()
	a := &target{}
	opened, err := store.Open("postgres://nobody@"+a.door(t)+"/omni?sslmode=disable", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(opened.Close)
	parts := app.Parts{
		Store: opened, Queue: queue.NewSender(a, app.Queues{Live: "live", Bulk: "bulk"}.URLs(), nil), Secrets: vault{},
		Meter: metrics.NewEmitter("test", io.Discard, time.Now), Log: slog.New(slog.NewJSONHandler(&a.log, nil)),
	}
	a.webhook = parts.Webhook()
	return a
}

// door counts who wants to connect, and lets nobody in.
func (a *target) door(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			a.knocks.Add(1)
			conn.Close()
		}
	}()
	return listener.Addr().String()
}

func (a *target) SendMessageBatch(_ context.Context, in *sqs.SendMessageBatchInput, _ ...func(*sqs.Options)) (*sqs.SendMessageBatchOutput, error) {
	a.queued.Add(int32(len(in.Entries)))
	return &sqs.SendMessageBatchOutput{}, nil
}

// genuine is a message of a customer as the platform reports it to the account "default", signed by a secret.
func genuine(t *testing.T, channel, secret string) events.APIGatewayV2HTTPRequest {
	t.Helper()
	s := &staff{t: t}
	message, ok := s.event(channel, "text")
	if !ok {
		t.Fatalf("%s has no texts", channel)
	}
	platform, _ := simulate.Lookup(channel)
	return sealed(channel, secret, platform.Webhooks([]simulate.Event{message})[0].Body)
}

// sealed is a body with what shows that whoever sent it has the secret.
func sealed(channel, secret string, body []byte) events.APIGatewayV2HTTPRequest {
	platform, _ := simulate.Lookup(channel)
	w := simulate.NewWebhook(body)
	platform.Sign(&w, valued(channel, secret))
	request := events.APIGatewayV2HTTPRequest{
		RouteKey: "POST /webhooks/" + channel + "/{account}", PathParameters: map[string]string{"account": channels.DefaultAccount},
		Body: base64.StdEncoding.EncodeToString(w.Body), IsBase64Encoded: true, Headers: map[string]string{},
	}
	for name := range w.Header {
		request.Headers[strings.ToLower(name)] = w.Header.Get(name)
	}
	return request
}

// proof is the header that shows who sent a webhook of the channel.
func proof(channel string) string {
	if channels.IsHosted(channel) {
		return "authorization" // the page's token
	}
	for name := range sealed(channel, "right-secret", nil).Headers {
		if name != "content-type" {
			return name
		}
	}
	return ""
}

// signsBodies tells whether the proof depends on the body. Telegram's does not: it is a secret that comes along. Nor does the token of a host's page.
func signsBodies(channel string) bool {
	if channels.IsHosted(channel) {
		return false
	}
	a, b := sealed(channel, "right-secret", []byte("a")), sealed(channel, "right-secret", []byte("b"))
	return a.Headers[proof(channel)] != b.Headers[proof(channel)]
}

// forgery is what a stranger makes of a genuine request.
type forgery struct {
	name   string
	status int
	change func(r *events.APIGatewayV2HTTPRequest, proof string)
	signed bool // it is noticed only where bodies are signed
}

// altered replaces the body.
func altered(how func([]byte) []byte) func(*events.APIGatewayV2HTTPRequest, string) {
	return func(r *events.APIGatewayV2HTTPRequest, _ string) {
		body, _ := base64.StdEncoding.DecodeString(r.Body)
		r.Body = base64.StdEncoding.EncodeToString(how(body))
	}
}

// shown replaces the proof.
func shown(how func(string) string) func(*events.APIGatewayV2HTTPRequest, string) {
	return func(r *events.APIGatewayV2HTTPRequest, proof string) { r.Headers[proof] = how(r.Headers[proof]) }
}

// named replaces the account of the URL.
func named(account string) func(*events.APIGatewayV2HTTPRequest, string) {
	return func(r *events.APIGatewayV2HTTPRequest, _ string) { r.PathParameters["account"] = account }
}

var forgeries = []forgery{
	{name: "no proof", status: 401, change: func(r *events.APIGatewayV2HTTPRequest, proof string) { delete(r.Headers, proof) }},
	{name: "an empty proof", status: 401, change: shown(func(string) string { return "" })},
	{name: "a proof cut short", status: 401, change: shown(func(p string) string { return p[:len(p)-2] })},
	{name: "a proof that is longer", status: 401, change: shown(func(p string) string { return p + "00" })},
	{name: "a proof with one digit changed", status: 401, change: shown(func(p string) string { return p[:len(p)-1] + "!" })},
	{name: "a proof twice, as API Gateway joins them", status: 401, change: shown(func(p string) string { return p + "," + p })},
	{name: "a wrong proof before the right one", status: 401, change: shown(func(p string) string { return strings.Repeat("0", len(p)) + "," + p })},
	{name: "a right proof before a wrong one", status: 401, change: shown(func(p string) string { return p + "," + strings.Repeat("0", len(p)) })},
	{name: "a proof of 64 KB", status: 401, change: shown(func(p string) string { return p + strings.Repeat("a", 64<<10) })},
	{name: "a proof that is no text", status: 401, change: shown(func(string) string { return "sha256=\x00\xff" })},
	{name: "the name of another algorithm", status: 401, signed: true, change: shown(func(p string) string { return strings.Replace(p, "sha256=", "sha1=", 1) })},
	{name: "the proof under another name", status: 401, change: func(r *events.APIGatewayV2HTTPRequest, proof string) {
		r.Headers["x-hub-signature"], r.Headers["authorization"] = r.Headers[proof], r.Headers[proof]
		r.RawQueryString = proof + "=" + r.Headers[proof]
		delete(r.Headers, proof)
	}},
	{name: "a body cut short", status: 401, signed: true, change: altered(func(b []byte) []byte { return b[:len(b)-1] })},
	{name: "a body that is longer", status: 401, signed: true, change: altered(func(b []byte) []byte { return append(b, '\n') })},
	{name: "a body with one bit changed", status: 401, signed: true, change: altered(func(b []byte) []byte { b[len(b)/2] ^= 1; return b })},
	{name: "no body", status: 401, signed: true, change: altered(func([]byte) []byte { return nil })},
	{name: "a body of more than 4 MB", status: 413, change: altered(func([]byte) []byte { return make([]byte, pipeline.MaxBody+1) })},
	{name: "a body that is not what it is marked as", status: 400, change: func(r *events.APIGatewayV2HTTPRequest, _ string) { r.Body = "{not Base64}" }},
	{name: "a query that cannot be read", status: 400, change: func(r *events.APIGatewayV2HTTPRequest, _ string) { r.RawQueryString = "a=%zz" }},
	{name: "another account's URL", status: 401, change: named("other")},
	{name: "nobody's URL", status: 404, change: named("nobody")},
	{name: "the account in capitals", status: 404, change: named("DEFAULT")},
	{name: "a path for an account", status: 404, change: named("../default")},
	{name: "a NUL in the account", status: 404, change: named("default\x00")},
	{name: "an account of 64 KB", status: 404, change: named(strings.Repeat("a", 64<<10))},
	{name: "another channel's URL", status: 404, change: func(r *events.APIGatewayV2HTTPRequest, _ string) { r.RouteKey = "POST /webhooks/pigeon" }},
	{name: "a route that nobody has", status: 404, change: func(r *events.APIGatewayV2HTTPRequest, _ string) { r.RouteKey = "$default" }},
}

// What no platform sent gets its refusal without a knock at the database, a job, a panic or a word of it in the log.
func TestForgeriesReachNothing(t *testing.T) {
	t.Parallel()
	for _, channel := range simulate.Channels() {
		t.Run(channel, func(t *testing.T) {
			t.Parallel()
			a := newTarget(t)
			for _, f := range forgeries {
				if f.signed && !signsBodies(channel) {
					continue
				}
				request := genuine(t, channel, "right-secret")
				f.change(&request, proof(channel))
				if answer, err := a.webhook(t.Context(), request); err != nil || answer.StatusCode != f.status {
					t.Errorf("%s: %d wanted, got %d, %v", f.name, f.status, answer.StatusCode, err)
				}
			}
			for _, secret := range []string{"", "other-secret"} {
				if answer, err := a.webhook(t.Context(), genuine(t, channel, secret)); err != nil || answer.StatusCode != http.StatusUnauthorized {
					t.Errorf("signed with %q: %d, %v", secret, answer.StatusCode, err)
				}
			}
			if knocks, queued := a.knocks.Load(), a.queued.Load(); knocks != 0 || queued != 0 {
				t.Errorf("%d connections to the database and %d jobs", knocks, queued)
			}
			a.checkLog(t)
			if answer, err := a.webhook(t.Context(), genuine(t, channel, "right-secret")); err != nil || answer.StatusCode != http.StatusOK || a.knocks.Load() == 0 {
				t.Errorf("a genuine one: %d, %v, %d connections", answer.StatusCode, err, a.knocks.Load())
			}
		})
	}
}

// checkLog wants lines that are short, whatever came, and tell nothing of it.
func (a *target) checkLog(t *testing.T) {
	t.Helper()
	for line := range strings.Lines(a.log.String()) {
		if len(line) > 1<<10 {
			t.Errorf("a line of %d bytes: %.300s", len(line), line)
		}
		if strings.Contains(line, "right-secret") || strings.Contains(line, "Ada") {
			t.Errorf("logged: %s", line)
		}
	}
}

// The proof of one platform is none for another, even where one app has one secret for both.
func TestAWebhookOfAnotherPlatformIsNotUnderstood(t *testing.T) {
	s := hire(t)
	for _, from := range simulate.Channels() {
		for _, to := range simulate.Channels() {
			if from == to {
				continue
			}
			request := genuine(t, from, "secret")
			request.RouteKey = "POST /webhooks/" + to + "/{account}"
			maps.Copy(request.Headers, map[string]string{proof(to): request.Headers[proof(from)]})
			answer, err := s.webhook(t.Context(), request)
			if err != nil || answer.StatusCode != http.StatusUnauthorized && answer.StatusCode != http.StatusOK {
				t.Errorf("%s to %s: %d, %v", from, to, answer.StatusCode, err)
			}
		}
	}
	s.hand(s.process)
	if n := s.count(`SELECT (SELECT count(*) FROM messages WHERE conversation_id IS NOT NULL) + (SELECT count(*) FROM contacts)`); n != 0 {
		t.Errorf("%d messages or contacts came of other platforms' webhooks", n)
	}
}

// Whoever has recorded a webhook may send it again: it changes nothing but that the log has it once more.
func TestAReplayChangesNothing(t *testing.T) {
	s := hire(t)
	for _, channel := range simulate.Channels() {
		request := genuine(t, channel, "secret")
		for range 3 {
			s.post(s.webhook, request)
			s.hand(s.process)
		}
	}
	channelsUsed := len(simulate.Channels())
	for table, want := range map[string]int{
		"messages": channelsUsed, "contacts": channelsUsed, "conversations": channelsUsed, "webhook_logs": 3 * channelsUsed,
		"feed WHERE kind = 'message.created'": channelsUsed,
	} {
		if n := s.count(`SELECT count(*) FROM ` + table); n != want {
			t.Errorf("%d %s, want %d", n, table, want)
		}
	}
	if n := s.count(`SELECT coalesce(max(unread_count), 0) FROM conversations`); n != 1 {
		t.Errorf("%d unread messages, want 1", n)
	}
}

// A challenge comes back as plain text that no browser takes for a page, and only to who knows the verify token.
func TestAChallengeIsNoPage(t *testing.T) {
	t.Parallel()
	const script = "<script>alert(1)</script>"
	a := newTarget(t)
	for _, channel := range simulate.Channels() {
		for query, status := range map[string]int{
			"hub.mode=subscribe&hub.verify_token=right-secret&hub.challenge=" + script:                        http.StatusOK,
			"hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=" + script:                               http.StatusForbidden,
			"hub.mode=subscribe&hub.verify_token=&hub.challenge=" + script:                                    http.StatusForbidden,
			"hub.mode=subscribe&hub.verify_token=wrong&hub.verify_token=right-secret&hub.challenge=" + script: http.StatusForbidden,
			"hub.mode=" + script: http.StatusForbidden,
		} {
			event := events.APIGatewayV2HTTPRequest{RouteKey: "GET /webhooks/" + channel, RawQueryString: query}
			answer, err := a.webhook(t.Context(), event)
			if answer.StatusCode == http.StatusNotFound {
				continue // the channel has no handshake
			}
			if err != nil || answer.StatusCode != status || strings.Contains(answer.Body, script) != (status == http.StatusOK) {
				t.Errorf("%s %s: %d %q, %v", channel, query, answer.StatusCode, answer.Body, err)
			}
			if kind := answer.Headers["Content-Type"]; !strings.HasPrefix(kind, "text/plain") || answer.Headers["X-Content-Type-Options"] != "nosniff" {
				t.Errorf("%s: a browser is told %v", channel, answer.Headers)
			}
		}
	}
	if a.knocks.Load() != 0 {
		t.Error("the database was asked")
	}
	a.checkLog(t)
}
