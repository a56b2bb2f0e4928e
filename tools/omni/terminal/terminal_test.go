package terminal

import "testing"

func TestLines(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"plain":                  "plain",
		"two\nlines\tand a tab":  "two\nlines\tand a tab",
		"red \x1b[31m bell \x07": `red \x1b[31m bell \x07`,
		"c1 \u009b31m":           `c1 \x9b31m`,
		"broken \xff":            "broken \ufffd",
		"👍 ü":                    "👍 ü",
	} {
		if got := Lines(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestLine(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text    string
		longest int
		want    string
	}{
		{" two\nlines\t and \x1b ", 0, `two lines and \x1b`}, {"üöäß", 3, "üöä…"}, {"üöä", 3, "üöä"}, {"", 3, ""},
	} {
		if got := Line(test.text, test.longest); got != test.want {
			t.Errorf("%q to %d: got %q, want %q", test.text, test.longest, got, test.want)
		}
	}
}
