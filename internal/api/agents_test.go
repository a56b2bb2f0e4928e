package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/internal/api"
	"omni/internal/api/apitest"
	"omni/internal/inbox"
)

func TestMe(t *testing.T) {
	t.Parallel()
	d := apitest.New(t)
	ada := d.Agent("ada")
	var me api.Me
	ada.Want(http.StatusOK, http.MethodGet, "/v1/me", nil, &me)
	if me.Name != "ada" || me.Email == nil || *me.Email != "ada@example.com" || me.Role != inbox.RoleAgent || me.State != inbox.AgentActive || !me.Available {
		t.Errorf("I am %+v", me)
	}
	ada.Want(http.StatusOK, http.MethodPatch, "/v1/me", `{"preferences":{"theme":"dark","z":[1,{"a":null}]},"available":false}`, &me)
	var preferences map[string]any
	if err := json.Unmarshal(me.Preferences, &preferences); err != nil || preferences["theme"] != "dark" || me.Available {
		t.Errorf("%v, %+v", err, me)
	}
	ada.Want(http.StatusOK, http.MethodPatch, "/v1/me", `{"available":true}`, &me)
	if string(me.Preferences) != `{"theme":"dark","z":[1,{"a":null}]}` || !me.Available {
		t.Errorf("what was not named did not stay: %+v", me)
	}
}

func TestAgents(t *testing.T) {
	t.Parallel()
	d := apitest.New(t)
	boss, ada := d.Admin("boss"), d.Agent("ada")
	var list api.List[api.Agent]
	path := "/v1/agents/" + ada.ID().String()
	boss.Want(http.StatusOK, http.MethodGet, "/v1/agents", nil, &list)
	if len(list.Items) != 2 || list.Items[0].Name != "ada" || list.Items[1].Role != inbox.RoleAdmin {
		t.Errorf("there are %+v", list.Items)
	}
	var changed api.Agent
	boss.Want(http.StatusOK, http.MethodPatch, path, `{"state":"disabled","available":false}`, &changed)
	if changed.State != inbox.AgentDisabled || changed.Available {
		t.Errorf("changed to %+v", changed)
	}
	ada.WantProblem(http.StatusForbidden, "agent_disabled", http.MethodGet, "/v1/me", nil)
	boss.Want(http.StatusOK, http.MethodPatch, path, `{"state":"active"}`, &changed)
	ada.Want(http.StatusOK, http.MethodGet, "/v1/me", nil, nil)

	boss.WantProblem(http.StatusConflict, "self", http.MethodPatch, "/v1/agents/"+boss.ID().String(), `{"state":"disabled"}`)
	boss.WantProblem(http.StatusNotFound, "not_found", http.MethodPatch, "/v1/agents/"+uuid.NewString(), `{"state":"disabled"}`)
	want(t, feed(t, d), "agents.updated", "agents.updated", "agents.updated", "agents.updated")
}

// noting counts how often agents are noted.
type noting struct {
	api.Store
	noted atomic.Int32
}

func (n *noting) SeeAgent(ctx context.Context, seen inbox.Agent) (inbox.Agent, error) {
	n.noted.Add(1)
	return n.Store.SeeAgent(ctx, seen)
}

func TestAnAgentIsNotedOnceAMinute(t *testing.T) {
	t.Parallel()
	var clock atomic.Int64
	var counted *noting
	d := apitest.New(t, func(o *api.Options) {
		counted = &noting{Store: o.Store}
		o.Store, o.Now = counted, func() time.Time { return time.Unix(clock.Load(), 0) }
	})
	for _, step := range []struct {
		name  string
		at    int64
		who   *apitest.Client
		noted int32
	}{
		{"the first time", 0, d.Agent("ada"), 1}, {"again", 59, d.Agent("ada"), 1}, {"another", 59, d.Agent("ben"), 2}, {"a minute later", 60, d.Agent("ada"), 3},
		{"at once when the role is another", 61, d.Admin("ada"), 4}, {"in it", 62, d.Admin("ada"), 4},
	} {
		clock.Store(step.at)
		step.who.Want(http.StatusOK, http.MethodGet, "/v1/agents", nil, nil)
		if got := counted.noted.Load(); got != step.noted {
			t.Errorf("%s: noted %d times, want %d", step.name, got, step.noted)
		}
	}
	want(t, feed(t, d), "agents.updated", "agents.updated", "agents.updated")
}

// What the identity provider says of somebody, as API Gateway renders it.
func TestRolesAndNamesComeFromTheClaims(t *testing.T) {
	t.Parallel()
	d := apitest.New(t)
	for name, test := range map[string]struct {
		claims map[string]string
		want   string
		role   inbox.Role
	}{
		"one group":          {map[string]string{"sub": "1", "name": "Ada", "cognito:groups": "[admin]"}, "Ada", inbox.RoleAdmin},
		"several groups":     {map[string]string{"sub": "2", "name": "Ada", "cognito:groups": "[staff admin]"}, "Ada", inbox.RoleAdmin},
		"as JSON":            {map[string]string{"sub": "3", "name": "Ada", "cognito:groups": `["staff","admin"]`}, "Ada", inbox.RoleAdmin},
		"another group":      {map[string]string{"sub": "4", "name": "Ada", "cognito:groups": "[administrators]"}, "Ada", inbox.RoleAgent},
		"no group":           {map[string]string{"sub": "5", "name": "Ada"}, "Ada", inbox.RoleAgent},
		"no name":            {map[string]string{"sub": "6", "email": "ada@example.com"}, "ada@example.com", inbox.RoleAgent},
		"nothing but an id":  {map[string]string{"sub": "7", "name": " "}, "7", inbox.RoleAgent},
		"a strange name":     {map[string]string{"sub": "8", "name": "A\x00da\xff"}, "Ada\ufffd", inbox.RoleAgent},
		"claims without sub": {map[string]string{"name": "Ada", "cognito:groups": "[admin]"}, "", ""},
	} {
		client := d.Claims(test.claims)
		if test.role == "" {
			client.WantProblem(http.StatusUnauthorized, "unauthenticated", http.MethodGet, "/v1/me", nil)
			continue
		}
		var me api.Me
		client.Want(http.StatusOK, http.MethodGet, "/v1/me", nil, &me)
		if me.Name != test.want || me.Role != test.role {
			t.Errorf("%s: %+v", name, me)
		}
	}
}
