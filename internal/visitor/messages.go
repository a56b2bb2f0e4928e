package visitor

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strconv"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

// Store is what visitors are shown of the database.
type Store interface {
	VisitorConversation(ctx context.Context, chat inbox.VisitorChat) (inbox.VisitedConversation, error)
	VisitorHistory(ctx context.Context, conversation uuid.UUID, chat inbox.VisitorChat, before *inbox.VisitorKey, most int) (inbox.VisitorHistory, error)
	VisitorChanges(ctx context.Context, conversation uuid.UUID, chat inbox.VisitorChat, after inbox.FeedCursor) (inbox.VisitorChanges, error)
	FeedEnd(context.Context) (inbox.FeedCursor, error)
	Staffed(context.Context) (bool, error)
}

// messages is a part of the visitor's conversation, the earliest message first.
type messages struct {
	Messages  []message  `json:"messages"`
	Next      *string    `json:"next"`       // after: from where later changes are asked for; null for older messages
	Pending   bool       `json:"pending"`    // ask again at once: a change exists that may not be shown yet
	Older     *string    `json:"older"`      // before: from where older messages are asked for; null: there are none, or after was given
	ReadUntil *time.Time `json:"read_until"` // until when an agent has read what the visitor wrote; null: not all of it
}

// How many messages a part has.
const (
	usualPart   = 30
	largestPart = 100
)

func (h *Handler) messages(ctx context.Context, c call) (any, error) {
	query := c.URL.Query()
	most, err := readLimit(query)
	if err != nil {
		return nil, err
	}
	part := messages{Messages: []message{}}
	if !query.Has("after") && !query.Has("before") {
		// Before anything is looked at, the conversation too: what comes meanwhile is shown twice and not never.
		if part.Next, err = h.end(ctx); err != nil {
			return nil, err
		}
	}
	conversation, err := h.Store.VisitorConversation(ctx, c.chat())
	if err != nil {
		return nil, err
	}
	if read := conversation.ReadUntil.UTC(); !conversation.ReadUntil.IsZero() {
		part.ReadUntil = &read
	}
	if query.Has("after") {
		return h.changes(ctx, c, conversation.ID, query.Get("after"), part)
	}
	return h.history(ctx, c, conversation.ID, query, part, most)
}

// history adds to a part the latest messages, or those before a place.
func (h *Handler) history(ctx context.Context, c call, conversation uuid.UUID, query url.Values, part messages, most int) (any, error) {
	var before *inbox.VisitorKey
	var err error
	if query.Has("before") {
		before, err = readCursor[inbox.VisitorKey](query.Get("before"))
	}
	if err != nil || conversation == uuid.Nil {
		return part, err
	}
	history, err := h.Store.VisitorHistory(ctx, conversation, c.chat(), before, most)
	if err != nil {
		return nil, err
	}
	if history.Older != nil {
		part.Older = cursor(*history.Older)
	}
	part.Messages, err = h.render(ctx, c, history.Messages)
	return part, err
}

// changes adds to a part what became of messages since a place.
func (h *Handler) changes(ctx context.Context, c call, conversation uuid.UUID, after string, part messages) (any, error) {
	place, err := readCursor[inbox.FeedCursor](after)
	if err != nil {
		return nil, err
	}
	if _, err := strconv.ParseUint(place.XID, 10, 64); err != nil {
		return nil, errCursor
	}
	changed, err := h.Store.VisitorChanges(ctx, conversation, c.chat(), *place)
	if err != nil {
		return nil, err
	}
	if conversation == uuid.Nil { // it may begin at this moment: then its first change is passed over already
		part.Next = &after
		return part, nil
	}
	part.Next, part.Pending = cursor(changed.Next), changed.Pending
	part.Messages, err = h.render(ctx, c, changed.Messages)
	return part, err
}

// end is the place behind all changes of now.
func (h *Handler) end(ctx context.Context) (*string, error) {
	place, err := h.Store.FeedEnd(ctx)
	return cursor(place), err
}

func readLimit(query url.Values) (int, error) {
	if !query.Has("limit") {
		return usualPart, nil
	}
	most, err := strconv.Atoi(query.Get("limit"))
	if err != nil || most < 1 || most > largestPart {
		return 0, invalid("limit: want a number from 1 to 100.")
	}
	return most, nil
}

var errCursor = invalid("This is no place that an answer named.")

// cursor makes an opaque text of a place.
func cursor(place any) *string {
	content, _ := json.Marshal(place) // places always have a JSON form
	text := base64.RawURLEncoding.EncodeToString(content)
	return &text
}

func readCursor[T any](text string) (*T, error) {
	var place T
	content, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(content, &place) != nil {
		return nil, errCursor
	}
	return &place, nil
}

// render makes of messages what the page gets.
func (h *Handler) render(ctx context.Context, c call, all []inbox.VisitorMessage) ([]message, error) {
	rendered := make([]message, len(all))
	for i, m := range all {
		rendered[i] = messageOf(m)
		file := stored(m)
		if file == nil || h.Files == nil {
			continue
		}
		link, err := h.Files.Link(ctx, file.Key)
		if err != nil {
			return nil, err
		}
		link = absolute(link, "http", c)
		rendered[i].File.URL, rendered[i].File.MIME, rendered[i].File.Bytes = &link, file.MIME, file.Bytes
	}
	return rendered, nil
}

// stored is the file of a message, if we have it.
func stored(m inbox.VisitorMessage) *inbox.FileRef {
	for _, a := range m.Attachments {
		if isFile(a.Detail) {
			return a.File
		}
	}
	return nil
}

func isFile(a channels.Attachment) bool { return a.Place == nil && a.Card == nil }
