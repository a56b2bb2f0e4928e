package api_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"omni/internal/api"
	"omni/internal/api/apitest"
	"omni/internal/inbox"
)

// Every operation asks who calls before anything else: with ids that nobody has, whoever may not do it is told so, and whoever may is not.
func TestEveryOperationAsksWhoCalls(t *testing.T) {
	t.Parallel()
	d := apitest.New(t)
	boss, agent, former := d.Admin("boss"), d.Agent("ada"), d.Agent("former")
	boss.Want(http.StatusOK, http.MethodPatch, "/v1/agents/"+former.ID().String(), `{"state":"disabled"}`, nil)
	if len(d.Document.Operations) < 4 {
		t.Fatalf("only %d operations are described", len(d.Document.Operations))
	}
	for _, o := range d.Document.Operations {
		target := o.Example()
		for _, who := range []struct {
			name   string
			client *apitest.Client
			code   string // of the refusal; empty: let in
		}{
			{"nobody", d.Nobody(), "unauthenticated"},
			{"disabled", former, "agent_disabled"},
			{"agent", agent, map[string]string{"admin": "forbidden"}[o.Role]},
			{"admin", boss, ""},
		} {
			answer := who.client.Do(o.Method, target, nil)
			refusals := []string{"unauthenticated", "agent_disabled", "forbidden"}
			if code := answer.Problem().Code; who.code != "" && code != who.code || who.code == "" && strings.Contains(strings.Join(refusals, " "), code) && code != "" {
				t.Errorf("%s by %s: %q wanted, got %d %s", o.ID, who.name, who.code, answer.Status, answer.Body)
			}
		}
	}
}

func TestWhoIsNobodyIsToldHowToBeSomebody(t *testing.T) {
	t.Parallel()
	answer := apitest.New(t).Nobody().Do(http.MethodGet, "/v1/me", nil)
	if got := answer.Header.Get("WWW-Authenticate"); answer.Status != http.StatusUnauthorized || got != "Bearer" {
		t.Errorf("%d, WWW-Authenticate %q", answer.Status, got)
	}
	if answer.Header.Get("Cache-Control") != "no-store" || answer.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("headers %v", answer.Header)
	}
}

// impatient wants to know how long an operation may take.
type impatient struct{ api.Store }

func (impatient) Agents(ctx context.Context) ([]inbox.Agent, error) {
	if _, bounded := ctx.Deadline(); !bounded {
		return nil, errors.New("the operation has all the time in the world")
	}
	return nil, nil
}

func TestAnOperationIsBounded(t *testing.T) {
	t.Parallel()
	d := apitest.New(t, func(o *api.Options) { o.Store = impatient{o.Store} })
	d.Agent("ada").Want(http.StatusOK, http.MethodGet, "/v1/agents", nil, nil)
}

// gen/openapi.json is what a generator wrote; the API may have changed since.
func TestTheDocumentIsThatOfTheAPI(t *testing.T) {
	t.Parallel()
	want, err := api.New(api.Options{}).Document()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../gen/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("gen/openapi.json is stale: run `go generate ./...` (-served +written):\n%s", cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")))
	}
}

func TestWhatIsNoOperationIsAProblem(t *testing.T) {
	t.Parallel()
	ada := apitest.New(t).Agent("ada")
	ada.WantProblem(http.StatusNotFound, "not_found", http.MethodGet, "/v1/nothing", nil)
	ada.WantProblem(http.StatusNotFound, "not_found", http.MethodGet, "/", nil)
	if allow := ada.Do(http.MethodDelete, "/v1/me", nil).Header.Get("Allow"); !strings.Contains(allow, http.MethodPatch) {
		t.Errorf("allowed is %q", allow)
	}
	ada.WantProblem(http.StatusMethodNotAllowed, "method_not_allowed", http.MethodDelete, "/v1/me", nil)
}

func TestWhatIsWrongWithARequestIsSaidPlaceByPlace(t *testing.T) {
	t.Parallel()
	boss := apitest.New(t).Admin("boss")
	for name, test := range map[string]struct {
		method, target string
		body           any
		status         int
		code, location string
	}{
		"an unknown member":    {http.MethodPatch, "/v1/me", `{"presence":true}`, 422, "validation", "body.presence"},
		"a wrong type":         {http.MethodPatch, "/v1/me", `{"available":"yes"}`, 422, "validation", "body.available"},
		"an unknown parameter": {http.MethodGet, "/v1/agents?limt=3", nil, 422, "validation", "query.limt"},
		"no id":                {http.MethodPatch, "/v1/agents/me", `{}`, 422, "validation", "path.id"},
		"no word of ours":      {http.MethodPatch, "/v1/agents/" + uuid.NewString(), `{"state":"asleep"}`, 422, "validation", "body.state"},
		"no JSON":              {http.MethodPatch, "/v1/me", `{`, 400, "bad_request", "body"},
		"no body":              {http.MethodPatch, "/v1/me", nil, 400, "bad_request", ""},
		"a large body":         {http.MethodPatch, "/v1/me", `{"preferences":{"a":"` + strings.Repeat("x", 1<<20) + `"}}`, 413, "too_large", ""},
		"large preferences":    {http.MethodPatch, "/v1/me", `{"preferences":{"a":"` + strings.Repeat("x", 16<<10) + `"}}`, 422, "validation", "body.preferences"},
		"preferences of one":   {http.MethodPatch, "/v1/me", `{"preferences":1}`, 422, "validation", "body.preferences"},
	} {
		p := boss.WantProblem(test.status, test.code, test.method, test.target, test.body)
		if test.location != "" && (len(p.Errors) != 1 || p.Errors[0].Location != test.location) {
			t.Errorf("%s: %+v", name, p.Errors)
		}
		if p.RequestID == "" || p.Title == "" || p.Detail == "" || p.Type != "about:blank" {
			t.Errorf("%s: not all of a problem: %+v", name, p)
		}
	}
	if answer := boss.Do(http.MethodPatch, "/v1/me", "a=1", "Content-Type", "application/x-www-form-urlencoded"); answer.Status != http.StatusUnsupportedMediaType {
		t.Errorf("a form: %d %s", answer.Status, answer.Body)
	}
}

// broken is a store whose database does not do what it is asked.
type broken struct {
	api.Store
	err error
}

func (b broken) Agents(context.Context) ([]inbox.Agent, error) {
	if b.err == nil {
		panic("out of agents")
	}
	return nil, b.err
}

func TestFailuresAreProblemsAndAreLoggedOnce(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err    error
		status int
		code   string
		retry  string
	}{
		"an unreachable database": {inbox.ErrUnavailable, 503, "unavailable", "2"},
		"no time left":            {context.DeadlineExceeded, 503, "unavailable", "2"},
		"a mistake of ours":       {errors.New("column does not exist: secret"), 500, "internal", ""},
		"a panic":                 {nil, 500, "internal", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			d := apitest.New(t, func(o *api.Options) {
				o.Store, o.Log = broken{o.Store, test.err}, slog.New(slog.NewTextHandler(&log, nil))
			})
			answer := d.Agent("ada").Do(http.MethodGet, "/v1/agents", nil)
			if p := answer.Problem(); answer.Status != test.status || p.Code != test.code || strings.Contains(p.Detail, "secret") {
				t.Errorf("%d %s", answer.Status, answer.Body)
			}
			if got := answer.Header.Get("Retry-After"); got != test.retry {
				t.Errorf("Retry-After %q", got)
			}
			if lines := strings.Count(log.String(), "\n"); lines != 1 || !strings.Contains(log.String(), answer.Problem().RequestID) {
				t.Errorf("logged in %d lines: %s", lines, log.String())
			}
		})
	}
}
