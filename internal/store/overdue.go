package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"omni/gen/db"
	"omni/internal/inbox"
)

// Overdue takes jobs that nobody fulfilled in time, at most so many, with the age of the oldest. They are due again after a while.
func (s *Store) Overdue(ctx context.Context, most int) (jobs []inbox.Job, oldest time.Duration, err error) {
	rows, err := s.q.QueueLogOverdue(ctx, int32(most))
	if err != nil {
		return nil, 0, interpretError("looking for overdue jobs", err)
	}
	for _, row := range rows {
		jobs = append(jobs, inbox.Job{
			ID: row.ID, Queue: row.Queue, Account: row.ChannelAccountID, Lane: row.Lane, UpTo: row.UpToSeq, Attempt: int(row.Attempt),
		})
		oldest = max(oldest, time.Since(row.CreatedAt))
	}
	return jobs, oldest, nil
}

// Reopen raises the attempt of a job that is still to be done; ok is false for one that was fulfilled.
func (s *Store) Reopen(ctx context.Context, job inbox.Job) (again inbox.Job, ok bool, err error) {
	row, err := s.q.QueueLogReopen(ctx, job.ID)
	if errors.Is(err, pgx.ErrNoRows) {
		return inbox.Job{}, false, nil
	}
	if err != nil {
		return inbox.Job{}, false, interpretError("reopening a job", err)
	}
	job.Attempt, job.UpTo = int(row.Attempt), row.UpToSeq
	return job, true, nil
}

// KeepDead keeps a job that is given up.
func (s *Store) KeepDead(ctx context.Context, job inbox.DeadJob) error {
	return interpretError("keeping a dead job", s.q.DeadJobInsert(ctx, db.DeadJobInsertParams{
		ID: job.ID, Queue: job.Queue, Body: clean(job.Body), Reason: clean(job.Reason), ReceiveCount: int32(job.Receives),
	}))
}

// EnsurePartitions makes the logs' partitions of the coming months.
func (s *Store) EnsurePartitions(ctx context.Context) error {
	return interpretError("making partitions", s.q.WebhookLogPartitions(ctx, monthsAhead))
}
