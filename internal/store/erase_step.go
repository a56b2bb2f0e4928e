package store

import (
	"context"

	"github.com/google/uuid"

	"omni/gen/db"
	"omni/internal/inbox"
)

// Sizes of the pieces of an erasure: how many rows one statement removes, and how many of a log it looks at.
const (
	erasedRows   = 500
	searchedRows = 1000
)

// ErasureProgress returns how far an erasure is, or [inbox.ErrNotFound]. Nothing else of it is filled in.
func (s *Store) ErasureProgress(ctx context.Context, id uuid.UUID) (inbox.Erasure, error) {
	row, err := s.q.ErasureProgress(ctx, id)
	return inbox.Erasure{
		ID: row.ID, State: inbox.ErasureState(row.State), Step: inbox.ErasureStep(row.Step), Place: row.Place,
	}, interpretError("reading how far an erasure is", notFound(err))
}

// EraseRows does a piece of a step that the database does alone, and notes in the same transaction how far that is. It returns the place where the step
// goes on, and whether it is done.
func (s *Store) EraseRows(ctx context.Context, erasure uuid.UUID, step inbox.ErasureStep, place string) (next string, done bool, err error) {
	err = s.inTransaction(ctx, "erasing "+string(step), func(tx *transaction) error {
		next, done, err = eraseRows(ctx, tx.q, erasure, step, place)
		if err != nil || done {
			return err
		}
		return tx.q.ErasureMove(ctx, db.ErasureMoveParams{ID: erasure, Step: string(step), Place: next})
	})
	return next, done, err
}

func eraseRows(ctx context.Context, q *db.Queries, erasure uuid.UUID, step inbox.ErasureStep, place string) (string, bool, error) {
	switch step {
	case inbox.EraseMessages:
		n, err := q.ErasureStepMessages(ctx, db.ErasureStepMessagesParams{Erasure: erasure, Most: erasedRows})
		return "", n == 0, err
	case inbox.EraseEvents:
		n, err := q.ErasureStepEvents(ctx, db.ErasureStepEventsParams{Erasure: erasure, Most: erasedRows})
		return "", n == 0, err
	case inbox.EraseGroups:
		next, err := q.ErasureStepGroup(ctx, db.ErasureStepGroupParams{Erasure: erasure, Place: placeID(place)})
		return next.String(), next == uuid.Nil, err
	case inbox.EraseWebhooks:
		next, err := q.ErasureStepWebhooks(ctx, db.ErasureStepWebhooksParams{Erasure: erasure, Place: placeID(place), Most: searchedRows})
		return next.String(), next == uuid.Nil, err
	case inbox.EraseJobs:
		next, err := q.ErasureStepJobs(ctx, db.ErasureStepJobsParams{Erasure: erasure, Place: placeID(place), Most: searchedRows})
		return next.String(), next == uuid.Nil, err
	case inbox.EraseTold:
		next, err := q.ErasureStepTold(ctx, db.ErasureStepToldParams{Erasure: erasure, Place: place, Most: searchedRows})
		return next, next == "", err
	case inbox.EraseFeed:
		next, err := q.ErasureStepFeed(ctx, db.ErasureStepFeedParams{Erasure: erasure, Place: place, Most: searchedRows})
		return next, next == "", err
	}
	return "", true, nil
}

// placeID reads a place that is behind an id; empty: before all.
func placeID(place string) uuid.UUID {
	id, _ := uuid.Parse(place) // nothing else is written there
	return id
}

// EraseMove notes how far an erasure is.
func (s *Store) EraseMove(ctx context.Context, erasure uuid.UUID, step inbox.ErasureStep, place string) error {
	return interpretError("noting how far an erasure is", s.q.ErasureMove(ctx, db.ErasureMoveParams{ID: erasure, Step: string(step), Place: place}))
}

// EndErasure does the last step; false: something was written into a conversation meanwhile, and the steps have to be done again.
func (s *Store) EndErasure(ctx context.Context, erasure uuid.UUID) (bool, error) {
	done, err := s.q.ErasureEnd(ctx, erasure)
	return done, interpretError("ending an erasure", err)
}

// DoomedObjects returns the keys of files that are to be deleted, at most so many.
func (s *Store) DoomedObjects(ctx context.Context, most int) ([]string, error) {
	keys, err := s.q.DoomedObjectTake(ctx, int32(most))
	return keys, interpretError("looking for files to delete", err)
}

// ObjectsDeleted notes that files are deleted.
func (s *Store) ObjectsDeleted(ctx context.Context, keys []string) error {
	return interpretError("noting that files are deleted", s.q.DoomedObjectDeleted(ctx, keys))
}

// ExpireTombstones removes those that are not needed any more, and returns how many.
func (s *Store) ExpireTombstones(ctx context.Context) (int, error) {
	n, err := s.q.ErasureTombstonesExpire(ctx)
	return int(n), interpretError("removing old tombstones", err)
}

// Erased returns which of some names are erased, for a webhook; [uuid.Nil] stands for what came at any time.
func (s *Store) Erased(ctx context.Context, webhook uuid.UUID, names []string) (map[string]bool, error) {
	found, err := s.q.ErasureNames(ctx, db.ErasureNamesParams{Names: names, Webhook: webhook})
	erased := map[string]bool{}
	for _, name := range found {
		erased[name] = true
	}
	return erased, interpretError("looking for tombstones", err)
}
