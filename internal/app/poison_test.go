package app_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"omni/channels"
	"omni/channels/simulate"
	"omni/internal/app"
	"omni/internal/blob"
	"omni/internal/edge"
	"omni/internal/queue"
)

// poisons are JSON values that have broken programs, each in the place of any value of a genuine webhook.
var poisons = map[string]string{
	"nested arrays":          strings.Repeat("[", 5000) + strings.Repeat("]", 5000),
	"nested objects":         strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000),
	"a NUL":                  `"a\u0000b"`,
	"half a character":       `"\ud800"`,
	"no UTF-8":               "\"a\xff\xfe\"",
	"a huge number":          "1e999",
	"a number of 400 digits": strings.Repeat("9", 400),
	"a negative number":      "-1",
	"a long text":            `"` + strings.Repeat("€", 20_000) + `"`,
	"nothing":                "null",
	"an empty text":          `""`,
	"an object":              "{}",
	"a list":                 `[null, [], {}, 1, "a"]`,
	"markup":                 `"<script>alert('1')</script>'; DROP TABLE messages; --"`,
	"one key three times":    `{"id":"1","id":"2","id":{}}`,
}

// bodies are whole bodies that have broken programs.
func bodies() map[string]string {
	return map[string]string{
		"empty": "", "no JSON": "\x1f\x8b\x08\x00compressed", "half of it": `{"object":"page","entry":[{"id":"1","mess`,
		"a million brackets": strings.Repeat("[", 1_000_000), "a million objects": "[" + strings.Repeat("{},", 999_999) + "{}]",
		"a million keys": "{" + strings.Repeat(`"a":1,`, 500_000) + `"a":1}`, "a million entries": `{"object":"page","entry":[` + strings.Repeat("{},", 999_999) + "{}]}",
		"a text of 4 MB": `{"object":"` + strings.Repeat("a", 4<<20-13) + `"}`, "NULs": strings.Repeat("\x00", 1<<20), "a mark": "\ufeff{}",
	}
}

// refusedByHost reports whether a host refuses a page: it says what its token does not allow, too much of it, or too often.
func refusedByHost(channel string, status int) bool {
	return channels.IsHosted(channel) &&
		slices.Contains([]int{http.StatusUnauthorized, http.StatusRequestEntityTooLarge, http.StatusTooManyRequests}, status)
}

// Whatever a platform sends under its signature is answered with 200 soon, kept, and processed or explained: nothing waits, fails or panics.
func TestPoisonIsKeptAndExplained(t *testing.T) {
	for _, channel := range simulate.Channels() {
		t.Run(channel, func(t *testing.T) {
			s := hire(t)
			log := &lockedBuffer{}
			webhook, process := s.withBlobs(log)
			sent := 0
			send := func(what string, body []byte) {
				t.Helper()
				began := time.Now()
				answer, err := webhook(t.Context(), sealed(channel, "secret", body))
				if err == nil && answer.StatusCode == http.StatusOK {
					sent++
				} else if err != nil || !refusedByHost(channel, answer.StatusCode) {
					t.Errorf("%s: %d, %v", what, answer.StatusCode, err)
				}
				if took := time.Since(began); took > 10*time.Second {
					t.Errorf("%s took %v", what, took)
				}
			}
			for what, body := range bodies() {
				send(what, []byte(body))
			}
			template := genuine(t, channel, "secret")
			for what, poison := range poisons {
				for place, body := range poisoned(t, template, poison) {
					send(fmt.Sprintf("%s as value %d", what, place), body)
				}
			}
			s.hand(process)
			for line := range strings.Lines(log.String()) {
				if len(line) > 2<<10 {
					t.Errorf("a line of %d bytes is logged: %.300s", len(line), line)
				}
			}
			if n := s.count(`SELECT count(*) FROM webhook_logs`); n != sent {
				t.Errorf("%d webhooks are kept of %d", n, sent)
			}
			for _, query := range []string{
				`SELECT count(*) FROM messages WHERE state = 'stored' OR state = 'dead' AND reason IS NULL`,
				`SELECT count(*) FROM message_events WHERE state = 'stored' OR state = 'dead' AND reason IS NULL`,
				`SELECT count(*) FROM queue_logs WHERE closed_at IS NULL`, `SELECT count(*) FROM dead_jobs`,
			} {
				if n := s.count(query); n != 0 {
					t.Errorf("%s: %d", query, n)
				}
			}
		})
	}
}

// withBlobs are the two functions with a place for jobs that are too large for the queue: a slow machine has large bodies go through that.
func (s *staff) withBlobs(log io.Writer) (edge.HTTPHandler, edge.QueueHandler) {
	s.t.Helper()
	blobs := blob.NewFolder(s.t.TempDir())
	webhook, processor := s.parts(as(s.t, s.url, "omni_webhook")), s.parts(as(s.t, s.url, "omni_processor"))
	webhook.Log, processor.Log = app.NewLog(log, slog.LevelInfo, "webhook"), app.NewLog(log, slog.LevelInfo, "processor")
	sender := queue.NewSender(s, app.Queues{Live: "live", Bulk: "bulk"}.URLs(), blobs)
	webhook.Queue, processor.Queue, processor.Blobs = sender, sender, blobs
	return webhook.Webhook(), processor.Processor()
}

// poisoned are copies of a webhook's body, in each of which another value is replaced.
func poisoned(t *testing.T, r events.APIGatewayV2HTTPRequest, poison string) [][]byte {
	t.Helper()
	body, err := base64.StdEncoding.DecodeString(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(body, &tree); err != nil {
		t.Fatal(err)
	}
	const mark = `"poison"`
	var all [][]byte
	eachValue(tree, func(put func(any)) {
		put(json.RawMessage(mark))
		rendered, err := json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, []byte(strings.Replace(string(rendered), mark, poison, 1)))
	})
	return all
}

// eachValue visits every value of a JSON document, with what replaces it; afterwards it is as it was.
func eachValue(tree any, visit func(put func(any))) {
	switch node := tree.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(node)) {
			was := node[key]
			visit(func(v any) { node[key] = v })
			node[key] = was
			eachValue(was, visit)
		}
	case []any:
		for i, was := range node {
			visit(func(v any) { node[i] = v })
			node[i] = was
			eachValue(was, visit)
		}
	}
}
