package wire

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// texts are those in which a scanner can go wrong.
var texts = []string{
	odd, `{}`, `[]`, `{"a":{"b":[{"c":[]}]}}`, `[1,-2,3.5,4e5,6E-7,8e+9,0,-0,0.1]`, `{"a":1,"a":2}`, "{\"\u00fc\":\"\xff\",\"\xff\":1}",
	`{"\u0061\"\\\/\b\f\n\r\t":"\ud83d\udc4b\ud83d"}`, `[01]`, `[1.]`, `[.5]`, `[+1]`, `[1e]`, `[-]`, `[1e+]`, `[0x1]`, `["\x"]`, `["\u12g4"]`, `["\u12`,
	`["`, `["\`, "[\"\n\"]", "[\"\x7f\"]", `[tru]`, `[nulll]`, `[True]`, `[,]`, `[1,,2]`, `{"a"}`, `{"a":1,}`, `{1:2}`, `{"a":1 "b":2}`, `{"a" : 1 , "b" : [ ] }`,
	"[1]\x00", "\x00[1]", `[1]]`, `{"a":1}}`, `[]x`, "\v[]", "[\u00a01]", `{"a":"b`, `{"a`,
	strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth), strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1),
	strings.Repeat("[", 1<<20),
}

func TestScannersAgreeWithTheStandardLibrary(t *testing.T) {
	t.Parallel()
	for _, text := range texts {
		agree(t, []byte(text))
	}
}

func FuzzScanner(f *testing.F) {
	for _, text := range texts {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) { agree(t, text) })
}

// agree holds what is read of a text to what encoding/json reads of it.
func agree(t *testing.T, text []byte) {
	t.Helper()
	before := bytes.Clone(text)
	var object map[string]json.RawMessage
	isObject := json.Unmarshal(text, &object) == nil && object != nil
	if o, ok := ParseObject(text); ok != isObject || !cmp.Equal(map[string]json.RawMessage(o), object) && ok {
		t.Errorf("%.100q is the object %q, %t; want %q, %t", text, o, ok, object, isObject)
	}
	var array []json.RawMessage
	isArray := json.Unmarshal(text, &array) == nil && array != nil
	if list, ok := ParseArray(text); ok != isArray || !cmp.Equal(list, array) && ok {
		t.Errorf("%.100q is the array %q, %t; want %q, %t", text, list, ok, array, isArray)
	}
	for key, raw := range object {
		var s string
		if json.Unmarshal(raw, &s) != nil {
			s = ""
		}
		if got := (Object{key: raw}).String(key); got != s {
			t.Errorf("%.100q is the string %q, want %q", raw, got, s)
		}
	}
	if !bytes.Equal(before, text) {
		t.Errorf("%.100q was changed", before)
	}
}
