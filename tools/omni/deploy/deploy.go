// Package deploy brings the product onto an AWS account, and off it again, with Terraform. It does nothing that `make build` and `terraform
// apply` do not do; it says what will happen, shows how far it is, and puts errors into plain words.
package deploy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	tfjson "github.com/hashicorp/terraform-json"

	"omni/tools/omni/build"
	"omni/tools/omni/deploy/identity"
	"omni/tools/omni/secrets"
	"omni/tools/omni/web"
)

// Architecture is what the functions run on.
const Architecture = "arm64"

// Options say what is meant and how to talk about it.
type Options struct {
	Source     string   // folder of the repository
	Terraform  string   // path of the program, or its name
	Prefix     string   // the variable; empty: as in VarFiles, or Terraform's default
	Region     string   // the variable; likewise
	Vars       []string // name=value
	VarFiles   []string // absolute paths
	Backend    []string // name=value, or absolute paths of files, for `terraform init -backend-config`
	State      string   // absolute path of a local state; empty: where the backend has it
	DatabaseCA string   // absolute path of the certificates that the functions know the database by; empty: TLS without that
	Built      bool     // the zips and the dashboard are there
	DryRun     bool     // only plan
	Yes        bool     // do not ask
	AllowLoss  bool     // do not ask either when data is destroyed

	// Who asks AWS whose credentials these are.
	Who func(context.Context) (identity.Caller, error)
	// Secrets opens the secrets of a stack.
	Secrets func(prefix, region string) (secrets.Store, error)
	// Ask asks a question and tells whether the answer is want, or yes when want is empty.
	Ask func(question, want string) (bool, error)

	Out  io.Writer
	Live io.Writer // a terminal on which a line can change; nil: none
}

// job is one deploy, or one destroy.
type job struct {
	Options
	display   *display
	terraform *terraform
	caller    identity.Caller
	started   time.Time
}

func newJob(o Options) *job {
	return &job{Options: o, display: newDisplay(o.Out, o.Live), started: time.Now()}
}

// Run builds the functions and brings the stack to what the configuration says. Repeated after a failure, it goes on where it stopped.
func Run(ctx context.Context, o Options) error {
	j := newJob(o)
	if err := j.prepare(ctx); err != nil {
		return err
	}
	if err := j.build(ctx); err != nil {
		return err
	}
	if err := j.buildDashboard(ctx); err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "omni-deploy-") // a plan holds the values of variables: mode 0700
	if err != nil {
		return fmt.Errorf("making a folder for the plan: %w", err)
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "plan")
	s, err := j.plan(ctx, file, false)
	if err != nil || j.DryRun {
		return j.dry(err)
	}
	if !s.empty() {
		if err := j.approve(ctx, s); err != nil {
			return err
		}
		if err := j.apply(ctx, file, s, "omni deploy"); err != nil {
			return err
		}
		j.migrated(ctx, s)
	}
	return j.finish(ctx, s)
}

func (j *job) dry(err error) error {
	if err == nil {
		j.display.line("Nothing was changed: this was a dry run.")
	}
	return err
}

// prepare finds out whether anything can be done at all, before anything is.
func (j *job) prepare(ctx context.Context) error {
	root := filepath.Join(j.Source, "terraform")
	err := j.display.step("looking for Terraform", func() (found string, err error) {
		j.terraform, found, err = findTerraform(ctx, j.Terraform, root)
		return found, err
	})
	if err != nil {
		return err
	}
	j.terraform.state = j.State
	return j.display.step("asking AWS who you are", func() (string, error) {
		if j.caller, err = j.Who(ctx); err != nil {
			return "", err
		}
		return fmt.Sprintf("AWS account %s, as %s", j.caller.Account, j.caller.ARN), nil
	})
}

// build compiles the functions, with the certificates in each of them.
func (j *job) build(ctx context.Context) error {
	if j.Built {
		return nil
	}
	return j.display.step("building the functions", func() (string, error) {
		files, err := j.packed()
		if err != nil {
			return "", err
		}
		count, bytes := 0, int64(0)
		err = build.All(ctx, j.Source, filepath.Join(j.Source, "build"), []string{Architecture}, func(a build.Artifact) {
			count++
			bytes += a.ZipBytes
		}, files...)
		if err != nil {
			return "", stopped(ctx, err)
		}
		return fmt.Sprintf("%s built for %s, %.1f MB", counted(count, "function"), Architecture, float64(bytes)/1e6), nil
	})
}

// buildDashboard builds the agents' dashboard, which is uploaded from build/web, unless the one that is there was built of the same sources. Without
// sources it is Terraform that says what it misses.
func (j *job) buildDashboard(ctx context.Context) error {
	_, err := os.Stat(filepath.Join(j.Source, "web", "package.json"))
	if j.Built || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return j.display.step("building the dashboard", func() (string, error) {
		source := web.Source{Root: j.Source, Out: filepath.Join(j.Source, "build", "web"), Say: io.Discard}
		err := source.Build(ctx, func(string) error { return nil })
		if err != nil {
			return "", stopped(ctx, fmt.Errorf("the dashboard: %w", err))
		}
		return "The dashboard is built", nil
	})
}

// packed are the files that go into every function beside its code.
func (j *job) packed() ([]build.File, error) {
	if j.DatabaseCA == "" {
		return nil, nil
	}
	certificates, err := build.DatabaseCA(j.DatabaseCA)
	return []build.File{certificates}, err
}

// plan initializes Terraform, plans, and shows the plan.
func (j *job) plan(ctx context.Context, file string, destroy bool) (s summary, err error) {
	err = j.display.step("getting Terraform's providers and state", func() (string, error) {
		return "Terraform is initialized", stopped(ctx, j.terraform.init(ctx, j.Backend))
	})
	if err != nil {
		return s, err
	}
	var plan *tfjson.Plan
	err = j.display.step("comparing with what is there", func() (string, error) {
		plan, err = j.terraform.plan(ctx, file, destroy, j.vars(), j.VarFiles)
		return "Planned", stopped(ctx, err)
	})
	if err != nil {
		return s, err
	}
	s = summarize(plan)
	if err := errors.Join(sameStack(plan, s.Prefix), j.certificates(plan, destroy)); err != nil {
		return s, err
	}
	s.print(j.Out, j.caller.Account)
	j.warn()
	return s, nil
}

// vars are the assignments for Terraform. Of two for the same variable the later one counts.
func (j *job) vars() []string {
	vars := j.Vars
	for name, value := range map[string]string{"prefix": j.Prefix, "region": j.Region, "database_ca_file": j.DatabaseCA} {
		if value != "" {
			vars = append(vars[:len(vars):len(vars)], name+"="+value)
		}
	}
	return vars
}

// warn shows Terraform's warnings once each.
func (j *job) warn() {
	seen := map[string]bool{}
	for _, warning := range j.terraform.warnings {
		if text := warning.text(); !seen[text] {
			seen[text] = true
			j.display.line("%s", text)
		}
	}
}

// apply applies the plan in the file. command is what to say again after a failure.
func (j *job) apply(ctx context.Context, file string, s summary, command string) error {
	p := newProgress(j.display, s.steps(), time.Now)
	defer j.display.during(p.status, nil)()
	defer context.AfterFunc(ctx, func() {
		j.display.line("Stopping: Terraform finishes what it has begun, which can take minutes.\n" +
			"A second Ctrl-C ends it at once; what it was making is then unknown to it, and the state may stay locked.")
	})()
	err := j.terraform.apply(ctx, file, p.handle)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return &interruption{fmt.Sprintf("stopped after %s, kept in the state. Run `%s` again: it goes on where it stopped", counted(p.made(), "change"), command), ctx.Err()}
	case locked(err):
		return err
	}
	return fmt.Errorf("%w\n\nBefore that, %s came into the state. Repair the cause and run `%s` again: it goes on where it stopped", err, counted(p.made(), "change"), command)
}

// counted is a number of things.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
