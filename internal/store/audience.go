package store

import (
	"context"

	"github.com/google/uuid"

	"omni/gen/db"
)

// audience is whom a transaction tells of what it writes into the feed.
type audience struct {
	waiting []uuid.UUID // subscriptions with deliveries that can go once the transaction is over
}

// telling is inTransaction for work that writes changes into the feed: subscribers are told of them, and [Store.Changes] counts it. It returns the
// subscriptions of which deliveries can go.
func (s *Store) telling(ctx context.Context, doing string, work func(*transaction) error) ([]uuid.UUID, error) {
	var told audience
	err := s.inTransaction(ctx, doing, func(tx *transaction) error {
		told = audience{}
		tx.audience = &told
		return work(tx)
	})
	if err == nil {
		s.changes.Add(1)
	}
	return told.waiting, err
}

// Changes is how many transactions this store has committed that may have written into the feed.
func (s *Store) Changes() int64 { return s.changes.Load() }

// tell is the last query of a transaction. A nil audience hears nothing.
func (a *audience) tell(ctx context.Context) []query {
	if a == nil {
		return nil
	}
	return []query{func(q *db.Queries) (err error) {
		a.waiting, err = q.DeliveryMake(ctx)
		return err
	}}
}
