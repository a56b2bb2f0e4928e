package store

import (
	"context"

	"github.com/google/uuid"

	"omni/channels"
	"omni/gen/db"
	"omni/internal/inbox"
)

// Pending returns the unprocessed rows of a job's lane up to the job's row, in the order in which they were stored, at most
// max; if events are given, only their rows.
func (s *Store) Pending(ctx context.Context, job inbox.Job, only []channels.Event, max int) ([]inbox.Row, error) {
	rows, err := s.pending(ctx, []inbox.Job{job}, only, max)
	return rows[job.ID], err
}

// PendingOf is Pending for jobs of different lanes, in one round trip: the rows of each, at most max for one, by the id of the job.
func (s *Store) PendingOf(ctx context.Context, jobs []inbox.Job, max int) (map[uuid.UUID][]inbox.Row, error) {
	return s.pending(ctx, jobs, nil, max)
}

func (s *Store) pending(ctx context.Context, jobs []inbox.Job, only []channels.Event, max int) (map[uuid.UUID][]inbox.Row, error) {
	p := db.RowsStoredParams{Named: names(only), MaxRows: int32(max)}
	for _, job := range jobs {
		p.Accounts, p.Lanes, p.UpToSeqs = append(p.Accounts, job.Account), append(p.Lanes, job.Lane), append(p.UpToSeqs, job.UpTo)
	}
	found, err := s.q.RowsStored(ctx, p)
	if err != nil {
		return nil, interpretError("reading the unprocessed rows", err)
	}
	rows := make(map[uuid.UUID][]inbox.Row, len(jobs))
	for _, r := range found {
		job := jobs[r.Place-1].ID
		rows[job] = append(rows[job], inbox.Row{
			ID: r.ID, Seq: r.Seq, Channel: r.Channel, ChannelAccount: r.ChannelAccountID, CredentialAccount: r.CredentialAccount,
			ReceivedAt: r.ReceivedAt,
			Event: channels.Event{
				Kind: channels.Kind(r.Kind), Account: r.AccountExternalID, Thread: r.Thread, ID: value(r.Key),
				At: timeValue(r.OccurredAt).UTC(), History: r.History, Raw: r.Raw,
			},
		})
	}
	return rows, nil
}

// names returns events as the database knows them.
func names(events []channels.Event) []string {
	all := make([]string, len(events)) // not nil: that would be null
	for i, e := range events {
		all[i] = string(e.Kind) + "/" + key(e.ID)
	}
	return all
}

// Bury marks a row as a dead letter with its reason. One that is erased is dropped instead.
func (s *Store) Bury(ctx context.Context, row inbox.Row, reason string) error {
	return s.inTransaction(ctx, "marking a row dead", func(tx *transaction) error {
		a := &application{ctx: ctx, transaction: tx, Change: inbox.Change{Row: row}}
		ask := a.askErasedEvent("")
		if row.Event.Kind == channels.KindMessage {
			ask = a.askErasedMessage()
		}
		if err := ask(tx.q); err != nil {
			return err
		}
		if a.erased {
			return a.drop()
		}
		return bury(ctx, tx.q, row, reason)
	})
}

func bury(ctx context.Context, q *db.Queries, row inbox.Row, reason string) error {
	if row.Event.Kind == channels.KindMessage {
		return q.MessageBury(ctx, db.MessageBuryParams{ID: row.ID, Reason: optional(reason)})
	}
	return q.MessageEventBury(ctx, db.MessageEventBuryParams{ID: row.ID, Reason: optional(reason)})
}

// FirstSight notes the shape of an unknown event and reports whether it is the first of its kind.
func (s *Store) FirstSight(ctx context.Context, row inbox.Row, shape string) (bool, error) {
	noted, err := s.q.UnknownKindInsert(ctx, db.UnknownKindInsertParams{
		Channel: row.Channel, Shape: key(shape), FirstEvent: row.ID,
	})
	return noted == 1, interpretError("noting an unknown kind", err)
}

// Finish closes a job that turned out to have nothing left to do.
func (s *Store) Finish(ctx context.Context, job uuid.UUID) error {
	return interpretError("closing a job", s.q.QueueLogClose(ctx, job))
}
