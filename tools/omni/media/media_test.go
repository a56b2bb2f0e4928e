package media

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

// shelf is a store of files that are missing, and remembers which are to be fetched again.
type shelf struct {
	missing []inbox.MissingFile
	stored  uuid.UUID
	retried []uuid.UUID
	filter  inbox.FileFilter
}

func (s *shelf) MissingFiles(_ context.Context, f inbox.FileFilter, most int) ([]inbox.MissingFile, error) {
	s.filter = f
	if most == 0 {
		most = len(s.missing)
	}
	return s.missing[:min(most, len(s.missing))], nil
}

func (s *shelf) Retry(_ context.Context, id uuid.UUID) (bool, error) {
	if id == s.stored {
		return false, nil
	}
	for _, f := range s.missing {
		if f.ID == id {
			s.retried = append(s.retried, id)
			return true, nil
		}
	}
	return false, inbox.ErrNotFound
}

func filled() *shelf {
	return &shelf{stored: uuid.Max, missing: []inbox.MissingFile{
		{ID: uuid.UUID{1}, Channel: "whatsapp", Kind: channels.Image, State: inbox.FileFailed, Reason: "It could\nnot be had.", Attempt: 40, Wanted: time.Now()},
		{ID: uuid.UUID{2}, Channel: "telegram", Kind: channels.Document, State: inbox.FileWaiting, Name: "a\x1b[2J\u009b.pdf", Attempt: 1, Wanted: time.Now()},
		{ID: uuid.UUID{3}, Channel: "telegram", Kind: channels.Voice, State: inbox.FileGone, Reason: strings.Repeat("long ", 100)},
	}}
}

func TestList(t *testing.T) {
	t.Parallel()
	s := filled()
	var out strings.Builder
	if err := List(t.Context(), s, &out, inbox.FileFilter{Channel: "telegram"}, 2); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"ID", uuid.UUID{1}.String(), "whatsapp", "image", "failed", "40", "It could not be had.", ".pdf: the first attempt has not ended", "--limit shows more",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in:\n%s", want, out.String())
		}
	}
	if strings.ContainsAny(out.String(), "\x1b\u009b") {
		t.Errorf("what could drive the terminal is in:\n%q", out.String())
	}
	if s.filter.Channel != "telegram" {
		t.Errorf("asked for %+v", s.filter)
	}
	out.Reset()
	if err := List(t.Context(), s, &out, inbox.FileFilter{}, 3); err != nil || strings.Contains(out.String(), "--limit") || !strings.Contains(out.String(), "…") {
		t.Errorf("%v\n%s", err, out.String())
	}
	out.Reset()
	if err := List(t.Context(), &shelf{}, &out, inbox.FileFilter{}, 3); err != nil || out.String() != "No file is missing.\n" {
		t.Errorf("%v, %q", err, out.String())
	}
}

func TestRetry(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		run     func(Retrier) error
		sure    bool
		retried int
		say     string
		fails   string
	}{
		"by id":            {func(r Retrier) error { return r.ByID(t.Context(), []uuid.UUID{{1}}) }, false, 1, "1 file wanted again", ""},
		"one that is here": {func(r Retrier) error { return r.ByID(t.Context(), []uuid.UUID{uuid.Max, {2}}) }, false, 1, "is stored already", ""},
		"an unknown one":   {func(r Retrier) error { return r.ByID(t.Context(), []uuid.UUID{{1}, {9}}) }, false, 1, "1 file wanted again", "no file has the id"},
		"by filter":        {func(r Retrier) error { return r.ByFilter(t.Context(), inbox.FileFilter{}) }, true, 3, "3 files wanted again", ""},
		"not sure":         {func(r Retrier) error { return r.ByFilter(t.Context(), inbox.FileFilter{}) }, false, 0, "Nothing was done.", ""},
	} {
		s := filled()
		var out strings.Builder
		err := c.run(Retrier{Store: s, Files: s, Out: &out, Confirm: func(question string) (bool, error) {
			if question != "Fetch 3 files again?" {
				t.Errorf("%s: asked %q", name, question)
			}
			return c.sure, nil
		}})
		if (err == nil) != (c.fails == "") || err != nil && !strings.Contains(err.Error(), c.fails) {
			t.Errorf("%s: %v", name, err)
		}
		if len(s.retried) != c.retried || !strings.Contains(out.String(), c.say) {
			t.Errorf("%s: %d retried\n%s", name, len(s.retried), out.String())
		}
	}
	var out strings.Builder
	empty := &shelf{}
	if err := (Retrier{Store: empty, Files: empty, Out: &out}).ByFilter(t.Context(), inbox.FileFilter{}); err != nil || out.String() != "No such file is missing.\n" {
		t.Errorf("%v, %q", err, out.String())
	}
}
