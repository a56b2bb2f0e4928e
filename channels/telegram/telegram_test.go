package telegram

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"omni/channels"
	"omni/channels/channeltest"
)

func opened(t testing.TB, tokens ...string) channels.Channel {
	t.Helper()
	return channeltest.Open(t, "telegram", channels.Secrets{secretToken: tokens})
}

func TestGolden(t *testing.T) {
	t.Parallel()
	channeltest.Golden(t, opened(t))
}

// TestRules holds every body of testdata, and bodies that have broken parsers, to the rules of the contract.
func TestRules(t *testing.T) {
	t.Parallel()
	channel := opened(t)
	bodies := slices.Clone(channeltest.Troublemakers)
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
	tests := []struct {
		name   string
		tokens []string
		header []string // values of the secret header
		want   string   // part of the error; empty: accepted
	}{
		{"right", []string{"Kx9_-secret"}, []string{"Kx9_-secret"}, ""},
		{"old one of a rotation", []string{"new", "old"}, []string{"old"}, ""},
		{"new one of a rotation", []string{"new", "old"}, []string{"new"}, ""},
		{"missing", []string{"right"}, nil, "missing"},
		{"empty", []string{"right"}, []string{""}, "missing"},
		{"wrong", []string{"right"}, []string{"wrong"}, "none of this bot's"},
		{"the beginning of it", []string{"right"}, []string{"righ"}, "none of this bot's"},
		{"more than it", []string{"right"}, []string{"right2"}, "none of this bot's"},
		{"another case", []string{"right"}, []string{"Right"}, "none of this bot's"},
		{"two rotated ones together", []string{"new", "old"}, []string{"newold"}, "none of this bot's"},
		{"no secret set", nil, []string{"right"}, "none of this bot's"},
		{"empty secret, empty header", []string{""}, []string{""}, "missing"},
		{"empty secret, no header", []string{""}, nil, "missing"},
		{"empty secret beside a right one", []string{"", "right"}, []string{"right"}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{}
			for _, value := range test.header {
				header.Add("x-telegram-bot-api-secret-token", value)
			}
			err := opened(t, test.tokens...).Verify(&channels.Request{Header: header, Body: []byte(`{"update_id":1}`)})
			if !matches(err, test.want) {
				t.Errorf("Verify: %v, want an error with %q", err, test.want)
			}
		})
	}
}

func matches(err error, want string) bool {
	if want == "" || err == nil {
		return err == nil && want == ""
	}
	return strings.Contains(err.Error(), want)
}

func TestOpenRefusesTokensThatTelegramRefuses(t *testing.T) {
	t.Parallel()
	for _, token := range []string{"with space", "ümlaut", "dot.", strings.Repeat("a", 257), "line\n"} {
		_, err := channels.Open("telegram", channels.Env{Account: "bot", Secrets: channels.Secrets{secretToken: {"right", token}}})
		if !matches(err, "secret_token, value 2") {
			t.Errorf("%q: %v, want an error that names the secret and its place", token, err)
		}
		if err != nil && strings.Contains(err.Error(), token) {
			t.Errorf("the error contains the secret: %v", err)
		}
	}
	for _, token := range []string{"a", strings.Repeat("Z", 256), "09_-"} {
		opened(t, token)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"":                              "not a JSON object",
		"update_id=1":                   "not a JSON object",
		`[{"update_id":1}]`:             "not a JSON object",
		`{"update_id":1`:                "not a JSON object",
		`{"object":"page","entry":[]}`:  `a webhook of "page"`,
		`{"object":{"a":1},"entry":[]}`: `a webhook of ""`,
	}
	for body, want := range tests {
		if _, err := opened(t).Parse(&channels.Request{Body: []byte(body)}); !matches(err, want) {
			t.Errorf("%s: %v, want an error with %q", body, err, want)
		}
	}
}

// TestThreadsApart is about chats that share a chat id and a message id and still are different chats.
func TestThreadsApart(t *testing.T) {
	t.Parallel()
	const chat = `"message_id":1,"chat":{"id":7,"type":"private"},"from":{"id":7},"date":1782900000,"text":"hi"`
	bodies := map[string]string{
		"7":       `{"update_id":1,"message":{` + chat + `}}`,
		"conn:7":  `{"update_id":2,"business_message":{"business_connection_id":"conn",` + chat + `}}`,
		"other:7": `{"update_id":3,"business_message":{"business_connection_id":"other",` + chat + `}}`,
		"guest:7": `{"update_id":4,"guest_message":{"guest_query_id":"q",` + chat + `}}`,
	}
	for thread, body := range bodies {
		events, err := opened(t).Parse(&channels.Request{Body: []byte(body)})
		if err != nil || len(events) != 1 {
			t.Fatalf("%s: %d events, %v", body, len(events), err)
		}
		if e := events[0]; e.Thread != thread || e.ID != thread+"/1" {
			t.Errorf("%s: thread %q, id %q, want %q and %q", body, e.Thread, e.ID, thread, thread+"/1")
		}
	}
}

func TestEditsOfOneSecondAreTwo(t *testing.T) {
	t.Parallel()
	ids := map[string]bool{}
	for _, update := range []int{1, 2, 2} {
		body := fmt.Sprintf(`{"update_id":%d,"edited_message":{"message_id":5,"chat":{"id":7},"edit_date":1782900009,"text":"x"}}`, update)
		events, err := opened(t).Parse(&channels.Request{Body: []byte(body)})
		if err != nil || len(events) != 1 {
			t.Fatalf("%d events, %v", len(events), err)
		}
		ids[events[0].ID] = true
	}
	if len(ids) != 2 {
		t.Errorf("ids %v, want one for each update", ids)
	}
}

func TestDeletingManyMessages(t *testing.T) {
	t.Parallel()
	const n = 1000
	var ids []string
	for i := range n {
		ids = append(ids, fmt.Sprint(i+1))
	}
	body := `{"update_id":9,"deleted_business_messages":{"business_connection_id":"c","chat":{"id":7,"type":"private"},"message_ids":[` +
		strings.Join(ids, ",") + `]}}`
	channel := opened(t)
	if err := channeltest.Check(channel, []byte(body)); err != nil {
		t.Error(err)
	}
	events, err := channel.Parse(&channels.Request{Body: []byte(body)})
	if err != nil || len(events) != n {
		t.Fatalf("%d events, %v; want %d", len(events), err, n)
	}
	if last := events[n-1]; last.ID != "c:7/1000" || len(last.Raw) > 200 {
		t.Errorf("the last is %q with %d bytes: want c:7/1000 with its own bytes only", last.ID, len(last.Raw))
	}
}

func TestNormalizeRefusesOtherBytes(t *testing.T) {
	t.Parallel()
	tests := map[string]channels.Event{
		"not a JSON object": {Kind: channels.KindMessage, Raw: []byte(`x`)},
		`of kind "message"`: {Kind: channels.KindReaction, Raw: []byte(`{"message":{"message_id":1}}`)},
		"tell of 2 events":  {Kind: channels.KindMessage, Raw: []byte(`{"message":{},"poll":{}}`)},
	}
	for want, event := range tests {
		if _, err := opened(t).Normalize(event); !matches(err, want) {
			t.Errorf("%s: %v, want an error with %q", event.Raw, err, want)
		}
	}
}

func TestDeepNestingIsQuick(t *testing.T) {
	t.Parallel()
	const depth = 3000
	text := strings.Repeat(`{"type":"bold","text":`, depth) + `"x"` + strings.Repeat(`}`, depth)
	blocks := strings.Repeat(`{"blocks":[`, depth) + strings.Repeat(`]}`, depth)
	body := `{"update_id":1,"message":{"message_id":1,"chat":{"id":7},"rich_message":{"blocks":[{"text":` + text + `},` + blocks + `]}}}`
	if err := channeltest.Check(opened(t), []byte(body)); err != nil {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) { channeltest.Fuzz(f, opened(f)) }

// FuzzNormalize gives Normalize bytes that no Parse has seen.
func FuzzNormalize(f *testing.F) {
	channel := opened(f)
	for _, path := range channeltest.Bodies(f) {
		body, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for kind := range channels.Kinds {
			f.Add(kind, body)
		}
	}
	f.Fuzz(func(t *testing.T, kind int, raw []byte) {
		event := channels.Event{Kind: channels.Kinds[uint(kind)%uint(len(channels.Kinds))], ID: "1", Raw: raw}
		u, err := channel.Normalize(event)
		if err != nil {
			return
		}
		if m := u.Message; m != nil {
			checkSpans(t, m)
		}
	})
}

func checkSpans(t *testing.T, m *channels.Message) {
	length := len([]rune(m.Text))
	for _, span := range m.Format {
		if span.Offset < 0 || span.Length <= 0 || span.Offset+span.Length > length {
			t.Errorf("span %+v lies outside a text of %d code points", span, length)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	benchmark(b, func(channel channels.Channel, body []byte) {
		if _, err := channel.Parse(&channels.Request{Body: body}); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkNormalize(b *testing.B) {
	benchmark(b, func(channel channels.Channel, body []byte) {
		if _, err := channel.Normalize(channels.Event{Kind: channels.KindMessage, Raw: body}); err != nil {
			b.Fatal(err)
		}
	})
}

func benchmark(b *testing.B, run func(channels.Channel, []byte)) {
	body, err := os.ReadFile("testdata/text-entities-utf16.json")
	if err != nil {
		b.Fatal(err)
	}
	channel := opened(b)
	b.ReportAllocs()
	for b.Loop() {
		run(channel, body)
	}
}
