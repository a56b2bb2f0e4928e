package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"omni/internal/inbox"
)

// TimelineStore keeps the histories.
type TimelineStore interface {
	Timeline(context.Context, inbox.TimelineQuery) (inbox.Timeline, error)
	MessageViews(context.Context, []uuid.UUID) (map[uuid.UUID]inbox.MessageView, error)
}

// Activity is something that happened to a conversation besides what was written.
type Activity struct {
	ID     uuid.UUID `json:"id"`
	At     Time      `json:"at"`
	Agent  *Ref      `json:"agent" doc:"null: the product itself, or the platform."`
	Action string    `json:"action" doc:"conversation.status, conversation.assigned, conversation.labeled, note.edited, note.deleted, ..., or platform. and the type of a system event."`
	Detail Object    `json:"detail" doc:"Of a change, was and is; of labels, added and removed; of a system event, detail, text, person, referral as far as the platform tells."`
}

// TimelineItem is one entry of a history: the member that type names is there.
type TimelineItem struct {
	Type     string    `json:"type" enum:"message,note,activity"`
	Message  *Message  `json:"message,omitempty"`
	Note     *Note     `json:"note,omitempty"`
	Activity *Activity `json:"activity,omitempty"`
}

// Timeline is a part of a history.
type Timeline struct {
	Items []TimelineItem `json:"items" doc:"The latest first."`
	Older *string        `json:"older" doc:"The cursor of what came before; null: nothing did."`
	Newer *string        `json:"newer" doc:"The cursor of what came after; null: this is the end, and what comes from now on is in the feed."`
}

type getTimeline struct {
	ID     uuid.UUID `path:"id"`
	Cursor string    `query:"cursor" maxLength:"1024" doc:"older or newer of another part; without it the latest entries."`
	Limit  int       `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"At most so many items."`
	Around uuid.UUID `query:"around" doc:"A message that is to be in the middle; without a cursor."`
}

// timelineCursor is a place in a history and the direction from there.
type timelineCursor struct {
	inbox.TimelineKey
	Newer bool `json:"newer,omitzero"`
}

func (a *API) timeline() {
	register(a, everybody, huma.Operation{
		OperationID: "getTimeline", Method: http.MethodGet, Path: "/v1/conversations/{id}/timeline", Tags: conversationTags,
		Summary:     "The history of a conversation, part by part",
		Description: "Messages, notes and what happened, by time, the latest first. A cursor goes on in the direction that it was made for. Reactions are part of their message.",
	}, a.getTimeline)
}

func (a *API) getTimeline(ctx context.Context, in *getTimeline) (*answer[Timeline], error) {
	conversation, err := a.Store.Winner(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	wanted := inbox.TimelineQuery{Conversation: conversation, Around: in.Around, Most: in.Limit}
	if in.Cursor != "" {
		var place timelineCursor
		if err := readCursor(in.Cursor, &place); err != nil {
			return nil, err
		}
		if wanted.Around = uuid.Nil; place.Newer {
			wanted.After = &place.TimelineKey
		} else {
			wanted.Before = &place.TimelineKey
		}
	}
	part, err := a.Store.Timeline(ctx, wanted)
	if err != nil {
		return nil, err
	}
	return a.timelineOf(ctx, part)
}

func (a *API) timelineOf(ctx context.Context, part inbox.Timeline) (*answer[Timeline], error) {
	out := Timeline{Items: []TimelineItem{}}
	for _, entry := range part.Entries {
		item, err := a.itemOf(ctx, entry)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, item)
	}
	if len(part.Entries) == 0 {
		return reply(out), nil
	}
	first, last := part.Entries[0].Key, part.Entries[len(part.Entries)-1].Key
	var err error
	if out.Older, err = cursorIf(part.Older, timelineCursor{TimelineKey: last}); err == nil {
		out.Newer, err = cursorIf(part.Newer, timelineCursor{TimelineKey: first, Newer: true})
	}
	return reply(out), err
}

// cursorIf is a cursor if there is something behind it.
func cursorIf(more bool, place any) (*string, error) {
	if !more {
		return nil, nil
	}
	cursor, err := newCursor(place)
	return &cursor, err
}

func (a *API) itemOf(ctx context.Context, entry inbox.TimelineEntry) (TimelineItem, error) {
	switch {
	case entry.Message != nil:
		message, err := a.messageOf(ctx, *entry.Message)
		return TimelineItem{Type: "message", Message: &message}, err
	case entry.Note != nil:
		note := noteOf(*entry.Note)
		return TimelineItem{Type: "note", Note: &note}, nil
	}
	of := entry.Activity
	return TimelineItem{Type: "activity", Activity: &Activity{
		ID: of.ID, At: Time(of.At), Agent: refOf(of.Agent), Action: of.Action, Detail: Object(of.Detail),
	}}, nil
}
