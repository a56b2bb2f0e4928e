package channels_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"omni/channels"
)

func TestSplit(t *testing.T) {
	t.Parallel()
	limit := func(max int) channels.TextLimit { return channels.TextLimit{Max: max, Unit: channels.Characters} }
	family := "👨‍👩‍👧‍👦"
	for name, test := range map[string]struct {
		limit channels.TextLimit
		text  string
		want  []string
	}{
		"short":                     {limit(10), "short", []string{"short"}},
		"empty":                     {limit(10), "", []string{""}},
		"exact":                     {limit(5), "exact", []string{"exact"}},
		"paragraphs before lines":   {limit(20), "one one one\n\ntwo\ntwo. three", []string{"one one one", "two\ntwo. three"}},
		"lines before sentences":    {limit(16), "first line\nAnd. More", []string{"first line", "And. More"}},
		"sentences before words":    {limit(18), "It is so. Is it no", []string{"It is so. Is it no"}},
		"a sentence":                {limit(17), "It is so. Is it no", []string{"It is so.", "Is it no"}},
		"a pause too early is none": {limit(12), "Oh, abcdefghijk lm", []string{"Oh, abcdefgh", "ijk lm"}},
		"no pause":                  {limit(4), "abcdefghij", []string{"abcd", "efgh", "ij"}},
		"bytes":                     {channels.TextLimit{Max: 5, Unit: channels.Bytes}, "ééé", []string{"éé", "é"}},
		"UTF-16":                    {channels.TextLimit{Max: 3, Unit: channels.UTF16Units}, "😀😀", []string{"😀", "😀"}},
		"what is seen as one":       {limit(8), "abc" + family + "d", []string{"abc", family + "d"}},
		"one above the limit":       {limit(3), "ab" + family, []string{"ab", family}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, test.limit.Split(test.text)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Whatever is written, the pieces fit, are not empty, and together say the same.
func TestSplitLosesNothing(t *testing.T) {
	t.Parallel()
	units := []channels.TextUnit{channels.Characters, channels.UTF16Units, channels.Bytes}
	words := rapid.StringOf(rapid.SampledFrom([]rune("ab é日😀.!?,;\n \u0301")))
	rapid.Check(t, func(t *rapid.T) {
		limit := channels.TextLimit{Max: rapid.IntRange(12, 40).Draw(t, "max"), Unit: rapid.SampledFrom(units).Draw(t, "unit")}
		text := words.Draw(t, "text")
		pieces := limit.Split(text)
		if got, want := letters(strings.Join(pieces, "")), letters(text); got != want {
			t.Fatalf("%q became %q", text, pieces)
		}
		for _, piece := range pieces {
			if strings.TrimSpace(piece) == "" && len(pieces) > 1 {
				t.Fatalf("an empty piece among %q", pieces)
			}
			if !limit.Fits(piece) && strings.Count(piece, "\u0301") < 5 { // one character with many accents can be above any limit
				t.Fatalf("%q has %d %s, want at most %d", piece, limit.Unit.Length(piece), limit.Unit, limit.Max)
			}
		}
	})
}

func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
}
