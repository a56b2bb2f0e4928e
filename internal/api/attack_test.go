package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/internal/api"
	"omni/internal/pipeline"
	"omni/internal/store"
)

// openTarget is an API with everything that its operations need.
func openTarget(t *testing.T) *shop {
	t.Helper()
	return openShop(t, func(o *api.Options) {
		opened := o.Store.(*store.Store)
		o.Tickets = &pipeline.Tickets{Store: opened, URL: "wss://example.com", Now: time.Now}
		o.Platforms = &pipeline.Platforms{Store: opened, Meter: silent{}, Log: o.Log}
	})
}

// hostile are bodies that nobody sends who means well.
var hostile = map[string]string{
	"nested arrays": strings.Repeat("[", 100_000), "nested objects": strings.Repeat(`{"text":`, 9_000) + "1" + strings.Repeat("}", 9_000),
	"a wide list": "[" + strings.Repeat("{},", 100_000) + "{}]", "a wide object": "{" + strings.Repeat(`"a":1,`, 100_000) + `"a":1}`,
	"a large body": `{"text":"` + strings.Repeat("a", 2<<20) + `"}`, "no UTF-8": "{\"text\":\"\xff\xfe\"}", "a NUL": `{"text":"\u0000","name":"\u0000","url":"\u0000"}`,
	"one key twice": `{"text":"a","text":["b"],"state":"active","state":7}`, "a huge number": `{"limit":1e999}`, "packed": "\x1f\x8b\x08\x00\x00\x00\x00\x00",
	"nothing": "null", "a text": `"a"`, "markup": `{"text":"<script>alert(1)</script>","name":"'; DROP TABLE agents; --"}`,
}

// No body breaks an operation: it is refused as a problem of whoever sent it, or taken.
func TestHostileBodiesBreakNoOperation(t *testing.T) {
	t.Parallel()
	d := openTarget(t)
	boss := d.Admin("boss")
	for _, o := range d.Document.Operations {
		if o.Method == http.MethodGet {
			continue
		}
		for what, body := range hostile {
			if answer := boss.Do(o.Method, o.Example(), body, "Idempotency-Key", uuid.NewString()); answer.Status >= http.StatusInternalServerError {
				t.Errorf("%s with %s: %d %.200s", o.ID, what, answer.Status, answer.Body)
			}
		}
	}
}

// strange are ids that are none.
var strange = []string{
	"%2e%2e", "..%2f..%2fagents", "%00", "'%20OR%201=1--", "00000000-0000-0000-0000-000000000000", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
	"{0199a0b1-7c00-7000-8000-000000000001}", "urn:uuid:0199a0b1-7c00-7000-8000-000000000001", "0199a0b17c0070008000000000000001", "%ff%fe", strings.Repeat("a", 8<<10),
	"1;drop", "me", "*", "-1", "%F0%9F%98%80",
}

// What is no id, or that of nothing, is refused, and leads nowhere else.
func TestStrangeIdsLeadNowhere(t *testing.T) {
	t.Parallel()
	d := openTarget(t)
	boss := d.Admin("boss")
	for _, o := range d.Document.Operations {
		before, after, found := strings.Cut(o.Path, "{id}")
		if !found {
			continue
		}
		for _, id := range strange {
			answer := boss.Do(o.Method, before+id+after, "{}", "Idempotency-Key", uuid.NewString())
			if answer.Status < http.StatusBadRequest || answer.Status >= http.StatusInternalServerError {
				t.Errorf("%s with id %.60s: %d %.200s", o.ID, id, answer.Status, answer.Body)
			}
		}
	}
}

// Paths that only look like those of operations are of none, however they are written.
func TestPathsAreTakenByTheLetter(t *testing.T) {
	t.Parallel()
	d := openTarget(t)
	agent := d.Agent("ada")
	for _, path := range []string{
		"//v1/me", "/v1//me", "/v1/./me", "/v1/labels/../me", "/v1/me/", "/V1/me", "/v1/ME", "/v1/me%2f", "/v1%2fme", "/v1/me;a=b", "/v1/me%00", "/v1/%6de%2f..%2fagents",
		"/v1/agents/../audit", "/", "/v1",
	} {
		answer := agent.Do(http.MethodGet, path, nil)
		if answer.Status != http.StatusNotFound {
			t.Errorf("%s: %d %.200s", path, answer.Status, answer.Body)
		}
	}
}

// A header is no credential: who calls is what the gateway says, whatever the request says beside it.
func TestHeadersMakeNobodyAnAdministrator(t *testing.T) {
	t.Parallel()
	d := openTarget(t)
	d.Admin("boss").ID()
	headers := []string{
		"Authorization", "Bearer boss", "X-Amzn-Oidc-Identity", "boss", "X-Forwarded-User", "boss", "Cognito:groups", "[admin]", "X-Forwarded-For", "127.0.0.1",
		"X-HTTP-Method-Override", "DELETE", "X-Original-URL", "/v1/audit", "Cookie", "session=boss",
	}
	d.Agent("ada").WantProblem(http.StatusForbidden, "forbidden", http.MethodGet, "/v1/audit", nil, headers...)
	d.Nobody().WantProblem(http.StatusUnauthorized, "unauthenticated", http.MethodGet, "/v1/me", nil, headers...)
}

// readOnly are members of what the API shows that nobody may set.
var readOnly = map[string]any{
	"id": uuid.NewString(), "created_at": "2020-01-01T00:00:00Z", "agent_id": uuid.NewString(), "author": "agent:boss", "subject": "boss", "seq": 1, "held": 7,
}

// Every member of a body is one that the operation takes: what it does not know it refuses by name, so that nothing is set by the way.
func TestNothingIsSetByTheWay(t *testing.T) {
	t.Parallel()
	d := openTarget(t)
	boss := d.Admin("boss")
	takesBody := bodies(t, d.API)
	if len(takesBody) < 10 {
		t.Fatalf("only %d operations take a body", len(takesBody))
	}
	for _, o := range d.Document.Operations {
		if !slices.Contains(takesBody, o.ID) {
			continue
		}
		answer := boss.Do(o.Method, o.Example(), mustJSON(t, readOnly), "Idempotency-Key", uuid.NewString())
		var named []string
		for _, detail := range answer.Problem().Errors {
			named = append(named, strings.TrimPrefix(detail.Location, "body."))
		}
		if answer.Status != http.StatusUnprocessableEntity || len(named) == 0 {
			t.Errorf("%s: %d %.300s", o.ID, answer.Status, answer.Body)
		}
		for member := range readOnly {
			if !slices.Contains(named, member) {
				t.Errorf("%s takes %s: %q", o.ID, member, named)
			}
		}
	}
}

// bodies are the ids of the operations that take a body.
func bodies(t *testing.T, a *api.API) (ids []string) {
	t.Helper()
	rendered, err := a.Document()
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Paths map[string]map[string]struct {
			OperationID string
			RequestBody json.RawMessage
		}
	}
	if err := json.Unmarshal(rendered, &document); err != nil {
		t.Fatal(err)
	}
	for _, methods := range document.Paths {
		for _, o := range methods {
			if len(o.RequestBody) > 0 {
				ids = append(ids, o.OperationID)
			}
		}
	}
	return ids
}

func mustJSON(t *testing.T, value any) string {
	t.Helper()
	rendered, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(rendered)
}

// Parameters of any length and kind are refused or taken as what they are: text to look for.
func TestParametersAreNotRun(t *testing.T) {
	t.Parallel()
	d := openTarget(t)
	boss := d.Admin("boss")
	for _, value := range []string{"' OR '1'='1", "%", "_", `\`, "a & b | !c:*", "\x00", "\xff", strings.Repeat("a ", 4<<10), "$$", "');--", "٣", "<->"} {
		for _, target := range []string{"/v1/search?q=", "/v1/contacts?q=", "/v1/conversations?channel=", "/v1/conversations?cursor=", "/v1/feed?after=", "/v1/audit?cursor=", "/v1/dead-letters?kind="} {
			if answer := boss.Do(http.MethodGet, target+url.QueryEscape(value), nil); answer.Status >= http.StatusInternalServerError {
				t.Errorf("%s with %.40q: %d %s", target, value, answer.Status, answer.Body)
			}
		}
	}
}

// A request that cannot be one does not reach an operation, and is answered all the same.
func TestRequestsThatAreNone(t *testing.T) {
	t.Parallel()
	d := openTarget(t)
	for _, method := range []string{"TRACE", "CONNECT", "PROPFIND", "get", "OPTIONS", "HEAD"} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/v1/me", nil)
		r.Method = method
		d.API.ServeHTTP(w, r)
		if w.Code < http.StatusBadRequest || w.Code >= http.StatusInternalServerError {
			t.Errorf("%s: %d", method, w.Code)
		}
	}
}
