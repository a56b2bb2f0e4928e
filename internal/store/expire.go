package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"omni/gen/db"
	"omni/internal/inbox"
)

// expiredRows is how many rows one statement of retention looks at, and so deletes at most.
const expiredRows = 1000

// Expire removes what a channel has from before a moment of a kind of things, in pieces that each keep nobody waiting, and returns how many of each
// kind of thing went. It goes on where the call before it stopped. Of what had to stay, the first is where the next call begins. With an error it
// returns what was done until then.
func (s *Store) Expire(ctx context.Context, kind inbox.Keepsake, channel string, before time.Time) (map[string]int, error) {
	removed := map[string]int{}
	for _, table := range expiring[kind] {
		sweep := sweep{Store: s, table: table.name, channel: channel, before: before, removed: removed}
		if err := sweep.run(ctx, table.piece); err != nil {
			return removed, interpretError(fmt.Sprintf("removing old %s of %s", table.name, channel), err)
		}
	}
	return removed, nil
}

// piece looks at a piece of a table behind a place, and removes what is old of it.
type piece func(ctx context.Context, s *sweep, accounts []uuid.UUID, place string) ([]byte, error)

// expiring is what is gone through for each kind of things.
var expiring = map[inbox.Keepsake][]struct {
	name  string
	piece piece
}{
	inbox.KeptMessages: {
		{"messages", func(ctx context.Context, s *sweep, accounts []uuid.UUID, place string) ([]byte, error) {
			return s.q.RetentionMessages(ctx, db.RetentionMessagesParams{Accounts: accounts, OlderThan: s.before, Place: placeID(place), Most: expiredRows})
		}},
		{"events", func(ctx context.Context, s *sweep, accounts []uuid.UUID, place string) ([]byte, error) {
			return s.q.RetentionMessageEvents(ctx, db.RetentionMessageEventsParams{Accounts: accounts, OlderThan: s.before, Place: placeID(place), Most: expiredRows})
		}},
	},
	inbox.KeptFiles: {{"files", func(ctx context.Context, s *sweep, accounts []uuid.UUID, place string) ([]byte, error) {
		return s.q.RetentionFiles(ctx, db.RetentionFilesParams{Accounts: accounts, OlderThan: s.before, Place: placeID(place), Most: expiredRows})
	}}},
	inbox.KeptWebhooks: {{"webhooks", func(ctx context.Context, s *sweep, _ []uuid.UUID, place string) ([]byte, error) {
		return s.q.RetentionWebhooks(ctx, db.RetentionWebhooksParams{Channels: []string{s.channel}, OlderThan: s.before, Place: placeID(place), Most: expiredRows})
	}}},
	inbox.KeptDeliveries: {{"deliveries", func(ctx context.Context, s *sweep, _ []uuid.UUID, place string) ([]byte, error) {
		return s.q.RetentionTold(ctx, db.RetentionToldParams{Channels: []string{s.channel}, OlderThan: s.before, Place: place, Most: expiredRows})
	}}},
}

// sweep is the way through one table for one channel.
type sweep struct {
	*Store
	table, channel string
	before         time.Time
	removed        map[string]int
}

// swept is what a piece of the way did.
type swept struct {
	Last    string         `json:"last"` // that was looked at; empty: there was nothing more
	Held    string         `json:"held"` // the first that had to stay; empty: none
	Removed map[string]int `json:"removed"`
}

func (s *sweep) run(ctx context.Context, piece piece) error {
	accounts, err := s.q.RetentionAccounts(ctx, s.channel)
	if err != nil || len(accounts) == 0 {
		return err
	}
	place, err := s.q.RetentionPlace(ctx, db.RetentionPlaceParams{Kind: s.table, Channel: s.channel})
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	for held := false; ; {
		rendered, err := piece(ctx, s, accounts, place)
		if err != nil {
			return err
		}
		var done swept
		if err := json.Unmarshal(rendered, &done); err != nil {
			return fmt.Errorf("reading what became of a piece: %w", err)
		}
		for kind, n := range done.Removed {
			s.removed[kind] += n
		}
		if done.Last == "" {
			return nil
		}
		if held = held || done.Held != ""; !held {
			err = s.q.RetentionMove(ctx, db.RetentionMoveParams{Kind: s.table, Channel: s.channel, Place: done.Last})
			if err != nil {
				return err
			}
		}
		place = done.Last
	}
}

// ExpireDead removes dead letters of a channel from before a moment, and returns how many.
func (s *Store) ExpireDead(ctx context.Context, channel string, before time.Time) (removed int, err error) {
	accounts, err := s.q.RetentionAccounts(ctx, channel)
	for err == nil && len(accounts) > 0 {
		var n int32
		n, err = s.q.RetentionDead(ctx, db.RetentionDeadParams{Accounts: accounts, OlderThan: before, Most: expiredRows})
		if removed += int(n); n == 0 {
			break
		}
	}
	return removed, interpretError("removing old dead letters", err)
}

// ExpireDeadJobs removes dead jobs from before a moment, and returns how many.
func (s *Store) ExpireDeadJobs(ctx context.Context, before time.Time) (int, error) {
	n, err := s.q.RetentionDeadJobs(ctx, before)
	return int(n), interpretError("removing old dead jobs", err)
}
