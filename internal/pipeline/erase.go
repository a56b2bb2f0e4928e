package pipeline

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

// ErasureStore keeps erasures, and removes what they are about.
type ErasureStore interface {
	// ErasureProgress says how far an erasure is.
	ErasureProgress(context.Context, uuid.UUID) (inbox.Erasure, error)
	// EraseRows does a piece of a step that the database does alone, and notes how far it is.
	EraseRows(ctx context.Context, erasure uuid.UUID, step inbox.ErasureStep, place string) (next string, done bool, err error)
	EraseMove(ctx context.Context, erasure uuid.UUID, step inbox.ErasureStep, place string) error
	// RememberIdentities keeps hashes of the identities, which the last step forgets.
	RememberIdentities(context.Context, uuid.UUID) error
	// EndErasure does the last step; false: the steps have to be done again.
	EndErasure(context.Context, uuid.UUID) (bool, error)
	// EraseAgain makes another attempt; 0: the erasure is over.
	EraseAgain(context.Context, uuid.UUID) (attempt int, err error)
	OverdueErasures(ctx context.Context, most int) ([]inbox.Job, error)

	// ErasureLeftovers returns webhooks whose bytes hold, or may hold, what is erased.
	ErasureLeftovers(ctx context.Context, most int) ([]inbox.LoggedWebhook, error)
	// RewriteLeftover leaves some of its events in the log of such a webhook, KeepLeftover all.
	RewriteLeftover(ctx context.Context, w inbox.LoggedWebhook, keep []channels.Event) error
	KeepLeftover(ctx context.Context, webhook uuid.UUID) error

	KeptJobs(ctx context.Context, after uuid.UUID, most int) ([]inbox.DeadJob, error)
	// RewriteKeptJob writes what is left of a dead job; with an empty body it goes.
	RewriteKeptJob(ctx context.Context, job inbox.DeadJob, erasure uuid.UUID) error

	// Erased returns which of some names are erased, for a webhook.
	Erased(ctx context.Context, webhook uuid.UUID, names []string) (map[string]bool, error)
	CountErased(ctx context.Context, erasure uuid.UUID, kind string, number int) error
	ExpireTombstones(context.Context) (int, error)

	DoomedObjects(ctx context.Context, most int) ([]string, error)
	ObjectsDeleted(ctx context.Context, keys []string) error
}

// ErasureQueue takes erasures durably.
type ErasureQueue interface {
	Erase(context.Context, inbox.Job) error
}

// Remover deletes files; one that is not there is deleted already.
type Remover interface {
	Delete(ctx context.Context, key string) error
}

// Erasures forgets people. What was ordered is in the database; a kill at any point costs nothing, because every piece of a step can be done again.
type Erasures struct {
	Store  ErasureStore
	Queue  ErasureQueue // nil: erasures are found as overdue by a function that has one
	Files  Remover      // nil: there are no files, or somebody else deletes them
	Spills SpillStore   // nil: no job was ever too large for its queue
	Bodies Bodies
	Meter  Meter
	Log    *slog.Logger
	Now    func() time.Time
}

// erasingTime is how long one job works on an erasure. The rest is another job's, so that no queue waits long for it.
const erasingTime = 20 * time.Second

// Start queues an erasure that was ordered. Its errors are logged: it will be found as overdue.
func (e *Erasures) Start(ctx context.Context, id uuid.UUID) {
	if e == nil || e.Queue == nil {
		return
	}
	if err := e.Queue.Erase(ctx, inbox.ErasureJob(id, 1)); err != nil {
		e.Log.Error("erasure not queued: it will be found as overdue", "erasure_id", id, "error", err.Error())
	}
}

// Run goes on with an erasure from where it is, until it is over or another job has to go on.
func (e *Erasures) Run(ctx context.Context, id uuid.UUID) error {
	erasure, err := e.Store.ErasureProgress(ctx, id)
	if err != nil || erasure.State == inbox.ErasureDone {
		return err
	}
	for until := e.Now().Add(erasingTime); e.Now().Before(until); {
		over, err := e.advance(ctx, &erasure)
		if err != nil {
			return err
		}
		if over {
			e.Log.Info("erasure is over", "erasure_id", id)
			return nil
		}
	}
	attempt, err := e.Store.EraseAgain(ctx, id)
	if err != nil || attempt == 0 || e.Queue == nil {
		return err
	}
	return e.Queue.Erase(ctx, inbox.ErasureJob(id, attempt))
}

// advance does a piece of the erasure and reports whether it was the last.
func (e *Erasures) advance(ctx context.Context, erasure *inbox.Erasure) (over bool, err error) {
	next, done, err := e.piece(ctx, *erasure)
	if err != nil {
		return false, err
	}
	if erasure.Step == inbox.EraseContact {
		if done {
			return true, nil
		}
		erasure.Step, erasure.Place = inbox.ErasureSteps[0], ""
		return false, e.Store.EraseMove(ctx, erasure.ID, erasure.Step, "")
	}
	erasure.Place = next
	if !done {
		return false, nil
	}
	erasure.Step, erasure.Place = inbox.ErasureSteps[slices.Index(inbox.ErasureSteps, erasure.Step)+1], ""
	e.Log.Info("erasure goes on", "erasure_id", erasure.ID, "step", erasure.Step)
	return false, e.Store.EraseMove(ctx, erasure.ID, erasure.Step, "")
}

// piece does the next piece of the step that the erasure is at.
func (e *Erasures) piece(ctx context.Context, erasure inbox.Erasure) (next string, done bool, err error) {
	switch erasure.Step {
	case inbox.EraseDeadJobs:
		return "", true, e.keptJobs(ctx, erasure.ID)
	case inbox.EraseSpills:
		return "", true, e.spills(ctx, erasure.ID)
	case inbox.EraseObjects:
		return "", true, e.Objects(ctx)
	case inbox.EraseContact:
		if err = e.Store.RememberIdentities(ctx, erasure.ID); err == nil {
			done, err = e.Store.EndErasure(ctx, erasure.ID)
		}
		return "", done, err
	}
	next, done, err = e.Store.EraseRows(ctx, erasure.ID, erasure.Step, erasure.Place)
	if err == nil && erasure.Step == inbox.EraseWebhooks {
		err = e.Scrub(ctx)
	}
	return next, done, err
}

// Rescue queues erasures again that nobody looks after, takes erased events out of webhooks that brought them once more, and deletes files that are to go. It
// returns how many erasures it queued.
func (e *Erasures) Rescue(ctx context.Context) (int, error) {
	if err := e.Scrub(ctx); err != nil {
		return 0, err
	}
	if err := e.Objects(ctx); err != nil {
		return 0, err
	}
	if e.Queue == nil {
		return 0, nil
	}
	return inBatches(ctx, e.Store.OverdueErasures, func(jobs []inbox.Job) error {
		for _, job := range jobs {
			if err := e.Queue.Erase(ctx, job); err != nil {
				return err
			}
		}
		e.Log.Warn("overdue erasures queued again", "erasures", len(jobs))
		return nil
	})
}

// Settle looks once more where somebody who is erased could have come back to since: in jobs that died later, and jobs in object storage. It removes
// the tombstones that are not needed any more.
func (e *Erasures) Settle(ctx context.Context) error {
	if err := e.keptJobs(ctx, uuid.Nil); err != nil {
		return err
	}
	if err := e.spills(ctx, uuid.Nil); err != nil {
		return err
	}
	_, err := e.Store.ExpireTombstones(ctx)
	return err
}

// objectBatch is how many files are deleted between two notes of it.
const objectBatch = 100

// Objects deletes the files that are to go now.
func (e *Erasures) Objects(ctx context.Context) error {
	for e.Files != nil {
		keys, err := e.Store.DoomedObjects(ctx, objectBatch)
		if err != nil || len(keys) == 0 {
			return err
		}
		for _, key := range keys {
			if err := e.Files.Delete(ctx, key); err != nil {
				return err
			}
		}
		if err := e.Store.ObjectsDeleted(ctx, keys); err != nil {
			return err
		}
	}
	return nil
}

// Unless is the error of recording something, unless what it is about is erased: then nothing is left to record, and that is that.
func (e *Erasures) Unless(ctx context.Context, about uuid.UUID, err error) error {
	if err == nil {
		return nil
	}
	erased, other := e.Store.Erased(ctx, uuid.Nil, []string{inbox.ErasedID(about)})
	if other != nil || len(erased) == 0 {
		return err
	}
	e.Meter.Count(AllChannels, map[string]int{CountErased: 1})
	return nil
}
