package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"omni/gen/db"
	"omni/internal/inbox"
)

// SeeAgent notes that somebody is here, of whom the identity provider says Subject, Name, Email and Role, and returns what is known of them. Their id
// stays what it was at their first visit.
func (s *Store) SeeAgent(ctx context.Context, seen inbox.Agent) (inbox.Agent, error) {
	row, err := s.q.AgentSee(ctx, db.AgentSeeParams{
		ID: newID(), Subject: clean(seen.Subject), Name: clean(seen.Name), Email: optional(seen.Email), Role: string(seen.Role),
	})
	if err != nil {
		return inbox.Agent{}, interpretError("noting an agent", err)
	}
	return agentOf(db.Agent{
		ID: row.ID, Subject: row.Subject, Name: row.Name, Email: row.Email, Role: row.Role, State: row.State, Available: row.Available,
		Preferences: row.Preferences, LastSeenAt: row.LastSeenAt,
	}), nil
}

// Agents returns everybody who ever signed in, by name.
func (s *Store) Agents(ctx context.Context) ([]inbox.Agent, error) {
	return s.agents(ctx, uuid.Nil)
}

// Agent returns one agent, or [inbox.ErrNotFound].
func (s *Store) Agent(ctx context.Context, id uuid.UUID) (inbox.Agent, error) {
	found, err := s.agents(ctx, id)
	if err == nil && len(found) == 0 {
		err = interpretError("reading an agent", notFound(pgx.ErrNoRows))
	}
	if err != nil {
		return inbox.Agent{}, err
	}
	return found[0], nil
}

func (s *Store) agents(ctx context.Context, id uuid.UUID) ([]inbox.Agent, error) {
	rows, err := s.q.AgentList(ctx, optionalID(id))
	if err != nil {
		return nil, interpretError("reading agents", err)
	}
	all := make([]inbox.Agent, len(rows))
	for i, row := range rows {
		all[i] = agentOf(row.Agent)
		all[i].Open = int(row.Open)
	}
	return all, nil
}

// ChangeAgent changes an agent. It is audited and told to clients, unless only their preferences change, which are nobody else's.
func (s *Store) ChangeAgent(ctx context.Context, by inbox.Actor, id uuid.UUID, change inbox.AgentChange) error {
	return s.changing(ctx, "changing an agent", func(tx *transaction) error {
		before, err := tx.q.AgentLock(ctx, id)
		if err != nil {
			return notFound(err)
		}
		p := db.AgentUpdateParams{ID: id, State: (*string)(change.State), Available: change.Available, Preferences: change.Preferences}
		queries := []query{func(q *db.Queries) error { return q.AgentUpdate(ctx, p) }}
		if what := agentDifference(before, change); len(what) > 0 {
			entry, err := audited(ctx, by, inbox.AuditEntry{Action: "agent.changed", Object: id.String()}, what, "agents.updated")
			if err != nil {
				return err
			}
			queries = append(queries, entry...)
		}
		return tx.conclude(ctx, queries...)
	})
}

// difference is what something was and what it is now, as the audit log shows it.
type difference struct {
	Was any `json:"was"`
	Is  any `json:"is"`
}

func agentDifference(before db.Agent, change inbox.AgentChange) map[string]difference {
	what := map[string]difference{}
	if change.State != nil && string(*change.State) != before.State {
		what["state"] = difference{before.State, *change.State}
	}
	if change.Available != nil && *change.Available != before.Available {
		what["available"] = difference{before.Available, *change.Available}
	}
	return what
}

func agentOf(r db.Agent) inbox.Agent {
	return inbox.Agent{
		ID: r.ID, Subject: r.Subject, Name: r.Name, Email: value(r.Email), Role: inbox.Role(r.Role), State: inbox.AgentState(r.State),
		Available: r.Available, Preferences: r.Preferences, LastSeenAt: r.LastSeenAt,
	}
}
