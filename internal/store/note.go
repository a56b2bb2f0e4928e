package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"omni/gen/db"
	"omni/internal/inbox"
)

// AddNote writes a note into a conversation, or the one that it is by now, and returns its id. The error is [inbox.ErrNotFound].
func (s *Store) AddNote(ctx context.Context, n inbox.NoteView) (id uuid.UUID, told []uuid.UUID, err error) {
	id = newID()
	told, err = s.telling(ctx, "writing a note", func(tx *transaction) error {
		conversation, err := tx.q.ConversationWinner(ctx, n.Conversation)
		if err != nil {
			return notFound(err)
		}
		p := db.NoteInsertParams{
			ID: id, ConversationID: conversation, AgentID: n.Author.ID, Text: clean(n.Text), Mentions: append([]uuid.UUID{}, n.Mentions...),
		}
		return tx.conclude(ctx, func(q *db.Queries) error { return q.NoteInsert(ctx, p) })
	})
	return id, told, err
}

// ErrNotYours means that somebody else's is left alone.
var errNotYours = fmt.Errorf("a note of somebody else: %w", inbox.ErrForbidden)

// EditNote changes what a note says; nil takes it back. Only its author may, and who may change all. The error is [inbox.ErrNotFound] or
// [inbox.ErrForbidden].
func (s *Store) EditNote(ctx context.Context, by inbox.Actor, all bool, id uuid.UUID, text *string) (told []uuid.UUID, err error) {
	return s.telling(ctx, "changing a note", func(tx *transaction) error {
		note, err := tx.q.NoteLock(ctx, id)
		switch {
		case err != nil:
			return notFound(err)
		case note.DeletedAt != nil:
			return inbox.ErrNotFound
		case note.AgentID != by.Agent && !all:
			return errNotYours
		case text != nil && clean(*text) == note.Text:
			return nil
		}
		action, change := "note.deleted", func(q *db.Queries) error { return q.NoteDelete(ctx, id) }
		if text != nil {
			p := db.NoteEditParams{ID: id, Text: clean(*text)}
			action, change = "note.edited", func(q *db.Queries) error { return q.NoteEdit(ctx, p) }
		}
		entry, err := audited(ctx, by, inbox.AuditEntry{Action: action, Object: id.String(), Conversation: note.ConversationID},
			map[string]uuid.UUID{"author": note.AgentID})
		if err != nil {
			return err
		}
		return tx.conclude(ctx, slices.Concat([]query{change}, entry)...)
	})
}
