package api

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"omni/internal/inbox"
)

// ErasureStore keeps the erasures.
type ErasureStore interface {
	BeginErasure(ctx context.Context, by inbox.Actor, contact uuid.UUID, reason string) (erasure uuid.UUID, told []uuid.UUID, err error)
	Erasure(context.Context, uuid.UUID) (inbox.Erasure, error)
	// Erasures returns erasures behind a place, the latest first, at most so many.
	Erasures(ctx context.Context, after inbox.LogPlace, most int) ([]inbox.Erasure, error)
}

// Eraser does erasures that were ordered.
type Eraser interface {
	Start(ctx context.Context, erasure uuid.UUID)
}

// Erasure is the order to forget a contact, and the receipt of it.
type Erasure struct {
	ID         uuid.UUID         `json:"id"`
	ContactID  uuid.UUID         `json:"contact_id" doc:"Who is forgotten. Nothing else has this id any more when it is done."`
	State      string            `json:"state" enum:"running,done"`
	Step       string            `json:"step" doc:"What is being removed while it runs."`
	Reason     string            `json:"reason"`
	Agent      *AgentRef         `json:"agent" doc:"Who asked for it; null: an operator at the command line."`
	AskedAt    Time              `json:"asked_at"`
	FinishedAt *Time             `json:"finished_at" doc:"null: it is under way."`
	Removed    []ErasedThings    `json:"removed" doc:"What is gone, by kind."`
	Identities []ErasedIdentity  `json:"identities" doc:"By which the contact was known. Their values are not kept, only hashes with which one that is named is recognised."`
	Remains    []ErasureRemnants `json:"remains" doc:"Where copies may be that no erasure reaches."`
}

// ErasedThings is how many of a kind of thing are gone.
type ErasedThings struct {
	Kind  string `json:"kind" doc:"messages, attachments, files, webhooks, notes, ..."`
	Count int64  `json:"count"`
}

// ErasedIdentity is an id by which a contact was known, without its value.
type ErasedIdentity struct {
	Channel string `json:"channel"`
	Kind    string `json:"kind" doc:"wa_id, psid, ..."`
}

// ErasureRemnants is a place with copies that no erasure reaches.
type ErasureRemnants struct {
	Place string `json:"place" enum:"platform,subscribers,backups,logs"`
	Until string `json:"until" doc:"When they go, or who has to remove them."`
}

// remains is what docs/privacy.md tells at greater length.
var remains = []ErasureRemnants{
	{Place: "platform", Until: "The platform and the person's own devices keep what they have."},
	{Place: "subscribers", Until: "Endpoints are told by contact.erased, and have to remove their copies themselves."},
	{Place: "backups", Until: "Backups of the database end with their retention."},
	{Place: "logs", Until: "Logs hold ids of messages, and end with their retention."},
}

type eraseContact struct {
	ID   uuid.UUID `path:"id"`
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"Stays in the receipt: say nothing of the person in it."`
	} `nameHint:"ContactErasure"`
}

type listErasures struct{ Paging }

func (a *API) erasures() {
	register(a, admins, huma.Operation{
		OperationID: "eraseContact", Method: http.MethodPost, Path: "/v1/contacts/{id}/erasure", Tags: contactTags, DefaultStatus: http.StatusAccepted,
		Summary: "Forget a contact, with everything that came from them",
		Description: "Nothing finds the contact from here on, and nothing brings them back. The answer is the receipt: it is filled in while the rest is removed. " +
			"Asking again gives the same one.",
	}, a.eraseContact)
	register(a, admins, huma.Operation{
		OperationID: "listErasures", Method: http.MethodGet, Path: "/v1/erasures", Tags: contactTags,
		Summary: "Receipts of erasures, the latest first",
	}, a.listErasures)
	register(a, admins, huma.Operation{
		OperationID: "getErasure", Method: http.MethodGet, Path: "/v1/erasures/{id}", Tags: contactTags,
		Summary: "The receipt of an erasure",
	}, a.getErasure)
}

func (a *API) eraseContact(ctx context.Context, in *eraseContact) (*answer[Erasure], error) {
	id, told, err := a.Store.BeginErasure(ctx, actor(ctx), in.ID, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	a.notify(ctx, told)
	if a.Erasures != nil {
		a.Erasures.Start(ctx, id)
	}
	return a.erasure(ctx, id)
}

func (a *API) getErasure(ctx context.Context, in *byID) (*answer[Erasure], error) {
	return a.erasure(ctx, in.ID)
}

func (a *API) erasure(ctx context.Context, id uuid.UUID) (*answer[Erasure], error) {
	found, err := a.Store.Erasure(ctx, id)
	return reply(erasureOf(found)), err
}

func (a *API) listErasures(ctx context.Context, in *listErasures) (*answer[Page[Erasure]], error) {
	after, err := readPlace(in.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := a.Store.Erasures(ctx, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	page, err := pageOf(found, in.Limit, erasureOf, func(e inbox.Erasure) timePlace { return timePlace{e.AskedAt, e.ID} })
	return reply(page), err
}

func erasureOf(e inbox.Erasure) Erasure {
	removed := []ErasedThings{}
	for _, kind := range slices.Sorted(maps.Keys(e.Removed)) {
		removed = append(removed, ErasedThings{Kind: kind, Count: e.Removed[kind]})
	}
	return Erasure{
		ID: e.ID, ContactID: e.Contact, State: string(e.State), Step: string(e.Step), Reason: e.Reason, Agent: agentRef(e.Agent, e.AgentName),
		AskedAt: Time(e.AskedAt), FinishedAt: maybeTime(e.FinishedAt), Removed: removed,
		Identities: each(e.Identities, func(i inbox.ErasedIdentity) ErasedIdentity { return ErasedIdentity{Channel: i.Channel, Kind: i.Kind} }),
		Remains:    remains,
	}
}
