package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"omni/gen/db"
	"omni/internal/inbox"
)

// labelsUpdated is the kind of changes that labels are told of by.
const labelsUpdated = "labels.updated"

// Labels returns all labels, by name.
func (s *Store) Labels(ctx context.Context) ([]inbox.Label, error) {
	return s.labels(ctx, uuid.Nil)
}

// Label returns one label, or [inbox.ErrNotFound].
func (s *Store) Label(ctx context.Context, id uuid.UUID) (inbox.Label, error) {
	found, err := s.labels(ctx, id)
	if err == nil && len(found) == 0 {
		err = interpretError("reading a label", notFound(pgx.ErrNoRows))
	}
	if err != nil {
		return inbox.Label{}, err
	}
	return found[0], nil
}

func (s *Store) labels(ctx context.Context, id uuid.UUID) ([]inbox.Label, error) {
	rows, err := s.q.LabelList(ctx, optionalID(id))
	if err != nil {
		return nil, interpretError("reading labels", err)
	}
	all := make([]inbox.Label, len(rows))
	for i, row := range rows {
		all[i] = labelOf(row.Label)
		all[i].Conversations = int(row.Conversations)
	}
	return all, nil
}

// AddLabel makes a label of a name and a color. The error is [inbox.ErrTaken] if there is one of the name.
func (s *Store) AddLabel(ctx context.Context, by inbox.Actor, name, color string) (inbox.Label, error) {
	p := db.LabelInsertParams{ID: newID(), Name: clean(name), Color: color}
	err := s.changing(ctx, "adding a label", func(tx *transaction) error {
		if err := tx.q.LabelInsert(ctx, p); err != nil {
			return taken(err, "labels_name")
		}
		return tx.note(ctx, by, inbox.AuditEntry{Action: "label.created", Object: p.ID.String()}, map[string]string{"name": p.Name}, labelsUpdated)
	})
	return inbox.Label{ID: p.ID, Name: p.Name, Color: p.Color}, err
}

// ChangeLabel changes a label. The errors are [inbox.ErrNotFound] and [inbox.ErrTaken].
func (s *Store) ChangeLabel(ctx context.Context, by inbox.Actor, id uuid.UUID, change inbox.LabelChange) error {
	return s.changing(ctx, "changing a label", func(tx *transaction) error {
		before, err := tx.q.LabelLock(ctx, id)
		if err != nil {
			return notFound(err)
		}
		what := map[string]difference{}
		differs(what, "name", before.Name, change.Name)
		differs(what, "color", before.Color, change.Color)
		if len(what) == 0 {
			return nil
		}
		if err := tx.q.LabelUpdate(ctx, db.LabelUpdateParams{ID: id, Name: change.Name, Color: change.Color}); err != nil {
			return taken(err, "labels_name")
		}
		return tx.note(ctx, by, inbox.AuditEntry{Action: "label.changed", Object: id.String()}, what, labelsUpdated)
	})
}

// DeleteLabel forgets a label, and takes it off every conversation.
func (s *Store) DeleteLabel(ctx context.Context, by inbox.Actor, id uuid.UUID) error {
	return s.changing(ctx, "deleting a label", func(tx *transaction) error {
		before, err := tx.q.LabelLock(ctx, id)
		if err != nil {
			return notFound(err)
		}
		if err := tx.q.LabelDelete(ctx, id); err != nil {
			return err
		}
		return tx.note(ctx, by, inbox.AuditEntry{Action: "label.deleted", Object: id.String()}, map[string]string{"name": before.Name}, labelsUpdated)
	})
}

// taken marks with [inbox.ErrTaken] that a unique index has an entry already. Other transactions do not help then.
func taken(err error, index ...string) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == pgerrcode.UniqueViolation && slices.Contains(index, pg.ConstraintName) {
		return fmt.Errorf("%w: %s", inbox.ErrTaken, pg.ConstraintName)
	}
	return err
}

func labelOf(r db.Label) inbox.Label {
	return inbox.Label{ID: r.ID, Name: r.Name, Color: r.Color}
}
