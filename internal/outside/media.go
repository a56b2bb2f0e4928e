package outside

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"omni/channels"
	"omni/internal/blob"
	"omni/internal/inbox"
	"omni/internal/roster"
)

// FetchReporter carries back what is known after an attempt to fetch a file.
type FetchReporter interface {
	ReportFetch(context.Context, inbox.Job, inbox.FetchOutcome) error
}

// FileKeeper keeps the files of messages.
type FileKeeper interface {
	Put(ctx context.Context, key string, u blob.Upload) (blob.File, error)
}

// Media fetches the files of customers' messages from the platforms and keeps them. It is safe for concurrent use.
type Media struct {
	Roster *roster.Roster // opens channels for sending: its secrets fetch files too
	Files  FileKeeper
	Report FetchReporter
	Log    *slog.Logger
	Now    func() time.Time
}

// Limits of one attempt. A channel may have lower ones.
const (
	maxFetched  = 100 << 20
	fetchTime   = 2 * time.Minute
	fetchMargin = 5 * time.Second // what is left of the caller's time to report
)

// Fetch makes one attempt to fetch a file and reports what is known of it then. Making it again is harmless. An error means that the outcome could not
// be reported, and that the job has to come again.
func (m *Media) Fetch(ctx context.Context, fetch inbox.Fetch) error {
	began := m.Now()
	outcome := inbox.FetchOutcome{File: fetch.Job.ID, Attempt: fetch.Job.Attempt}
	m.attempt(ctx, fetch, &outcome)
	m.Log.Info("attempt at a file", "file_id", fetch.Job.ID, "channel", fetch.Channel, "account", fetch.CredentialAccount,
		"attempt", fetch.Job.Attempt, "result", outcome.Result, "bytes", outcome.Bytes, "detail", outcome.Detail,
		"took_ms", m.Now().Sub(began).Milliseconds())
	if err := m.Report.ReportFetch(ctx, fetch.Job, outcome); err != nil {
		return fmt.Errorf("reporting an attempt at file %s: %w", fetch.Job.ID, err)
	}
	return nil
}

// attempt copies a file if it can, and writes into the outcome what is known then.
func (m *Media) attempt(ctx context.Context, fetch inbox.Fetch, outcome *inbox.FetchOutcome) {
	ctx, cancel := leaving(ctx, fetchMargin, fetchTime)
	defer cancel()
	file, err := m.copy(ctx, fetch)
	if err == nil {
		outcome.Result, outcome.Bytes, outcome.MIME, outcome.SHA256 = inbox.FetchStored, file.Bytes, file.MIME, file.SHA256
		if announced := fetch.Attachment.SHA256; announced != "" && !strings.EqualFold(announced, file.SHA256) {
			m.Log.Warn("the file is another one than the platform announced", "file_id", fetch.Job.ID, "announced_sha256", announced, "sha256", file.SHA256)
		}
		return
	}
	classify(fetch.Channel, err, outcome)
	outcome.Detail = err.Error()
}

// classify writes what an error means.
func classify(channel string, err error, outcome *inbox.FetchOutcome) {
	var rejected *channels.RejectedError
	var throttled *channels.ThrottledError
	title := channel
	if spec, ok := channels.Lookup(channel); ok {
		title = spec.Title
	}
	switch {
	case errors.Is(err, channels.ErrGone):
		outcome.Result, outcome.Reason = inbox.FetchGone, title+" no longer has the file."
	case errors.As(err, &rejected):
		outcome.Result, outcome.Reason = inbox.FetchRejected, rejected.Reason
	case errors.Is(err, blob.ErrTooLarge):
		outcome.Result, outcome.Reason = inbox.FetchRejected, fmt.Sprintf("The file has more than %d MB, the most that is fetched.", maxFetched>>20)
	case errors.As(err, &throttled):
		outcome.Result, outcome.Reason, outcome.After = inbox.FetchThrottled, title+" asks us to wait.", throttled.After
	case roster.NeedsOperator(err):
		outcome.Result, outcome.Reason = inbox.FetchRefused, title+" does not take our credentials, or we have none: an administrator has to enter them."
	default:
		outcome.Result, outcome.Reason = inbox.FetchFailed, "It could not be fetched from "+title+"."
	}
}

// copy streams the file from the platform to where it is kept.
func (m *Media) copy(ctx context.Context, fetch inbox.Fetch) (blob.File, error) {
	spec, err := channels.Find(fetch.Channel)
	if err != nil {
		return blob.File{}, err
	}
	var media channels.Media
	err = m.Roster.With(ctx, spec, fetch.CredentialAccount, func(channel channels.Channel) error {
		media, err = open(ctx, channel, fetch.Attachment)
		return err
	})
	if err != nil {
		return blob.File{}, err
	}
	defer media.Body.Close()
	return m.Files.Put(ctx, inbox.FileKey(fetch.Job.ID), blob.Upload{Body: media.Body, MIME: said(media, fetch.Attachment), MaxBytes: maxFetched})
}

// said is the file's type as the platform says it: its file server, or the message where that serves everything as bytes.
func said(media channels.Media, a channels.Attachment) string {
	if media.MIME == "" || strings.HasSuffix(media.MIME, "/octet-stream") {
		return a.MIME
	}
	return media.MIME
}

// open lets a channel open a file.
func open(ctx context.Context, channel channels.Channel, a channels.Attachment) (channels.Media, error) {
	opener, can := channel.(channels.MediaOpener)
	if !can {
		return channels.Media{}, channels.Reject("unsupported", "This channel fetches no files.", nil)
	}
	return opener.OpenMedia(ctx, a)
}
