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

// telling is inTransaction for work whose changes subscribers are told of. It returns the subscriptions of which deliveries can go.
func (s *Store) telling(ctx context.Context, doing string, work func(*transaction) error) ([]uuid.UUID, error) {
	var told audience
	err := s.inTransaction(ctx, doing, func(tx *transaction) error {
		told = audience{}
		tx.audience = &told
		return work(tx)
	})
	return told.waiting, err
}

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
