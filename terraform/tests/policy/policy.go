// Package policy holds the rules that neither Terraform nor the emulator checks, and that AWS would break at run time or not at all: what
// belongs together, what has to be encrypted, who may do what. Each rule looks at the planned resources and answers with sentences.
package policy

import (
	"fmt"
	"path"
	"strconv"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
)

// A Rule says what has to hold for every stack.
type Rule struct {
	Name string
	// Check returns a sentence for every resource that breaks the rule. What a plan cannot know yet breaks none.
	Check func(Stack) []string
	// OnMocks says that the rule looks at values that a plan does not know before the first apply, and that it makes sense of made up ones.
	OnMocks bool
}

// Rules returns all rules.
func Rules() []Rule {
	var rules []Rule
	for _, some := range [][]Rule{
		queueRules, functionRules, zoneRules, permissionRules, privilegeRules, webhookRules, agentRules, dashboardRules, storageRules, alarmRules, nameRules,
	} {
		rules = append(rules, some...)
	}
	return rules
}

// A Stack is what a plan makes of the root module.
type Stack struct {
	Project   Project
	Resources []Resource
}

// A Resource is one that will be there after an apply.
type Resource struct {
	Address string
	Type    string
	Module  string // address of the module
	Key     string // of for_each; empty without

	values  map[string]any
	unknown map[string]any // true where the value is not known before the apply
}

// FromPlan returns the stack that the plan leads to.
func FromPlan(project Project, plan *tfjson.Plan) Stack {
	stack := Stack{Project: project}
	for _, change := range plan.ResourceChanges {
		values, there := change.Change.After.(map[string]any)
		if change.Mode != tfjson.ManagedResourceMode || !there {
			continue
		}
		unknown, _ := change.Change.AfterUnknown.(map[string]any)
		key, _ := change.Index.(string)
		stack.Resources = append(stack.Resources, Resource{
			Address: change.Address, Type: change.Type, Module: change.ModuleAddress, Key: key, values: values, unknown: unknown,
		})
	}
	return stack
}

// FromState returns the stack that is there.
func FromState(project Project, root *tfjson.StateModule) Stack {
	stack := Stack{Project: project}
	for _, resource := range root.Resources {
		if resource.Mode != tfjson.ManagedResourceMode {
			continue
		}
		key, _ := resource.Index.(string)
		stack.Resources = append(stack.Resources, Resource{
			Address: resource.Address, Type: resource.Type, Module: root.Address, Key: key, values: resource.AttributeValues,
		})
	}
	for _, child := range root.ChildModules {
		stack.Resources = append(stack.Resources, FromState(project, child).Resources...)
	}
	return stack
}

// of returns the resources of the types.
func (s Stack) of(types ...string) []Resource {
	var found []Resource
	for _, resource := range s.Resources {
		for _, wanted := range types {
			if resource.Type == wanted {
				found = append(found, resource)
			}
		}
	}
	return found
}

// inModule returns the resources of a type that the module itself holds.
func (s Stack) inModule(module, kind string) []Resource {
	var found []Resource
	for _, resource := range s.of(kind) {
		if resource.Module == module {
			found = append(found, resource)
		}
	}
	return found
}

// breaks is a sentence about the resource.
func (r Resource) breaks(format string, args ...any) string {
	return r.Address + " " + fmt.Sprintf(format, args...)
}

// value looks up a path like "vpc_config.0.subnet_ids"; known is false where only an apply will tell.
func (r Resource) value(at string) (value any, known bool) {
	value, unknown := any(r.values), any(r.unknown)
	for _, step := range strings.Split(at, ".") {
		if unknown == true {
			return nil, false
		}
		value, unknown = child(value, step), child(unknown, step)
	}
	return value, unknown != true
}

func child(of any, step string) any {
	switch of := of.(type) {
	case map[string]any:
		return of[step]
	case []any:
		if i, err := strconv.Atoi(step); err == nil && i < len(of) {
			return of[i]
		}
	}
	return nil
}

// known tells whether the value is there before the apply; an absent one is known to be absent.
func (r Resource) known(at string) bool {
	_, known := r.value(at)
	return known
}

// text, number and flag are zero for what is absent, unknown or of another type.
func (r Resource) text(at string) string {
	value, _ := r.value(at)
	text, _ := value.(string)
	return text
}

func (r Resource) number(at string) float64 {
	value, _ := r.value(at)
	number, _ := value.(float64)
	return number
}

func (r Resource) flag(at string) bool {
	value, _ := r.value(at)
	flag, _ := value.(bool)
	return flag
}

func (r Resource) list(at string) []any {
	value, _ := r.value(at)
	list, _ := value.([]any)
	return list
}

// given tells whether there is, or will be, a value: a text, a number, a block, an element.
func (r Resource) given(at string) bool {
	value, known := r.value(at)
	switch value := value.(type) {
	case nil:
		return !known
	case string:
		return value != ""
	case []any:
		return len(value) > 0
	case map[string]any:
		return len(value) > 0
	}
	return true
}

// has tells whether the list at the path holds the text.
func (r Resource) has(at, text string) bool {
	for _, element := range r.list(at) {
		if element == text {
			return true
		}
	}
	return false
}

// lastPart is the name at the end of an ARN.
func lastPart(arn string) string { return path.Base(arn[strings.LastIndex(arn, ":")+1:]) }
