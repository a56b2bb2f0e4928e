package api

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
)

type hidden struct {
	Query string `query:"q"`
}

// What is registered without saying who may do it, or in a way in which something would not be seen, is noticed before anything is served.
func TestAnOperationThatIsNotWholeCannotBeRegistered(t *testing.T) {
	t.Parallel()
	whole := huma.Operation{OperationID: "x", Method: http.MethodGet, Path: "/v1/x", Tags: []string{"Agents"}, Summary: "x"}
	change := func(how func(*huma.Operation)) huma.Operation {
		op := whole
		how(&op)
		return op
	}
	for name, test := range map[string]struct {
		who  role
		op   huma.Operation
		says string
	}{
		"no role":         {role{}, whole, "needs a role"},
		"no id":           {admins, change(func(op *huma.Operation) { op.OperationID = "" }), "needs a role, an operation id"},
		"no summary":      {admins, change(func(op *huma.Operation) { op.Summary = "" }), "a summary"},
		"an unknown tag":  {admins, change(func(op *huma.Operation) { op.Tags = []string{"Pigeons"} }), "one of the tags"},
		"an id twice":     {admins, change(func(op *huma.Operation) { op.OperationID = "getMe" }), "duplicate operation ID"},
		"nothing unusual": {admins, whole, ""},
	} {
		got := panics(func() {
			register(New(Options{}), test.who, test.op, func(context.Context, *struct{}) (*struct{}, error) { return nil, nil })
		})
		if !strings.Contains(got, test.says) || (got == "") != (test.says == "") {
			t.Errorf("%s: %q", name, got)
		}
	}
	unseen := panics(func() {
		register(New(Options{}), admins, whole, func(context.Context, *struct{ hidden }) (*struct{}, error) { return nil, nil })
	})
	if !strings.Contains(unseen, "the parameters in hidden of x are not seen") {
		t.Errorf("%q", unseen)
	}
}

// panics returns what a function panics with; empty: it does not.
func panics(f func()) (reason string) {
	defer func() {
		switch p := recover().(type) {
		case string:
			reason = p
		case error:
			reason = p.Error()
		}
	}()
	f()
	return ""
}
