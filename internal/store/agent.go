package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"omni/gen/db"
	"omni/internal/inbox"
)

// SeeAgent notes that somebody is here, of whom the identity provider says Subject, Name, Email and Role, and returns what is known of them. Their id
// stays what it was at their first visit. [Store.Changes] counts it if they are new, or called otherwise.
func (s *Store) SeeAgent(ctx context.Context, seen inbox.Agent) (inbox.Agent, error) {
	row, err := s.q.AgentSee(ctx, db.AgentSeeParams{
		ID: newID(), Subject: clean(seen.Subject), Name: clean(seen.Name), Email: optional(seen.Email), Role: string(seen.Role),
	})
	if err != nil {
		return inbox.Agent{}, interpretError("noting an agent", err)
	}
	if row.Told {
		s.changes.add(nil)
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
		err = tx.q.AgentUpdate(ctx, db.AgentUpdateParams{
			ID: id, State: (*string)(change.State), Available: change.Available, Preferences: change.Preferences,
		})
		what := map[string]difference{}
		differs(what, "state", inbox.AgentState(before.State), change.State)
		differs(what, "available", before.Available, change.Available)
		if err != nil || len(what) == 0 {
			return err
		}
		return tx.note(ctx, by, inbox.AuditEntry{Action: "agent.changed", Object: id.String()}, what, "agents.updated")
	})
}

func agentOf(r db.Agent) inbox.Agent {
	return inbox.Agent{
		ID: r.ID, Subject: r.Subject, Name: r.Name, Email: value(r.Email), Role: inbox.Role(r.Role), State: inbox.AgentState(r.State),
		Available: r.Available, Preferences: r.Preferences, LastSeenAt: r.LastSeenAt,
	}
}
