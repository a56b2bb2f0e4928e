package doctor

import (
	"bytes"
	"strings"
	"testing"
)

func TestPrint(t *testing.T) {
	t.Parallel()
	findings := []Finding{
		ok("Go", "go1.26"),
		found(Problem, "dead letters", "Look at them.", "%d could not be processed\n     2  a reason\x1b[31m", 2),
		found(Skipped, "not used", "", "telegram"),
		found(Warning, "queue live", "Wait.", "many"),
	}
	var out bytes.Buffer
	if err := Print(&out, "Everything", findings); err != nil {
		t.Fatal(err)
	}
	const want = `Everything
  ok        Go: go1.26
  problem   dead letters: 2 could not be processed
                 2  a reason\x1b[31m
            Look at them.
  -         not used: telegram
  warning   queue live: many
            Wait.

`
	if out.String() != want {
		t.Errorf("got\n%s", out.String())
	}
	if n := Problems(findings); n != 1 {
		t.Errorf("%d problems", n)
	}
}

// expect checks the findings in order: "<level> <about>: <part of the text>". Secrets must not be in them.
func expect(t *testing.T, findings []Finding, want []string, secrets ...string) {
	t.Helper()
	var got []string
	for _, f := range findings {
		got = append(got, f.Level.String()+" "+f.About+": "+f.Text)
		if needs := f.Level == Warning || f.Level == Problem; needs != (f.Do != "") || needs && !strings.HasSuffix(f.Do, ".") {
			t.Errorf("%s: what to do is %q", got[len(got)-1], f.Do)
		}
		for _, secret := range secrets {
			if strings.Contains(f.Text+f.Do, secret) {
				t.Errorf("%+v shows the secret %s", f, secret)
			}
		}
	}
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			t.Errorf("missing: %s", want[i])
		case i >= len(want):
			t.Errorf("too much: %s", got[i])
		default:
			start, part, _ := strings.Cut(want[i], ": ")
			if !strings.HasPrefix(got[i], start+": ") || !strings.Contains(got[i], part) {
				t.Errorf("%s\nwant %s", got[i], want[i])
			}
		}
	}
}
