package api

import (
	"strings"
	"unicode"
)

// Sizes of snippets, in characters.
const (
	snippetBefore = 40  // the first word that was looked for
	snippetMost   = 200 // in all
)

// snippet is what of a text was looked for, in its surroundings: words that begin with one of those that were typed.
func snippet(text, typed string) []SnippetPart {
	wanted := words(strings.ToLower(typed))
	runes := []rune(text)
	spans := wordSpans(runes)
	begin := 0
	for _, span := range spans {
		if begins(runes, span, wanted) {
			begin = span.from
			break
		}
	}
	begin = wordStart(spans, max(0, begin-snippetBefore))
	end := min(len(runes), begin+snippetMost)
	parts := []SnippetPart{}
	add := func(from, to int, match bool) {
		if from < to {
			parts = append(parts, SnippetPart{Text: string(runes[from:to]), Match: match})
		}
	}
	at := begin
	for _, span := range spans {
		if span.from >= begin && span.to <= end && begins(runes, span, wanted) {
			add(at, span.from, false)
			add(span.from, span.to, true)
			at = span.to
		}
	}
	add(at, end, false)
	return ellipses(parts, begin > 0, end < len(runes))
}

// ellipses show where a text goes on.
func ellipses(parts []SnippetPart, before, after bool) []SnippetPart {
	if before {
		parts = append([]SnippetPart{{Text: "…"}}, parts...)
	}
	if after {
		parts = append(parts, SnippetPart{Text: "…"})
	}
	return parts
}

// span is a word of a text: from is its first character, to the one behind it.
type span struct{ from, to int }

func wordSpans(runes []rune) []span {
	var spans []span
	from := -1
	for i, r := range runes {
		switch letter := isWord(r); {
		case letter && from < 0:
			from = i
		case !letter && from >= 0:
			spans, from = append(spans, span{from, i}), -1
		}
	}
	if from >= 0 {
		spans = append(spans, span{from, len(runes)})
	}
	return spans
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// words are the words of a text.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !isWord(r) })
}

// begins reports whether a word begins with one of those that were looked for.
func begins(runes []rune, s span, wanted []string) bool {
	word := strings.ToLower(string(runes[s.from:s.to]))
	for _, begin := range wanted {
		if strings.HasPrefix(word, begin) {
			return true
		}
	}
	return false
}

// wordStart moves a place that is within a word to the beginning of that.
func wordStart(spans []span, place int) int {
	for _, s := range spans {
		if s.from < place && place < s.to {
			return s.from
		}
	}
	return place
}
