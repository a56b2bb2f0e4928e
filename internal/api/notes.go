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

// NoteStore keeps the notes.
type NoteStore interface {
	AddNote(context.Context, inbox.NoteView) (id uuid.UUID, told []uuid.UUID, err error)
	EditNote(ctx context.Context, by inbox.Actor, all bool, id uuid.UUID, text *string) (told []uuid.UUID, err error)
	NoteViews(context.Context, []uuid.UUID) (map[uuid.UUID]inbox.NoteView, error)
}

// Note is for colleagues: no customer ever sees one.
type Note struct {
	ID           uuid.UUID   `json:"id"`
	Conversation uuid.UUID   `json:"conversation"`
	Author       Ref         `json:"author"`
	Text         string      `json:"text" doc:"Empty once it is deleted."`
	Mentions     []uuid.UUID `json:"mentions" doc:"Agents."`
	At           Time        `json:"at"`
	EditedAt     *Time       `json:"edited_at"`
	DeletedAt    *Time       `json:"deleted_at"`
}

type addNote struct {
	ID   uuid.UUID `path:"id"`
	Body struct {
		Text     string      `json:"text" minLength:"1" maxLength:"10000" pattern:"\\S"`
		Mentions []uuid.UUID `json:"mentions,omitempty" maxItems:"50" doc:"Agents; who is none is left out."`
	} `nameHint:"NewNote"`
}

type editNote struct {
	ID   uuid.UUID `path:"id"`
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"10000" pattern:"\\S"`
	} `nameHint:"NoteChange"`
}

func (a *API) notes() {
	register(a, everybody, huma.Operation{
		OperationID: "addNote", Method: http.MethodPost, Path: "/v1/conversations/{id}/notes", Tags: conversationTags, DefaultStatus: http.StatusCreated,
		Summary: "Write a note for colleagues",
	}, a.addNote)
	register(a, everybody, huma.Operation{
		OperationID: "editNote", Method: http.MethodPatch, Path: "/v1/notes/{id}", Tags: conversationTags,
		Summary: "Change a note", Description: "One's own; administrators change any.",
	}, a.editNote)
	register(a, everybody, huma.Operation{
		OperationID: "deleteNote", Method: http.MethodDelete, Path: "/v1/notes/{id}", Tags: conversationTags,
		Summary: "Take a note back", Description: "One's own; administrators take back any. Its place in the history stays.",
	}, a.deleteNote)
}

func (a *API) addNote(ctx context.Context, in *addNote) (*answer[Note], error) {
	id, told, err := a.Store.AddNote(ctx, inbox.NoteView{
		Conversation: in.ID, Author: inbox.AgentRef{ID: caller(ctx).ID}, Text: strings.TrimSpace(in.Body.Text), Mentions: in.Body.Mentions,
	})
	if err != nil {
		return nil, err
	}
	a.notify(ctx, told)
	return a.note(ctx, id)
}

func (a *API) note(ctx context.Context, id uuid.UUID) (*answer[Note], error) {
	views, err := a.Store.NoteViews(ctx, []uuid.UUID{id})
	return reply(noteOf(views[id])), err
}

func (a *API) editNote(ctx context.Context, in *editNote) (*answer[Note], error) {
	text := strings.TrimSpace(in.Body.Text)
	if err := a.changeNote(ctx, in.ID, &text); err != nil {
		return nil, err
	}
	return a.note(ctx, in.ID)
}

func (a *API) deleteNote(ctx context.Context, in *byID) (*struct{}, error) {
	return nil, a.changeNote(ctx, in.ID, nil)
}

func (a *API) changeNote(ctx context.Context, id uuid.UUID, text *string) error {
	told, err := a.Store.EditNote(ctx, actor(ctx), caller(ctx).Role == inbox.RoleAdmin, id, text)
	if errors.Is(err, inbox.ErrForbidden) {
		return &Problem{Status: http.StatusForbidden, Detail: "This is somebody else's note."}
	}
	if err == nil {
		a.notify(ctx, told)
	}
	return err
}

func noteOf(v inbox.NoteView) Note {
	return Note{
		ID: v.ID, Conversation: v.Conversation, Author: *refOf(&v.Author), Text: v.Text, Mentions: each(v.Mentions, func(id uuid.UUID) uuid.UUID { return id }),
		At: Time(v.At), EditedAt: maybeTime(v.EditedAt), DeletedAt: maybeTime(v.DeletedAt),
	}
}
