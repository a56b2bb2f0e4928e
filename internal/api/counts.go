package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"omni/internal/inbox"
)

// Counts are how many conversations there are in the lists that an agent sees first.
type Counts struct {
	Mine             int  `json:"mine" doc:"Open ones that I look after."`
	Unassigned       int  `json:"unassigned" doc:"Open ones that nobody looks after."`
	All              int  `json:"all" doc:"Open ones."`
	MineUnread       int  `json:"mine_unread"`
	UnassignedUnread int  `json:"unassigned_unread"`
	Snoozed          int  `json:"snoozed"`
	Pending          int  `json:"pending"`
	DeadLetters      int  `json:"dead_letters"`
	Capped           bool `json:"capped" doc:"One of them is above 1,000, and not counted further."`
}

func (a *API) counts() {
	register(a, everybody, huma.Operation{
		OperationID: "getCounts", Method: http.MethodGet, Path: "/v1/counts", Tags: conversationTags,
		Summary: "How many conversations there are", Description: "Each is counted up to 1,000.",
	}, a.getCounts)
}

func (a *API) getCounts(ctx context.Context, _ *struct{}) (*answer[Counts], error) {
	a.wake(ctx)
	found, err := a.Store.Counts(ctx, caller(ctx).ID)
	if err != nil {
		return nil, err
	}
	var counts Counts
	upTo := func(n int) int {
		counts.Capped = counts.Capped || n > inbox.CountLimit
		return min(n, inbox.CountLimit)
	}
	counts.Mine, counts.Unassigned, counts.All = upTo(found.Mine), upTo(found.Unassigned), upTo(found.All)
	counts.MineUnread, counts.UnassignedUnread = upTo(found.MineUnread), upTo(found.UnassignedUnread)
	counts.Snoozed, counts.Pending, counts.DeadLetters = upTo(found.Snoozed), upTo(found.Pending), upTo(found.DeadLetters)
	return reply(counts), nil
}
