package inbox

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"
)

// Role is what somebody who has signed in may do.
type Role string

// The roles.
const (
	RoleAgent Role = "agent" // converses
	RoleAdmin Role = "admin" // administers as well
)

// AgentState says whether an agent is let in.
type AgentState string

// The states of agents.
const (
	AgentActive   AgentState = "active"
	AgentDisabled AgentState = "disabled" // refused, whatever their token says
)

// Agent is somebody who has signed in.
type Agent struct {
	ID          uuid.UUID
	Subject     string // by which the identity provider knows them
	Name        string
	Email       string // empty: the provider does not say
	Role        Role
	State       AgentState
	Available   bool            // takes conversations now
	Preferences json.RawMessage // an object of the dashboard's own
	LastSeenAt  time.Time       // to the minute
	Open        int             // open conversations that are assigned to them
}

// AgentChange is what changes of an agent. Nil: it stays.
type AgentChange struct {
	State       *AgentState
	Available   *bool
	Preferences json.RawMessage
}

// Actor is who changes something, for the audit log.
type Actor struct {
	Agent     uuid.UUID // zero: nobody who has signed in, but the product itself or an operator at the command line
	RequestID string    // of the request by which they do
}

// AuditEntry is something that was done, and by whom.
type AuditEntry struct {
	ID           uuid.UUID
	At           time.Time
	Agent        uuid.UUID // zero: the product itself
	AgentName    string
	Action       string          // conversation.assigned, label.created, ...
	Object       string          // id of what was changed; empty: nothing that has one
	Conversation uuid.UUID       // zero: it is about none
	Detail       json.RawMessage // what it was and what it is now
	RequestID    string
}

// AuditFilter says which entries of the audit log to look for. Zero values filter nothing.
type AuditFilter struct {
	Agent        uuid.UUID
	Action       string // or a family such as label.*
	Conversation uuid.UUID
}

// ErrUnavailable marks an error of the infrastructure that passes: trying again later may succeed.
var ErrUnavailable = errors.New("the database does not answer now")

// ErrTaken means that a name is in use that can be used once.
var ErrTaken = errors.New("this name is taken")
