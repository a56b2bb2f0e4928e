package secrets

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFromJSON(t *testing.T) {
	t.Parallel()
	got, err := FromJSON(strings.NewReader(`{"app_secret": ["new", "old"], "verify_token": "w"}`), shop, nil)
	if diff := cmp.Diff(map[string]Values{"app_secret": {"new", "old"}, "verify_token": {"w"}}, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	for name, c := range map[string]struct {
		in    string
		names []string
		want  string
	}{
		"nothing":         {"", nil, `{"app_secret": "..."}`},
		"not JSON":        {"hidden", []string{"verify_token"}, `{"verify_token": "..."}`},
		"not an object":   {`["hidden"]`, nil, "want a JSON object"},
		"a number":        {`{"app_secret": 12345}`, nil, "neither a string nor a list"},
		"empty":           {`{}`, nil, "there are none"},
		"another name":    {`{"app_secret": "hidden"}`, []string{"verify_token"}, `"app_secret" is not among the names verify_token`},
		"an unknown name": {`{}`, []string{"x"}, `no secret "x"`},
	} {
		if _, err := FromJSON(strings.NewReader(c.in), shop, c.names); err == nil || !strings.Contains(err.Error(), c.want) ||
			strings.Contains(err.Error(), "hidden") || strings.Contains(err.Error(), "12345") {
			t.Errorf("%s: %v, want %q and no value", name, err, c.want)
		}
	}
}

func TestAsk(t *testing.T) {
	t.Parallel()
	answers := map[string]string{"app_secret (set; Enter keeps it): ": "", "verify_token (Enter leaves it out): ": " word\t"}
	var out strings.Builder
	got, err := Ask(&out, shop, []string{"verify_token", "app_secret"}, map[string]Values{"app_secret": {"hidden"}}, func(prompt string) (string, error) {
		answer, ok := answers[prompt]
		if !ok {
			t.Errorf("asked %q", prompt)
		}
		return answer, nil
	})
	if diff := cmp.Diff(map[string]Values{"verify_token": {"word"}}, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	if out.String() != "\nWhat signs.\n\nA word of your own.\n" {
		t.Errorf("shown:\n%s", out.String())
	}
	broken := errors.New("broken")
	if _, err := Ask(&out, shop, nil, nil, func(string) (string, error) { return "", broken }); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}
