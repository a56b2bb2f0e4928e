package pipeline

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"omni/internal/inbox"
)

// FileStore knows what became of the files behind attachments.
type FileStore interface {
	// RecordFile records what is known after an attempt to fetch a file, and what is decided about it.
	RecordFile(ctx context.Context, o inbox.FetchOutcome, decide func(wanted time.Time) inbox.FileDecision) (inbox.Recorded, error)
	// OverdueFiles takes files of which nothing was heard in time, with a new attempt at each.
	OverdueFiles(ctx context.Context, most int) ([]inbox.OverdueFile, error)
	// RetryFile makes a file wanted from now on. No attempt: we have it.
	RetryFile(ctx context.Context, id uuid.UUID) (*inbox.Fetch, error)
}

// FetchQueue takes attempts to fetch files durably, for when they are to be made.
type FetchQueue interface {
	Fetch(context.Context, []inbox.Fetch) error
	// ReportFetch takes what is known after an attempt, for whoever records it.
	ReportFetch(context.Context, inbox.Job, inbox.FetchOutcome) error
}

// Files is the way of customers' files through the inside zone: from the message that brings one to what became of it. No message waits for its files.
// What has to be queued is queued after it was written; what is not queued then is found as overdue.
type Files struct {
	Store       FileStore
	Queue       FetchQueue   // nil: no files are fetched, and they wait until there is one
	Subscribers *Subscribers // nil: nobody is told of changes
	Meter       Meter
	Log         *slog.Logger
	Now         func() time.Time
}

// Dispatch queues attempts. Its errors are logged: what is not queued is found as overdue. A nil receiver fetches nothing.
func (f *Files) Dispatch(ctx context.Context, fetches []inbox.Fetch) {
	if f == nil || len(fetches) == 0 || f.Queue == nil {
		return
	}
	if err := f.Queue.Fetch(ctx, fetches); err != nil {
		f.Log.Error("files not queued: they will be found as overdue", "files", len(fetches), "first", fetches[0].Job.ID, "error", err.Error())
	}
}

// Record records what is known after an attempt to fetch a file, and does what follows from it.
func (f *Files) Record(ctx context.Context, o inbox.FetchOutcome) error {
	done, err := f.Store.RecordFile(ctx, o, func(wanted time.Time) inbox.FileDecision { return inbox.DecideFile(wanted, o, f.Now()) })
	if err != nil {
		return err
	}
	f.report(o, done)
	f.Subscribers.Notify(ctx, done.Told)
	if done.Next != nil {
		f.Dispatch(ctx, []inbox.Fetch{*done.Next})
	}
	return nil
}

// fileCounters are what the states of files are counted as.
var fileCounters = map[inbox.FileState]string{
	inbox.FileStored: CountMediaStored, inbox.FileWaiting: CountMediaRetried, inbox.FileGone: CountMediaMissing, inbox.FileRefused: CountMediaMissing,
	inbox.FileFailed: CountMediaFailed,
}

func (f *Files) report(o inbox.FetchOutcome, done inbox.Recorded) {
	log := f.Log.With("file_id", o.File, "channel", done.Channel, "attempt", o.Attempt, "result", o.Result)
	if done.News == "" {
		log.Info("outcome of a file told nothing new")
		return
	}
	f.Meter.Count(done.Channel, map[string]int{fileCounters[done.News]: 1})
	if done.News == inbox.FileStored {
		log.Info("file stored", "bytes", o.Bytes)
		return
	}
	log.Warn("file not stored", "state", done.News, "detail", o.Detail)
}

// Rescue queues files again of which nothing was heard in time, and gives up those that nobody could fetch for a day. It returns how many there were.
func (f *Files) Rescue(ctx context.Context) (int, error) {
	if f.Queue == nil {
		return 0, nil
	}
	return inBatches(ctx, f.Store.OverdueFiles, func(overdue []inbox.OverdueFile) error {
		if err := f.rescue(ctx, overdue); err != nil {
			return err
		}
		f.Log.Warn("overdue files queued again", "files", len(overdue))
		f.Meter.Count(AllChannels, map[string]int{CountOverdueMedia: len(overdue)})
		return nil
	})
}

func (f *Files) rescue(ctx context.Context, overdue []inbox.OverdueFile) error {
	var again []inbox.Fetch
	for _, one := range overdue {
		unheard := inbox.FetchOutcome{
			File: one.Job.ID, Attempt: one.Job.Attempt, Result: inbox.FetchFailed, Reason: "Nothing was heard of an attempt to fetch it.",
		}
		if inbox.DecideFile(one.Wanted, unheard, f.Now()).State == inbox.FileWaiting {
			again = append(again, one.Fetch)
		} else if err := f.Queue.ReportFetch(ctx, one.Job, unheard); err != nil {
			return err
		}
	}
	f.Dispatch(ctx, again)
	return nil
}

// Retry makes a file wanted from now on that we do not have, and reports whether that is so. The error is [inbox.ErrNotFound] for no file.
func (f *Files) Retry(ctx context.Context, id uuid.UUID) (bool, error) {
	fetch, err := f.Store.RetryFile(ctx, id)
	if err != nil || fetch == nil {
		return false, err
	}
	f.Dispatch(ctx, []inbox.Fetch{*fetch})
	return true, nil
}
