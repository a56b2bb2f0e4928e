package deploy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-exec/tfexec"
	tfjson "github.com/hashicorp/terraform-json"
)

const (
	oldest  = "1.11.0"
	getting = "https://developer.hashicorp.com/terraform/install"
	// patience is how long Terraform is given to finish what it has begun when it is interrupted. A database needs a quarter of an hour.
	patience = 30 * time.Minute
)

// terraform runs Terraform on the repository's root module.
type terraform struct {
	exec     *tfexec.Terraform
	root     string // folder of the root module
	state    string // absolute path of the state; empty: where the backend has it
	warnings []diagnostic
}

// findTerraform finds the program and refuses one that is too old. name is a path, or a name to look for in PATH.
func findTerraform(ctx context.Context, name, root string) (*terraform, string, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return nil, "", fmt.Errorf("there is no %q on this machine: get Terraform %s or newer from %s, or say --terraform PATH: %w", name, oldest, getting, err)
	}
	// Terraform runs in the folder of the root module, where a relative path means something else.
	if path, err = filepath.Abs(path); err != nil {
		return nil, "", fmt.Errorf("finding Terraform: %w", err)
	}
	if os.Getenv("TF_WORKSPACE") != "" {
		return nil, "", errors.New("TF_WORKSPACE is set, but a stack is told apart by --prefix and the place of its state, not by a workspace: unset it")
	}
	program, err := tfexec.NewTerraform(root, path)
	if err != nil {
		return nil, "", fmt.Errorf("the root module of Terraform is not in %s: run this in the repository, or say --source: %w", root, err)
	}
	if err := program.SetWaitDelay(patience); err != nil {
		return nil, "", fmt.Errorf("preparing Terraform: %w", err)
	}
	found, _, err := program.Version(ctx, true)
	if err != nil {
		return nil, "", fmt.Errorf("asking %s for its version: %w", path, err)
	}
	if found.Core().LessThan(version.Must(version.NewVersion(oldest))) {
		return nil, "", fmt.Errorf("the Terraform in %s is %s, which is too old: get %s or newer from %s", path, found, oldest, getting)
	}
	return &terraform{exec: program, root: root}, fmt.Sprintf("Terraform %s (%s)", found, path), nil
}

// run runs a command that writes events. terraform-exec keeps the writer for every later command, so it is taken away again.
func (t *terraform) run(ctx context.Context, handle func(event), command func(io.Writer) error) error {
	events := &listener{handle: handle}
	err := command(events)
	t.exec.SetStdout(io.Discard)
	t.warnings = append(t.warnings, events.warnings()...)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return &failure{diagnostics: events.errors(), err: err, root: t.root}
}

// init fetches providers and modules and opens the state.
func (t *terraform) init(ctx context.Context, backend []string) error {
	var options []tfexec.InitOption
	for _, config := range backend {
		options = append(options, tfexec.BackendConfig(config))
	}
	if len(backend) > 0 {
		// Whoever names the place of the state means that place, whichever stack was deployed from here before.
		options = append(options, tfexec.Reconfigure(true))
	}
	if err := t.run(ctx, nil, func(w io.Writer) error { return t.exec.InitJSON(ctx, w, options...) }); err != nil || t.state == "" {
		return err
	}
	return t.localBackend()
}

// localBackend refuses a file for the state where Terraform would not look at it.
func (t *terraform) localBackend() error {
	var configured struct {
		Backend struct {
			Type string `json:"type"`
		} `json:"backend"`
	}
	content, err := os.ReadFile(filepath.Join(t.root, ".terraform", "terraform.tfstate"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = json.Unmarshal(content, &configured)
	}
	if err != nil {
		return fmt.Errorf("looking where the state is: %w", err)
	}
	if configured.Backend.Type != "local" && configured.Backend.Type != "" {
		return fmt.Errorf("the state is in the backend %q, where --state FILE means nothing: say --backend-config", configured.Backend.Type)
	}
	return nil
}

// plan writes a plan to the file and returns it.
func (t *terraform) plan(ctx context.Context, file string, destroy bool, vars, varFiles []string) (*tfjson.Plan, error) {
	options := []tfexec.PlanOption{tfexec.Out(file), tfexec.Destroy(destroy)}
	for _, path := range varFiles {
		options = append(options, tfexec.VarFile(path))
	}
	for _, assignment := range vars {
		options = append(options, tfexec.Var(assignment))
	}
	if t.state != "" {
		options = append(options, inFile(t.state))
	}
	err := t.run(ctx, nil, func(w io.Writer) error {
		_, err := t.exec.PlanJSON(ctx, w, options...)
		return err
	})
	if err != nil {
		return nil, err
	}
	plan, err := t.exec.ShowPlanFile(ctx, file)
	if err != nil {
		return nil, t.plain(ctx, "reading the plan", err)
	}
	return plan, nil
}

// inFile keeps the state in a file, for one command. A path given to the local backend instead would stay configured in the root module's
// folder, and the next command without one would change that stack.
func inFile(path string) *tfexec.StateOption {
	return tfexec.State(path) //nolint:staticcheck // deprecated, and promised for all of Terraform 1.x
}

// apply makes what the file plans. After a failure, what was made is in the state.
func (t *terraform) apply(ctx context.Context, file string, handle func(event)) error {
	options := []tfexec.ApplyOption{tfexec.DirOrPlan(file)}
	if t.state != "" {
		options = append(options, inFile(t.state))
	}
	return t.run(ctx, handle, func(w io.Writer) error { return t.exec.ApplyJSON(ctx, w, options...) })
}

func (t *terraform) outputs(ctx context.Context) (outputs, error) {
	var options []tfexec.OutputOption
	if t.state != "" {
		options = append(options, inFile(t.state))
	}
	found, err := t.exec.Output(ctx, options...)
	if err != nil {
		return nil, t.plain(ctx, "reading the outputs", err)
	}
	return found, nil
}

// resources returns the resources in the state, those of modules included.
func (t *terraform) resources(ctx context.Context) ([]*tfjson.StateResource, error) {
	show := func() (*tfjson.State, error) { return t.exec.Show(ctx) }
	if t.state != "" {
		show = func() (*tfjson.State, error) { return t.exec.ShowStateFile(ctx, t.state) }
	}
	state, err := show()
	if err != nil {
		return nil, t.plain(ctx, "reading the state", err)
	}
	if state.Values == nil {
		return nil, nil
	}
	return collect(state.Values.RootModule), nil
}

func collect(module *tfjson.StateModule) []*tfjson.StateResource {
	if module == nil {
		return nil
	}
	found := module.Resources
	for _, child := range module.ChildModules {
		found = append(found, collect(child)...)
	}
	return found
}

// plain is the error of a command without events. That of an interrupted one must not be formatted: terraform-exec's has no text then.
func (t *terraform) plain(ctx context.Context, doing string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("%s: %w", doing, err)
}
