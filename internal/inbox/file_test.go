package inbox

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/channels"
)

func TestDecideFile(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		outcome FetchOutcome
		wanted  time.Duration // ago
		state   FileState
		wait    time.Duration
	}{
		"stored":                       {FetchOutcome{Result: FetchStored, Attempt: 9}, 25 * time.Hour, FileStored, 0},
		"gone":                         {FetchOutcome{Result: FetchGone, Attempt: 1}, 0, FileGone, 0},
		"rejected":                     {FetchOutcome{Result: FetchRejected, Attempt: 1}, 0, FileRefused, 0},
		"failed":                       {FetchOutcome{Result: FetchFailed, Attempt: 1}, 0, FileWaiting, 5 * time.Second},
		"failed again":                 {FetchOutcome{Result: FetchFailed, Attempt: 3}, time.Minute, FileWaiting, 20 * time.Second},
		"failed often":                 {FetchOutcome{Result: FetchFailed, Attempt: 1000}, 23 * time.Hour, FileWaiting, 30 * time.Minute},
		"failed for a day":             {FetchOutcome{Result: FetchFailed, Attempt: 50}, 24 * time.Hour, FileFailed, 0},
		"of a kind that we never knew": {FetchOutcome{Result: "odd", Attempt: 1}, 0, FileWaiting, 5 * time.Second},
		"throttled":                    {FetchOutcome{Result: FetchThrottled, Attempt: 1, After: time.Hour}, 0, FileWaiting, time.Hour},
		"throttled for no time":        {FetchOutcome{Result: FetchThrottled, Attempt: 2}, 0, FileWaiting, 10 * time.Second},
		"throttled for too long":       {FetchOutcome{Result: FetchThrottled, Attempt: 1, After: 48 * time.Hour}, 0, FileFailed, 0},
		"refused":                      {FetchOutcome{Result: FetchRefused, Attempt: 1}, 0, FileWaiting, 10 * time.Minute},
	} {
		c.outcome.Reason = "Because."
		got := DecideFile(now.Add(-c.wanted), c.outcome, now)
		if got.State != c.state || got.State == FileWaiting && got.At.Sub(now) != c.wait {
			t.Errorf("%s: %+v, want %s after %s", name, got, c.state, c.wait)
		}
		if hasReason := strings.Contains(got.Reason, "Because."); hasReason == (c.state == FileStored) {
			t.Errorf("%s: reason %q", name, got.Reason)
		}
	}
}

func TestFileSource(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		attachment channels.Attachment
		want       string
	}{
		"an id":                  {channels.Attachment{Kind: channels.Image, MediaID: "7"}, "7"},
		"a link":                 {channels.Attachment{Kind: channels.StoryMention, URL: "https://cdn.example/7"}, "https://cdn.example/7"},
		"an id that has a link":  {channels.Attachment{Kind: channels.Voice, MediaID: "7", URL: "https://cdn.example/7"}, "7"},
		"neither":                {channels.Attachment{Kind: channels.Image}, ""},
		"a place with a link":    {channels.Attachment{Kind: channels.Location, URL: "https://maps.example/"}, ""},
		"the preview of a page":  {channels.Attachment{Kind: channels.Fallback, URL: "https://example.com/"}, ""},
		"a template with a link": {channels.Attachment{Kind: channels.Template, URL: "https://example.com/"}, ""},
	} {
		if got := FileSource(c.attachment); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestFilesOfHistoryAreSpread(t *testing.T) {
	t.Parallel()
	now := time.Now()
	if at := FetchTime(false, uuid.New(), now); !at.IsZero() {
		t.Errorf("a file of today waits until %s", at)
	}
	var first, last uuid.UUID
	last[15] = 255
	if early, late := FetchTime(true, first, now), FetchTime(true, last, now); early.Before(now) || late.Sub(early) < HistoryFetch*9/10 ||
		late.Sub(now) > HistoryFetch {
		t.Errorf("from %s to %s", early.Sub(now), late.Sub(now))
	}
}
