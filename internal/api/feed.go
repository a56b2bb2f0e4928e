package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"omni/internal/inbox"
)

// FeedStore keeps the changes.
type FeedStore interface {
	FeedEnd(context.Context) (inbox.FeedCursor, error)
	Feed(ctx context.Context, after inbox.FeedCursor, most int) (inbox.FeedPage, error)
}

// FeedChange is something that changed, with what it is about as that is now.
type FeedChange struct {
	Cursor         string        `json:"cursor" doc:"Behind this change."`
	Kind           string        `json:"kind" doc:"conversation.created, conversation.updated, conversation.merged, message.created, message.updated, message.merged, note.created, note.updated, contact.updated, contact.erased, conversation.erased, message.erased, event.created, labels.updated, agents.updated, canned_replies.updated, ... Kinds may be added: skip what you do not know."`
	At             Time          `json:"at"`
	Conversation   *Conversation `json:"conversation" doc:"That it is about, or in which it happened."`
	Message        *Message      `json:"message" doc:"null: it is about none, or about one that is another now."`
	Note           *Note         `json:"note"`
	ConversationID *uuid.UUID    `json:"conversation_id"`
	MessageID      *uuid.UUID    `json:"message_id"`
	ContactID      *uuid.UUID    `json:"contact_id"`
	MergedInto     *uuid.UUID    `json:"merged_into" doc:"Of a message or conversation that turned out to be another: forget it, and look at this one."`
}

// Feed is a part of the changes, the earliest first.
type Feed struct {
	Changes []FeedChange `json:"changes"`
	Next    string       `json:"next" doc:"Where to go on."`
	More    bool         `json:"more" doc:"There are more already."`
	Pending bool         `json:"pending" doc:"There is a change that may not be shown yet: ask again in about 50 ms."`
}

type getFeed struct {
	After string `query:"after" maxLength:"1024" doc:"next of the part before; without it no changes, and where they go on from now."`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"200" doc:"At most so many changes; fewer, if they are large."`
}

func (a *API) feed() {
	register(a, everybody, huma.Operation{
		OperationID: "getFeed", Method: http.MethodGet, Path: "/v1/feed", Tags: []string{"Real time"},
		Summary: "What has changed since",
		Description: "Whoever follows `next` misses nothing and gets nothing twice. What changes are about is shown as it is now, so several in a row may show the same. " +
			"410 `feed_expired`: changes since then are deleted: read everything anew, and begin without `after`.",
	}, a.getFeed)
}

func (a *API) getFeed(ctx context.Context, in *getFeed) (*answer[Feed], error) {
	a.wake(ctx)
	if in.After == "" {
		return a.feedEnd(ctx)
	}
	var after inbox.FeedCursor
	if err := readCursor(in.After, &after); err != nil || after.XID == "" {
		return nil, invalid("query.after", "This is no cursor of the feed.")
	}
	page, err := a.Store.Feed(ctx, after, in.Limit)
	if errors.Is(err, inbox.ErrFeedExpired) {
		return nil, &Problem{Status: http.StatusGone, Code: "feed_expired", Detail: "The feed does not go back that far. Read everything anew."}
	}
	if err != nil {
		return nil, err
	}
	return a.feedOf(ctx, after, page)
}

func (a *API) feedEnd(ctx context.Context) (*answer[Feed], error) {
	end, err := a.Store.FeedEnd(ctx)
	if err != nil {
		return nil, err
	}
	next, err := newCursor(end)
	return reply(Feed{Changes: []FeedChange{}, Next: next}), err
}

// maxFeedBytes is how large the changes of one answer become together, about: a function's answer may have 6 MB.
const maxFeedBytes = 3 << 20

func (a *API) feedOf(ctx context.Context, after inbox.FeedCursor, page inbox.FeedPage) (*answer[Feed], error) {
	feed := Feed{Changes: []FeedChange{}, More: page.More, Pending: page.Pending}
	end, size := after, 0
	for _, entry := range page.Entries {
		change, err := a.feedChangeOf(ctx, entry)
		if err != nil {
			return nil, err
		}
		rendered, err := marshal(change)
		if err != nil {
			return nil, err
		}
		if size += len(rendered); size > maxFeedBytes && len(feed.Changes) > 0 {
			feed.More = true
			break
		}
		feed.Changes, end = append(feed.Changes, change), entry.Cursor
	}
	var err error
	feed.Next, err = newCursor(end)
	return reply(feed), err
}

func (a *API) feedChangeOf(ctx context.Context, e inbox.FeedEntry) (FeedChange, error) {
	change := FeedChange{
		Kind: e.Kind, At: Time(e.At), ConversationID: maybe(e.ConversationID), MessageID: maybe(e.MessageID), ContactID: maybe(e.ContactID),
		MergedInto: maybe(e.MergedInto),
	}
	if e.Conversation != nil {
		conversation := a.conversationOf(*e.Conversation)
		change.Conversation = &conversation
	}
	if e.Note != nil {
		note := noteOf(*e.Note)
		change.Note = &note
	}
	var err error
	if e.Message != nil {
		var message Message
		if message, err = a.messageOf(ctx, *e.Message); err != nil {
			return change, err
		}
		change.Message = &message
	}
	change.Cursor, err = newCursor(e.Cursor)
	return change, err
}
