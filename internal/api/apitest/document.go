package apitest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"omni/internal/api"
)

// Operation is an operation as the document describes it.
type Operation struct {
	ID     string
	Method string
	Path   string // with names in braces
	Role   string

	path      *regexp.Regexp
	responses map[string]response
}

type response struct {
	Content map[string]json.RawMessage
}

// Document is the API's document, by the letter.
type Document struct {
	Operations []Operation

	compiling sync.Mutex // requests are made at once, and a compiler keeps what it compiled
	schemas   *jsonschema.Compiler
}

const documentURL = "omni:openapi.json"

// ReadDocument reads the document of an API.
func ReadDocument(t testing.TB, a *api.API) *Document {
	t.Helper()
	rendered, err := a.Document()
	if err != nil {
		t.Fatal(err)
	}
	whole, err := jsonschema.UnmarshalJSON(bytes.NewReader(rendered))
	if err != nil {
		t.Fatal(err)
	}
	d := &Document{schemas: jsonschema.NewCompiler()}
	d.schemas.DefaultDraft(jsonschema.Draft2020)
	d.schemas.AssertFormat()
	if err := d.schemas.AddResource(documentURL, whole); err != nil {
		t.Fatal(err)
	}
	var paths struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Role        string `json:"x-role"`
			Responses   map[string]response
		}
	}
	if err := json.Unmarshal(rendered, &paths); err != nil {
		t.Fatal(err)
	}
	for path, methods := range paths.Paths {
		for method, o := range methods {
			d.Operations = append(d.Operations, Operation{o.OperationID, strings.ToUpper(method), path, o.Role, pattern(path), o.Responses})
		}
	}
	slices.SortFunc(d.Operations, func(a, b Operation) int { return strings.Compare(a.ID, b.ID) })
	return d
}

var names = regexp.MustCompile(`\\\{[^}]*\\\}`)

// pattern finds the paths of an operation.
func pattern(path string) *regexp.Regexp {
	return regexp.MustCompile(`^` + names.ReplaceAllString(regexp.QuoteMeta(path), `[^/]+`) + `$`)
}

// Example is a path of the operation, with ids that nothing has.
func (o Operation) Example() string {
	return parameters.ReplaceAllString(o.Path, uuid.NewString())
}

var parameters = regexp.MustCompile(`\{[^}]*\}`)

// operation is the one that serves a request; of several, that with the most letters of its own, as http.ServeMux chooses.
func (d *Document) operation(method, path string) (Operation, bool) {
	var best Operation
	for _, o := range d.Operations {
		if o.Method == method && o.path.MatchString(path) && (best.ID == "" || strings.Count(o.Path, "{") < strings.Count(best.Path, "{")) {
			best = o
		}
	}
	return best, best.ID != ""
}

// Check reports how an answer differs from what the document says of it. What no operation serves is answered with a problem.
func (d *Document) Check(method, path string, answer Answer) error {
	o, ok := d.operation(method, path)
	if !ok {
		if answer.Status != http.StatusNotFound && answer.Status != http.StatusMethodNotAllowed {
			return fmt.Errorf("no such operation is described")
		}
		return d.valid("#/components/schemas/Problem", answer.Body)
	}
	status := strconv.Itoa(answer.Status)
	described, ok := o.responses[status]
	if !ok && answer.Status < http.StatusBadRequest {
		return fmt.Errorf("status %s is not described", status)
	} else if !ok {
		status, described = "default", o.responses["default"]
	}
	if len(described.Content) == 0 {
		if len(answer.Body) > 0 {
			return fmt.Errorf("a body where none is described")
		}
		return nil
	}
	kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	if _, ok := described.Content[kind]; !ok {
		return fmt.Errorf("the media type %q is not described", kind)
	}
	return d.valid("#/paths/"+escape(o.Path)+"/"+strings.ToLower(method)+"/responses/"+status+"/content/"+escape(kind)+"/schema", answer.Body)
}

// escape makes a name part of a JSON pointer in a URL.
func escape(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(name)
}

func (d *Document) valid(pointer string, body []byte) error {
	d.compiling.Lock()
	schema, err := d.schemas.Compile(documentURL + pointer)
	d.compiling.Unlock()
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}
