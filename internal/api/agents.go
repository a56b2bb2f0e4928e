package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"omni/internal/inbox"
)

// AgentStore keeps the agents.
type AgentStore interface {
	SeeAgent(context.Context, inbox.Agent) (inbox.Agent, error)
	Agents(context.Context) ([]inbox.Agent, error)
	Agent(context.Context, uuid.UUID) (inbox.Agent, error)
	ChangeAgent(context.Context, inbox.Actor, uuid.UUID, inbox.AgentChange) error
}

// Agent is somebody who works here.
type Agent struct {
	ID                uuid.UUID        `json:"id"`
	Name              string           `json:"name"`
	Email             *string          `json:"email" doc:"null: the identity provider does not say."`
	Role              inbox.Role       `json:"role" enum:"agent,admin"`
	State             inbox.AgentState `json:"state" enum:"active,disabled"`
	Available         bool             `json:"available" doc:"They take conversations now."`
	LastSeenAt        Time             `json:"last_seen_at" doc:"To the minute."`
	OpenConversations int              `json:"open_conversations" doc:"That are assigned to them."`
}

// Me is the caller.
type Me struct {
	Agent
	Preferences Object `json:"preferences" doc:"The dashboard's own: whatever it keeps for this agent."`
}

// maxPreferences is how large the preferences of an agent may be, in bytes.
const maxPreferences = 16 << 10

type changeMe struct {
	Body struct {
		Available   *bool  `json:"available,omitempty"`
		Preferences Object `json:"preferences,omitempty" doc:"In the place of those that were; at most 16 KB."`
	} `nameHint:"MeChange"`
}

type changeAgent struct {
	ID   uuid.UUID `path:"id"`
	Body struct {
		State     *inbox.AgentState `json:"state,omitempty" enum:"active,disabled" doc:"disabled: refused, whatever their token says, within a minute."`
		Available *bool             `json:"available,omitempty"`
	} `nameHint:"AgentChange"`
}

func (a *API) agents() {
	register(a, everybody, huma.Operation{
		OperationID: "getMe", Method: http.MethodGet, Path: "/v1/me", Tags: []string{"Agents"},
		Summary: "Who I am",
	}, a.me)
	register(a, everybody, huma.Operation{
		OperationID: "changeMe", Method: http.MethodPatch, Path: "/v1/me", Tags: []string{"Agents"},
		Summary: "Change what is mine", Description: "What is not named stays.",
	}, a.changeMe)
	register(a, everybody, huma.Operation{
		OperationID: "listAgents", Method: http.MethodGet, Path: "/v1/agents", Tags: []string{"Agents"},
		Summary: "Everybody who ever signed in, by name",
	}, a.listAgents)
	register(a, admins, huma.Operation{
		OperationID: "changeAgent", Method: http.MethodPatch, Path: "/v1/agents/{id}", Tags: []string{"Agents"},
		Summary:     "Let an agent in or not, or say that they are there or not",
		Description: "What is not named stays. Nobody can disable themselves: 409 `self`.",
	}, a.changeAgent)
}

func (a *API) me(ctx context.Context, _ *struct{}) (*answer[Me], error) {
	found, err := a.Store.Agent(ctx, caller(ctx).ID)
	if err != nil {
		return nil, err
	}
	return reply(Me{agentOf(found), Object(found.Preferences)}), nil
}

func (a *API) changeMe(ctx context.Context, in *changeMe) (*answer[Me], error) {
	if len(in.Body.Preferences) > maxPreferences {
		return nil, invalid("body.preferences", "Preferences have at most 16 KB.")
	}
	change := inbox.AgentChange{Available: in.Body.Available, Preferences: json.RawMessage(in.Body.Preferences)}
	if err := a.Store.ChangeAgent(ctx, actor(ctx), caller(ctx).ID, change); err != nil {
		return nil, err
	}
	return a.me(ctx, nil)
}

func (a *API) listAgents(ctx context.Context, _ *struct{}) (*answer[List[Agent]], error) {
	all, err := a.Store.Agents(ctx)
	return reply(listOf(all, agentOf)), err
}

func (a *API) changeAgent(ctx context.Context, in *changeAgent) (*answer[Agent], error) {
	change := inbox.AgentChange{State: in.Body.State, Available: in.Body.Available}
	if in.ID == caller(ctx).ID && change.State != nil && *change.State == inbox.AgentDisabled {
		return nil, conflict("self", "You cannot disable yourself.")
	}
	if err := a.Store.ChangeAgent(ctx, actor(ctx), in.ID, change); err != nil {
		return nil, err
	}
	a.staff.forget()
	found, err := a.Store.Agent(ctx, in.ID)
	return reply(agentOf(found)), err
}

func agentOf(of inbox.Agent) Agent {
	return Agent{
		ID: of.ID, Name: of.Name, Email: maybe(of.Email), Role: of.Role, State: of.State, Available: of.Available, LastSeenAt: Time(of.LastSeenAt),
		OpenConversations: of.Open,
	}
}
