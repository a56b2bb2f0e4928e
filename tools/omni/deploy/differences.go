package deploy

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
)

const (
	mostLines  = 8  // attributes shown of one resource
	valueWidth = 60 // characters shown of one value
)

// differences lists what changes of a resource, one attribute a line, what forces it to be made anew first. Sensitive values are not shown.
func differences(change *tfjson.Change) []string {
	d := differ{replaced: change.Actions.Replace(), forces: paths(change.ReplacePaths)}
	d.compare("", side{change.Before, nil, change.BeforeSensitive}, side{change.After, change.AfterUnknown, change.AfterSensitive})
	lines := append(d.forcing, d.lines...)
	if more := len(lines) - mostLines; more > 1 {
		return append(lines[:mostLines:mostLines], fmt.Sprintf("and %d more", more))
	}
	return lines
}

// side is a value, and what of it is unknown and what is sensitive: true, or a structure like the value's with true at some leaves.
type side struct{ value, unknown, sensitive any }

type differ struct {
	lines    []string
	forcing  []string // lines of what cannot be changed in place
	forces   []string // and the paths of that
	replaced bool
}

func (d *differ) compare(path string, before, after side) {
	switch {
	case after.unknown == true:
		d.unknown(path, before)
	case before.sensitive == true || after.sensitive == true:
		if !reflect.DeepEqual(before.value, after.value) {
			d.add(path, "sensitive", "sensitive")
		}
	case reflect.DeepEqual(before.value, after.value) && !anyTrue(after.unknown):
	case d.inside(path, before, after):
	default:
		d.add(path, show(before), show(after))
	}
}

// inside goes into values that have the same structure, also when it is written as JSON, as policies and dashboards are.
func (d *differ) inside(path string, before, after side) bool {
	if was, is, ok := documents(before.value, after.value); ok {
		d.compare(path, side{value: was}, side{value: is})
		return true
	}
	switch was := before.value.(type) {
	case map[string]any:
		is, ok := after.value.(map[string]any)
		if !ok {
			return false
		}
		for _, key := range keys(was, is, after.unknown) {
			name := strings.TrimPrefix(path+"."+key, ".")
			d.compare(name, before.key(key), after.key(key))
		}
		return true
	case []any:
		is, ok := after.value.([]any)
		if !ok || len(is) != len(was) {
			return false
		}
		for i := range was {
			d.compare(fmt.Sprintf("%s[%d]", path, i), before.at(i), after.at(i))
		}
		return true
	}
	return false
}

// unknown adds what only the apply will tell. Of something that is made anew that is every id, which nobody needs to read; and what a
// provider computed may repeat a sensitive value, so only plain values are shown.
func (d *differ) unknown(path string, before side) {
	switch before.value.(type) {
	case map[string]any, []any:
		d.add(path, "…", "known after the apply")
	default:
		if !d.replaced || d.isForcing(path) {
			d.add(path, show(before), "known after the apply")
		}
	}
}

func (d *differ) add(path, before, after string) {
	line := fmt.Sprintf("%s: %s -> %s", path, before, after)
	if d.isForcing(path) {
		d.forcing = append(d.forcing, line+"  (cannot be changed in place)")
		return
	}
	d.lines = append(d.lines, line)
}

func (d *differ) isForcing(path string) bool {
	return slices.ContainsFunc(d.forces, func(forced string) bool {
		rest, inside := strings.CutPrefix(path, forced)
		return inside && (rest == "" || rest[0] == '.' || rest[0] == '[')
	})
}

func (s side) key(key string) side {
	pick := func(from any) any {
		if m, ok := from.(map[string]any); ok {
			return m[key]
		}
		return nil
	}
	return side{pick(s.value), pick(s.unknown), pick(s.sensitive)}
}

func (s side) at(i int) side {
	pick := func(from any) any {
		if list, ok := from.([]any); ok && i < len(list) {
			return list[i]
		}
		return nil
	}
	return side{pick(s.value), pick(s.unknown), pick(s.sensitive)}
}

// keys are those of both maps and of what is unknown, which the new value lacks.
func keys(was, is map[string]any, unknown any) []string {
	all := maps.Clone(was)
	maps.Copy(all, is)
	if more, ok := unknown.(map[string]any); ok {
		maps.Copy(all, more)
	}
	return slices.Sorted(maps.Keys(all))
}

// documents reads two strings that are JSON objects or lists.
func documents(before, after any) (was, is any, ok bool) {
	one, isText := before.(string)
	two, areTexts := after.(string)
	if !isText || !areTexts || !strings.ContainsAny(one[:min(1, len(one))], "{[") {
		return nil, nil, false
	}
	if json.Unmarshal([]byte(one), &was) != nil || json.Unmarshal([]byte(two), &is) != nil {
		return nil, nil, false
	}
	return was, is, !reflect.DeepEqual(was, is)
}

func anyTrue(unknown any) bool {
	switch u := unknown.(type) {
	case bool:
		return u
	case map[string]any:
		return slices.ContainsFunc(slices.Collect(maps.Values(u)), anyTrue)
	case []any:
		return slices.ContainsFunc(u, anyTrue)
	}
	return false
}

// show is a value in a line, without what is sensitive in it.
func show(s side) string {
	if anyTrue(s.sensitive) {
		return "sensitive"
	}
	text, err := json.Marshal(s.value)
	if err != nil {
		return "?"
	}
	if runes := []rune(string(text)); len(runes) > valueWidth {
		return string(runes[:valueWidth]) + "…"
	}
	return string(text)
}

// paths are Terraform's lists of steps in the form that differences are shown in.
func paths(steps []any) (found []string) {
	for _, path := range steps {
		list, _ := path.([]any)
		text := ""
		for _, step := range list {
			switch s := step.(type) {
			case string:
				text = strings.TrimPrefix(text+"."+s, ".")
			case json.Number:
				text += "[" + s.String() + "]"
			case float64:
				text += "[" + strconv.Itoa(int(s)) + "]"
			}
		}
		found = append(found, text)
	}
	return found
}
