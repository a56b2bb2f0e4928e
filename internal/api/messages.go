package api

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

// Answerer takes answers to customers on, and shows them that we are there.
type Answerer interface {
	Compose(context.Context, inbox.Draft) (inbox.Composed, error)
	Retry(ctx context.Context, message uuid.UUID, d inbox.Draft) (inbox.Composed, error)
	Typing(ctx context.Context, conversation uuid.UUID) error
	MarkRead(ctx context.Context, conversation uuid.UUID) error
}

// NewFile is an uploaded file that is to be sent.
type NewFile struct {
	Key   string `json:"key" maxLength:"255" doc:"As the upload gave it."`
	Name  string `json:"name,omitempty" maxLength:"255" doc:"Shown for documents."`
	MIME  string `json:"mime" minLength:"1" maxLength:"255"`
	Kind  string `json:"kind,omitempty" maxLength:"50" doc:"One of the channel's kinds of media; without it, what fits the type and the channel best."`
	Bytes int64  `json:"bytes" minimum:"1"`
}

// NewTemplate is a message whose words the platform approved, with what fills its gaps.
type NewTemplate struct {
	Name       string                    `json:"name" minLength:"1" maxLength:"512"`
	Language   string                    `json:"language" minLength:"1" maxLength:"20"`
	Header     []string                  `json:"header,omitempty"`
	HeaderFile *NewFile                  `json:"header_file,omitempty"`
	Body       []string                  `json:"body,omitempty"`
	Named      map[string]string         `json:"named,omitempty" doc:"Of the body, instead of body."`
	Buttons    []channels.TemplateButton `json:"buttons,omitempty"`
}

// NewReaction replaces our reaction to the message that reply_to names.
type NewReaction struct {
	Emoji string `json:"emoji" maxLength:"64" doc:"Empty: it is taken back."`
}

// NewMessage is what an agent wants to say: a text, which may go with a file or with choices, or one of the others alone.
type NewMessage struct {
	Text     string            `json:"text,omitempty" maxLength:"65536"`
	File     *NewFile          `json:"file,omitempty"`
	Choices  *channels.Choices `json:"choices,omitempty"`
	Place    *channels.Place   `json:"place,omitempty"`
	Card     *channels.Card    `json:"card,omitempty"`
	Template *NewTemplate      `json:"template,omitempty"`
	Reaction *NewReaction      `json:"reaction,omitempty"`
	ReplyTo  *uuid.UUID        `json:"reply_to,omitempty" doc:"The message that is answered, or reacted to."`
	Tag      string            `json:"tag,omitempty" maxLength:"50" doc:"The channel's tag, when its window is over."`
	ReadUpTo *uuid.UUID        `json:"read_up_to,omitempty" doc:"Of the messages that were seen when this was written, the one with the highest seq: what came in after it stays unread. Without it, nothing does."`
}

// Sent are the messages that became of a request.
type Sent struct {
	Messages []Message `json:"messages" doc:"In the order in which they are sent: what is too long for one becomes several. None for a reaction, which is part of its message once the platform took it."`
}

type sendMessage struct {
	ID  uuid.UUID `path:"id"`
	Key string    `header:"Idempotency-Key" required:"true" minLength:"1" maxLength:"200" doc:"Chosen by the caller, another one for each message: asking again with the same one sends nothing twice, and has the same answer."`

	Body NewMessage
}

type retryMessage struct {
	ID  uuid.UUID `path:"id"`
	Key string    `header:"Idempotency-Key" required:"true" minLength:"1" maxLength:"200" doc:"As of a new message."`
}

func (a *API) messages() {
	register(a, everybody, huma.Operation{
		OperationID: "sendMessage", Method: http.MethodPost, Path: "/v1/conversations/{id}/messages", Tags: conversationTags,
		DefaultStatus: http.StatusAccepted, Summary: "Answer in a conversation",
		Description: "202: it is kept, and sent in its turn; its status tells how far it got. 422 for what the channel does not take, with its word as `code` and a sentence in `detail`. 409 `idempotency_key_reused`: the key was used for something else.",
	}, a.sendMessage)
	register(a, everybody, huma.Operation{
		OperationID: "retryMessage", Method: http.MethodPost, Path: "/v1/messages/{id}/retry", Tags: conversationTags,
		DefaultStatus: http.StatusAccepted, Summary: "Send a failed message again",
		Description: "As a new message with the same content; the old one keeps its state, and says in `retried_as` which the new one is. 409 `not_failed`: it did not fail, or was tried again already.",
	}, a.retryMessage)
}

func (a *API) sendMessage(ctx context.Context, in *sendMessage) (*answer[Sent], error) {
	d, err := in.Body.draft()
	if err != nil {
		return nil, err
	}
	if err := a.haveFiles(ctx, d.Content); err != nil {
		return nil, err
	}
	d.Conversation = in.ID
	composed, err := a.Answers.Compose(ctx, signed(ctx, d, in.Key))
	if errors.Is(err, inbox.ErrNotFound) && d.ReplyTo != uuid.Nil {
		if _, missing := a.Store.Winner(ctx, in.ID); missing == nil {
			return nil, invalid("body.reply_to", "There is no such message in this conversation.")
		}
	}
	if err != nil {
		return nil, err
	}
	if composed.Read {
		a.markRead(ctx, in.ID)
	}
	return a.sent(ctx, composed)
}

func (a *API) retryMessage(ctx context.Context, in *retryMessage) (*answer[Sent], error) {
	composed, err := a.Answers.Retry(ctx, in.ID, signed(ctx, inbox.Draft{}, in.Key))
	if errors.Is(err, inbox.ErrNotFailed) {
		return nil, conflict("not_failed", "This message did not fail, or was tried again already.")
	}
	if err != nil {
		return nil, err
	}
	return a.sent(ctx, composed)
}

// longestName is how much of an agent's name goes with a message, in bytes.
const longestName = 200

// signed is a draft of the caller's. Keys of other agents are others, whatever they are called.
func signed(ctx context.Context, d inbox.Draft, key string) inbox.Draft {
	me := caller(ctx)
	d.Key, d.Agent, d.Human = me.ID.String()+"/"+key, me.ID, true
	d.Author = strings.ToValidUTF8(me.Name[:min(len(me.Name), longestName)], "")
	return d
}

func (a *API) sent(ctx context.Context, composed inbox.Composed) (*answer[Sent], error) {
	views, err := a.Store.MessageViews(ctx, composed.Messages)
	if err != nil {
		return nil, err
	}
	sent := Sent{Messages: []Message{}}
	for _, id := range composed.Messages {
		view, ok := views[id]
		if !ok {
			continue // a reaction
		}
		message, err := a.messageOf(ctx, view)
		if err != nil {
			return nil, err
		}
		sent.Messages = append(sent.Messages, message)
	}
	return reply(sent), nil
}

// draft is what a message asks to be sent.
func (m NewMessage) draft() (inbox.Draft, error) {
	d := inbox.Draft{Tag: m.Tag, Content: channels.Content{Text: m.Text, File: m.File.file(), Choices: m.Choices, Place: m.Place, Card: m.Card}}
	if m.ReplyTo != nil {
		d.ReplyTo = *m.ReplyTo
	}
	if m.ReadUpTo != nil {
		d.ReadUpTo = *m.ReadUpTo
	}
	if m.Reaction != nil {
		if d.ReplyTo == uuid.Nil {
			return d, invalid("body.reply_to", "A reaction needs the message that it is about.")
		}
		d.Content.Reaction = &channels.SentReaction{Emoji: m.Reaction.Emoji}
	}
	if t := m.Template; t != nil {
		d.Content.Template = &channels.TemplateMessage{
			Name: t.Name, Language: t.Language, Header: t.Header, HeaderFile: t.HeaderFile.file(), Body: t.Body, Named: t.Named, Buttons: t.Buttons,
		}
	}
	return d, nil
}

// file is the file as channels know it. Links to it are made where it is sent.
func (f *NewFile) file() *channels.File {
	if f == nil {
		return nil
	}
	return &channels.File{Kind: channels.AttachmentKind(f.Kind), Key: f.Key, MIME: f.MIME, Name: f.Name, Bytes: f.Bytes}
}
