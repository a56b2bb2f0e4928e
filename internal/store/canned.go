package store

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"omni/gen/db"
	"omni/internal/inbox"
)

// cannedUpdated is the kind of changes that canned replies are told of by, and cannedIndex what keeps their shortcuts apart.
const (
	cannedUpdated = "canned_replies.updated"
	cannedIndex   = "canned_replies_shortcut"
)

// CannedReplies returns the canned replies that an agent can use: everybody's and their own, by shortcut.
func (s *Store) CannedReplies(ctx context.Context, agent uuid.UUID) ([]inbox.CannedReply, error) {
	rows, err := s.q.CannedReplyList(ctx, optionalID(agent))
	if err != nil {
		return nil, interpretError("reading canned replies", err)
	}
	all := make([]inbox.CannedReply, len(rows))
	for i, row := range rows {
		all[i] = cannedReplyOf(row)
	}
	return all, nil
}

// AddCannedReply makes a canned reply. The error is [inbox.ErrTaken] if there is one of the shortcut.
func (s *Store) AddCannedReply(ctx context.Context, by inbox.Actor, new inbox.CannedReply) (made inbox.CannedReply, err error) {
	err = s.changing(ctx, "adding a canned reply", func(tx *transaction) error {
		row, err := tx.q.CannedReplyInsert(ctx, db.CannedReplyInsertParams{
			ID: newID(), Shortcut: clean(new.Shortcut), Title: clean(new.Title), Text: clean(new.Text), Channels: words(new.Channels),
			OwnerID: optionalID(new.Owner),
		})
		if err != nil {
			return taken(err, cannedIndex)
		}
		made = cannedReplyOf(row)
		return tx.noteCanned(ctx, by, "canned_reply.created", made)
	})
	return made, err
}

// ChangeCannedReply lets change alter a canned reply that the actor can use, and writes it unless there is an error. The other errors are
// [inbox.ErrNotFound] and [inbox.ErrTaken].
func (s *Store) ChangeCannedReply(
	ctx context.Context, by inbox.Actor, id uuid.UUID, change func(*inbox.CannedReply) error,
) (made inbox.CannedReply, err error) {
	err = s.changing(ctx, "changing a canned reply", func(tx *transaction) error {
		reply, err := tx.canned(ctx, by, id)
		if err == nil {
			err = change(&reply)
		}
		if err != nil {
			return err
		}
		row, err := tx.q.CannedReplyUpdate(ctx, db.CannedReplyUpdateParams{
			ID: id, Shortcut: clean(reply.Shortcut), Title: clean(reply.Title), Text: clean(reply.Text), Channels: words(reply.Channels),
			OwnerID: optionalID(reply.Owner),
		})
		if err != nil {
			return taken(err, cannedIndex)
		}
		made = cannedReplyOf(row)
		return tx.noteCanned(ctx, by, "canned_reply.changed", made)
	})
	return made, err
}

// DeleteCannedReply forgets a canned reply that the actor can use, unless may has something against it.
func (s *Store) DeleteCannedReply(ctx context.Context, by inbox.Actor, id uuid.UUID, may func(inbox.CannedReply) error) error {
	return s.changing(ctx, "deleting a canned reply", func(tx *transaction) error {
		reply, err := tx.canned(ctx, by, id)
		if err == nil {
			err = may(reply)
		}
		if err == nil {
			err = tx.q.CannedReplyDelete(ctx, id)
		}
		if err != nil {
			return err
		}
		return tx.noteCanned(ctx, by, "canned_reply.deleted", reply)
	})
}

// UseCannedReply counts that an agent has used a canned reply.
func (s *Store) UseCannedReply(ctx context.Context, agent, id uuid.UUID) error {
	n, err := s.q.CannedReplyUsed(ctx, db.CannedReplyUsedParams{ID: id, AgentID: optionalID(agent)})
	if err == nil && n == 0 {
		err = inbox.ErrNotFound
	}
	return interpretError("counting the use of a canned reply", err)
}

// canned locks a canned reply that the actor can use.
func (t *transaction) canned(ctx context.Context, by inbox.Actor, id uuid.UUID) (inbox.CannedReply, error) {
	row, err := t.q.CannedReplyLock(ctx, db.CannedReplyLockParams{ID: id, AgentID: optionalID(by.Agent)})
	return cannedReplyOf(row), notFound(err)
}

func (t *transaction) noteCanned(ctx context.Context, by inbox.Actor, action string, reply inbox.CannedReply) error {
	detail := map[string]any{"shortcut": reply.Shortcut, "shared": reply.Shared()}
	return t.note(ctx, by, inbox.AuditEntry{Action: action, Object: reply.ID.String()}, detail, cannedUpdated)
}

func cannedReplyOf(r db.CannedReply) inbox.CannedReply {
	return inbox.CannedReply{
		ID: r.ID, Shortcut: r.Shortcut, Title: r.Title, Text: r.Text, Channels: slices.Clone(r.Channels), Owner: r.OwnerID.UUID, Uses: int(r.Uses),
		UpdatedAt: r.UpdatedAt,
	}
}
