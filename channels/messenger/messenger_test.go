package messenger

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"omni/channels"
	"omni/channels/channeltest"
	"omni/channels/internal/graph"
)

var secrets = channels.Secrets{
	graph.AppSecret:   {"the secret before", "the secret now"},
	graph.VerifyToken: {"our token"},
}

func setup(t testing.TB) channels.Channel { return channeltest.Open(t, "messenger", secrets) }

func TestGolden(t *testing.T) { channeltest.Golden(t, setup(t)) }

func TestContract(t *testing.T) {
	t.Parallel()
	channel := setup(t)
	bodies := channeltest.Troublemakers
	for _, path := range channeltest.Bodies(t) {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, string(body))
	}
	for _, body := range bodies {
		if err := channeltest.Check(channel, []byte(body)); err != nil {
			t.Errorf("%.200s: %v", body, err)
		}
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	const body = `{"object":"page","entry":[{"id":"1","messaging":[{"message":{"mid":"m","text":"\u010dau \/ \ud83d\ude00"}}]}]}`
	unescaped := strings.ReplaceAll(body, `\u010d`, "č")
	sign := func(secret string) string {
		_, value := graph.Sign([]byte(body), secret)
		return value
	}
	tests := []struct {
		name, signature, body string
		secrets               channels.Secrets
		ok                    bool
	}{
		{"right", sign("the secret now"), body, secrets, true},
		{"the other secret of a rotation", sign("the secret before"), body, secrets, true},
		{"upper-case digits", "sha256=" + strings.ToUpper(strings.TrimPrefix(sign("the secret now"), "sha256=")), body, secrets, true},
		{"wrong secret", sign("another"), body, secrets, false},
		{"changed body", sign("the secret now"), body + " ", secrets, false},
		{"body with its escapes undone", sign("the secret now"), unescaped, secrets, false},
		{"no header", "", body, secrets, false},
		{"no prefix", strings.TrimPrefix(sign("the secret now"), "sha256="), body, secrets, false},
		{"not hexadecimal", "sha256=" + strings.Repeat("zz", 32), body, secrets, false},
		{"too short", sign("the secret now")[:69], body, secrets, false},
		{"empty secret", sign(""), body, channels.Secrets{graph.AppSecret: {""}}, false},
		{"no secrets", sign("the secret now"), body, nil, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			request := &channels.Request{Header: http.Header{}, Body: []byte(test.body)}
			if test.signature != "" {
				request.Header.Set("X-Hub-Signature-256", test.signature)
			}
			if err := channeltest.Open(t, "messenger", test.secrets).Verify(request); (err == nil) != test.ok {
				t.Errorf("accepted: %t expected, got %v", test.ok, err)
			}
		})
	}
}

func TestHandshake(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, query, want string
	}{
		{"right", "hub.mode=subscribe&hub.challenge=01158201444&hub.verify_token=our+token", "01158201444"},
		{"wrong token", "hub.mode=subscribe&hub.challenge=1&hub.verify_token=theirs", ""},
		{"no token", "hub.mode=subscribe&hub.challenge=1", ""},
		{"another mode", "hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=our+token", ""},
	}
	handshaker := setup(t).(channels.Handshaker)
	for _, test := range tests {
		query, err := url.ParseQuery(test.query)
		if err != nil {
			t.Fatal(err)
		}
		got, err := handshaker.Handshake(&channels.Request{Query: query})
		if string(got) != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%s: %q expected, got %q, %v", test.name, test.want, got, err)
		}
	}
}

func TestNormalizeRefuses(t *testing.T) {
	t.Parallel()
	message := func(raw string) channels.Event { return channels.Event{Kind: channels.KindMessage, Raw: []byte(raw)} }
	const text = `{"messaging":[{"sender":{"id":"1"},"message":{"mid":"m","text":"x"}}]}`
	tests := []struct {
		name  string
		event channels.Event
	}{
		{"no JSON", message("x")},
		{"another product", message(`{"object":"instagram","entry":[]}`)},
		{"two events", message(`{"object":"page","entry":[` + text + "," + text + "]}")},
		{"another kind", channels.Event{Kind: channels.KindRead, Raw: []byte(`{"object":"page","entry":[` + text + "]}")}},
	}
	channel := setup(t)
	for _, test := range tests {
		if u, err := channel.Normalize(test.event); err == nil {
			t.Errorf("%s: became %+v", test.name, u)
		}
	}
}

func TestSpec(t *testing.T) {
	t.Parallel()
	if err := spec.Validate(); err != nil {
		t.Error(err)
	}
	if spec.Window != 24*time.Hour || spec.Tag.Window != 7*24*time.Hour {
		t.Errorf("windows: %s and %s", spec.Window, spec.Tag.Window)
	}
}

func FuzzParse(f *testing.F) { channeltest.Fuzz(f, setup(f)) }

func FuzzNormalize(f *testing.F) {
	channel := setup(f)
	for _, path := range channeltest.Bodies(f) {
		body, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, kind := range channels.Kinds {
			f.Add(string(kind), body)
		}
	}
	f.Fuzz(func(t *testing.T, kind string, raw []byte) {
		u, err := channel.Normalize(channels.Event{Kind: channels.Kind(kind), ID: "x", Raw: raw})
		if err == nil && u.Message != nil && u.Message.Type == "" {
			t.Errorf("a message without a type: %s", raw)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	channel, body := setup(b), batch()
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if events, err := channel.Parse(&channels.Request{Body: body}); err != nil || len(events) != 1000 {
			b.Fatal(len(events), err)
		}
	}
}

func BenchmarkNormalize(b *testing.B) {
	channel := setup(b)
	events, err := channel.Parse(&channels.Request{Body: batch()})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := channel.Normalize(events[0]); err != nil {
			b.Fatal(err)
		}
	}
}

// batch is a body of 1000 messages in one entry.
func batch() []byte {
	const item = `{"sender":{"id":"1"},"recipient":{"id":"2"},"timestamp":1785312000250,"message":{"mid":"m","text":"hello"}}`
	const head = `{"object":"page","entry":[{"id":"2","time":1785312000250,"messaging":[`
	return []byte(head + strings.Repeat(item+",", 999) + item + "]}]}")
}
