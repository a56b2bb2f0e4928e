package api

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

// Message is something said in a conversation, with all that was told about it since.
type Message struct {
	ID           uuid.UUID          `json:"id"`
	Conversation uuid.UUID          `json:"conversation"`
	Direction    channels.Direction `json:"direction" enum:"in,out"`
	Type         string             `json:"type" doc:"text, interactive, unsupported, or the kind of its first attachment."`
	Text         string             `json:"text" doc:"As it reads now; empty once it is deleted."`
	Content      channels.Message   `json:"content" doc:"The whole as it reads now, without its attachments."`
	OriginalText *string            `json:"original_text" doc:"Before it was edited; null: it was not."`
	Attachments  []Attachment       `json:"attachments"`
	ReplyTo      *ReplyTo           `json:"reply_to" doc:"The message that it answers."`
	Reactions    []Reaction         `json:"reactions"`
	Author       *Ref               `json:"author" doc:"Who wrote it on our side; without an id, no agent did."`
	Status       *string            `json:"status" doc:"Of what we sent: queued, sent, delivered, read, played, failed, unknown (nobody knows whether it was delivered), or a word of the platform's."`
	Error        *MessageError      `json:"error"`
	RetriedAs    *uuid.UUID         `json:"retried_as" doc:"The message with which it was tried again."`
	At           Time               `json:"at" doc:"When it was written by the platform's clock, or received where that says nothing."`
	EditedAt     *Time              `json:"edited_at"`
	DeletedAt    *Time              `json:"deleted_at"`
	History      bool               `json:"history" doc:"It was written before the channel was connected."`
	GroupSender  *string            `json:"group_sender" doc:"Who of a group wrote it."`
	Seq          int64              `json:"seq" doc:"Its place in the order in which messages came into conversations here, which a late one has late whatever its time says. What was read up to a message is everything with no higher one."`
}

// MessageError is why a message failed.
type MessageError struct {
	Code      string    `json:"code" doc:"The platform's, or a word of ours."`
	Reason    string    `json:"reason" doc:"A sentence for the agent."`
	Fix       inbox.Fix `json:"fix" enum:"template,tag,reconnect,retry,none" doc:"What helps."`
	Retryable bool      `json:"retryable" doc:"It may be sent again as it is."`
}

// ReplyTo is a message that another one answers.
type ReplyTo struct {
	ID         *uuid.UUID `json:"id" doc:"null: it is not here."`
	ExternalID string     `json:"external_id"`
	Direction  *string    `json:"direction"`
	Type       *string    `json:"type"`
	Text       string     `json:"text" doc:"Its first 200 characters."`
	Author     *string    `json:"author"`
}

// Reaction is an emoji with which people react to a message.
type Reaction struct {
	Emoji string `json:"emoji"`
	By    string `json:"by" enum:"customer,us"`
	Count int    `json:"count"`
}

// Attachment is a file, place, card or shared thing of a message.
type Attachment struct {
	Position int             `json:"position" doc:"From 0."`
	Kind     string          `json:"kind" doc:"image, document, location, ..."`
	Name     *string         `json:"name"`
	MIME     *string         `json:"mime"`
	Bytes    *int64          `json:"bytes"`
	Seconds  *float64        `json:"seconds"`
	Width    *int            `json:"width" doc:"Pixels."`
	Height   *int            `json:"height" doc:"Pixels."`
	Animated bool            `json:"animated"`
	Emoji    *string         `json:"emoji" doc:"Of a sticker or dice."`
	Title    *string         `json:"title" doc:"Of what is shared, or the name of a template."`
	Place    *channels.Place `json:"place"`
	Card     *channels.Card  `json:"card"`
	Options  []string        `json:"options" doc:"Of a poll or checklist."`
	SharedID *string         `json:"shared_id" doc:"The platform's id of what is shared."`
	Link     *string         `json:"link" doc:"Where what is shared can be looked at."`
	Starts   *Time           `json:"starts" doc:"Of a booking."`
	Ends     *Time           `json:"ends"`
	Value    *string         `json:"value" doc:"What a dice shows; a booking's status."`
	File     *File           `json:"file" doc:"null: there is none."`
}

// File is the file of an attachment, and what became of it.
type File struct {
	ID           uuid.UUID       `json:"id"`
	State        inbox.FileState `json:"state" enum:"waiting,stored,gone,refused,failed"`
	Reason       *string         `json:"reason" doc:"Why it is not stored."`
	URL          *string         `json:"url" doc:"Where it can be fetched, while it is stored."`
	URLExpiresAt *Time           `json:"url_expires_at"`
}

// messageOf is a message as it is on the wire, with links to its files.
func (a *API) messageOf(ctx context.Context, v inbox.MessageView) (Message, error) {
	m := Message{
		ID: v.ID, Conversation: v.Conversation, Direction: v.Direction, Type: string(v.Type), Text: v.Text, Content: v.Content,
		OriginalText: v.OriginalText, Attachments: []Attachment{}, Author: refOf(v.Author), Status: maybe(string(v.Status)), Error: errorOf(v),
		RetriedAs: maybe(v.RetriedAs), At: Time(v.At), EditedAt: maybeTime(v.EditedAt), DeletedAt: maybeTime(v.DeletedAt), History: v.History,
		GroupSender: maybe(v.GroupSender), Seq: v.Seq,
		Reactions: each(v.Reactions, func(r inbox.ReactionCount) Reaction {
			return Reaction{Emoji: r.Emoji, By: map[bool]string{false: "customer", true: "us"}[r.Ours], Count: r.Count}
		}),
	}
	m.Content.Attachments, m.Content.Handle = nil, ""
	if r := v.ReplyTo; r != nil {
		m.ReplyTo = &ReplyTo{
			ID: maybe(r.ID), ExternalID: r.ExternalID, Direction: maybe(string(r.Direction)), Type: maybe(string(r.Type)), Text: r.Text,
			Author: maybe(r.Author),
		}
	}
	for _, attached := range v.Attachments {
		attachment := attachmentOf(attached)
		var err error
		if attachment.File, err = a.fileOf(ctx, attached.File); err != nil {
			return m, err
		}
		m.Attachments = append(m.Attachments, attachment)
	}
	return m, nil
}

func errorOf(v inbox.MessageView) *MessageError {
	if v.Status != channels.Failed && v.Status != inbox.Unknown || v.ErrorCode == "" && v.ErrorReason == "" {
		return nil
	}
	spec, _ := channels.Lookup(v.Channel)
	e := &MessageError{Code: v.ErrorCode, Reason: v.ErrorReason}
	e.Fix, e.Retryable = inbox.FixOf(spec, v.Status, v.ErrorCode)
	return e
}

// attachmentOf is what anybody may know of an attachment. How the platform names its file, and where it has that, stays here.
func attachmentOf(v inbox.AttachmentView) Attachment {
	d := v.Detail
	return Attachment{
		Position: v.Position, Kind: string(d.Kind), Name: maybe(d.Name), MIME: maybe(d.MIME), Bytes: maybe(d.Bytes), Seconds: maybe(d.Seconds),
		Width: maybe(d.Width), Height: maybe(d.Height), Animated: d.Animated, Emoji: maybe(d.Emoji), Title: maybe(d.Title), Place: d.Place, Card: d.Card,
		Options: each(d.Options, func(o string) string { return o }), SharedID: maybe(d.SharedID), Link: sharedLink(v), Starts: maybeTime(d.Starts),
		Ends: maybeTime(d.Ends), Value: maybe(d.Value),
	}
}

// sharedLink is the link of what is no file but lies somewhere on the web.
func sharedLink(v inbox.AttachmentView) *string {
	if v.File != nil || inbox.FileSource(v.Detail) != "" {
		return nil
	}
	return maybe(v.Detail.URL)
}

// linkLife is for how long the link of a file works.
const linkLife = 2 * time.Hour

func (a *API) fileOf(ctx context.Context, f *inbox.FileRef) (*File, error) {
	if f == nil {
		return nil, nil
	}
	file := &File{ID: f.ID, State: f.State, Reason: maybe(f.Reason)}
	if f.State != inbox.FileStored || a.Files == nil {
		return file, nil
	}
	link, err := a.Files.Link(ctx, f.Key)
	if err != nil {
		return nil, fmt.Errorf("making a link to file %s: %w", f.ID, err)
	}
	file.URL, file.URLExpiresAt = &link, maybeTime(a.Now().Add(linkLife))
	return file, nil
}
