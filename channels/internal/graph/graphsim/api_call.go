package graphsim

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// call is one request, read.
type call struct {
	*http.Request
	path   string // without the version
	token  string
	params map[string]string
	body   []byte // of a request with a JSON object
}

var versioned = regexp.MustCompile(`^/v\d+\.\d/(.+)$`)

// read takes a request apart. Parameters may come in the URL, as a form or as JSON.
func read(r *http.Request) (call, *refusal) {
	c := call{Request: r, params: map[string]string{}}
	path := versioned.FindStringSubmatch(r.URL.Path)
	if path == nil {
		return c, refuse(2635, "You are calling no version of the Graph API")
	}
	c.path = path[1]
	bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || bearer == "" {
		return c, refuse(104, "An access token is required to request this resource.")
	}
	c.token = bearer
	if err := r.ParseForm(); err != nil {
		return c, refuse(100, "Invalid parameter")
	}
	for name := range r.Form {
		c.params[name] = r.Form.Get(name)
	}
	if r.Header.Get("Content-Type") == "application/json" && c.readJSON() != nil {
		return c, refuse(100, "Invalid JSON")
	}
	for _, name := range []string{"access_token", "verify_token"} {
		if r.URL.Query().Has(name) {
			return c, refuse(100, "%s does not belong into a URL, which is logged", name)
		}
	}
	return c, nil
}

// readJSON keeps the body, and takes its members that are strings as parameters.
func (c *call) readJSON() error {
	var members map[string]any
	body, err := io.ReadAll(c.Body)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, &members); err != nil {
		return err
	}
	for name, value := range members {
		if text, ok := value.(string); ok {
			c.params[name] = text
		}
	}
	c.body = body
	return nil
}

// need refuses a call without the parameters, and one with others.
func (c call) need(names ...string) *refusal {
	for _, name := range names {
		if c.params[name] == "" {
			return refuse(100, "The parameter %s is required", name)
		}
	}
	return nil
}

func (c call) only(names ...string) *refusal {
	for _, name := range slices.Sorted(maps.Keys(c.params)) {
		if !slices.Contains(names, name) {
			return refuse(100, "Unknown parameter %s", name)
		}
	}
	return nil
}

// list reads a parameter of names with commas, each of which has to be known.
func (c call) list(name string, known []string) ([]string, *refusal) {
	values := strings.Split(c.params[name], ",")
	for i, value := range values {
		if !slices.Contains(known, value) {
			return nil, refuse(100, "Param %s[%d] must be one of {%s} - got %q.", name, i, strings.Join(known, ", "), value)
		}
	}
	return values, nil
}
