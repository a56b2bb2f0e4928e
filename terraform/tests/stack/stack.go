// Package stack runs Terraform on copies of the root module, for tests: nothing is written into terraform/, and no account is ever reached.
package stack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-exec/tfexec"
	tfjson "github.com/hashicorp/terraform-json"
)

// patience is how long an interrupted Terraform may take to finish what it has begun and to write its state.
const patience = 2 * time.Minute

// A Stack is a copy of the root module with a state of its own. Only plans may be made at the same time.
type Stack struct {
	Root string // folder of the copy

	exec *tfexec.Terraform
	env  map[string]string
	vars []string
}

// New copies the root module, initialises the copy and makes all of AWS be at the endpoint. vars are assignments that every plan gets. Without
// Terraform, or without the provider that it needs, the test is skipped.
func New(t *testing.T, endpoint string, vars ...string) *Stack {
	t.Helper()
	program, err := exec.LookPath("terraform")
	if err != nil {
		Missing(t, "terraform is not installed: https://developer.hashicorp.com/terraform/install")
	}
	s := &Stack{Root: filepath.Join(t.TempDir(), "terraform"), env: environment(endpoint), vars: vars}
	if err := copyModules(s.Root, filepath.Join(Repository(t), "terraform")); err != nil {
		t.Fatal(err)
	}
	if s.exec, err = tfexec.NewTerraform(s.Root, program); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.exec.SetEnv(s.env), s.exec.SetWaitDelay(patience)); err != nil {
		t.Fatal(err)
	}
	if err := s.exec.Init(t.Context()); err != nil {
		if t.Context().Err() == nil && strings.Contains(err.Error(), "provider") {
			Missing(t, "terraform cannot get the AWS provider: "+err.Error())
		}
		t.Fatal(err)
	}
	return s
}

// Missing skips the test for want of a program, or fails it where all programs have to be there.
func Missing(t *testing.T, reason string) {
	t.Helper()
	if os.Getenv("OMNI_REQUIRE_TERRAFORM") != "" {
		t.Fatal(reason + " (and OMNI_REQUIRE_TERRAFORM is set)")
	}
	t.Skip(reason)
}

// Repository is the folder that holds go.mod.
func Repository(t *testing.T) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; folder = filepath.Dir(folder) {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		if folder == filepath.Dir(folder) {
			t.Fatal("no folder above holds go.mod")
		}
	}
}

// environment is that of this process, but without anything that could lead to an account of AWS or change what Terraform does.
func environment(endpoint string) map[string]string {
	env := map[string]string{}
	for _, variable := range os.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		if !strings.HasPrefix(name, "AWS_") {
			env[name] = value
		}
	}
	// Getenv, so that go test does not answer from its cache when another file is named.
	if _, err := os.Stat(os.Getenv("TF_CLI_CONFIG_FILE")); err != nil {
		delete(env, "TF_CLI_CONFIG_FILE")
	}
	delete(env, "TF_DATA_DIR")
	maps.Copy(env, map[string]string{
		"AWS_ENDPOINT_URL": endpoint, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
		"NO_PROXY": "127.0.0.1," + env["NO_PROXY"],
		// Every command starts the provider anew, which spends a third of its time on collecting garbage.
		"GOGC": "400",
	})
	return tfexec.CleanEnv(env)
}

// copyModules copies what Terraform reads. Left out are its tests, which it would read at every init, and what somebody's own runs left there.
func copyModules(to, from string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if entry.Name() == ".terraform" {
				return fs.SkipDir
			}
			return os.MkdirAll(filepath.Join(to, name), 0o755)
		}
		if !belongs(name) {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, name), content, 0o644)
	})
}

func belongs(name string) bool {
	if strings.HasSuffix(name, "_override.tf") || strings.HasSuffix(name, ".auto.tfvars") {
		return false
	}
	if strings.HasPrefix(filepath.ToSlash(name), "tests/fixtures/web/") {
		return true
	}
	for _, suffix := range []string{".tf", ".tfvars", ".tfmock.hcl", ".terraform.lock.hcl", ".zip", ".js"} {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return false
}

// Plan plans with these variables on top of the stack's own.
func (s *Stack) Plan(ctx context.Context, vars ...string) (*tfjson.Plan, error) {
	return s.plan(ctx, nil, vars)
}

// PlanFile is Plan with a file of variables, whose path is relative to the root module.
func (s *Stack) PlanFile(ctx context.Context, file string, vars ...string) (*tfjson.Plan, error) {
	return s.plan(ctx, []tfexec.PlanOption{tfexec.VarFile(file)}, vars)
}

func (s *Stack) plan(ctx context.Context, options []tfexec.PlanOption, vars []string) (*tfjson.Plan, error) {
	out, err := os.CreateTemp(s.Root, "*.tfplan")
	if err != nil {
		return nil, fmt.Errorf("making room for the plan: %w", err)
	}
	defer out.Close()
	options = append(options, tfexec.Out(out.Name()), tfexec.Lock(false))
	for _, assignment := range append(s.vars[:len(s.vars):len(s.vars)], vars...) {
		options = append(options, tfexec.Var(assignment))
	}
	if _, err := s.exec.Plan(ctx, options...); err != nil {
		return nil, fmt.Errorf("planning: %w", err)
	}
	plan, err := s.exec.ShowPlanFile(ctx, out.Name())
	if err != nil {
		return nil, fmt.Errorf("reading the plan: %w", err)
	}
	return plan, nil
}

// Apply makes it so. done, which may be nil, hears of every resource that is made, changed or deleted.
func (s *Stack) Apply(ctx context.Context, done func(address string), vars ...string) error {
	var options []tfexec.ApplyOption
	for _, assignment := range append(s.vars[:len(s.vars):len(s.vars)], vars...) {
		options = append(options, tfexec.Var(assignment))
	}
	return s.run("applying", done, func(w io.Writer) error { return s.exec.ApplyJSON(ctx, w, options...) })
}

// Destroy deletes everything that is in the state.
func (s *Stack) Destroy(ctx context.Context, done func(address string)) error {
	var options []tfexec.DestroyOption
	for _, assignment := range s.vars {
		options = append(options, tfexec.Var(assignment))
	}
	return s.run("destroying", done, func(w io.Writer) error { return s.exec.DestroyJSON(ctx, w, options...) })
}

// Outputs returns the root module's outputs as JSON.
func (s *Stack) Outputs(ctx context.Context) (map[string]tfexec.OutputMeta, error) {
	outputs, err := s.exec.Output(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the outputs: %w", err)
	}
	return outputs, nil
}

// run runs a command that writes events. terraform-exec keeps the writer for every later command, so it is taken away again.
func (s *Stack) run(doing string, done func(string), command func(io.Writer) error) error {
	events := &listener{done: done}
	err := command(events)
	s.exec.SetStdout(io.Discard)
	if err != nil {
		return fmt.Errorf("%s: %w%s", doing, err, strings.Join(events.errors, ""))
	}
	return nil
}
