package api

import (
	"strings"
	"testing"
)

// show renders a snippet with its matches in brackets.
func show(parts []SnippetPart) string {
	var out strings.Builder
	for _, part := range parts {
		if part.Match {
			out.WriteString("[" + part.Text + "]")
		} else {
			out.WriteString(part.Text)
		}
	}
	return out.String()
}

func TestASnippetShowsTheFirstMatchInItsSurroundings(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("word ", 100)
	for name, test := range map[string]struct{ text, typed, want string }{
		"short":             {"Where is my parcel?", "parc", "Where is my [parcel]?"},
		"another case":      {"Où est ÉLODIE", "élo", "Où est [ÉLODIE]"},
		"several":           {"a parcel, two parcels", "parcel", "a [parcel], two [parcels]"},
		"within a word":     {"unparcelled", "parcel", "unparcelled"},
		"no match":          {"hello", "parcel", "hello"},
		"nothing":           {"", "parcel", ""},
		"signs":             {"1+1=2 (really)", "really 1", "[1]+[1]=2 ([really])"},
		"a long text":       {long + "parcel " + long, "parcel", "…" + strings.Repeat("word ", 8) + "[parcel] " + strings.Repeat("word ", 30) + "wor…"},
		"the end of a text": {long + "parcel", "parcel", "…" + strings.Repeat("word ", 8) + "[parcel]"},
	} {
		if got := show(snippet(test.text, test.typed)); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
