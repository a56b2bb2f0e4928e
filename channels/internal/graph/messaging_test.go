package graph

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"omni/channels"
)

var testMessaging = Messaging{
	Object:   "page",
	Identity: "psid",
	System:   func(p Piece) channels.Update { return channels.Update{System: &channels.System{Type: p.Field}} },
}

// items wraps messaging items in a body of account 9.
func items(list string) string {
	return `{"object":"page","entry":[{"id":"9","time":1785312000590,"messaging":[` + list + `]}]}`
}

// brief is what the tests look at in an event.
type brief struct {
	Kind             channels.Kind
	Account, Thread  string
	ID               string // without hashes
	At               string
	Raw              string
	Standby, Hashing bool
}

func parseBriefly(t *testing.T, body string) []brief {
	t.Helper()
	events, err := testMessaging.Parse([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	var list []brief
	for _, e := range events {
		u, err := testMessaging.Normalize(e)
		if err != nil {
			t.Error(err)
		}
		b := brief{Kind: e.Kind, Account: e.Account, Thread: e.Thread, ID: e.ID, Raw: string(e.Raw), Standby: u.Standby}
		if strings.HasPrefix(e.ID, "sha256:") {
			b.ID, b.Hashing = "", true
		}
		if !e.At.IsZero() {
			b.At = e.At.Format("15:04:05.000")
		}
		list = append(list, b)
	}
	return list
}

func TestParseNarrows(t *testing.T) {
	t.Parallel()
	const entry = `{"object":"page","entry":[{"id":"9","time":1785312000590,`
	tests := []struct {
		name, body string
		want       []brief
	}{
		{"nothing", `{"object":"page"}`, nil},
		{"an entry that says nothing", `{"object":"page","entry":[{"id":"9","time":1,"messaging":[]}]}`, nil},
		{
			"spaces and the order of keys inside an item stay", items(` { "message" : {"mid":"a"} , "sender":{"id":1} } `),
			[]brief{{Kind: "message", Account: "9", Thread: "1", ID: "a", Raw: items(`{ "message" : {"mid":"a"} , "sender":{"id":1} }`)}},
		},
		{
			"a delivery is several events",
			items(`{"sender":{"id":"1"},"timestamp":1785312000250,"delivery":{"mids":["a","b"],"watermark":1785312000040,"seq":3}}`),
			[]brief{
				{Kind: "status", Account: "9", Thread: "1", ID: "a/delivered", At: "08:00:00.040",
					Raw: items(`{"sender":{"id":"1"},"timestamp":1785312000040,"delivery":{"mids":["a"]}}`)},
				{Kind: "status", Account: "9", Thread: "1", ID: "b/delivered", At: "08:00:00.040",
					Raw: items(`{"sender":{"id":"1"},"timestamp":1785312000040,"delivery":{"mids":["b"]}}`)},
				{Kind: "read", Account: "9", Thread: "1", Hashing: true, At: "08:00:00.040",
					Raw: items(`{"sender":{"id":"1"},"timestamp":1785312000250,"delivery":{"watermark":1785312000040}}`)},
			},
		},
		{
			"standby stays standby", entry + `"standby":[{"sender":{"id":"1"},"read":{"mid":"a"}}]}]}`,
			[]brief{{Kind: "status", Account: "9", Thread: "1", ID: "a/read", Standby: true,
				Raw: entry + `"standby":[{"sender":{"id":"1"},"read":{"mid":"a"}}]}]}`}},
		},
		{
			"an item sent as a change", entry + `"changes":[{"field":"message_reads","value":{"sender":{"id":"1"},"read":{"mid":"a","x":1}}}]}]}`,
			[]brief{{Kind: "status", Account: "9", Thread: "1", ID: "a/read",
				Raw: entry + `"changes":[{"field":"message_reads","value":{"sender":{"id":"1"},"read":{"mid":"a"}}}]}]}`}},
		},
		{
			"changes and fields that changed",
			entry + `"changes":[{"field":"feed","value":{"id":1}},{"field":"messages","value":{}}],"changed_fields":["name"]}]}`,
			[]brief{
				{Kind: "system", Account: "9", Hashing: true, At: "08:00:00.590", Raw: entry + `"changes":[{"field":"feed","value":{"id":1}}]}]}`},
				{Kind: "unknown", Account: "9", Hashing: true, At: "08:00:00.590", Raw: entry + `"changes":[{"field":"messages","value":{}}]}]}`},
				{Kind: "system", Account: "9", Hashing: true, At: "08:00:00.590", Raw: entry + `"changed_fields":["name"]}]}`},
			},
		},
		{
			"a change in the entry itself", `{"object":"page","entry":[{"value":{"id":1},"field":"feed","id":"9"}]}`,
			[]brief{{Kind: "system", Account: "9", Hashing: true, Raw: `{"object":"page","entry":[{"id":"9","field":"feed","value":{"id":1}}]}`}},
		},
		{
			"wrong types at every height",
			`[{"entry":{}},{"object":"page","entry":[1,{"id":"9","messaging":{}},{"id":"9","changes":[null]},{"id":"9","news":[]}]}]`,
			[]brief{
				{Kind: "unknown", Hashing: true, Raw: `{"entry":{}}`},
				{Kind: "unknown", Hashing: true, Raw: `{"object":"page","entry":[1]}`},
				{Kind: "unknown", Account: "9", Hashing: true, Raw: `{"object":"page","entry":[{"id":"9","messaging":{}}]}`},
				{Kind: "unknown", Account: "9", Hashing: true, Raw: `{"object":"page","entry":[{"id":"9","changes":[null]}]}`},
				{Kind: "unknown", Account: "9", Hashing: true, Raw: `{"object":"page","entry":[{"id":"9","news":[]}]}`},
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, parseBriefly(t, test.body)); diff != "" {
				t.Errorf("(-expected +got)\n%s", diff)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ body, wrong string }{
		{``, "not a JSON object"},
		{`{"object":"page"`, "not a JSON object"},
		{`"page"`, "not a JSON object"},
		{`[{"object":"page","entry":[]},1]`, "not a JSON object"},
		{`{"object":"instagram","entry":[]}`, `"instagram", not "page"`},
		{`{"object":7,"entry":[]}`, `not "page"`},
		{`{"field":"messages","value":{}}`, "neither object nor entry"},
	}
	for _, test := range tests {
		events, err := testMessaging.Parse([]byte(test.body))
		if err == nil || !strings.Contains(err.Error(), test.wrong) {
			t.Errorf("%s: an error with %q expected, got %v, %v", test.body, test.wrong, events, err)
		}
	}
}

// TestIDs holds pairs of items to having the same id, as when a delivery is repeated, or two.
func TestIDs(t *testing.T) {
	t.Parallel()
	const who = `{"sender":{"id":"1"},"timestamp":1785312000250,`
	tests := []struct {
		name, one, other string
		same             bool
	}{
		{"reaction", `"reaction":{"mid":"a","action":"react","emoji":"👍"}`, `"reaction":{"emoji":"👍","mid":"a","action":"react"}`, true},
		{"no reaction", `"reaction":{"mid":"a","action":"react","emoji":"👍"}`, `"reaction":{"mid":"a","action":"unreact","emoji":"👍"}`, false},
		{"other reaction", `"reaction":{"mid":"a","action":"react","emoji":"👍"}`, `"reaction":{"mid":"a","action":"react","emoji":"👎"}`, false},
		{"other sender", `"reaction":{"mid":"a","emoji":"👍"}`, `"sender":{"id":"2"},"reaction":{"mid":"a","emoji":"👍"}`, false},
		{"edits", `"message_edit":{"mid":"a","num_edit":1}`, `"message_edit":{"mid":"a","num_edit":"1","text":"x"}`, true},
		{"second edit", `"message_edit":{"mid":"a","num_edit":1}`, `"message_edit":{"mid":"a","num_edit":2}`, false},
		{"postback", `"postback":{"payload":"x","title":"y"}`, `"postback":{"title":"y","payload":"x"}`, true},
		{"other button", `"postback":{"payload":"x"}`, `"postback":{"payload":"y"}`, false},
		{"watermark", `"read":{"watermark":1785312000250,"seq":1}`, `"read":{"watermark":1785312000250,"seq":2}`, true},
		{"read and delivered", `"read":{"watermark":1785312000250}`, `"delivery":{"watermark":1785312000250}`, false},
		{"notice", `"referral":{"ref":"x"}`, `"referral":{"ref":"x"} `, true},
		{"other notice", `"referral":{"ref":"x"}`, `"referral":{"ref":"y"}`, false},
		{"other name for the same", `"policy-enforcement":{"action":"x"}`, `"policy_enforcement":{"action":"x"}`, false},
	}
	for _, test := range tests {
		one, other := onlyID(t, items(who+test.one+"}")), onlyID(t, items(who+test.other+"}"))
		if (one == other) != test.same {
			t.Errorf("%s: same id: %t expected, got %s and %s", test.name, test.same, one, other)
		}
		retried := strings.Replace(items(who+test.one+"}"), `"time":1785312000590`, `"time":1785312060000`, 1)
		if again := onlyID(t, retried); again != one {
			t.Errorf("%s: the id became %s from %s when the delivery was tried again", test.name, again, one)
		}
	}
}

func onlyID(t *testing.T, body string) string {
	t.Helper()
	events, err := testMessaging.Parse([]byte(body))
	if err != nil || len(events) != 1 {
		t.Fatalf("%s: one event expected, got %d, %v", body, len(events), err)
	}
	return events[0].ID
}

func TestPeople(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, item string
		thread     string
		direction  channels.Direction
		person     []channels.Identity
		aliases    []string
	}{
		{"customer", `{"sender":{"id":"1"},"recipient":{"id":"9"},"message":{"mid":"a"}}`, "1", channels.In, ids("psid", "1"), nil},
		{"echo", `{"sender":{"id":"9"},"recipient":{"id":"1"},"message":{"mid":"a","is_echo":true}}`, "1", channels.Out, ids("psid", "1"), nil},
		{
			"echo, not swapped", `{"sender":{"id":"1"},"recipient":{"id":"9"},"message":{"mid":"a","is_echo":true}}`,
			"9", channels.Out, ids("psid", "9"), nil,
		},
		{"from us, not marked", `{"sender":{"id":"9"},"recipient":{"id":"1"},"message":{"mid":"a"}}`, "1", channels.Out, ids("psid", "1"), nil},
		{"from us to us", `{"sender":{"id":"9"},"recipient":{"id":"9"},"message":{"mid":"a"}}`, "9", channels.In, ids("psid", "9"), nil},
		{"visitor", `{"sender":{"user_ref":5},"message":{"mid":"a"}}`, "5", channels.In, ids("user_ref", "5"), nil},
		{
			"visitor with an id", `{"sender":{"id":"1","user_ref":"5"},"message":{"mid":"a"}}`,
			"1", channels.In, ids("psid", "1", "user_ref", "5"), []string{"5"},
		},
		{
			"the same name twice", `{"sender":{"id":"1","user_ref":"1"},"message":{"mid":"a"}}`,
			"1", channels.In, ids("psid", "1", "user_ref", "1"), nil,
		},
		{
			"first message after the checkbox",
			`{"sender":{"id":"1"},"message":{"mid":"a"},"prior_message":{"source":"checkbox_plugin","identifier":"5"}}`,
			"1", channels.In, ids("psid", "1", "user_ref", "5"), []string{"5"},
		},
		{"nobody", `{"message":{"mid":"a"}}`, "", channels.In, nil, nil},
	}
	for _, test := range tests {
		events, err := testMessaging.Parse([]byte(items(test.item)))
		if err != nil || len(events) != 1 {
			t.Fatalf("%s: %v, %v", test.name, events, err)
		}
		u, err := testMessaging.Normalize(events[0])
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		var person []channels.Identity
		if u.Person != nil {
			person = u.Person.Identities
		}
		if events[0].Thread != test.thread || u.Message.Direction != test.direction {
			t.Errorf("%s: thread %q %s expected, got %q %s", test.name, test.thread, test.direction, events[0].Thread, u.Message.Direction)
		}
		if diff := cmp.Diff(test.person, person) + cmp.Diff(test.aliases, u.Aliases); diff != "" {
			t.Errorf("%s: (-expected +got)\n%s", test.name, diff)
		}
	}
}

// ids pairs kinds with values.
func ids(pairs ...string) []channels.Identity {
	var list []channels.Identity
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, channels.Identity{Kind: pairs[i], Value: pairs[i+1]})
	}
	return list
}

func TestMessageType(t *testing.T) {
	t.Parallel()
	tests := []struct {
		message string
		want    channels.MessageType
	}{
		{`{"text":"x"}`, "text"},
		{`{}`, "unsupported"},
		{`{"attachments":[{"type":"image"}]}`, "image"},
		{`{"attachments":[{"type":"fallback"}]}`, "fallback"},
		{`{"text":"x","attachments":[{"type":"fallback"}]}`, "text"},
		{`{"text":"x","attachments":[{"type":"fallback"},{"type":"template"}]}`, "template"},
		{`{"text":"x","attachments":[{"type":"image"}]}`, "image"},
		{`{"text":"x","quick_reply":{"payload":"y"}}`, "interactive"},
		{`{"text":"x","is_unsupported":true}`, "unsupported"},
		{`{"text":"x","attachments":"none"}`, "text"},
		{`{"text":7}`, "unsupported"},
	}
	for _, test := range tests {
		events, err := testMessaging.Parse([]byte(items(`{"message":` + test.message + `}`)))
		if err != nil {
			t.Fatal(err)
		}
		u, err := testMessaging.Normalize(events[0])
		if err != nil {
			t.Fatal(err)
		}
		if u.Message.Type != test.want {
			t.Errorf("%s: %s expected, got %s", test.message, test.want, u.Message.Type)
		}
	}
}
