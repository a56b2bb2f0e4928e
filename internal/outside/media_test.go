package outside_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/blob"
	"omni/internal/inbox"
	"omni/internal/outside"
	"omni/internal/roster"
)

// porter is a channel that opens files as a test says, by their MediaID.
type porter struct{ puppet }

var porters sync.Map // func(context.Context) (channels.Media, error) by MediaID

func init() {
	channels.Register(channels.Spec{
		Name: "porter", Title: "Porter", Docs: "https://example.com/", Account: channels.AccountOptional,
		Secrets: []channels.Secret{
			{Name: "signature", Meaning: "signs", For: channels.ForVerify}, {Name: "token", Meaning: "sends", For: channels.ForSend},
		},
		Text: channels.TextLimit{Max: 100, Unit: channels.Characters},
	}, func(env channels.Env) (channels.Channel, error) { return porter{puppet{env}}, nil })
}

func (p porter) OpenMedia(ctx context.Context, a channels.Attachment) (channels.Media, error) {
	if p.Secrets.First("token") == "old" {
		return channels.Media{}, errors.Join(channels.ErrCredentials, errOldToken)
	}
	open, ok := porters.Load(a.MediaID)
	if !ok {
		return channels.Media{}, errors.New("no such file in the test")
	}
	return open.(func(context.Context) (channels.Media, error))(ctx)
}

// fetchPost remembers the outcomes of attempts at files.
type fetchPost struct {
	outcomes []inbox.FetchOutcome
	err      error
}

func (p *fetchPost) ReportFetch(_ context.Context, _ inbox.Job, o inbox.FetchOutcome) error {
	p.outcomes = append(p.outcomes, o)
	return p.err
}

// fetching is the media function's work with everything around it.
type fetching struct {
	*outside.Media
	*fetchPost
	files *blob.FolderFiles
	log   *bytes.Buffer
	fetch inbox.Fetch
}

func newFetching(t *testing.T, open func(context.Context) (channels.Media, error), tokens ...string) *fetching {
	t.Helper()
	t.Parallel()
	porters.Store(t.Name(), open)
	if len(tokens) == 0 {
		tokens = []string{"token"}
	}
	clock := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	later := func() time.Time {
		clock = clock.Add(2 * time.Minute) // secrets may be read again each time
		return clock
	}
	f := &fetching{fetchPost: &fetchPost{}, files: blob.NewFolderFiles(t.TempDir(), "", time.Now), log: &bytes.Buffer{}}
	f.Media = &outside.Media{
		Roster: roster.New(&accounts{tokens: tokens}, later, roster.Options{Purpose: channels.ForSend}),
		Files:  f.files, Report: f.fetchPost, Log: slog.New(slog.NewJSONHandler(f.log, nil)), Now: time.Now,
	}
	f.fetch = inbox.Fetch{
		Job:     inbox.Job{ID: uuid.Must(uuid.NewV7()), Queue: inbox.MediaQueue, Attempt: 3},
		Channel: "porter", CredentialAccount: "default", Attachment: channels.Attachment{Kind: channels.Image, MediaID: t.Name()},
	}
	return f
}

// attempt makes one attempt and returns what is reported of it.
func (f *fetching) attempt(t *testing.T) inbox.FetchOutcome {
	t.Helper()
	if err := f.Fetch(t.Context(), f.fetch); err != nil {
		t.Fatal(err)
	}
	got := f.outcomes[len(f.outcomes)-1]
	if got.File != f.fetch.Job.ID || got.Attempt != f.fetch.Job.Attempt {
		t.Errorf("%+v", got)
	}
	return got
}

func (f *fetching) content(t *testing.T) string {
	t.Helper()
	body, err := f.files.Open(t.Context(), inbox.FileKey(f.fetch.Job.ID))
	if errors.Is(err, blob.ErrNotFound) {
		return ""
	}
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	content, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// gives is a platform that has the file.
func gives(content, mime string) func(context.Context) (channels.Media, error) {
	return func(context.Context) (channels.Media, error) {
		return channels.Media{Body: io.NopCloser(strings.NewReader(content)), MIME: mime, Bytes: -1}, nil
	}
}

func TestAFileIsFetchedAndKept(t *testing.T) {
	closed := false
	f := newFetching(t, func(context.Context) (channels.Media, error) {
		return channels.Media{Body: closer{strings.NewReader("content"), &closed}, MIME: "image/webp", Bytes: 7}, nil
	})
	for range 2 { // doing it again is harmless
		got := f.attempt(t)
		if got.Result != inbox.FetchStored || got.Bytes != 7 || got.MIME != "image/webp" ||
			got.SHA256 != "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73" {
			t.Errorf("%+v", got)
		}
		if f.content(t) != "content" || !closed {
			t.Errorf("%q is kept, closed %t", f.content(t), closed)
		}
	}
	if strings.Contains(f.log.String(), "announced") {
		t.Errorf("the platform announced nothing:\n%s", f.log)
	}
	f.fetch.Attachment.SHA256 = strings.Repeat("0", 64)
	if got := f.attempt(t); got.Result != inbox.FetchStored || !strings.Contains(f.log.String(), "announced") {
		t.Errorf("another file than was announced: %+v\n%s", got, f.log)
	}
}

type closer struct {
	io.Reader
	closed *bool
}

func (c closer) Close() error {
	*c.closed = true
	return nil
}

func TestAFilesTypeIsWhatIsSaidOfIt(t *testing.T) {
	f := newFetching(t, gives("\x89PNG\r\n\x1a\n", "application/octet-stream"))
	if got := f.attempt(t).MIME; got != "image/png" {
		t.Errorf("where nobody says: %s", got)
	}
	f.fetch.Attachment.MIME = "audio/ogg; codecs=opus"
	if got := f.attempt(t).MIME; got != "audio/ogg; codecs=opus" {
		t.Errorf("where only the message says: %s", got)
	}
	f.fetch.Attachment.MIME = "text/html"
	if got := f.attempt(t).MIME; got != "application/octet-stream" {
		t.Errorf("of a page: %s", got)
	}
}

func TestWhatAnErrorMeansForAFile(t *testing.T) {
	t.Parallel()
	guarded := func(context.Context) (channels.Media, error) {
		request, err := http.NewRequest(http.MethodGet, "https://127.0.0.1/", nil)
		if err != nil {
			return channels.Media{}, err
		}
		env := channels.Env{HTTP: outside.NewGuardedClient(outside.GuardOptions{})}
		return env.Fetch(channels.Download{Request: request, Hosts: []string{"127.0.0.1"}, MaxBytes: 9})
	}
	fails := func(err error) func(context.Context) (channels.Media, error) {
		return func(context.Context) (channels.Media, error) { return channels.Media{}, err }
	}
	breaks := func(err error) func(context.Context) (channels.Media, error) {
		return func(context.Context) (channels.Media, error) {
			return channels.Media{Body: io.NopCloser(io.MultiReader(strings.NewReader("half"), iotest.ErrReader(err)))}, nil
		}
	}
	huge := func(context.Context) (channels.Media, error) {
		return channels.Media{Body: io.NopCloser(io.LimitReader(zeros{}, 200<<20))}, nil
	}
	for name, c := range map[string]struct {
		open   func(context.Context) (channels.Media, error)
		want   inbox.FetchResult
		reason string
	}{
		"gone":                       {fails(fmt.Errorf("fetching: %w", channels.ErrGone)), inbox.FetchGone, "Porter no longer has the file."},
		"not found":                  {fails(&channels.StatusError{Host: "h", Status: 404}), inbox.FetchGone, "Porter no longer has the file."},
		"rejected":                   {fails(channels.Reject("host", "It lies elsewhere.", nil)), inbox.FetchRejected, "It lies elsewhere."},
		"too large, while it comes":  {breaks(channels.Reject("too_large", "Too large.", nil)), inbox.FetchRejected, "Too large."},
		"too large for us":           {huge, inbox.FetchRejected, "The file has more than 100 MB, the most that is fetched."},
		"throttled":                  {fails(channels.Throttled(time.Minute, errors.New("429"))), inbox.FetchThrottled, "Porter asks us to wait."},
		"credentials":                {fails(channels.ErrCredentials), inbox.FetchRefused, "Porter does not take our credentials"},
		"missing secrets":            {fails(channels.ErrMissingSecrets), inbox.FetchRefused, "Porter does not take our credentials"},
		"a server error":             {fails(&channels.StatusError{Host: "h", Status: 500}), inbox.FetchFailed, "It could not be fetched from Porter."},
		"a connection that breaks":   {breaks(io.ErrUnexpectedEOF), inbox.FetchFailed, "It could not be fetched from Porter."},
		"a private address":          {guarded, inbox.FetchFailed, "It could not be fetched from Porter."},
		"a mistake of the channel's": {func(context.Context) (channels.Media, error) { panic("oops") }, inbox.FetchFailed, "It could not be fetched"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFetching(t, c.open)
			got := f.attempt(t)
			if got.Result != c.want || !strings.HasPrefix(got.Reason, c.reason) || got.Detail == "" {
				t.Errorf("%+v", got)
			}
			if c.want == inbox.FetchThrottled && got.After != time.Minute {
				t.Errorf("after %s", got.After)
			}
			if name == "a private address" && !strings.Contains(got.Detail, "not public") {
				t.Errorf("it failed for another reason: %s", got.Detail)
			}
			if kept := f.content(t); kept != "" {
				t.Errorf("%d bytes are kept", len(kept))
			}
		})
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func TestFilesOfAccountsThatCannotBeOpened(t *testing.T) {
	f := newFetching(t, gives("content", ""), "")
	if got := f.attempt(t); got.Result != inbox.FetchRefused || !strings.Contains(got.Detail, "token") {
		t.Errorf("without the secrets for sending: %+v", got)
	}
	f.fetch.CredentialAccount = "unknown"
	if got := f.attempt(t); got.Result != inbox.FetchRefused {
		t.Errorf("of an unknown account: %+v", got)
	}
	f.fetch.Channel = "nowhere"
	if got := f.attempt(t); got.Result != inbox.FetchFailed {
		t.Errorf("of a channel that is not in this build: %+v", got)
	}
}

func TestAFileOfAChannelThatFetchesNone(t *testing.T) {
	f := newFetching(t, nil)
	f.fetch.Channel = "puppet"
	if got := f.attempt(t); got.Result != inbox.FetchRejected {
		t.Errorf("%+v", got)
	}
}

func TestAReplacedTokenFetchesTheFile(t *testing.T) {
	f := newFetching(t, gives("content", ""), "old", "new")
	if got := f.attempt(t); got.Result != inbox.FetchStored {
		t.Errorf("%+v", got)
	}
}

func TestASlowFileLeavesTimeToSaySo(t *testing.T) {
	f := newFetching(t, func(ctx context.Context) (channels.Media, error) {
		return channels.Media{Body: io.NopCloser(until{ctx})}, nil
	})
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second+100*time.Millisecond) // 5 s are for the report
	defer cancel()
	if err := f.Fetch(ctx, f.fetch); err != nil || f.outcomes[0].Result != inbox.FetchFailed {
		t.Errorf("%+v, %v", f.outcomes, err)
	}
	if ctx.Err() != nil {
		t.Error("no time was left")
	}
}

// until is a body that ends with its context.
type until struct{ ctx context.Context }

func (u until) Read([]byte) (int, error) {
	<-u.ctx.Done()
	return 0, u.ctx.Err()
}

func TestAnOutcomeThatCannotBeReportedBringsTheJobAgain(t *testing.T) {
	f := newFetching(t, gives("content", ""))
	f.err = errors.New("no queue")
	if err := f.Fetch(t.Context(), f.fetch); err == nil {
		t.Error("nobody noticed")
	}
}
