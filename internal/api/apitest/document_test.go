package apitest_test

import (
	"net/http"
	"strings"
	"testing"

	"omni/internal/api"
	"omni/internal/api/apitest"
)

// The witness itself: it notices every way in which an answer can differ from the document.
func TestAnAnswerThatIsNotAsDescribedIsNoticed(t *testing.T) {
	t.Parallel()
	document := apitest.ReadDocument(t, api.New(api.Options{}))
	const (
		label   = `{"id":"0199a0b1-7c00-7000-8000-000000000001","name":"VIP","color":"#ff0000","conversations":0}`
		problem = `{"type":"about:blank","title":"Not Found","status":404,"detail":"Gone.","code":"not_found","errors":[],"request_id":""}`
		list    = "/v1/labels"
	)
	for name, test := range map[string]struct {
		method, path string
		status       int
		kind, body   string
		wrong        string // in the error; empty: none
	}{
		"as described":       {http.MethodGet, list, 200, "application/json", `{"items":[` + label + `]}`, ""},
		"no list":            {http.MethodGet, list, 200, "application/json", `{"items":null}`, "/items"},
		"a missing member":   {http.MethodGet, list, 200, "application/json", `{"items":[{}]}`, "missing properties"},
		"another member":     {http.MethodGet, list, 200, "application/json", `{"items":[],"more":true}`, "additional properties"},
		"no id":              {http.MethodGet, list, 200, "application/json", `{"items":[` + strings.Replace(label, "0199a0b1-", "", 1) + `]}`, "uuid"},
		"another type":       {http.MethodGet, list, 200, "text/plain", `{"items":[]}`, "media type"},
		"no JSON":            {http.MethodGet, list, 200, "application/json", `{"items":[`, "EOF"},
		"another status":     {http.MethodGet, list, 201, "application/json", `{"items":[]}`, "status 201"},
		"a problem":          {http.MethodGet, list, 404, "application/problem+json", problem, ""},
		"half a problem":     {http.MethodGet, list, 404, "application/problem+json", `{"code":"not_found"}`, "missing properties"},
		"a body after all":   {http.MethodDelete, list + "/1", 204, "", `{}`, "a body"},
		"no operation":       {http.MethodGet, "/v1/pigeons", 404, "application/problem+json", problem, ""},
		"a secret operation": {http.MethodGet, "/v1/pigeons", 200, "application/json", `{}`, "no such operation"},
	} {
		err := document.Check(test.method, test.path, apitest.Answer{
			Status: test.status, Header: http.Header{"Content-Type": {test.kind}}, Body: []byte(test.body),
		})
		if test.wrong == "" && err != nil || test.wrong != "" && (err == nil || !strings.Contains(err.Error(), test.wrong)) {
			t.Errorf("%s: %q wanted, got %v", name, test.wrong, err)
		}
	}
}
