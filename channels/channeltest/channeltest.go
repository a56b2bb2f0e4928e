// Package channeltest is what the tests of every channel share: golden files and fuzzing of Parse and Normalize, a network in which a server
// plays the platform, and names for the ways in which a call of it ends.
package channeltest

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"omni/channels"
)

var update = flag.Bool("update", false, "rewrite the golden files with what the code gives now")

// Result is what one event became: the content of a golden file.
type Result struct {
	Event  channels.Event   `json:"event"`
	Update *channels.Update `json:"update,omitempty"`
	Error  string           `json:"error,omitempty"` // of Normalize
}

// Open opens a registered channel for the default account with the given secrets, or fails the test.
func Open(t testing.TB, name string, secrets channels.Secrets) channels.Channel {
	t.Helper()
	channel, err := channels.Open(name, channels.Env{Account: channels.DefaultAccount, Secrets: secrets})
	if err != nil {
		t.Fatal(err)
	}
	return channel
}

// Run takes a body through Parse and Normalize.
func Run(channel channels.Channel, body []byte) ([]Result, error) {
	events, err := channel.Parse(&channels.Request{Header: http.Header{}, Body: body})
	if err != nil {
		return nil, err
	}
	results := make([]Result, 0, len(events))
	for _, event := range events {
		result := Result{Event: event}
		if u, err := channel.Normalize(event); err != nil {
			result.Error = err.Error()
		} else {
			result.Update = &u
		}
		results = append(results, result)
	}
	return results, nil
}

// Window is [channels.Update.Window] of the one event of a body.
func Window(t *testing.T, channel channels.Channel, body string) time.Duration {
	t.Helper()
	results, err := Run(channel, []byte(body))
	if err != nil || len(results) != 1 || results[0].Update == nil {
		t.Fatalf("%s became %+v, %v: want one event", body, results, err)
	}
	return results[0].Update.Window
}

// Golden runs every testdata/*.json that is not itself a golden file and compares what it becomes with testdata/<name>.golden.json.
// `go test -update` rewrites the golden files.
func Golden(t *testing.T, channel channels.Channel) {
	t.Helper()
	for _, path := range Bodies(t) {
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := render(t, channel, body)
			golden := strings.TrimSuffix(path, ".json") + ".golden.json"
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatalf("%v; run `go test -update` and read what it writes", err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s became something else (-golden +now):\n%s", path, diff)
			}
		})
	}
}

// Bodies lists the webhook bodies in testdata.
func Bodies(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	var bodies []string
	for _, path := range paths {
		if !strings.HasSuffix(path, ".golden.json") {
			bodies = append(bodies, path)
		}
	}
	if len(bodies) == 0 {
		t.Fatal("testdata holds no webhook body")
	}
	return bodies
}

func render(t *testing.T, channel channels.Channel, body []byte) []byte {
	t.Helper()
	var content any
	results, err := Run(channel, body)
	content = results
	if err != nil {
		content = map[string]string{"parse_error": err.Error()}
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(content); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
