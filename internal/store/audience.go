package store

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/google/uuid"

	"omni/gen/db"
)

// audience is whom a transaction tells of what it writes into the feed.
type audience struct {
	waiting []uuid.UUID // subscriptions with deliveries that can go once the transaction is over
	changed []uuid.UUID // conversations whose visitors may have a socket open
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
		s.changes.add(told.changed)
	}
	return told.waiting, err
}

// Changes is how many transactions this store has committed that may have written into the feed.
func (s *Store) Changes() int64 { return s.changes.number() }

// TakeChanged returns the conversations that changed since it last did, as far as visitors may want to know.
func (s *Store) TakeChanged() []uuid.UUID { return s.changes.take() }

// changes are what transactions have written into the feed.
type changes struct {
	mu       sync.Mutex
	count    int64
	visitors map[uuid.UUID]bool // conversations of which nobody has been told yet
}

func (c *changes) add(conversations []uuid.UUID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count++
	for _, id := range conversations {
		if c.visitors == nil {
			c.visitors = map[uuid.UUID]bool{}
		}
		c.visitors[id] = true
	}
}

func (c *changes) number() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.count
}

func (c *changes) take() []uuid.UUID {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := slices.Collect(maps.Keys(c.visitors))
	clear(c.visitors)
	return all
}

// tell is the last query of a transaction. A nil audience hears nothing.
func (a *audience) tell(ctx context.Context) []query {
	if a == nil {
		return nil
	}
	return []query{func(q *db.Queries) error {
		told, err := q.DeliveryMake(ctx)
		a.waiting, a.changed = told.Waiting, told.Changed
		return err
	}}
}
