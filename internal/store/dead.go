package store

import (
	"context"
	"errors"
	"math"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"omni/channels"
	"omni/gen/db"
	"omni/internal/inbox"
)

// DeadLetters returns what waits for an operator, what died last first, behind a place in that order, at most so many; 0: all.
func (s *Store) DeadLetters(ctx context.Context, f inbox.DeadFilter, most int) ([]inbox.DeadLetter, error) {
	if most == 0 {
		most = math.MaxInt32
	}
	after := f.After.OrLatest()
	rows, err := s.q.DeadLetterFind(ctx, db.DeadLetterFindParams{
		Channel: f.Channel, Kind: f.Kind, Since: f.Since, Reason: clean(f.Reason), BeforeAt: after.At, BeforeID: after.ID, MaxRows: int32(most),
	})
	if err != nil {
		return nil, interpretError("looking for dead letters", err)
	}
	letters := make([]inbox.DeadLetter, len(rows))
	for i, r := range rows {
		letters[i] = inbox.DeadLetter{
			ID: r.ID, Seq: r.Seq, Kind: r.Kind, Channel: r.Channel, Reason: value(r.Reason), DiedAt: timeValue(r.DiedAt),
			RedrivenAt: timeValue(r.RedrivenAt),
		}
	}
	return letters, nil
}

// DeadReasons counts dead letters by their reason, the most frequent first.
func (s *Store) DeadReasons(ctx context.Context, f inbox.DeadFilter) ([]inbox.DeadReason, error) {
	rows, err := s.q.DeadLetterReasons(ctx, db.DeadLetterReasonsParams{
		Channel: f.Channel, Kind: f.Kind, Since: f.Since, Reason: clean(f.Reason),
	})
	if err != nil {
		return nil, interpretError("counting dead letters", err)
	}
	reasons := make([]inbox.DeadReason, len(rows))
	for i, r := range rows {
		reasons[i] = inbox.DeadReason{Reason: value(r.Reason), Number: int(r.Number)}
	}
	return reasons, nil
}

// DeadRow returns the row of an event, in whatever state it is, or [inbox.ErrNotFound].
func (s *Store) DeadRow(ctx context.Context, id uuid.UUID) (inbox.DeadRow, error) {
	r, err := s.q.DeadLetterRow(ctx, id)
	if err != nil {
		return inbox.DeadRow{}, interpretError("reading a row", notFound(err))
	}
	return inbox.DeadRow{
		Row: inbox.Row{
			ID: r.ID, Seq: r.Seq, Channel: r.Channel, ChannelAccount: inbox.AccountID(r.Channel, r.Account), CredentialAccount: r.CredentialAccount,
			ReceivedAt: r.ReceivedAt,
			Event: channels.Event{
				Kind: channels.Kind(r.Kind), Account: r.Account, Thread: r.Thread, ID: value(r.Key), At: timeValue(r.OccurredAt).UTC(), Raw: r.Raw,
			},
		},
		Lane: r.Lane, State: inbox.State(r.State), Reason: value(r.Reason), ProcessedAt: timeValue(r.ProcessedAt), RedrivenAt: timeValue(r.RedrivenAt),
		Webhook: inbox.WebhookSource{
			ID: r.WebhookLogID.UUID, RequestID: value(r.WebhookRequest), ReceivedAt: timeValue(r.WebhookReceivedAt), Bytes: int(r.WebhookBytes),
		},
	}, nil
}

// DeadJob returns a job that was given up, sent on its way again or not, or [inbox.ErrNotFound].
func (s *Store) DeadJob(ctx context.Context, id uuid.UUID) (inbox.KeptJob, error) {
	r, err := s.q.DeadLetterJob(ctx, id)
	if err != nil {
		return inbox.KeptJob{}, interpretError("reading a dead job", notFound(err))
	}
	return inbox.KeptJob{
		DeadJob: inbox.DeadJob{ID: r.ID, Queue: r.Queue, Body: r.Body, Reason: r.Reason, Receives: int(r.ReceiveCount)},
		DiedAt:  r.DiedAt, RedrivenAt: timeValue(r.RedrivenAt),
	}, nil
}

// deadUpdated is the kind of changes that redriven dead letters are told of by, and redriven the action in the audit log.
const (
	deadUpdated = "dead_letters.updated"
	redriven    = "dead_letters.redriven"
)

// Redrive makes dead rows stored again, in one statement with the jobs that will process them. Rows that are not dead are left alone.
func (s *Store) Redrive(ctx context.Context, by inbox.Actor, rows []uuid.UUID) (done inbox.Redriven, err error) {
	p := db.DeadLetterRedriveParams{Ids: rows}
	for range rows {
		p.JobIds = append(p.JobIds, newID())
	}
	err = s.changing(ctx, "sending dead rows on their way again", func(tx *transaction) error {
		made, err := tx.q.DeadLetterRedrive(ctx, p)
		if err != nil || len(made) == 0 {
			return err
		}
		done = redrivenOf(made)
		return tx.note(ctx, by, inbox.AuditEntry{Action: redriven}, map[string]int{"rows": done.Rows}, deadUpdated)
	})
	return done, err
}

func redrivenOf(made []db.DeadLetterRedriveRow) (done inbox.Redriven) {
	for _, r := range made {
		done.Rows += int(r.Redriven)
		done.Jobs = append(done.Jobs, inbox.Job{
			ID: r.ID, Queue: r.Queue, Account: r.ChannelAccountID, Lane: r.Lane, UpTo: r.UpToSeq, Attempt: int(r.Attempt),
		})
	}
	return done
}

// JobRedriven notes that a dead job was sent on its way again.
func (s *Store) JobRedriven(ctx context.Context, by inbox.Actor, id uuid.UUID) error {
	return s.changing(ctx, "noting that a dead job was sent again", func(tx *transaction) error {
		if err := tx.q.DeadLetterJobRedriven(ctx, id); err != nil {
			return err
		}
		return tx.note(ctx, by, inbox.AuditEntry{Action: redriven, Object: id.String()}, map[string]int{"jobs": 1}, deadUpdated)
	})
}

func notFound(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return inbox.ErrNotFound
	}
	return err
}
