package deploy

import (
	"context"
	"errors"
	"fmt"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
)

// sameStack refuses a plan for another stack than the one in the state: it would destroy that one.
func sameStack(plan *tfjson.Plan, prefix string) error {
	change := plan.OutputChanges["secret_names"]
	if change == nil || prefix == "" {
		return nil
	}
	names, _ := change.Before.(map[string]any)
	for _, value := range names {
		name, _ := value.(string)
		if held, _, ok := strings.Cut(name, "/channels/"); ok && held != prefix {
			return fmt.Errorf("this state holds the stack %q, which a deploy of %q would destroy: "+
				"say --prefix %s, or keep the state of %q elsewhere, with --state FILE or --backend-config key=PATH", held, prefix, held, prefix)
		}
	}
	return nil
}

// certificates refuses functions that would look for a file that is not in them.
func (j *job) certificates(plan *tfjson.Plan, destroy bool) error {
	file := variable(plan, "database_ca_file")
	if file == "" || j.DatabaseCA != "" || j.Built || destroy {
		return nil
	}
	return fmt.Errorf("the variable database_ca_file is set, and the functions were built without that file: say --database-ca %s instead", file)
}

// approve asks. What destroys data has to be agreed to by typing the prefix, or with both flags.
func (j *job) approve(ctx context.Context, s summary) error {
	question, want := "Apply this?", ""
	switch {
	case j.Yes && (j.AllowLoss || !s.grave()):
		return nil
	case s.grave() && j.Yes:
		return errors.New("this plan destroys data, which --yes does not agree to: say --allow-loss as well, or leave --yes out and answer")
	case s.grave():
		question, want = fmt.Sprintf("This destroys data. Type %q to apply it:", s.Prefix), s.Prefix
	}
	agreed, err := j.ask(ctx, question, want)
	if err == nil && !agreed {
		err = errors.New("nothing was changed")
	}
	return err
}

// ask asks, and waits no longer when the operator interrupts.
func (j *job) ask(ctx context.Context, question, want string) (bool, error) {
	type answer struct {
		agreed bool
		err    error
	}
	answers := make(chan answer, 1)
	go func() {
		agreed, err := j.Ask(question, want)
		answers <- answer{agreed, err}
	}()
	select {
	case got := <-answers:
		return got.agreed, got.err
	case <-ctx.Done():
		return false, stopped(ctx, ctx.Err())
	}
}
