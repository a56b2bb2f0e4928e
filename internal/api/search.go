package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"omni/internal/inbox"
)

// SearchStore finds things by their words.
type SearchStore interface {
	SearchMessages(ctx context.Context, typed string, before int64, most int) ([]inbox.FoundMessage, error)
	SearchConversations(ctx context.Context, typed string, behind *inbox.Place, most int) ([]inbox.ListedConversation, error)
}

// SnippetPart is a part of a text.
type SnippetPart struct {
	Text  string `json:"text"`
	Match bool   `json:"match" doc:"It is a word that was looked for."`
}

// SearchResult is something that was found.
type SearchResult struct {
	Conversation *Conversation `json:"conversation" doc:"That was found, or that the message is in."`
	Message      *Message      `json:"message"`
	Contact      *Contact      `json:"contact"`
	Snippet      []SnippetPart `json:"snippet" doc:"What of it was looked for, in its surroundings."`
}

type search struct {
	Paging
	Query string `query:"q" required:"true" minLength:"2" maxLength:"200" doc:"Words, all of which are there; the last one need not be whole."`
	In    string `query:"in" enum:"messages,conversations,contacts" default:"messages"`
}

func (a *API) search() {
	register(a, everybody, huma.Operation{
		OperationID: "search", Method: http.MethodGet, Path: "/v1/search", Tags: conversationTags,
		Summary: "Look for words",
		Description: "In what messages say now, the latest first; in the names of contacts and groups whose conversations are wanted, those with the latest messages first; " +
			"in the names, usernames, addresses and phone numbers of contacts, the latest first.",
	}, a.find)
}

func (a *API) find(ctx context.Context, in *search) (*answer[Page[SearchResult]], error) {
	typed := strings.TrimSpace(in.Query)
	if len([]rune(typed)) < 2 {
		return nil, invalid("query.q", "Two characters at least are looked for.")
	}
	var page Page[SearchResult]
	var err error
	switch in.In {
	case "conversations":
		page, err = a.findConversations(ctx, in, typed)
	case "contacts":
		page, err = a.findContacts(ctx, in, typed)
	default:
		page, err = a.findMessages(ctx, in, typed)
	}
	return reply(page), err
}

func (a *API) findMessages(ctx context.Context, in *search, typed string) (Page[SearchResult], error) {
	var before int64
	if err := readCursor(in.Cursor, &before); err != nil {
		return Page[SearchResult]{}, err
	}
	found, err := a.Store.SearchMessages(ctx, typed, before, in.Limit+1)
	if err != nil {
		return Page[SearchResult]{}, err
	}
	var failed error
	page, err := pageOf(found, in.Limit, func(f inbox.FoundMessage) SearchResult {
		message, err := a.messageOf(ctx, f.Message)
		if err != nil {
			failed = err
		}
		conversation := a.conversationOf(f.Conversation)
		return SearchResult{Conversation: &conversation, Message: &message, Snippet: snippet(f.Message.Text, typed)}
	}, func(f inbox.FoundMessage) int64 { return f.Number })
	if failed != nil {
		return page, failed
	}
	return page, err
}

func (a *API) findConversations(ctx context.Context, in *search, typed string) (Page[SearchResult], error) {
	var behind *inbox.Place
	if in.Cursor != "" {
		behind = &inbox.Place{}
		if err := readCursor(in.Cursor, behind); err != nil {
			return Page[SearchResult]{}, err
		}
	}
	found, err := a.Store.SearchConversations(ctx, typed, behind, in.Limit+1)
	if err != nil {
		return Page[SearchResult]{}, err
	}
	return pageOf(found, in.Limit, func(c inbox.ListedConversation) SearchResult {
		conversation := a.conversationOf(c.ConversationView)
		name := c.Title
		if c.Contact != nil {
			name = join(c.Contact.Name, c.Contact.Username, c.Contact.Phone)
		}
		return SearchResult{Conversation: &conversation, Snippet: snippet(name, typed)}
	}, func(c inbox.ListedConversation) inbox.Place { return c.Place })
}

func (a *API) findContacts(ctx context.Context, in *search, typed string) (Page[SearchResult], error) {
	var behind uuid.UUID
	if err := readCursor(in.Cursor, &behind); err != nil {
		return Page[SearchResult]{}, err
	}
	found, err := a.Store.Contacts(ctx, typed, behind, in.Limit+1)
	if err != nil {
		return Page[SearchResult]{}, err
	}
	return pageOf(found, in.Limit, func(c inbox.ContactView) SearchResult {
		contact := contactOf(c)
		return SearchResult{Contact: &contact, Snippet: snippet(join(c.Name, c.Username, c.Phone, c.Email), typed)}
	}, func(c inbox.ContactView) uuid.UUID { return c.ID })
}

// join puts those of some texts together that there are.
func join(texts ...string) string {
	var some []string
	for _, text := range texts {
		if text != "" {
			some = append(some, text)
		}
	}
	return strings.Join(some, " · ")
}
