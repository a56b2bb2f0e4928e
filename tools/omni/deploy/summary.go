package deploy

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
)

// summary is a plan as an operator reads it.
type summary struct {
	Prefix, Region string
	Create         []*tfjson.ResourceChange
	Update         []*tfjson.ResourceChange
	Replace        []*tfjson.ResourceChange // destroyed, and made anew
	Destroy        []*tfjson.ResourceChange
	Outputs        bool // an output changes
}

// summarize sorts a plan's changes. Each list is sorted by address.
func summarize(plan *tfjson.Plan) summary {
	s := summary{Prefix: variable(plan, "prefix"), Region: variable(plan, "region")}
	for _, change := range plan.ResourceChanges {
		if change.Mode != tfjson.ManagedResourceMode || change.Change == nil {
			continue
		}
		switch actions := change.Change.Actions; {
		case actions.Create():
			s.Create = append(s.Create, change)
		case actions.Update():
			s.Update = append(s.Update, change)
		case actions.Replace():
			s.Replace = append(s.Replace, change)
		case actions.Delete():
			s.Destroy = append(s.Destroy, change)
		}
	}
	for _, list := range [][]*tfjson.ResourceChange{s.Create, s.Update, s.Replace, s.Destroy} {
		slices.SortFunc(list, func(a, b *tfjson.ResourceChange) int { return strings.Compare(a.Address, b.Address) })
	}
	for _, output := range plan.OutputChanges {
		s.Outputs = s.Outputs || !output.Actions.NoOp()
	}
	return s
}

// variable is the value of a root variable that is a string; empty: there is none.
func variable(plan *tfjson.Plan, name string) string {
	if v := plan.Variables[name]; v != nil {
		text, _ := v.Value.(string)
		return text
	}
	return ""
}

func (s summary) changes() int {
	return len(s.Create) + len(s.Update) + len(s.Replace) + len(s.Destroy)
}

// steps are the things that Terraform will do: what is replaced is destroyed and created.
func (s summary) steps() int { return s.changes() + len(s.Replace) }

// empty tells whether there is nothing to apply.
func (s summary) empty() bool { return s.changes() == 0 && !s.Outputs }

// print writes the summary. account may be empty.
func (s summary) print(out io.Writer, account string) {
	fmt.Fprintf(out, "\nStack %q in %s%s: %s\n", s.Prefix, cmp.Or(s.Region, "no region"), inAccount(account), s.counts())
	printGroups(out, "created", s.Create)
	printEach(out, "changed in place", s.Update)
	printEach(out, "destroyed and made anew", s.Replace)
	printGroups(out, "destroyed", s.Destroy)
	if losses := s.losses(); len(losses) > 0 {
		fmt.Fprintln(out, "\nTHIS DESTROYS DATA")
		for _, loss := range losses {
			fmt.Fprintf(out, "  %s\n      %s\n", loss.what, strings.Join(wrap(loss.addresses, 94), "\n      "))
		}
	}
	fmt.Fprintln(out)
}

func inAccount(account string) string {
	if account == "" {
		return ""
	}
	return ", account " + account
}

func (s summary) counts() string {
	var parts []string
	for _, c := range []struct {
		list []*tfjson.ResourceChange
		what string
	}{{s.Create, "to create"}, {s.Update, "to change"}, {s.Replace, "to replace"}, {s.Destroy, "to destroy"}} {
		if len(c.list) > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", len(c.list), c.what))
		}
	}
	if len(parts) == 0 && s.Outputs {
		return "only outputs change"
	}
	if len(parts) == 0 {
		return "nothing to change"
	}
	return strings.Join(parts, ", ")
}

// printGroups counts resources by the part of the stack that they belong to and by kind: of a hundred new ones nobody reads the addresses.
func printGroups(out io.Writer, title string, changes []*tfjson.ResourceChange) {
	if len(changes) == 0 {
		return
	}
	groups := map[string]map[string]int{}
	for _, change := range changes {
		part := partOf(change)
		if groups[part] == nil {
			groups[part] = map[string]int{}
		}
		groups[part][kind(change.Type)]++
	}
	width := 0
	for part := range groups {
		width = max(width, len(part))
	}
	fmt.Fprintf(out, "\n  %s\n", title)
	for _, part := range slices.Sorted(maps.Keys(groups)) {
		lines := wrap(kinds(groups[part]), 100-width)
		fmt.Fprintf(out, "    %-*s  %s\n", width, part, strings.Join(lines, fmt.Sprintf("\n    %-*s  ", width, "")))
	}
}

// partOf is the outermost module that a resource is in, with its key: `function["webhook"]`.
func partOf(change *tfjson.ResourceChange) string {
	path, inside := strings.CutPrefix(change.ModuleAddress, "module.")
	if !inside {
		return "(root)"
	}
	part, _, _ := strings.Cut(path, ".module.")
	return part
}

// kind is a type without its provider: sqs_queue.
func kind(resourceType string) string { return strings.TrimPrefix(resourceType, "aws_") }

func kinds(counts map[string]int) []string {
	var words []string
	for _, kind := range slices.Sorted(maps.Keys(counts)) {
		word := kind
		if counts[kind] > 1 {
			word = fmt.Sprintf("%d %s", counts[kind], kind)
		}
		words = append(words, word)
	}
	return words
}

// wrap joins words by commas into lines that are not much longer than width.
func wrap(words []string, width int) (lines []string) {
	line := ""
	for i, word := range words {
		if i < len(words)-1 {
			word += ","
		}
		switch {
		case line == "":
			line = word
		case len(line)+1+len(word) > width:
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}

// printEach names resources and what changes of them.
func printEach(out io.Writer, title string, changes []*tfjson.ResourceChange) {
	if len(changes) == 0 {
		return
	}
	fmt.Fprintf(out, "\n  %s\n", title)
	for _, change := range changes {
		fmt.Fprintf(out, "    %s%s\n", change.Address, because(change.ActionReason))
		for _, line := range differences(change.Change) {
			fmt.Fprintf(out, "        %s\n", line)
		}
	}
}

// because says why something that exists has to be made anew, where it is not for the attributes that are shown anyway.
func because(reason tfjson.ActionReason) string {
	switch reason {
	case tfjson.ActionReasonReplaceBecauseTainted:
		return "  (it was left half made)"
	case tfjson.ActionReasonReplaceByTriggers:
		return "  (something that it depends on changes)"
	}
	return ""
}
