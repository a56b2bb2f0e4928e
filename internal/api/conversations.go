package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

// ConversationStore keeps the conversations.
type ConversationStore interface {
	Conversations(context.Context, inbox.ConversationQuery) ([]inbox.ListedConversation, error)
	ConversationView(context.Context, uuid.UUID) (inbox.ConversationView, error)
	Winner(context.Context, uuid.UUID) (uuid.UUID, error)
	ChangeConversation(context.Context, inbox.Actor, uuid.UUID, inbox.ConversationChange) (inbox.Changed, error)
	Counts(ctx context.Context, agent uuid.UUID) (inbox.Counts, error)
}

// Notifier lets deliveries of subscriptions go that were told of a change.
type Notifier interface {
	Notify(context.Context, []uuid.UUID)
}

// Waker opens conversations again whose snooze is over, if nobody has looked lately.
type Waker interface {
	Try(context.Context)
}

// Ref names somebody or something. What was written by no agent has a name alone.
type Ref struct {
	ID   *uuid.UUID `json:"id"`
	Name string     `json:"name"`
}

// ConversationLabel is a label on a conversation.
type ConversationLabel struct {
	ID    uuid.UUID `json:"id"`
	Name  string    `json:"name"`
	Color string    `json:"color" doc:"#rrggbb"`
}

// ConversationContact is who a conversation is with.
type ConversationContact struct {
	ID       uuid.UUID `json:"id"`
	Name     *string   `json:"name"`
	Username *string   `json:"username"`
	Phone    *string   `json:"phone" doc:"E.164 with +"`
}

// LastMessage is the latest message of a conversation.
type LastMessage struct {
	ID        uuid.UUID          `json:"id"`
	Direction channels.Direction `json:"direction" enum:"in,out"`
	Type      string             `json:"type" doc:"text, image, ...: as of a Message."`
	Text      string             `json:"text" doc:"Its first 200 characters."`
	Status    *string            `json:"status" doc:"Of what we sent: queued, sent, delivered, read, played, failed, unknown."`
	At        Time               `json:"at"`
	Deleted   bool               `json:"deleted"`
	Author    *string            `json:"author" doc:"Who wrote it on our side."`
}

// Conversation is a chat with a contact or a group.
type Conversation struct {
	ID                 uuid.UUID                `json:"id"`
	Channel            string                   `json:"channel"`
	AccountID          uuid.UUID                `json:"account_id" doc:"Our id of the channel account."`
	Account            string                   `json:"account" doc:"The platform's id of it."`
	AccountName        *string                  `json:"account_name"`
	Thread             string                   `json:"thread" doc:"The platform's name of the chat."`
	Title              *string                  `json:"title" doc:"Of a group; null for a chat with one person."`
	Contact            *ConversationContact     `json:"contact" doc:"null for a group."`
	Status             inbox.ConversationStatus `json:"status" enum:"open,pending,snoozed,resolved"`
	SnoozedUntil       *Time                    `json:"snoozed_until"`
	Assignee           *Ref                     `json:"assignee"`
	Labels             []ConversationLabel      `json:"labels"`
	Unread             int                      `json:"unread"`
	LastMessageAt      *Time                    `json:"last_message_at"`
	LastInboundAt      *Time                    `json:"last_inbound_at" doc:"When the customer last wrote."`
	WaitingSince       *Time                    `json:"waiting_since" doc:"The customer's first message that nobody has answered; null: they wait for nothing."`
	WindowExpiresAt    *Time                    `json:"window_expires_at" doc:"Until then anything may be answered; null: there is no limit. Where the customer has to write first and never did, when we heard of the chat."`
	TagWindowExpiresAt *Time                    `json:"tag_window_expires_at" doc:"Until then a person may answer with the channel's tag; null: there is none."`
	LastMessage        *LastMessage             `json:"last_message"`
	Failed             bool                     `json:"failed" doc:"Our latest message failed, or nobody knows whether it was delivered."`
	CreatedAt          Time                     `json:"created_at"`
	UpdatedAt          Time                     `json:"updated_at"`
}

type listConversations struct {
	Paging
	Status    string    `query:"status" enum:"open,pending,snoozed,resolved,all" default:"open"`
	Channel   string    `query:"channel" doc:"Of this channel alone."`
	AccountID uuid.UUID `query:"account_id" doc:"Of this channel account alone."`
	Assignee  string    `query:"assignee" doc:"me, none or the id of an agent." pattern:"^(me|none|[0-9a-fA-F-]{36})$"`
	Label     uuid.UUID `query:"label" doc:"With this label alone."`
	Unread    bool      `query:"unread" doc:"true: with something unread alone."`
	Sort      string    `query:"sort" enum:"recent,oldest,waiting" default:"recent" doc:"By the last message, the latest or the earliest first; waiting: who waits longest for an answer first, then those in which nobody waits."`
}

// ConversationChange is what can be changed of a conversation. What is absent stays.
type ConversationChange struct {
	Status       *inbox.ConversationStatus `json:"status,omitempty" enum:"open,pending,snoozed,resolved"`
	SnoozedUntil *time.Time                `json:"snoozed_until,omitempty" doc:"With the status snoozed, and in the future."`
	AssigneeID   Maybe[uuid.UUID]          `json:"assignee_id,omitzero" doc:"null: nobody."`
	LabelIDs     *[]uuid.UUID              `json:"label_ids,omitempty" maxItems:"50" doc:"All that it has from now on."`
}

type changeConversation struct {
	ID   uuid.UUID `path:"id"`
	Body ConversationChange
}

type readConversation struct {
	ID   uuid.UUID `path:"id"`
	Body *struct {
		UpTo *uuid.UUID `json:"up_to,omitempty" doc:"Of the messages that were seen, the one with the highest seq: what came in after it stays unread."`
	} `nameHint:"ReadUpTo"`
}

var conversationTags = []string{"Conversations"}

func (a *API) conversations() {
	register(a, everybody, huma.Operation{
		OperationID: "listConversations", Method: http.MethodGet, Path: "/v1/conversations", Tags: conversationTags,
		Summary:     "The conversations of a list, page by page",
		Description: "Filters add up. Pages are cut by the order itself, so what changes while somebody pages moves, and nothing else is missed or comes twice.",
	}, a.listConversations)
	register(a, everybody, huma.Operation{
		OperationID: "getConversation", Method: http.MethodGet, Path: "/v1/conversations/{id}", Tags: conversationTags,
		Summary: "A conversation", Description: "One that turned out to be another is that one, with its own id.",
	}, a.getConversation)
	register(a, everybody, huma.Operation{
		OperationID: "changeConversation", Method: http.MethodPatch, Path: "/v1/conversations/{id}", Tags: conversationTags,
		Summary: "Change a conversation", Description: "What is not named stays. A snoozed conversation opens again at its time, and whenever the customer writes.",
	}, a.changeConversation)
	register(a, everybody, huma.Operation{
		OperationID: "readConversation", Method: http.MethodPost, Path: "/v1/conversations/{id}/read", Tags: conversationTags,
		Summary: "Note that a conversation was read", Description: "The customer is shown it too, where the platform can.",
	}, a.readConversation)
	register(a, everybody, huma.Operation{
		OperationID: "unreadConversation", Method: http.MethodPost, Path: "/v1/conversations/{id}/unread", Tags: conversationTags,
		Summary: "Let a conversation count as unread",
	}, a.unreadConversation)
	a.presence()
	a.bulk()
	a.counts()
}

func (a *API) listConversations(ctx context.Context, in *listConversations) (*answer[Page[Conversation]], error) {
	wanted, err := in.query(caller(ctx).ID)
	if err != nil {
		return nil, err
	}
	a.wake(ctx)
	found, err := a.Store.Conversations(ctx, wanted)
	if err != nil {
		return nil, err
	}
	page, err := pageOf(found, in.Limit, func(c inbox.ListedConversation) Conversation { return a.conversationOf(c.ConversationView) },
		func(c inbox.ListedConversation) inbox.Place { return c.Place })
	return reply(page), err
}

// query is what the parameters ask for, and one conversation more, to see whether there is another page.
func (in *listConversations) query(me uuid.UUID) (inbox.ConversationQuery, error) {
	wanted := inbox.ConversationQuery{
		Statuses: []inbox.ConversationStatus{inbox.ConversationStatus(in.Status)}, Channel: in.Channel, Account: in.AccountID, Label: in.Label,
		Unread: in.Unread, Sort: inbox.ConversationSort(in.Sort), Most: in.Limit + 1,
	}
	if in.Status == "all" {
		wanted.Statuses = []inbox.ConversationStatus{inbox.Open, inbox.Pending, inbox.Snoozed, inbox.Resolved}
	}
	switch in.Assignee {
	case "":
	case "me":
		wanted.Assignee = me
	case "none":
		wanted.Unassigned = true
	default:
		id, err := uuid.Parse(in.Assignee)
		if err != nil {
			return wanted, invalid("query.assignee", "This is neither me nor none nor the id of an agent.")
		}
		wanted.Assignee = id
	}
	if in.Cursor == "" {
		return wanted, nil
	}
	wanted.Behind = &inbox.Place{}
	return wanted, readCursor(in.Cursor, wanted.Behind)
}

// wake opens what slept until now, before anybody is shown where it stands.
func (a *API) wake(ctx context.Context) {
	if a.Snoozes != nil {
		a.Snoozes.Try(ctx)
	}
}

func (a *API) getConversation(ctx context.Context, in *byID) (*answer[Conversation], error) {
	found, err := a.Store.ConversationView(ctx, in.ID)
	return reply(a.conversationOf(found)), err
}

func (a *API) changeConversation(ctx context.Context, in *changeConversation) (*answer[Conversation], error) {
	change, err := in.Body.change(a.Now())
	if err != nil {
		return nil, err
	}
	return a.change(ctx, in.ID, change)
}

// change is the change that the members ask for.
func (c ConversationChange) change(now time.Time) (inbox.ConversationChange, error) {
	change := inbox.ConversationChange{Status: c.Status, Labels: c.LabelIDs}
	snoozed := c.Status != nil && *c.Status == inbox.Snoozed
	switch {
	case snoozed && c.SnoozedUntil == nil:
		return change, invalid("body.snoozed_until", "Say until when it is snoozed.")
	case snoozed && !c.SnoozedUntil.After(now):
		return change, invalid("body.snoozed_until", "This time is over already.")
	case snoozed && c.SnoozedUntil.After(now.AddDate(5, 0, 0)):
		return change, invalid("body.snoozed_until", "This is more than five years from now.")
	case !snoozed && c.SnoozedUntil != nil:
		return change, invalid("body.snoozed_until", "Only what is snoozed opens again at a time.")
	case snoozed:
		change.SnoozedUntil = *c.SnoozedUntil
	}
	if c.AssigneeID.Given {
		assignee := uuid.Nil
		if c.AssigneeID.Value != nil {
			assignee = *c.AssigneeID.Value
		}
		change.Assignee = &assignee
	}
	return change, nil
}

// change makes a change, and answers with what the conversation is then.
func (a *API) change(ctx context.Context, id uuid.UUID, change inbox.ConversationChange) (*answer[Conversation], error) {
	done, err := a.alter(ctx, id, change)
	if err != nil {
		return nil, err
	}
	found, err := a.Store.ConversationView(ctx, done.Conversation)
	return reply(a.conversationOf(found)), err
}

// alter makes a change, and does what follows from it.
func (a *API) alter(ctx context.Context, id uuid.UUID, change inbox.ConversationChange) (inbox.Changed, error) {
	done, err := a.Store.ChangeConversation(ctx, actor(ctx), id, change)
	switch {
	case errors.Is(err, inbox.ErrNoAgent):
		return done, invalid("body.assignee_id", "There is no such agent, or they are disabled.")
	case errors.Is(err, inbox.ErrNoLabel):
		return done, invalid("body.label_ids", "There is no such label.")
	case err != nil:
		return done, err
	}
	a.notify(ctx, done.Told)
	if done.Read {
		a.markRead(ctx, done.Conversation)
	}
	return done, nil
}

func (a *API) notify(ctx context.Context, told []uuid.UUID) {
	if a.Subscribers != nil {
		a.Subscribers.Notify(ctx, told)
	}
}

// markRead shows the customer that they were read. It is a hint: what comes of it changes nothing here.
func (a *API) markRead(ctx context.Context, conversation uuid.UUID) {
	if a.Answers == nil {
		return
	}
	if err := a.Answers.MarkRead(ctx, conversation); err != nil {
		a.Log.Warn("the customer is not shown that they were read", "conversation_id", conversation, "error", err.Error())
	}
}

func (a *API) readConversation(ctx context.Context, in *readConversation) (*answer[Conversation], error) {
	yes := true
	change := inbox.ConversationChange{Read: &yes}
	if in.Body != nil && in.Body.UpTo != nil {
		change.UpTo = *in.Body.UpTo
	}
	return a.change(ctx, in.ID, change)
}

func (a *API) unreadConversation(ctx context.Context, in *byID) (*answer[Conversation], error) {
	no := false
	return a.change(ctx, in.ID, inbox.ConversationChange{Read: &no})
}

// conversationOf is a conversation as it is on the wire. A snooze that is over counts no more, even if nobody has noticed yet.
func (a *API) conversationOf(v inbox.ConversationView) Conversation {
	c := Conversation{
		ID: v.ID, Channel: v.Channel, AccountID: v.AccountID, Account: v.Account, AccountName: maybe(v.AccountName), Thread: v.Thread, Title: maybe(v.Title),
		Status: v.Status, SnoozedUntil: maybeTime(v.SnoozedUntil), Assignee: refOf(v.Assignee), Unread: v.Unread,
		LastMessageAt: maybeTime(v.LastMessageAt), LastInboundAt: maybeTime(v.LastInboundAt), WaitingSince: maybeTime(v.WaitingSince), Failed: v.Failed,
		CreatedAt: Time(v.CreatedAt), UpdatedAt: Time(v.UpdatedAt),
		Labels: each(v.Labels, func(l inbox.LabelRef) ConversationLabel { return ConversationLabel(l) }),
	}
	if v.Status == inbox.Snoozed && !v.SnoozedUntil.After(a.Now()) {
		c.Status, c.SnoozedUntil = inbox.Open, nil
	}
	c.WindowExpiresAt, c.TagWindowExpiresAt = windows(v)
	if p := v.Contact; p != nil {
		c.Contact = &ConversationContact{ID: p.ID, Name: maybe(p.Name), Username: maybe(p.Username), Phone: maybe(p.Phone)}
	}
	if m := v.LastMessage; m != nil {
		c.LastMessage = &LastMessage{
			ID: m.ID, Direction: m.Direction, Type: string(m.Type), Text: m.Text, Status: maybe(string(m.Status)), At: Time(m.At), Deleted: m.Deleted,
			Author: maybe(m.Author),
		}
	}
	return c
}

// windows are until when a conversation can be answered: at all, and with the channel's tag.
func windows(v inbox.ConversationView) (any, tagged *Time) {
	spec, _ := channels.Lookup(v.Channel) // a channel that was taken out of the build has none
	chat := inbox.Chat{Conversation: inbox.Conversation{LastInboundAt: v.LastInboundAt, WindowExpiresAt: v.WindowExpiresAt}}
	any = maybeTime(v.WindowExpiresAt)
	if any == nil && spec.Window > 0 {
		any = maybeTime(v.CreatedAt)
	}
	return any, maybeTime(chat.TagUntil(spec))
}

func refOf(agent *inbox.AgentRef) *Ref {
	if agent == nil {
		return nil
	}
	return &Ref{ID: maybe(agent.ID), Name: agent.Name}
}
