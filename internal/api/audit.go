package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"omni/internal/inbox"
)

// AuditStore has the audit log.
type AuditStore interface {
	// Audit returns entries behind a place, the latest first, at most so many.
	Audit(ctx context.Context, f inbox.AuditFilter, after inbox.LogPlace, most int) ([]inbox.AuditEntry, error)
}

// AgentRef names an agent.
type AgentRef struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
}

// agentRef is null for nobody.
func agentRef(id uuid.UUID, name string) *AgentRef {
	if id == uuid.Nil {
		return nil
	}
	return &AgentRef{ID: id, Name: name}
}

// AuditEntry is something that was done.
type AuditEntry struct {
	ID           uuid.UUID  `json:"id"`
	At           Time       `json:"at"`
	Agent        *AgentRef  `json:"agent" doc:"null: the product itself, or an operator at the command line."`
	Action       string     `json:"action" doc:"conversation.assigned, label.created, dead_letters.redriven, ..."`
	Object       *string    `json:"object" doc:"The id of what was changed."`
	Conversation *uuid.UUID `json:"conversation" doc:"That it happened to; null: it is about none."`
	Detail       Object     `json:"detail" doc:"What it was and what it is now."`
}

type listAudit struct {
	Paging
	Agent        uuid.UUID `query:"agent" doc:"Only what this agent did."`
	Action       string    `query:"action" maxLength:"100" doc:"Only this action, or a family such as label.*"`
	Conversation uuid.UUID `query:"conversation" doc:"Only what happened to this conversation."`
}

func (a *API) audit() {
	register(a, admins, huma.Operation{
		OperationID: "listAudit", Method: http.MethodGet, Path: "/v1/audit", Tags: []string{"Audit"},
		Summary: "Who changed what, the latest first",
	}, a.listAudit)
}

func (a *API) listAudit(ctx context.Context, in *listAudit) (*answer[Page[AuditEntry]], error) {
	after, err := readPlace(in.Cursor)
	if err != nil {
		return nil, err
	}
	f := inbox.AuditFilter{Agent: in.Agent, Action: in.Action, Conversation: in.Conversation}
	found, err := a.Store.Audit(ctx, f, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	page, err := pageOf(found, in.Limit, auditOf, func(e inbox.AuditEntry) timePlace { return timePlace{e.At, e.ID} })
	return reply(page), err
}

func auditOf(of inbox.AuditEntry) AuditEntry {
	return AuditEntry{
		ID: of.ID, At: Time(of.At), Agent: agentRef(of.Agent, of.AgentName), Action: of.Action, Object: maybe(of.Object),
		Conversation: maybe(of.Conversation), Detail: Object(of.Detail),
	}
}

// timePlace is a place in a list that is ordered by time, the latest first, in a cursor.
type timePlace struct {
	At time.Time `json:"at"` // to the microsecond, which is all that the database knows
	ID uuid.UUID `json:"id"`
}

// readPlace reads the cursor of a list that is ordered by time.
func readPlace(cursor string) (inbox.LogPlace, error) {
	var place timePlace
	err := readCursor(cursor, &place)
	return inbox.LogPlace(place), err
}
