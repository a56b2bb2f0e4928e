package policy

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
)

// findMistakes seeds every mistake into a stack that is right, and wants its rule to find it.
func findMistakes(t *testing.T, seen looks) {
	for _, rule := range Rules() {
		t.Run(rule.Name, func(t *testing.T) {
			if len(mistakes[rule.Name]) == 0 {
				t.Error("no mistake shows that the rule finds any")
			}
			for _, m := range mistakes[rule.Name] {
				found := rule.Check(m.seed(t, seen))
				if !slices.ContainsFunc(found, func(sentence string) bool { return strings.Contains(sentence, m.says) }) {
					t.Errorf("%s: %q was not found, only %q", m.name, m.says, found)
				}
			}
		})
	}
	for name := range mistakes {
		if !slices.ContainsFunc(Rules(), func(rule Rule) bool { return rule.Name == name }) {
			t.Errorf("there is no rule %q", name)
		}
	}
}

// set gives an attribute another value, of the first resource whose address holds the text.
func set(where, attribute string, value any) func(*testing.T, looks) Stack {
	return func(t *testing.T, seen looks) Stack {
		return seen.small.replace(t, where, func(r Resource) []Resource { return []Resource{r.with(t, attribute, value)} })
	}
}

// drop leaves out the first resource whose address holds the text.
func drop(where string) func(*testing.T, looks) Stack {
	return func(t *testing.T, seen looks) Stack {
		return seen.small.replace(t, where, func(Resource) []Resource { return nil })
	}
}

// add adds a resource that has nothing but one attribute.
func add(kind, attribute string, value any) func(*testing.T, looks) Stack {
	return func(_ *testing.T, seen looks) Stack {
		added := Resource{Address: kind + ".added", Type: kind, values: map[string]any{attribute: value}}
		return Stack{Project: seen.small.Project, Resources: append(slices.Clone(seen.small.Resources), added)}
	}
}

// forget takes a channel out of the project, so that what belongs to it belongs to nothing.
func forget(channel string) func(*testing.T, looks) Stack {
	return func(_ *testing.T, seen looks) Stack {
		project := seen.small.Project
		project.Channels = maps.Clone(project.Channels)
		delete(project.Channels, channel)
		return Stack{Project: project, Resources: seen.small.Resources}
	}
}

// mocked seeds a mistake into the mocked stack, where more is known.
func mocked(seed func(*testing.T, looks) Stack) func(*testing.T, looks) Stack {
	return func(t *testing.T, seen looks) Stack { return seed(t, looks{small: seen.mocked}) }
}

// variable gives a function another value of a variable in its environment.
func variable(function, name, value string) func(*testing.T, looks) Stack {
	return mocked(set("module."+function+".aws_lambda_function", "environment.0.variables."+name, value))
}

// runtime gives a function's role another policy.
func runtime(function, policy string) func(*testing.T, looks) Stack {
	return mocked(set("module."+function+".aws_iam_role_policy.runtime", "policy", policy))
}

// replace returns a copy of the stack in which the first resource whose address holds the text is replaced.
func (s Stack) replace(t *testing.T, where string, by func(Resource) []Resource) Stack {
	t.Helper()
	i := slices.IndexFunc(s.Resources, func(r Resource) bool { return strings.Contains(r.Address, where) })
	if i < 0 {
		t.Fatalf("there is no resource %s", where)
	}
	resources := slices.Clone(s.Resources[:i])
	resources = append(resources, by(s.Resources[i])...)
	return Stack{Project: s.Project, Resources: append(resources, s.Resources[i+1:]...)}
}

// with returns a copy of the resource with another value, which is known.
func (r Resource) with(t *testing.T, at string, value any) Resource {
	t.Helper()
	r.values, r.unknown = clone(t, r.values), clone(t, r.unknown)
	steps := strings.Split(at, ".")
	holder, unknown := any(r.values), any(r.unknown)
	for _, step := range steps[:len(steps)-1] {
		holder, unknown = child(holder, step), child(unknown, step)
	}
	last := steps[len(steps)-1]
	object, is := holder.(map[string]any)
	if !is {
		t.Fatalf("%s has no %s", r.Address, at)
	}
	object[last] = value
	if object, is := unknown.(map[string]any); is {
		delete(object, last)
	}
	return r
}

func clone(t *testing.T, values map[string]any) map[string]any {
	t.Helper()
	content, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	var copied map[string]any
	if err := json.Unmarshal(content, &copied); err != nil {
		t.Fatal(err)
	}
	return copied
}
