package stack

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestNothingLeadsToAnAccount(t *testing.T) {
	for name, value := range map[string]string{
		"AWS_PROFILE": "production", "AWS_ACCESS_KEY_ID": "AKIA", "AWS_SESSION_TOKEN": "x", "AWS_ENDPOINT_URL_SQS": "https://elsewhere",
		"TF_VAR_prefix": "theirs", "TF_WORKSPACE": "theirs", "TF_CLI_ARGS_plan": "-destroy", "TF_DATA_DIR": "/theirs",
		"TF_CLI_CONFIG_FILE": filepath.Join(t.TempDir(), "gone"), "HOME": "/home/me",
	} {
		t.Setenv(name, value)
	}
	env := environment("http://127.0.0.1:1")
	for _, name := range []string{
		"AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_SQS", "TF_VAR_prefix", "TF_WORKSPACE", "TF_CLI_ARGS_plan", "TF_DATA_DIR", "TF_CLI_CONFIG_FILE",
	} {
		if value, there := env[name]; there {
			t.Errorf("%s=%s is handed on", name, value)
		}
	}
	if env["AWS_ACCESS_KEY_ID"] != "test" || env["AWS_ENDPOINT_URL"] != "http://127.0.0.1:1" || env["HOME"] != "/home/me" {
		t.Errorf("want keys of no account, the emulator and the rest: %v", env)
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	var done []string
	events := &listener{done: func(address string) { done = append(done, address) }}
	output := `{"type":"apply_complete","hook":{"resource":{"addr":"a.one"}}}
not JSON
{"type":"apply_start","hook":{"resource":{"addr":"a.two"}}}
{"type":"diagnostic","diagnostic":{"severity":"warning","summary":"mind"}}
{"type":"diagnostic","diagnostic":{"severity":"error","summary":"refused","detail":"by AWS","address":"a.two"}}
{"type":"apply_complete","hook":{"resource":{"addr":"a.three"}}}
`
	for part := range strings.SplitAfterSeq(output, "o") { // lines come in any pieces
		if n, err := events.Write([]byte(part)); n != len(part) || err != nil {
			t.Fatal(n, err)
		}
	}
	if want := []string{"a.one", "a.three"}; !slices.Equal(done, want) {
		t.Errorf("%q are done, not %q", done, want)
	}
	if want := []string{"\na.two: refused by AWS"}; !slices.Equal(events.errors, want) {
		t.Errorf("%q went wrong, not %q", events.errors, want)
	}
}

func TestWhatIsCopied(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"main.tf": true, "modules/queue/main.tf": true, ".terraform.lock.hcl": true, "examples/small.tfvars": true, "tests/mocks/aws.tfmock.hcl": true,
		"tests/fixtures/build/timer.zip": true, "tests/fixtures/web/index.html": true, "modules/web/fallback.js": true, "backend_override.tf": false, "mine.auto.tfvars": false, "terraform.tfstate": false, "tests/stack.tftest.hcl": false,
	} {
		if belongs(name) != want {
			t.Errorf("%s is copied: %t", name, !want)
		}
	}
}
