package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
)

// BulkChange is what can be changed of many conversations at once. What is absent stays.
type BulkChange struct {
	ConversationChange
	AddLabelIDs    []uuid.UUID `json:"add_label_ids,omitempty" maxItems:"50"`
	RemoveLabelIDs []uuid.UUID `json:"remove_label_ids,omitempty" maxItems:"50"`
	Read           *bool       `json:"read,omitempty" doc:"false: they count as unread."`
}

// BulkResult is what became of one conversation.
type BulkResult struct {
	ID      uuid.UUID `json:"id" doc:"As it was given."`
	OK      bool      `json:"ok"`
	Problem *Problem  `json:"problem,omitempty" doc:"Why not."`
}

// BulkResults are what became of each.
type BulkResults struct {
	Results []BulkResult `json:"results"`
}

type changeConversations struct {
	Body struct {
		IDs     []uuid.UUID `json:"ids" minItems:"1" maxItems:"100"`
		Changes BulkChange  `json:"changes"`
	} `nameHint:"BulkRequest"`
}

func (a *API) bulk() {
	register(a, everybody, huma.Operation{
		OperationID: "changeConversations", Method: http.MethodPost, Path: "/v1/conversations/bulk", Tags: conversationTags,
		Summary:     "Change many conversations",
		Description: "Each by itself, in the order given: one that cannot be changed keeps no other from it.",
	}, a.changeConversations)
}

func (a *API) changeConversations(ctx context.Context, in *changeConversations) (*answer[BulkResults], error) {
	change, err := in.Body.Changes.change(a.Now())
	if err != nil {
		return nil, within("changes", err)
	}
	change.AddLabels, change.RemoveLabels, change.Read = in.Body.Changes.AddLabelIDs, in.Body.Changes.RemoveLabelIDs, in.Body.Changes.Read
	results := BulkResults{Results: []BulkResult{}}
	for n, id := range in.Body.IDs {
		if slices.Contains(in.Body.IDs[:n], id) {
			continue
		}
		result := BulkResult{ID: id, OK: true}
		if _, err := a.alter(ctx, id, change); err != nil {
			result.OK = false
			errors.As(a.problem(ctx, err), &result.Problem)
		}
		results.Results = append(results.Results, result)
	}
	return reply(results), nil
}

// within moves what is wrong with a body into a member of the body.
func within(member string, err error) error {
	var p *Problem
	if !errors.As(err, &p) {
		return err
	}
	moved := *p
	moved.Errors = slices.Clone(p.Errors)
	for i, detail := range moved.Errors {
		if rest, ok := strings.CutPrefix(detail.Location, "body."); ok {
			moved.Errors[i].Location = "body." + member + "." + rest
		}
	}
	return &moved
}
