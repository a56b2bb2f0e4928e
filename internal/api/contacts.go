package api

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"omni/internal/inbox"
)

// ContactStore keeps the contacts.
type ContactStore interface {
	Contacts(ctx context.Context, typed string, behind uuid.UUID, most int) ([]inbox.ContactView, error)
	Contact(context.Context, uuid.UUID) (inbox.ContactView, error)
	ContactDetail(ctx context.Context, id uuid.UUID, most int) (inbox.ContactDetail, error)
	EditContact(context.Context, inbox.Actor, uuid.UUID, inbox.ContactEdit) (told []uuid.UUID, err error)
	MergeContacts(ctx context.Context, by inbox.Actor, winner, loser uuid.UUID) (told []uuid.UUID, err error)
}

// Contact is one person, however many ids platforms give them.
type Contact struct {
	ID        uuid.UUID `json:"id"`
	Name      *string   `json:"name"`
	Username  *string   `json:"username"`
	Phone     *string   `json:"phone" doc:"E.164 with +"`
	Email     *string   `json:"email"`
	Language  *string   `json:"language" doc:"BCP 47"`
	About     *string   `json:"about"`
	Edited    []string  `json:"edited" doc:"Which of these agents wrote: they count, whatever the platform shows."`
	CreatedAt Time      `json:"created_at"`
	UpdatedAt Time      `json:"updated_at"`
}

// ContactIdentity is an id by which a channel account knows a contact.
type ContactIdentity struct {
	Channel     string `json:"channel"`
	Account     string `json:"account" doc:"As the platform names it."`
	Kind        string `json:"kind" doc:"phone, wa_id, psid, ..."`
	Value       string `json:"value"`
	FirstSeenAt Time   `json:"first_seen_at"`
}

// ContactDetail is a contact with all that belongs to them.
type ContactDetail struct {
	Contact
	Identities    []ContactIdentity `json:"identities"`
	Conversations []Conversation    `json:"conversations" doc:"Of any status, the latest first, at most 50."`
}

type listContacts struct {
	Paging
	Query string `query:"q" maxLength:"200" doc:"Words of a name, username or address, or the beginning or end of a phone number."`
}

type changeContact struct {
	ID   uuid.UUID `path:"id"`
	Body struct {
		Name     Maybe[string] `json:"name,omitzero" maxLength:"200"`
		Phone    Maybe[string] `json:"phone,omitzero" maxLength:"16" doc:"E.164 with +"`
		Email    Maybe[string] `json:"email,omitzero" maxLength:"254"`
		Language Maybe[string] `json:"language,omitzero" maxLength:"35" doc:"BCP 47"`
		About    Maybe[string] `json:"about,omitzero" maxLength:"5000"`
	} `nameHint:"ContactChange"`
}

type mergeContacts struct {
	ID   uuid.UUID `path:"id"`
	Body struct {
		Other uuid.UUID `json:"other" doc:"Who turns out to be the contact of the path."`
	} `nameHint:"ContactMerge"`
}

var contactTags = []string{"Contacts"}

func (a *API) contacts() {
	register(a, everybody, huma.Operation{
		OperationID: "listContacts", Method: http.MethodGet, Path: "/v1/contacts", Tags: contactTags,
		Summary: "Contacts, page by page", Description: "The latest first.",
	}, a.listContacts)
	register(a, everybody, huma.Operation{
		OperationID: "getContact", Method: http.MethodGet, Path: "/v1/contacts/{id}", Tags: contactTags,
		Summary: "A contact with all that belongs to them", Description: "Who turned out to be another is that one.",
	}, a.getContact)
	register(a, everybody, huma.Operation{
		OperationID: "changeContact", Method: http.MethodPatch, Path: "/v1/contacts/{id}", Tags: contactTags,
		Summary: "Write what we know of a contact", Description: "It counts, whatever the platform shows; null: what that shows counts again. What is absent stays.",
	}, a.changeContact)
	register(a, everybody, huma.Operation{
		OperationID: "mergeContacts", Method: http.MethodPost, Path: "/v1/contacts/{id}/merge", Tags: contactTags,
		Summary: "Make one person of two", Description: "Ids, conversations and messages of the other become this one's. It cannot be undone. 409 `same`: they are one already.",
	}, a.mergeContacts)
}

func (a *API) listContacts(ctx context.Context, in *listContacts) (*answer[Page[Contact]], error) {
	var behind uuid.UUID
	if err := readCursor(in.Cursor, &behind); err != nil {
		return nil, err
	}
	found, err := a.Store.Contacts(ctx, strings.TrimSpace(in.Query), behind, in.Limit+1)
	if err != nil {
		return nil, err
	}
	page, err := pageOf(found, in.Limit, contactOf, func(c inbox.ContactView) uuid.UUID { return c.ID })
	return reply(page), err
}

// maxConversations is how many conversations are shown with a contact.
const maxConversations = 50

func (a *API) getContact(ctx context.Context, in *byID) (*answer[ContactDetail], error) {
	found, err := a.Store.ContactDetail(ctx, in.ID, maxConversations)
	if err != nil {
		return nil, err
	}
	return reply(ContactDetail{
		Contact: contactOf(found.ContactView),
		Identities: each(found.Identities, func(i inbox.KnownIdentity) ContactIdentity {
			return ContactIdentity{Channel: i.Channel, Account: i.Account, Kind: i.Kind, Value: i.Value, FirstSeenAt: Time(i.FirstSeenAt)}
		}),
		Conversations: each(found.Conversations, a.conversationOf),
	}), nil
}

func (a *API) changeContact(ctx context.Context, in *changeContact) (*answer[Contact], error) {
	edit := inbox.ContactEdit{
		Name: edited(in.Body.Name), Phone: edited(in.Body.Phone), Email: edited(in.Body.Email), Language: edited(in.Body.Language),
		About: edited(in.Body.About),
	}
	if member, sentence := edit.Mistake(); member != "" {
		return nil, invalid("body."+member, sentence)
	}
	told, err := a.Store.EditContact(ctx, actor(ctx), in.ID, edit)
	if err != nil {
		return nil, err
	}
	a.notify(ctx, told)
	return a.contact(ctx, in.ID)
}

// edited is what is to be written; null is nothing.
func edited(member Maybe[string]) *string {
	if !member.Given {
		return nil
	}
	var text string
	if member.Value != nil {
		text = strings.TrimSpace(*member.Value)
	}
	return &text
}

func (a *API) contact(ctx context.Context, id uuid.UUID) (*answer[Contact], error) {
	found, err := a.Store.Contact(ctx, id)
	return reply(contactOf(found)), err
}

func (a *API) mergeContacts(ctx context.Context, in *mergeContacts) (*answer[Contact], error) {
	told, err := a.Store.MergeContacts(ctx, actor(ctx), in.ID, in.Body.Other)
	if errors.Is(err, inbox.ErrSame) {
		return nil, conflict("same", "They are one contact already.")
	}
	if err != nil {
		return nil, err
	}
	a.notify(ctx, told)
	return a.contact(ctx, in.ID)
}

func contactOf(v inbox.ContactView) Contact {
	return Contact{
		ID: v.ID, Name: maybe(v.Name), Username: maybe(v.Username), Phone: maybe(v.Phone), Email: maybe(v.Email), Language: maybe(v.Language),
		About: maybe(v.About), Edited: each(v.Edited, func(field string) string { return field }), CreatedAt: Time(v.CreatedAt), UpdatedAt: Time(v.UpdatedAt),
	}
}
