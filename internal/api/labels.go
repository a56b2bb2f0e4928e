package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"omni/internal/inbox"
)

// LabelStore keeps the labels.
type LabelStore interface {
	Labels(context.Context) ([]inbox.Label, error)
	Label(context.Context, uuid.UUID) (inbox.Label, error)
	AddLabel(ctx context.Context, by inbox.Actor, name, color string) (inbox.Label, error)
	ChangeLabel(ctx context.Context, by inbox.Actor, id uuid.UUID, change inbox.LabelChange) error
	DeleteLabel(ctx context.Context, by inbox.Actor, id uuid.UUID) error
}

// Label is a word by which conversations are sorted.
type Label struct {
	ID            uuid.UUID `json:"id"`
	Name          string    `json:"name"`
	Color         string    `json:"color" doc:"#rrggbb"`
	Conversations int       `json:"conversations" doc:"How many have it; at most 1,000 are counted."`
}

type addLabel struct {
	Body struct {
		Name  string `json:"name" minLength:"1" maxLength:"50" pattern:"\\S" doc:"Unique, in any case."`
		Color string `json:"color" pattern:"^#[0-9a-fA-F]{6}$"`
	} `nameHint:"NewLabel"`
}

type changeLabel struct {
	ID   uuid.UUID `path:"id"`
	Body struct {
		Name  *string `json:"name,omitempty" minLength:"1" maxLength:"50" pattern:"\\S"`
		Color *string `json:"color,omitempty" pattern:"^#[0-9a-fA-F]{6}$"`
	} `nameHint:"LabelChange"`
}

// byID is the input of an operation on one thing.
type byID struct {
	ID uuid.UUID `path:"id"`
}

func (a *API) labels() {
	register(a, everybody, huma.Operation{
		OperationID: "listLabels", Method: http.MethodGet, Path: "/v1/labels", Tags: []string{"Labels"}, Summary: "All labels, by name",
	}, a.listLabels)
	register(a, admins, huma.Operation{
		OperationID: "createLabel", Method: http.MethodPost, Path: "/v1/labels", Tags: []string{"Labels"}, DefaultStatus: http.StatusCreated,
		Summary: "Make a label", Description: "409 `taken`: there is one of the name.",
	}, a.createLabel)
	register(a, admins, huma.Operation{
		OperationID: "changeLabel", Method: http.MethodPatch, Path: "/v1/labels/{id}", Tags: []string{"Labels"},
		Summary: "Change a label", Description: "What is not named stays. 409 `taken`: there is one of the name.",
	}, a.changeLabel)
	register(a, admins, huma.Operation{
		OperationID: "deleteLabel", Method: http.MethodDelete, Path: "/v1/labels/{id}", Tags: []string{"Labels"},
		Summary: "Forget a label", Description: "It is taken off every conversation.",
	}, a.deleteLabel)
}

func (a *API) listLabels(ctx context.Context, _ *struct{}) (*answer[List[Label]], error) {
	all, err := a.Store.Labels(ctx)
	return reply(listOf(all, labelOf)), err
}

func (a *API) createLabel(ctx context.Context, in *addLabel) (*answer[Label], error) {
	made, err := a.Store.AddLabel(ctx, actor(ctx), strings.TrimSpace(in.Body.Name), strings.ToLower(in.Body.Color))
	return reply(labelOf(made)), err
}

func (a *API) changeLabel(ctx context.Context, in *changeLabel) (*answer[Label], error) {
	change := inbox.LabelChange{Name: changed(in.Body.Name, strings.TrimSpace), Color: changed(in.Body.Color, strings.ToLower)}
	if err := a.Store.ChangeLabel(ctx, actor(ctx), in.ID, change); err != nil {
		return nil, err
	}
	found, err := a.Store.Label(ctx, in.ID)
	return reply(labelOf(found)), err
}

// changed is a value as it is stored, if there is one.
func changed(value *string, how func(string) string) *string {
	if value == nil {
		return nil
	}
	stored := how(*value)
	return &stored
}

func (a *API) deleteLabel(ctx context.Context, in *byID) (*struct{}, error) {
	return nil, a.Store.DeleteLabel(ctx, actor(ctx), in.ID)
}

func labelOf(of inbox.Label) Label {
	return Label{ID: of.ID, Name: of.Name, Color: of.Color, Conversations: of.Conversations}
}
