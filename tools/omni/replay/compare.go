package replay

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"omni/internal/inbox"
)

// change is one line of a difference: a member that is stored (-) or that today's code gives (+).
type change struct {
	sign, path, value string
}

func (c change) code() string {
	if c.sign == "-" {
		return "31" // red
	}
	return "32" // green
}

// compare lists the members in which two readings differ; of one alone, all that it has.
func compare(before, after *inbox.Reading) []change {
	old, today := members(before), members(after)
	paths := slices.Sorted(maps.Keys(old))
	for path := range today {
		if _, known := old[path]; !known {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	var changes []change
	for _, path := range paths {
		was, wasThere := old[path]
		is, isThere := today[path]
		if was == is && wasThere == isThere {
			continue
		}
		if wasThere {
			changes = append(changes, change{"-", path, was})
		}
		if isThere {
			changes = append(changes, change{"+", path, is})
		}
	}
	return changes
}

// members returns the values of a reading by their paths.
func members(r *inbox.Reading) map[string]string {
	found := map[string]string{}
	if r == nil {
		return found
	}
	rendered, err := json.Marshal(r)
	if err != nil {
		found["content"] = quoted(string(r.Content)) // no JSON: shown as it is
		return found
	}
	decoder := json.NewDecoder(strings.NewReader(string(rendered)))
	decoder.UseNumber()
	var all any
	if err := decoder.Decode(&all); err == nil {
		flatten(found, "", all)
	}
	return found
}

func flatten(into map[string]string, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 && path != "" {
			into[path] = "{}"
		}
		for name, member := range v {
			flatten(into, strings.TrimPrefix(path+"."+name, "."), member)
		}
	case []any:
		if len(v) == 0 {
			into[path] = "[]"
		}
		for n, item := range v {
			flatten(into, fmt.Sprintf("%s[%d]", path, n), item)
		}
	case string:
		into[path] = quoted(v)
	case nil:
		into[path] = "null"
	default:
		into[path] = fmt.Sprint(v)
	}
}
