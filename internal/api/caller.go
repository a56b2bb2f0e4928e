package api

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"omni/internal/inbox"
	"omni/internal/patience"
)

// Call is what the gateway knows of a request.
type Call struct {
	RequestID string
	Claims    map[string]string // of the caller's ID token, verified; nil: nobody has signed in
}

type contextKey int

const (
	callKey contextKey = iota
	callerKey
)

// WithCall is a context for a request that the gateway has let through.
func WithCall(ctx context.Context, c Call) context.Context { return context.WithValue(ctx, callKey, c) }

func callOf(ctx context.Context) Call {
	c, _ := ctx.Value(callKey).(Call)
	return c
}

// caller is the agent who does an operation.
func caller(ctx context.Context) inbox.Agent {
	agent, _ := ctx.Value(callerKey).(inbox.Agent)
	return agent
}

// actor is the caller as the audit log names them.
func actor(ctx context.Context) inbox.Actor {
	return inbox.Actor{Agent: caller(ctx).ID, RequestID: callOf(ctx).RequestID}
}

// admit lets nobody do an operation but those who may.
func (a *API) admit(who role) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		agent, err := a.staff.of(ctx.Context())
		switch {
		case err != nil:
			a.refuse(ctx, a.problem(ctx.Context(), err))
		case agent.State == inbox.AgentDisabled:
			a.refuse(ctx, newProblem(ctx.Context(), http.StatusForbidden, "agent_disabled", "Your account is disabled. An administrator can enable it again."))
		case !who.allows(agent.Role):
			a.refuse(ctx, newProblem(ctx.Context(), http.StatusForbidden, "", "Only administrators may do this."))
		default:
			next(huma.WithValue(ctx, callerKey, agent))
		}
	}
}

// noteEvery is how often an instance notes that an agent is here.
const noteEvery = time.Minute

// staff knows the agents by their tokens' claims. The database is told of each at most once a minute, and at once when they are called otherwise.
type staff struct {
	store AgentStore
	now   func() time.Time

	mu   sync.Mutex
	seen map[string]seen // by subject
}

type seen struct {
	claimed inbox.Agent // what the token says
	agent   inbox.Agent // what is stored
	at      time.Time
}

func newStaff(store AgentStore, now func() time.Time) *staff {
	return &staff{store: store, now: now, seen: map[string]seen{}}
}

// of returns the agent who calls.
func (s *staff) of(ctx context.Context) (inbox.Agent, error) {
	claimed, err := claimedBy(callOf(ctx).Claims)
	if err != nil {
		return inbox.Agent{}, err
	}
	s.mu.Lock()
	known, ok := s.seen[claimed.Subject]
	s.mu.Unlock()
	if ok && patience.Lately(s.now(), known.at, noteEvery) && same(known.claimed, claimed) {
		return known.agent, nil
	}
	agent, err := s.store.SeeAgent(ctx, claimed)
	if err != nil {
		return inbox.Agent{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen[claimed.Subject] = seen{claimed, agent, s.now()}
	return agent, nil
}

// forget makes the next request of every agent read what is stored of them.
func (s *staff) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.seen)
}

func same(a, b inbox.Agent) bool {
	return a.Name == b.Name && a.Email == b.Email && a.Role == b.Role
}

// groupsClaim is where Cognito names the groups of somebody.
const groupsClaim = "cognito:groups"

var errNobody = &Problem{Status: http.StatusUnauthorized, Detail: "Sign in first."}

// claimedBy reads who somebody is from the claims of their ID token.
func claimedBy(claims map[string]string) (inbox.Agent, error) {
	if claims["sub"] == "" {
		return inbox.Agent{}, errNobody
	}
	agent := inbox.Agent{Subject: claims["sub"], Email: claims["email"], Role: inbox.RoleAgent}
	agent.Name = cmp.Or(strings.TrimSpace(claims["name"]), agent.Email, agent.Subject)
	for _, group := range groups(claims[groupsClaim]) {
		if group == string(inbox.RoleAdmin) {
			agent.Role = inbox.RoleAdmin
		}
	}
	return agent, nil
}

// groups reads a list as JSON has it, or as API Gateway renders one: [a b].
func groups(claim string) []string {
	var list []string
	if json.Unmarshal([]byte(claim), &list) == nil {
		return list
	}
	return strings.Fields(strings.Trim(claim, "[]"))
}
