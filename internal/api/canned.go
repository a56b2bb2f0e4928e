package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

// CannedStore keeps the canned replies.
type CannedStore interface {
	CannedReplies(ctx context.Context, agent uuid.UUID) ([]inbox.CannedReply, error)
	AddCannedReply(context.Context, inbox.Actor, inbox.CannedReply) (inbox.CannedReply, error)
	ChangeCannedReply(ctx context.Context, by inbox.Actor, id uuid.UUID, change func(*inbox.CannedReply) error) (inbox.CannedReply, error)
	DeleteCannedReply(ctx context.Context, by inbox.Actor, id uuid.UUID, may func(inbox.CannedReply) error) error
	UseCannedReply(ctx context.Context, agent, id uuid.UUID) error
}

// CannedReply is a text that is often needed.
type CannedReply struct {
	ID        uuid.UUID `json:"id"`
	Shortcut  string    `json:"shortcut" doc:"What is typed after a / to get it."`
	Title     string    `json:"title"`
	Text      string    `json:"text" doc:"With gaps such as {{contact.name}} and {{agent.name}}, which whoever uses it fills."`
	Channels  []string  `json:"channels" doc:"For which it is meant; none: all."`
	Shared    bool      `json:"shared" doc:"It is everybody's; otherwise the caller's own."`
	Uses      int       `json:"uses"`
	UpdatedAt Time      `json:"updated_at"`
}

type addCanned struct {
	Body struct {
		Shortcut string   `json:"shortcut" minLength:"1" maxLength:"40" pattern:"^[^\\s/]+$" doc:"Without spaces; unique, in any case, among the shared ones and among one's own."`
		Title    string   `json:"title" minLength:"1" maxLength:"100" pattern:"\\S"`
		Text     string   `json:"text" minLength:"1" maxLength:"10000" pattern:"\\S"`
		Channels []string `json:"channels,omitempty" maxItems:"100"`
		Shared   bool     `json:"shared,omitempty" doc:"For everybody: only administrators."`
	} `nameHint:"NewCannedReply"`
}

type changeCanned struct {
	ID   uuid.UUID `path:"id"`
	Body struct {
		Shortcut *string  `json:"shortcut,omitempty" minLength:"1" maxLength:"40" pattern:"^[^\\s/]+$"`
		Title    *string  `json:"title,omitempty" minLength:"1" maxLength:"100" pattern:"\\S"`
		Text     *string  `json:"text,omitempty" minLength:"1" maxLength:"10000" pattern:"\\S"`
		Channels []string `json:"channels,omitempty" maxItems:"100"`
		Shared   *bool    `json:"shared,omitempty" doc:"Only administrators. One that is shared no more is the caller's own."`
	} `nameHint:"CannedReplyChange"`
}

func (a *API) cannedReplies() {
	register(a, everybody, huma.Operation{
		OperationID: "listCannedReplies", Method: http.MethodGet, Path: "/v1/canned-replies", Tags: []string{"Canned replies"},
		Summary: "The shared ones and one's own, by shortcut",
	}, a.listCanned)
	register(a, everybody, huma.Operation{
		OperationID: "createCannedReply", Method: http.MethodPost, Path: "/v1/canned-replies", Tags: []string{"Canned replies"},
		DefaultStatus: http.StatusCreated, Summary: "Make a canned reply", Description: "409 `taken`: there is one of the shortcut.",
	}, a.createCanned)
	register(a, everybody, huma.Operation{
		OperationID: "changeCannedReply", Method: http.MethodPatch, Path: "/v1/canned-replies/{id}", Tags: []string{"Canned replies"},
		Summary: "Change a canned reply", Description: "What is not named stays. Only administrators change shared ones. 409 `taken`: there is one of the shortcut.",
	}, a.changeCanned)
	register(a, everybody, huma.Operation{
		OperationID: "deleteCannedReply", Method: http.MethodDelete, Path: "/v1/canned-replies/{id}", Tags: []string{"Canned replies"},
		Summary: "Forget a canned reply", Description: "Only administrators forget shared ones.",
	}, a.deleteCanned)
	register(a, everybody, huma.Operation{
		OperationID: "useCannedReply", Method: http.MethodPost, Path: "/v1/canned-replies/{id}/used", Tags: []string{"Canned replies"},
		Summary: "Count that it was used",
	}, a.useCanned)
}

func (a *API) listCanned(ctx context.Context, _ *struct{}) (*answer[List[CannedReply]], error) {
	all, err := a.Store.CannedReplies(ctx, caller(ctx).ID)
	return reply(listOf(all, cannedOf)), err
}

func (a *API) createCanned(ctx context.Context, in *addCanned) (*answer[CannedReply], error) {
	b := in.Body
	new := inbox.CannedReply{Shortcut: b.Shortcut, Title: b.Title, Text: b.Text, Channels: b.Channels, Owner: owner(ctx, b.Shared)}
	if err := checkCanned(ctx, new); err != nil {
		return nil, err
	}
	made, err := a.Store.AddCannedReply(ctx, actor(ctx), new)
	return reply(cannedOf(made)), err
}

func (a *API) changeCanned(ctx context.Context, in *changeCanned) (*answer[CannedReply], error) {
	b := in.Body
	made, err := a.Store.ChangeCannedReply(ctx, actor(ctx), in.ID, func(r *inbox.CannedReply) error {
		if err := mayChangeCanned(ctx, *r); err != nil {
			return err
		}
		put(&r.Shortcut, b.Shortcut)
		put(&r.Title, b.Title)
		put(&r.Text, b.Text)
		if b.Channels != nil {
			r.Channels = b.Channels
		}
		if b.Shared != nil {
			r.Owner = owner(ctx, *b.Shared)
		}
		return checkCanned(ctx, *r)
	})
	return reply(cannedOf(made)), err
}

// put writes a value that is given.
func put[T any](to *T, given *T) {
	if given != nil {
		*to = *given
	}
}

func (a *API) deleteCanned(ctx context.Context, in *byID) (*struct{}, error) {
	return nil, a.Store.DeleteCannedReply(ctx, actor(ctx), in.ID, func(r inbox.CannedReply) error { return mayChangeCanned(ctx, r) })
}

func (a *API) useCanned(ctx context.Context, in *byID) (*struct{}, error) {
	return nil, a.Store.UseCannedReply(ctx, caller(ctx).ID, in.ID)
}

// owner is whose a reply of the caller is.
func owner(ctx context.Context, shared bool) uuid.UUID {
	if shared {
		return uuid.Nil
	}
	return caller(ctx).ID
}

// checkCanned reports what is wrong with a reply as it is to be.
func checkCanned(ctx context.Context, r inbox.CannedReply) error {
	if i := slices.IndexFunc(r.Channels, func(name string) bool { _, ok := channels.Lookup(name); return !ok }); i >= 0 {
		return invalid("body.channels", "There is no channel "+r.Channels[i]+".")
	}
	return mayChangeCanned(ctx, r)
}

func mayChangeCanned(ctx context.Context, r inbox.CannedReply) error {
	if r.Shared() && caller(ctx).Role != inbox.RoleAdmin {
		return &Problem{Status: http.StatusForbidden, Detail: "Only administrators change canned replies that everybody uses."}
	}
	return nil
}

func cannedOf(of inbox.CannedReply) CannedReply {
	return CannedReply{
		ID: of.ID, Shortcut: of.Shortcut, Title: of.Title, Text: of.Text, Channels: orNone(of.Channels), Shared: of.Shared(), Uses: of.Uses,
		UpdatedAt: Time(of.UpdatedAt),
	}
}

// orNone is never nil: a list without entries is [] in JSON.
func orNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
