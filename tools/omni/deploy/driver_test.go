package deploy

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "omni/gen/dispatch" // whose secrets may be missing
	"omni/tools/omni/deploy/identity"
	"omni/tools/omni/secrets"
)

// These tests run the real Terraform on a stack of terraform_data, which needs no provider and no network.

const (
	preamble = `
variable "prefix" {
  default = "omni"
  validation {
    condition     = length(var.prefix) <= 10
    error_message = "prefix has to be at most 10 characters."
  }
}
variable "region" { default = "us-east-1" }
variable "size" { default = 1 }
output "webhook_urls" { value = { telegram = ["https://example.com/webhooks/telegram/{account}"] } }
output "secret_names" { value = { telegram = "${var.prefix}/channels/telegram" } }
output "api_endpoint" { value = "https://example.com" }
output "dashboard_url" { value = "https://inbox.example.com" }
output "metrics_url" { value = "https://example.com/metrics" }
output "user_pool_id" { value = "us-east-1_x" }
resource "terraform_data" "first" { input = var.size }
`
	// second is made after the first, by the command.
	second = `
resource "terraform_data" "second" {
  depends_on = [terraform_data.first]
  provisioner "local-exec" { command = %q }
}
`
)

// stack is a root module in a folder of its own.
type stack struct {
	folder string
	out    *lockedBuffer
	answer string // what is typed when a question comes
	asked  []string
}

func newStack(t *testing.T, more string) *stack {
	t.Helper()
	if _, err := exec.LookPath("terraform"); err != nil {
		t.Skip("the deploy was not run: terraform is not installed")
	}
	s := &stack{folder: t.TempDir(), out: &lockedBuffer{}}
	root := filepath.Join(s.folder, "terraform")
	if err := os.Mkdir(root, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "main.tf"), []byte(preamble+more), 0o644); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *stack) file(name string) string { return filepath.Join(s.folder, name) }

func (s *stack) options(vars ...string) Options {
	return Options{
		Source: s.folder, Terraform: "terraform", Vars: vars, Built: true, Out: s.out,
		Who: func(context.Context) (identity.Caller, error) {
			return identity.Caller{Account: "123456789012", ARN: "arn:x"}, nil
		},
		Secrets: func(prefix, region string) (secrets.Store, error) {
			if region == "" {
				return nil, errors.New("no region")
			}
			return secrets.File{Path: s.file(prefix + ".json"), Named: true}, nil
		},
		Ask: func(question, want string) (bool, error) {
			s.asked = append(s.asked, question)
			return s.answer == want, nil
		},
	}
}

// deploy runs a deploy and returns what it showed.
func (s *stack) deploy(ctx context.Context, o Options) (string, error) {
	s.out.reset()
	err := Run(ctx, o)
	return s.out.String(), err
}

func wantIn(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
}

func wantError(t *testing.T, err error, wants ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %q", wants)
	}
	wantIn(t, err.Error(), wants...)
}

func TestDeployAgainAndDestroy(t *testing.T) {
	t.Parallel()
	s := newStack(t, "")
	dry := s.options()
	dry.DryRun = true
	out, err := s.deploy(t.Context(), dry)
	if err != nil || len(s.asked) > 0 {
		t.Errorf("dry run: %v, asked %q", err, s.asked)
	}
	wantIn(t, out, "AWS account 123456789012, as arn:x", `Stack "omni" in us-east-1, account 123456789012: 1 to create`, "Nothing was changed")

	s.answer = "no"
	if _, err := s.deploy(t.Context(), s.options()); err == nil || !strings.Contains(err.Error(), "nothing was changed") {
		t.Errorf("after a no: %v", err)
	}
	s.answer = ""
	out, err = s.deploy(t.Context(), s.options())
	if err != nil {
		t.Fatal(err)
	}
	wantIn(t, out, "created    terraform_data.first", `Stack "omni" is up`, "https://example.com/webhooks/telegram/{account}",
		"https://inbox.example.com", "https://example.com/metrics", "omni agents add EMAIL --admin --prefix omni --region us-east-1")

	yes := s.options()
	yes.Yes = true
	out, err = s.deploy(t.Context(), yes)
	if err != nil {
		t.Fatal(err)
	}
	wantIn(t, out, "nothing to change", `Stack "omni" is up`)

	yes.Vars = []string{"size=2"}
	out, err = s.deploy(t.Context(), yes)
	if err != nil {
		t.Fatal(err)
	}
	wantIn(t, out, "1 to change", `input: 1 -> "2"`, "changed    terraform_data.first")

	s.out.reset()
	wantError(t, Destroy(t.Context(), s.options(), "trial"), `the stack is "omni"`)
	s.answer = "yes"
	wantError(t, Destroy(t.Context(), s.options(), ""), "nothing was changed")
	s.answer = "omni"
	if err := Destroy(t.Context(), s.options(), ""); err != nil {
		t.Fatal(err)
	}
	wantIn(t, s.out.String(), "destroyed  terraform_data.first", `Stack "omni" is gone`)
	s.out.reset()
	if err := Destroy(t.Context(), s.options(), "omni"); err != nil {
		t.Error(err)
	}
	wantIn(t, s.out.String(), "nothing to destroy")
}

func TestMissingSecretsAreNamedWithTheirCommand(t *testing.T) {
	t.Parallel()
	s := newStack(t, "")
	yes := s.options()
	yes.Yes = true
	out, err := s.deploy(t.Context(), yes)
	if err != nil {
		t.Fatal(err)
	}
	wantIn(t, out, "Secrets that are missing", "omni secrets set telegram/ACCOUNT --file "+s.file("omni.json"), "1. enter the secrets",
		"omni subscribe CHANNEL[/ACCOUNT] --url https://example.com --aws --prefix omni --region us-east-1")
}

func TestAFailureHalfWayIsRepeated(t *testing.T) {
	t.Parallel()
	s := newStack(t, "")
	repaired := s.file("repaired")
	addResource(t, s, fmt.Sprintf(second, "test -e "+repaired))
	yes := s.options()
	yes.Yes = true
	out, err := s.deploy(t.Context(), yes)
	wantError(t, err, "local-exec provisioner error", "Before that, 1 change came into the state", "run `omni deploy` again")
	wantIn(t, out, "created    terraform_data.first", "FAILED     terraform_data.second")
	if err := os.WriteFile(repaired, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err = s.deploy(t.Context(), yes)
	if err != nil {
		t.Fatal(err)
	}
	wantIn(t, out, "1 to replace", "it was left half made", "created    terraform_data.second", "is up")
	if out, _ := s.deploy(t.Context(), yes); !strings.Contains(out, "nothing to change") {
		t.Errorf("the third time:\n%s", out)
	}
}

func TestALockedState(t *testing.T) {
	t.Parallel()
	s := newStack(t, "")
	begun, release := s.file("begun"), s.file("release")
	addResource(t, s, fmt.Sprintf(second, waiting(begun, release)))
	yes := s.options()
	yes.Yes = true
	first := make(chan error, 1)
	go func() { first <- Run(t.Context(), yes) }()
	waitFor(t, begun, first)
	other := s.options()
	other.Out = &lockedBuffer{}
	wantError(t, Run(t.Context(), other), "The state is locked: OperationTypeApply runs since", "force-unlock", "Terraform says: Error acquiring the state lock")
	if err := os.WriteFile(release, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := <-first; err != nil {
		t.Error("the one who held the lock:", err)
	}
}

func TestInterruptedInTheApply(t *testing.T) {
	t.Parallel()
	s := newStack(t, "")
	begun, release := s.file("begun"), s.file("release")
	addResource(t, s, fmt.Sprintf(second, waiting(begun, release)))
	yes := s.options()
	yes.Yes = true
	ctx, interrupt := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- Run(ctx, yes) }()
	waitFor(t, begun, done)
	interrupt()
	err := <-done
	wantError(t, err, "stopped after 1 change, kept in the state", "Run `omni deploy` again")
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v is no interruption", err)
	}
	wantIn(t, s.out.String(), "Stopping: Terraform finishes what it has begun")
	if err := os.WriteFile(release, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := s.deploy(t.Context(), yes) // the state is neither locked nor lost
	if err != nil {
		t.Fatal(err)
	}
	wantIn(t, out, "1 to replace", "is up")
}

func TestInterruptedBeforeAnythingHappened(t *testing.T) {
	t.Parallel()
	s := newStack(t, "")
	ctx, interrupt := context.WithCancel(t.Context())
	o := s.options()
	o.Who = func(context.Context) (identity.Caller, error) {
		interrupt()
		return identity.Caller{}, nil
	}
	_, err := s.deploy(ctx, o)
	wantError(t, err, "stopped; nothing was changed")
}

func TestWrongVariables(t *testing.T) {
	t.Parallel()
	s := newStack(t, "")
	for assignment, want := range map[string]string{
		"sise=2":                      "look for a spelling mistake",
		"prefix=far-too-long-a-name":  "at most 10 characters",
		"nonsense":                    "nonsense",
		"region=us-east-1,prefix=x y": "",
	} {
		o := s.options(assignment)
		o.DryRun = true
		_, err := s.deploy(t.Context(), o)
		if want == "" {
			if err != nil {
				t.Errorf("%s: %v", assignment, err)
			}
			continue
		}
		wantError(t, err, want, "Terraform says: ")
	}
}

func TestTwoStacksFromOneFolder(t *testing.T) {
	t.Parallel()
	s := newStack(t, "")
	for _, prefix := range []string{"omni", "trial"} {
		o := s.options()
		o.Yes, o.Prefix, o.State = true, prefix, s.file(prefix+".tfstate")
		out, err := s.deploy(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		wantIn(t, out, "1 to create", fmt.Sprintf("Stack %q is up", prefix))
	}
	o := s.options()
	o.Prefix, o.State = "trial", s.file("omni.tfstate")
	_, err := s.deploy(t.Context(), o)
	wantError(t, err, `this state holds the stack "omni"`)
}

func TestBackendConfig(t *testing.T) {
	t.Parallel()
	s := newStack(t, "terraform {\n  backend \"local\" {}\n}\n")
	for _, name := range []string{"one", "two"} {
		o := s.options()
		o.Yes, o.Backend = true, []string{"path=" + s.file(name)}
		out, err := s.deploy(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		wantIn(t, out, "1 to create")
		if _, err := os.Stat(s.file(name)); err != nil {
			t.Error(err)
		}
	}
}

func TestAStateFileNeedsTheLocalBackend(t *testing.T) {
	t.Parallel()
	s := newStack(t, "terraform {\n  backend \"inmem\" {}\n}\n")
	o := s.options()
	o.State = s.file("x.tfstate")
	_, err := s.deploy(t.Context(), o)
	wantError(t, err, `in the backend "inmem"`, "--backend-config")
}

func TestFunctionsWithoutTheCertificatesThatTheyNeed(t *testing.T) {
	t.Parallel()
	s := newStack(t, "variable \"database_ca_file\" { default = \"rds.pem\" }\n")
	for name, content := range map[string]string{"go.mod": "module example\n\ngo 1.26\n", "lambda/hello/main.go": "package main\n\nfunc main() {}\n"} {
		if err := os.MkdirAll(filepath.Dir(s.file(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(s.file(name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	o := s.options()
	o.Yes, o.Built = true, false
	out, err := s.deploy(t.Context(), o)
	wantError(t, err, "say --database-ca rds.pem")
	wantIn(t, out, "1 function built for arm64")
	o.Built = true
	if _, err := s.deploy(t.Context(), o); err != nil {
		t.Error(err)
	}
}

func TestTerraformThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	s := newStack(t, "")
	old := s.file("old")
	if err := os.WriteFile(old, []byte("#!/bin/sh\necho '{\"terraform_version\": \"1.9.8\"}'\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for path, wants := range map[string][]string{
		old:                 {"1.9.8", "too old", oldest, getting},
		s.file("elsewhere"): {"on this machine", getting, "--terraform"},
	} {
		o := s.options()
		o.Terraform = path
		_, err := s.deploy(t.Context(), o)
		wantError(t, err, wants...)
	}
	o := s.options()
	o.Source = s.file("elsewhere")
	_, err := s.deploy(t.Context(), o)
	wantError(t, err, "--source")
}

// waiting is a command that says when it has begun and ends when it is released. It ends as well when its stack is deleted.
func waiting(begun, release string) string {
	return fmt.Sprintf("touch %s; while test -e %s && ! test -e %s; do sleep 0.05; done; test -e %s", begun, begun, release, release)
}

func waitFor(t *testing.T, path string, ended <-chan error) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, err := os.Stat(path); err == nil {
			return
		}
		select {
		case err := <-ended:
			t.Fatal("it ended before it came that far:", err)
		case <-t.Context().Done():
			t.Fatal("the test ends")
		case <-tick.C:
		}
	}
}

func addResource(t *testing.T, s *stack, resource string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.folder, "terraform", "more.tf"), []byte(resource), 0o644); err != nil {
		t.Fatal(err)
	}
}

// lockedBuffer is a buffer that may be read while it is written.
type lockedBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func (b *lockedBuffer) reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.text.Reset()
}
