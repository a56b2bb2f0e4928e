package wire

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// odd has a member of every type under every sort of name.
const odd = ` {"s":"text","e":"","n":42,"neg":-7,"big":12345678901234567890,"f":1.5,"exp":1.5e3,"t":true,"no":false,"null":null,` +
	`"o":{"id":"inner"},"a":[1,{"id":"one"},null,{"id":"two"}],"ds":"42","u":"\u00fc\ud83d\udc4b"} `

func parsed(t *testing.T, raw string) Object {
	t.Helper()
	o, ok := ParseObject([]byte(raw))
	if !ok {
		t.Fatalf("%s is no object", raw)
	}
	return o
}

func TestParseObject(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{``, ` `, `null`, `1`, `"{}"`, `[]`, `{`, `{}{}`, `{"a":}`, "\ufeff{}"} {
		if o, ok := ParseObject([]byte(raw)); ok {
			t.Errorf("%q gave the object %v", raw, o)
		}
	}
	if o, ok := ParseObject([]byte(" \r\n\t{} ")); !ok || len(o) != 0 {
		t.Errorf("an empty object among spaces gave %v, %t", o, ok)
	}
}

func TestParseArray(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{``, `null`, `1`, `"[]"`, `{}`, `[`, `[1,]`} {
		if list, ok := ParseArray([]byte(raw)); ok {
			t.Errorf("%q gave the array %q", raw, list)
		}
	}
	list, ok := ParseArray([]byte(` [ 1.0 , {"a" : 2} ] `))
	if want := []json.RawMessage{json.RawMessage(`1.0`), json.RawMessage(`{"a" : 2}`)}; !ok || !cmp.Equal(want, list) {
		t.Errorf("got %q, %t; want %q", list, ok, want)
	}
	if list, ok := ParseArray([]byte(`[]`)); !ok || len(list) != 0 {
		t.Errorf("an empty array gave %q, %t", list, ok)
	}
}

func TestIsScalar(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]bool{`{}`: false, ` []`: false, `1`: true, `"{}"`: true, `null`: true, `true`: true, ``: true} {
		if got := IsScalar([]byte(raw)); got != want {
			t.Errorf("IsScalar(%q) is %t", raw, got)
		}
	}
}

func TestHas(t *testing.T) {
	t.Parallel()
	o := parsed(t, odd)
	for key, want := range map[string]bool{"s": true, "e": true, "no": true, "o": true, "null": false, "absent": false} {
		if got := o.Has(key); got != want {
			t.Errorf("Has(%q) is %t", key, got)
		}
	}
}

func TestStrings(t *testing.T) {
	t.Parallel()
	o := parsed(t, odd)
	tests := []struct{ key, str, id string }{
		{"s", "text", "text"},
		{"u", "ü👋", "ü👋"},
		{"e", "", ""},
		{"n", "", "42"},
		{"neg", "", "-7"},
		{"big", "", "12345678901234567890"},
		{"f", "", "1.5"},
		{"t", "", ""},
		{"null", "", ""},
		{"o", "", ""},
		{"a", "", ""},
		{"absent", "", ""},
	}
	for _, test := range tests {
		if got := o.String(test.key); got != test.str {
			t.Errorf("String(%q) is %q, want %q", test.key, got, test.str)
		}
		if got := o.ID(test.key); got != test.id {
			t.Errorf("ID(%q) is %q, want %q", test.key, got, test.id)
		}
	}
	if got := o.FirstID("absent", "e", "t", "n", "s"); got != "42" {
		t.Errorf("FirstID is %q, want the first that is not empty", got)
	}
	if got := o.FirstID("absent", "null"); got != "" {
		t.Errorf("FirstID of nothing is %q", got)
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	o := parsed(t, `{"s":"text","n":4,"t":true,"no":false,"e":"","null":null,"o":{},"a":[],"left":"out"}`)
	want := map[string]string{"s": "text", "n": "4", "t": "true", "no": "false"}
	if diff := cmp.Diff(want, o.Plain("left")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		raw   string
		n     int64
		ok    bool
		float float64
	}{
		{`42`, 42, true, 42},
		{`"42"`, 42, true, 42},
		{`-7`, -7, true, -7},
		{`1500000000.0`, 1500000000, true, 1500000000},
		{`1.5e9`, 1500000000, true, 1500000000},
		{`9223372036854775807`, math.MaxInt64, true, math.MaxInt64},
		{`9223372036854775808`, 0, false, 9223372036854775808},
		{`1e300`, 0, false, 1e300},
		{`1e999`, 0, false, 0},
		{`1.5`, 0, false, 1.5},
		{`"1.5"`, 0, false, 1.5},
		{`"NaN"`, 0, false, 0},
		{`"Inf"`, 0, false, 0},
		{`"-infinity"`, 0, false, 0},
		{`"TIMESTAMP"`, 0, false, 0},
		{`""`, 0, false, 0},
		{`true`, 0, false, 0},
		{`null`, 0, false, 0},
		{`{}`, 0, false, 0},
	}
	for _, test := range tests {
		o := Object{"k": json.RawMessage(test.raw)}
		if n, ok := o.Int("k"); n != test.n || ok != test.ok {
			t.Errorf("Int of %s is %d, %t; want %d, %t", test.raw, n, ok, test.n, test.ok)
		}
		if f := o.Float("k"); f != test.float {
			t.Errorf("Float of %s is %v, want %v", test.raw, f, test.float)
		}
	}
}

func TestBool(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]bool{`true`: true, `1`: true, `false`: false, `0`: false, `"true"`: false, `null`: false, ``: false} {
		if got := (Object{"k": json.RawMessage(raw)}).Bool("k"); got != want {
			t.Errorf("Bool of %q is %t", raw, got)
		}
	}
}

func TestTime(t *testing.T) {
	t.Parallel()
	second := time.Date(2026, time.May, 4, 10, 20, 30, 0, time.UTC)
	tests := []struct {
		raw  string
		want time.Time
	}{
		{`1777890030`, second},
		{`"1777890030"`, second},
		{`1777890030250`, second.Add(250 * time.Millisecond)},
		{`"1777890030250"`, second.Add(250 * time.Millisecond)},
		{`1777890030.0`, second},
		{`"2026-05-04T10:20:30Z"`, second},
		{`"2026-05-04T12:20:30.250+02:00"`, second.Add(250 * time.Millisecond)},
		{`"2026-05-04T10:20:30+0000"`, second},
		{`"2026-05-04T10:20:30"`, second},
		{`999999999999`, time.Time{}}, // the last number read as seconds is beyond the year 9999
		{`1000000000000`, time.Date(2001, time.September, 9, 1, 46, 40, 0, time.UTC)},
		{`0`, time.Time{}},
		{`-1`, time.Time{}},
		{`9223372036854775807`, time.Time{}},
		{`"1969-12-31T23:59:59Z"`, time.Time{}},
		{`"9999-12-31T23:59:59-01:00"`, time.Time{}}, // in UTC the year 10000
		{`"1970-01-01T00:30:00+01:00"`, time.Time{}}, // in UTC the year 1969
		{`"yesterday"`, time.Time{}},
		{`{}`, time.Time{}},
		{`null`, time.Time{}},
	}
	for _, test := range tests {
		got := (Object{"k": json.RawMessage(test.raw)}).Time("k")
		if !got.Equal(test.want) || got.Location() != time.UTC {
			t.Errorf("Time of %s is %v, want %v", test.raw, got, test.want)
		}
		if _, err := json.Marshal(got); err != nil {
			t.Errorf("Time of %s: %v", test.raw, err)
		}
	}
}

func TestNesting(t *testing.T) {
	t.Parallel()
	o := parsed(t, odd)
	if got := o.Object("o").ID("id"); got != "inner" {
		t.Errorf("the inner id is %q", got)
	}
	if got := o.Object("s").Object("deeper").Object("still").ID("id"); got != "" {
		t.Errorf("an id of nothing is %q", got)
	}
	if got := o.List("a"); len(got) != 4 {
		t.Errorf("the list has %d elements", len(got))
	}
	if got := o.Objects("a"); len(got) != 2 || got[1].ID("id") != "two" {
		t.Errorf("the objects of the list are %v", got)
	}
	for _, key := range []string{"o", "s", "null", "absent"} {
		if o.List(key) != nil || o.Objects(key) != nil {
			t.Errorf("%s was read as a list", key)
		}
	}
}

func TestWebURL(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"https://a.example/b?c": "https://a.example/b?c", "http://a.example": "http://a.example",
		"": "", "//a.example": "", "ftp://a.example": "", "javascript:alert(1)": "", "file:///etc/passwd": "", " https://a.example": "",
	} {
		if got := WebURL(url); got != want {
			t.Errorf("WebURL(%q) is %q", url, got)
		}
	}
}

func TestNarrow(t *testing.T) {
	t.Parallel()
	pair := func(key, raw string) Pair { return Pair{key, json.RawMessage(raw)} }
	got := Narrow(pair("b", `1.0`), pair("absent", ``), pair(`q"`, ` "\u00fc" `), pair("a", `{ "x" : [ ] }`), pair("null", `null`))
	if want := `{"b":1.0,"q\"":"\u00fc","a":{ "x" : [ ] },"null":null}`; string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := Narrow(); string(got) != `{}` {
		t.Errorf("of nothing: %s", got)
	}
}

func TestArray(t *testing.T) {
	t.Parallel()
	got := Array(json.RawMessage(` 1.0 `), json.RawMessage(`{"b" : 2}`))
	if want := `[1.0,{"b" : 2}]`; string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := Array(); string(got) != `[]` {
		t.Errorf("of nothing: %s", got)
	}
}
