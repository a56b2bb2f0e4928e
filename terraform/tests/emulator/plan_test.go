package emulator

import (
	"reflect"
	"slices"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"omni/terraform/tests/stack"
)

// A change is what a plan would do to one resource.
type change struct {
	kind       string
	actions    tfjson.Actions
	attributes []string // that would be others, sorted
}

// changes returns what the plan would change, by address.
func changes(plan *tfjson.Plan) map[string]change {
	found := map[string]change{}
	for _, c := range plan.ResourceChanges {
		if c.Mode == tfjson.ManagedResourceMode && !c.Change.Actions.NoOp() {
			found[c.Address] = change{kind: c.Type, actions: c.Change.Actions, attributes: differing(c.Change)}
		}
	}
	return found
}

func differing(c *tfjson.Change) []string {
	before, _ := c.Before.(map[string]any)
	after, _ := c.After.(map[string]any)
	unknown, _ := c.AfterUnknown.(map[string]any)
	var names []string
	for name, was := range before {
		if is, there := after[name]; unknown[name] == true || there && !reflect.DeepEqual(was, is) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func (w *world) testNoDrift(t *testing.T) {
	w.both(func(name string, s *stack.Stack) { noDrift(t, name, s) })
}

// noDrift wants a plan right after an apply to be empty. There is no list of exceptions: what the emulator forgets, var.emulator leaves out.
func noDrift(t *testing.T, name string, s *stack.Stack, vars ...string) {
	t.Helper()
	plan, err := s.Plan(t.Context(), vars...)
	if err != nil {
		t.Error(err)
		return
	}
	for address, c := range changes(plan) {
		t.Errorf("%s: the second plan would %v %s: %v", name, c.actions, address, c.attributes)
	}
	for output, c := range plan.OutputChanges {
		if !c.Actions.NoOp() {
			t.Errorf("%s: the second plan would %v the output %s", name, c.Actions, output)
		}
	}
}
