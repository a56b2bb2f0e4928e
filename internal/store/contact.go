package store

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"

	"omni/gen/db"
	"omni/internal/inbox"
)

// Contacts returns contacts behind one, the latest first, at most so many: those who are found by what somebody typed; empty: all.
func (s *Store) Contacts(ctx context.Context, typed string, behind uuid.UUID, most int) ([]inbox.ContactView, error) {
	if behind == uuid.Nil {
		behind = uuid.Max
	}
	var ids []uuid.UUID
	var err error
	if typed == "" {
		ids, err = s.q.ContactList(ctx, db.ContactListParams{BeforeID: behind, MaxRows: int32(most)})
	} else {
		ids, err = s.q.ContactSearch(ctx, db.ContactSearchParams{Typed: clean(typed), BeforeID: behind, MaxRows: int32(most)})
	}
	if err != nil {
		return nil, interpretError("looking for contacts", err)
	}
	return s.contacts(ctx, ids)
}

func (s *Store) contacts(ctx context.Context, ids []uuid.UUID) ([]inbox.ContactView, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := s.q.ContactView(ctx, ids)
	views := make([]inbox.ContactView, len(rows))
	for i, r := range rows {
		views[i] = inbox.ContactView{
			ID: r.ID, MergedInto: r.MergedInto.UUID, Name: value(r.Name), Username: value(r.Username), Phone: value(r.Phone), Email: value(r.Email),
			Language: value(r.Language), About: value(r.About), Edited: r.Edited, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
		}
	}
	return views, interpretError("reading contacts", err)
}

// Contact returns a contact, or [inbox.ErrNotFound]. Who is another by now is that one.
func (s *Store) Contact(ctx context.Context, id uuid.UUID) (inbox.ContactView, error) {
	found, err := s.contacts(ctx, []uuid.UUID{id})
	switch {
	case err != nil:
		return inbox.ContactView{}, err
	case len(found) == 0:
		return inbox.ContactView{}, fmt.Errorf("reading a contact: %w", inbox.ErrNotFound)
	case found[0].MergedInto != uuid.Nil:
		return s.Contact(ctx, found[0].MergedInto)
	}
	return found[0], nil
}

// ContactDetail is Contact with the ids by which they are known, and their latest conversations, at most so many.
func (s *Store) ContactDetail(ctx context.Context, id uuid.UUID, most int) (inbox.ContactDetail, error) {
	view, err := s.Contact(ctx, id)
	detail := inbox.ContactDetail{ContactView: view}
	if err != nil {
		return detail, err
	}
	rows, err := s.q.ContactIdentities(ctx, view.ID)
	if err != nil {
		return detail, interpretError("reading the ids of a contact", err)
	}
	for _, r := range rows {
		detail.Identities = append(detail.Identities, inbox.KnownIdentity{
			Channel: r.Channel, Account: r.Account, Kind: r.Kind, Value: r.Value, FirstSeenAt: r.CreatedAt,
		})
	}
	ids, err := s.q.ContactConversations(ctx, db.ContactConversationsParams{ContactID: optionalID(view.ID), MaxRows: int32(most)})
	if err != nil {
		return detail, interpretError("reading the conversations of a contact", err)
	}
	detail.Conversations, err = s.ConversationViews(ctx, ids)
	return detail, err
}

// EditContact writes what agents know of a contact, or whoever that is by now. The error is [inbox.ErrNotFound].
func (s *Store) EditContact(ctx context.Context, by inbox.Actor, id uuid.UUID, edit inbox.ContactEdit) (told []uuid.UUID, err error) {
	return s.telling(ctx, "editing a contact", func(tx *transaction) error {
		row, err := lockContact(ctx, tx, id)
		if err != nil {
			return err
		}
		p := db.ContactEditParams{
			ID: row.ID, Name: row.EditedName, Phone: row.EditedPhone, Email: row.Email, Language: row.EditedLanguage, About: row.About,
		}
		what := map[string]difference{}
		for name, field := range map[string]struct {
			edit   *string
			column **string
		}{"name": {edit.Name, &p.Name}, "phone": {edit.Phone, &p.Phone}, "email": {edit.Email, &p.Email},
			"language": {edit.Language, &p.Language}, "about": {edit.About, &p.About}} {
			if field.edit == nil || clean(*field.edit) == value(*field.column) {
				continue
			}
			was := *field.column
			*field.column = optional(*field.edit)
			what[name] = difference{was, *field.column}
		}
		if len(what) == 0 {
			return nil
		}
		queries, err := audited(ctx, by, inbox.AuditEntry{Action: "contact.edited", Object: row.ID.String()}, what)
		if err != nil {
			return err
		}
		return tx.conclude(ctx, append(queries, func(q *db.Queries) error { return q.ContactEdit(ctx, p) }, tellContact(ctx, row.ID))...)
	})
}

// tellContact tells clients that a contact reads otherwise.
func tellContact(ctx context.Context, id uuid.UUID) query {
	return func(q *db.Queries) error { return q.FeedContact(ctx, id) }
}

// lockContact takes a contact until the transaction ends, or whoever that is by now.
func lockContact(ctx context.Context, tx *transaction, id uuid.UUID) (db.Contact, error) {
	row, err := tx.q.ContactLock(ctx, id)
	switch {
	case err != nil:
		return row, notFound(err)
	case row.MergedInto.Valid:
		return lockContact(ctx, tx, row.MergedInto.UUID)
	}
	return row, nil
}

// MergeContacts makes one person of two, as a message that shows both does: what was the loser's is the winner's. The conversations are taken first and
// in the order of their ids, as the processor does, so that the two seldom wait for each other; if they do, one of them runs again. The error is
// [inbox.ErrNotFound], or [inbox.ErrSame] if they are one already.
func (s *Store) MergeContacts(ctx context.Context, by inbox.Actor, winner, loser uuid.UUID) (told []uuid.UUID, err error) {
	return s.telling(ctx, "merging contacts", func(tx *transaction) error {
		if _, err := tx.q.ContactConversationsLock(ctx, []uuid.UUID{winner, loser}); err != nil {
			return err
		}
		rows, err := lockContacts(ctx, tx, winner, loser)
		if err != nil {
			return err
		}
		into, from := rows[winner], rows[loser]
		if into.ID == from.ID {
			return inbox.ErrSame
		}
		queries, err := audited(ctx, by, inbox.AuditEntry{Action: "contact.merged", Object: into.ID.String()}, map[string]any{
			"other": map[string]any{"id": from.ID, "name": nameOf(from)}, "name": nameOf(into),
		})
		if err != nil {
			return err
		}
		a := application{ctx: ctx, transaction: tx}
		if err := a.mergeContacts(into.ID, from.ID); err != nil {
			return err
		}
		return tx.conclude(ctx, queries...)
	})
}

// lockContacts takes contacts in the order of their ids, by which it returns them.
func lockContacts(ctx context.Context, tx *transaction, ids ...uuid.UUID) (map[uuid.UUID]db.Contact, error) {
	rows := map[uuid.UUID]db.Contact{}
	for _, id := range ids {
		rows[id] = db.Contact{}
	}
	for _, id := range slices.SortedFunc(maps.Keys(rows), func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }) {
		row, err := lockContact(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		rows[id] = row
	}
	return rows, nil
}

func nameOf(row db.Contact) string {
	for _, name := range []*string{row.EditedName, row.Name, row.Username, row.Phone} {
		if name != nil {
			return *name
		}
	}
	return ""
}
