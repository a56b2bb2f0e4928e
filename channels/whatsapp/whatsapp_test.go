package whatsapp

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"omni/channels"
	"omni/channels/channeltest"
	"omni/channels/internal/graph"
)

func TestGolden(t *testing.T) {
	t.Parallel()
	channeltest.Golden(t, channel{})
}

// TestContract holds our bodies and the classic troublemakers to the rules of Parse and Normalize.
func TestContract(t *testing.T) {
	t.Parallel()
	for _, body := range append(bodies(t), channeltest.Troublemakers...) {
		if err := channeltest.Check(channel{}, []byte(body)); err != nil {
			t.Errorf("%.200s: %v", body, err)
		}
	}
}

func bodies(t testing.TB) []string {
	var all []string
	for _, path := range channeltest.Bodies(t) {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(body))
	}
	return all
}

func TestVerify(t *testing.T) {
	t.Parallel()
	body := []byte(`{"object":"whatsapp_business_account","entry":[{"text":"\u00fc\/\u0040"}]}`)
	rotating := openWith(t, channels.Secrets{graph.AppSecret: {"next", "current"}})
	tests := []struct {
		name, secret string
		sent         string
		ok           bool
	}{
		{"first secret", "next", string(body), true},
		{"second secret", "current", string(body), true},
		{"another app's secret", "stranger", string(body), false},
		{"the same JSON in other bytes", "current", `{"object":"whatsapp_business_account","entry":[{"text":"ü/@"}]}`, false},
	}
	for _, test := range tests {
		name, value := graph.Sign(body, test.secret)
		err := rotating.Verify(&channels.Request{Header: http.Header{name: {value}}, Body: []byte(test.sent)})
		if (err == nil) != test.ok {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	if err := rotating.Verify(&channels.Request{Header: http.Header{}, Body: body}); err == nil {
		t.Error("a webhook without a signature was accepted")
	}
	name, value := graph.Sign(body, "")
	if err := openWith(t, nil).Verify(&channels.Request{Header: http.Header{name: {value}}, Body: body}); err == nil {
		t.Error("a channel without secrets accepted a webhook")
	}
}

func TestHandshake(t *testing.T) {
	t.Parallel()
	c := openWith(t, channels.Secrets{graph.VerifyToken: {"our token"}}).(channels.Handshaker)
	ask := func(token string) ([]byte, error) {
		query := url.Values{"hub.mode": {"subscribe"}, "hub.challenge": {"1158201444"}, "hub.verify_token": {token}}
		return c.Handshake(&channels.Request{Query: query})
	}
	if got, err := ask("our token"); err != nil || string(got) != "1158201444" {
		t.Errorf("the challenge was answered with %q, %v", got, err)
	}
	if got, err := ask("their token"); err == nil {
		t.Errorf("a wrong token was answered with %q", got)
	}
}

func openWith(t *testing.T, secrets channels.Secrets) channels.Channel {
	return channeltest.Open(t, "whatsapp", secrets)
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		``:                                   "not a JSON object",
		`[]`:                                 "not a JSON object",
		`{"object":"whatsapp_business_`:      "not a JSON object",
		`{}`:                                 `object is "", want "whatsapp_business_account"`,
		`{"object":"instagram","entry":[]}`:  `object is "instagram", want "whatsapp_business_account"`,
		`{"object":["whatsapp"],"entry":[]}`: `object is "", want "whatsapp_business_account"`,
	}
	for body, want := range tests {
		if events, err := parse(body); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s gave %v, %v; want an error with %q", body, events, err, want)
		}
	}
}

func TestParseEmpty(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"object":"whatsapp_business_account"}`,
		`{"object":"whatsapp_business_account","entry":[]}`,
		`{"object":"whatsapp_business_account","entry":null}`,
		`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[]}]}`,
		`{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{"messages":[],"errors":[]}}]}]}`,
	} {
		if events, err := parse(body); err != nil || len(events) != 0 {
			t.Errorf("%s gave %v, %v; want nothing", body, events, err)
		}
	}
}

// TestRetry gives every body a later time of sending: the events must keep their ids, or a repetition would be stored twice. Notices
// without an id keep theirs for the day: the same words may be true again tomorrow.
func TestRetry(t *testing.T) {
	t.Parallel()
	for _, body := range bodies(t) {
		first, err := parse(body)
		if err != nil {
			continue
		}
		again, err := parse(strings.ReplaceAll(body, `"time": 179000`, `"time": 179001`))
		if err != nil || len(again) != len(first) {
			t.Fatalf("the repetition gave %d events, %v; want %d", len(again), err, len(first))
		}
		for i := range first {
			if first[i].ID != again[i].ID {
				t.Errorf("event %d has another id in the repetition: %.300s", i, first[i].Raw)
			}
		}
	}
}

// TestIDsAreUnique holds our bodies to unique ids within each kind. The file of a message of the history bears the id of its placeholder.
func TestIDsAreUnique(t *testing.T) {
	t.Parallel()
	seen := map[string][]byte{}
	for _, body := range bodies(t) {
		events, _ := parse(body)
		for _, e := range events {
			key := fmt.Sprint(e.Kind, " ", e.ID)
			if other, repeated := seen[key]; repeated && !(e.History && strings.Contains(string(other), "media_placeholder")) {
				t.Errorf("%s stands for two events:\n%s\n%s", key, other, e.Raw)
			}
			seen[key] = e.Raw
		}
	}
}

// TestRawIsNarrow holds Raw to one message and the one contact that wrote it.
func TestRawIsNarrow(t *testing.T) {
	t.Parallel()
	events, err := parse(batch(1000))
	if err != nil || len(events) != 1000 {
		t.Fatalf("%d events, %v; want 1000", len(events), err)
	}
	want := `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messaging_product":"whatsapp",` +
		`"metadata":{"phone_number_id":"7"},"contacts":[{"wa_id":"491512007","profile":{"name":"Customer 7"}}],` +
		`"messages":[{"from":"491512007","id":"wamid.7","timestamp":"1790000007","type":"text","text":{"body":"number 7"}}]}}]}]}`
	if diff := cmp.Diff(decoded(t, []byte(want)), decoded(t, events[7].Raw)); diff != "" {
		t.Errorf("Raw of one message of a batch (-want +got):\n%s", diff)
	}
}

func decoded(t *testing.T, raw []byte) (v any) {
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestNormalizeRefuses(t *testing.T) {
	t.Parallel()
	events, err := parse(batch(2))
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]channels.Event{
		"another kind": {Kind: channels.KindStatus, Raw: events[0].Raw},
		"two events":   {Kind: channels.KindMessage, Raw: []byte(batch(2))},
		"no JSON":      {Kind: channels.KindMessage, Raw: []byte("{")},
	}
	for name, event := range tests {
		if u, err := (channel{}).Normalize(event); err == nil {
			t.Errorf("%s gave %+v", name, u)
		}
	}
}

func FuzzParse(f *testing.F) { channeltest.Fuzz(f, channel{}) }

// FuzzNormalize gives Normalize raw bytes that Parse never made.
func FuzzNormalize(f *testing.F) {
	for _, body := range append(bodies(f), channeltest.Troublemakers...) {
		for i := range channels.Kinds {
			f.Add([]byte(body), i)
		}
	}
	f.Fuzz(func(_ *testing.T, raw []byte, kind int) {
		_, _ = channel{}.Normalize(channels.Event{Kind: channels.Kinds[uint(kind)%uint(len(channels.Kinds))], Raw: raw})
	})
}

func BenchmarkParse(b *testing.B) {
	for _, n := range []int{1, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			body := batch(n)
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if events, err := parse(body); err != nil || len(events) != n {
					b.Fatal(len(events), err)
				}
			}
		})
	}
}

func BenchmarkNormalize(b *testing.B) {
	events, err := parse(batch(1))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := (channel{}).Normalize(events[0]); err != nil {
			b.Fatal(err)
		}
	}
}

func parse(body string) ([]channels.Event, error) {
	return channel{}.Parse(&channels.Request{Body: []byte(body)})
}

// batch is a webhook of n messages from as many customers.
func batch(n int) string {
	messages, contacts := make([]string, n), make([]string, n)
	for i := range n {
		messages[i] = fmt.Sprintf(`{"from":"49151200%[1]d","id":"wamid.%[1]d","timestamp":"179%07[1]d","type":"text",`+
			`"text":{"body":"number %[1]d"}}`, i)
		contacts[i] = fmt.Sprintf(`{"wa_id":"49151200%d","profile":{"name":"Customer %d"}}`, i, i)
	}
	return fmt.Sprintf(`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":`+
		`{"messaging_product":"whatsapp","metadata":{"phone_number_id":"7"},"contacts":[%s],"messages":[%s]}}]}]}`,
		strings.Join(contacts, ","), strings.Join(messages, ","))
}
