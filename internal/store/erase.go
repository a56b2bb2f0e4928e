package store

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"omni/gen/db"
	"omni/internal/inbox"
)

// BeginErasure orders the erasure of a contact, or of whoever that is by now: from here on nothing finds them, and what they write is somebody
// new's. Asking again for somebody gives the erasure that there is. The error is [inbox.ErrNotFound].
func (s *Store) BeginErasure(ctx context.Context, by inbox.Actor, contact uuid.UUID, reason string) (erasure uuid.UUID, told []uuid.UUID, err error) {
	told, err = s.telling(ctx, "ordering an erasure", func(tx *transaction) error {
		var known bool
		if erasure, known, err = orderedErasure(ctx, tx, contact); err != nil || known {
			return err
		}
		who, err := lockErased(ctx, tx, contact)
		if err != nil {
			return err
		}
		if erasure, known, err = orderedErasure(ctx, tx, who); err != nil || known {
			return err
		}
		erasure = newID()
		return beginErasure(ctx, tx, by, erasure, who, reason)
	})
	return erasure, told, err
}

func orderedErasure(ctx context.Context, tx *transaction, contact uuid.UUID) (id uuid.UUID, known bool, err error) {
	id, err = tx.q.ErasureByContact(ctx, contact)
	if errors.Is(err, pgx.ErrNoRows) {
		return uuid.Nil, false, nil
	}
	return id, err == nil, err
}

// lockErased takes a contact, or whoever that is by now.
func lockErased(ctx context.Context, tx *transaction, id uuid.UUID) (uuid.UUID, error) {
	row, err := tx.q.ErasureContact(ctx, id)
	switch {
	case err != nil:
		return uuid.Nil, notFound(err)
	case row.MergedInto.Valid:
		return lockErased(ctx, tx, row.MergedInto.UUID)
	}
	return row.ID, nil
}

func beginErasure(ctx context.Context, tx *transaction, by inbox.Actor, erasure, contact uuid.UUID, reason string) error {
	p := db.ErasureInsertParams{
		ID: erasure, ContactID: contact, Step: string(inbox.ErasureSteps[0]), Reason: clean(reason), AgentID: optionalID(by.Agent),
	}
	if err := tx.q.ErasureInsert(ctx, p); err != nil {
		return err
	}
	if err := tx.q.ErasureBegin(ctx, db.ErasureBeginParams{Erasure: erasure, Person: contact}); err != nil {
		return err
	}
	return tx.note(ctx, by, inbox.AuditEntry{Action: "contact.erased", Object: contact.String()}, map[string]uuid.UUID{"erasure": erasure})
}

// RememberIdentities keeps by what the identities of an erasure can be recognised that somebody names. It takes its time, so no transaction waits for it.
func (s *Store) RememberIdentities(ctx context.Context, erasure uuid.UUID) error {
	rows, err := s.q.ErasureIdentities(ctx, erasure)
	if err != nil {
		return interpretError("reading the identities of an erasure", err)
	}
	hashes := make([]inbox.ErasedIdentity, len(rows))
	for i, row := range rows {
		salt := make([]byte, 16)
		rand.Read(salt) // never fails
		if hashes[i], err = inbox.HashIdentity(row.Channel, value(row.Name), value(row.Value), salt); err != nil {
			return fmt.Errorf("hashing an identity: %w", err)
		}
	}
	rendered, err := document(hashes)
	if err != nil {
		return err
	}
	return interpretError("keeping hashes of identities", s.q.ErasureRemember(ctx, db.ErasureRememberParams{ID: erasure, Identities: rendered}))
}

// FindIdentity returns the contacts that a channel knows by an id.
func (s *Store) FindIdentity(ctx context.Context, channel, value string) ([]uuid.UUID, error) {
	found, err := s.q.ErasureFind(ctx, db.ErasureFindParams{Channel: channel, Value: value})
	return found, interpretError("looking for an identity", err)
}

// Erasures returns erasures behind a place, the latest first, at most so many.
func (s *Store) Erasures(ctx context.Context, after inbox.LogPlace, most int) ([]inbox.Erasure, error) {
	after = after.OrLatest()
	return s.erasures(ctx, db.ErasureListParams{BeforeAt: after.At, BeforeID: after.ID, MaxRows: int32(most)})
}

// Erasure returns an erasure, or [inbox.ErrNotFound].
func (s *Store) Erasure(ctx context.Context, id uuid.UUID) (inbox.Erasure, error) {
	all := inbox.LogPlace{}.OrLatest()
	found, err := s.erasures(ctx, db.ErasureListParams{BeforeAt: all.At, BeforeID: all.ID, ID: optionalID(id), MaxRows: 1})
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("reading an erasure: %w", inbox.ErrNotFound)
	}
	if err != nil {
		return inbox.Erasure{}, err
	}
	return found[0], nil
}

func (s *Store) erasures(ctx context.Context, p db.ErasureListParams) ([]inbox.Erasure, error) {
	rows, err := s.q.ErasureList(ctx, p)
	if err != nil {
		return nil, interpretError("reading erasures", err)
	}
	erasures := make([]inbox.Erasure, len(rows))
	for i, row := range rows {
		if erasures[i], err = erasureOf(row); err != nil {
			return nil, err
		}
	}
	return erasures, nil
}

func erasureOf(row db.ErasureListRow) (inbox.Erasure, error) {
	e := inbox.Erasure{
		ID: row.ID, Contact: row.ContactID, State: inbox.ErasureState(row.State), Step: inbox.ErasureStep(row.Step), Place: row.Place, Reason: row.Reason,
		Agent: row.AgentID.UUID, AgentName: value(row.AgentName), AskedAt: row.AskedAt, FinishedAt: timeValue(row.FinishedAt),
	}
	if err := errors.Join(json.Unmarshal(row.Removed, &e.Removed), json.Unmarshal(row.Identities, &e.Identities)); err != nil {
		return e, fmt.Errorf("reading erasure %s: %w", row.ID, err)
	}
	return e, nil
}

// EraseAgain makes another attempt at an erasure; 0: it is over.
func (s *Store) EraseAgain(ctx context.Context, id uuid.UUID) (attempt int, err error) {
	n, err := s.q.ErasureAgain(ctx, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	return int(n), interpretError("going on with an erasure", err)
}

// OverdueErasures takes erasures that nobody looks after, with another attempt at each, at most so many.
func (s *Store) OverdueErasures(ctx context.Context, most int) ([]inbox.Job, error) {
	rows, err := s.q.ErasureOverdue(ctx, int32(most))
	jobs := make([]inbox.Job, len(rows))
	for i, row := range rows {
		jobs[i] = inbox.ErasureJob(row.ID, int(row.Attempt))
	}
	return jobs, interpretError("looking for overdue erasures", err)
}
