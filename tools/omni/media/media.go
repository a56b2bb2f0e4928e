// Package media shows an operator which files of customers are missing and why, and has them fetched again.
package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"omni/internal/inbox"
	"omni/tools/omni/terminal"
)

// Store has the files that are missing.
type Store interface {
	MissingFiles(ctx context.Context, f inbox.FileFilter, most int) ([]inbox.MissingFile, error)
}

// Files fetches files again. It reports false for one that is stored.
type Files interface {
	Retry(ctx context.Context, id uuid.UUID) (bool, error)
}

// longestReason is how much of a reason is shown, in characters.
const longestReason = 100

// List writes a table of the files that are missing, what was wanted last first, at most so many.
func List(ctx context.Context, s Store, w io.Writer, f inbox.FileFilter, most int) error {
	files, err := s.MissingFiles(ctx, f, most+1)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if len(files) == 0 {
		fmt.Fprintln(&out, "No file is missing.")
	} else {
		writeFiles(&out, files[:min(len(files), most)])
	}
	if len(files) > most {
		fmt.Fprintln(&out, "... and older ones; --limit shows more")
	}
	_, err = w.Write(out.Bytes())
	return err
}

func writeFiles(w io.Writer, files []inbox.MissingFile) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tCHANNEL\tKIND\tSTATE\tATTEMPTS\tWANTED\tREASON")
	for _, f := range files {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d\t%s\t%s\n", f.ID, f.Channel, terminal.Line(string(f.Kind), 0), f.State, f.Attempt,
			f.Wanted.Local().Format(time.DateTime), reason(f))
	}
	table.Flush()
}

// reason says why a file is missing, with its name if it has one.
func reason(f inbox.MissingFile) string {
	text := f.Reason
	if text == "" {
		text = "the first attempt has not ended"
	}
	if f.Name != "" {
		text = f.Name + ": " + text
	}
	return terminal.Line(text, longestReason)
}

// Retrier has files fetched again.
type Retrier struct {
	Store Store
	Files Files
	Out   io.Writer
	// Confirm asks whether to go on.
	Confirm func(question string) (bool, error)
}

// ByID has the files of the ids fetched again.
func (r Retrier) ByID(ctx context.Context, ids []uuid.UUID) error {
	wanted := 0
	for _, id := range ids {
		again, err := r.Files.Retry(ctx, id)
		switch {
		case errors.Is(err, inbox.ErrNotFound):
			return errors.Join(r.told(wanted), fmt.Errorf("no file has the id %s", id))
		case err != nil:
			return errors.Join(r.told(wanted), err)
		case !again:
			fmt.Fprintf(r.Out, "%s is stored already.\n", id)
		default:
			wanted++
		}
	}
	return r.told(wanted)
}

// ByFilter has every missing file that a filter finds fetched again, after asking.
func (r Retrier) ByFilter(ctx context.Context, f inbox.FileFilter) error {
	files, err := r.Store.MissingFiles(ctx, f, 0)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		_, err := fmt.Fprintln(r.Out, "No such file is missing.")
		return err
	}
	sure, err := r.Confirm(fmt.Sprintf("Fetch %s again?", count(len(files))))
	if err != nil {
		return err
	}
	if !sure {
		_, err := fmt.Fprintln(r.Out, "Nothing was done.")
		return err
	}
	ids := make([]uuid.UUID, len(files))
	for i, file := range files {
		ids[i] = file.ID
	}
	return r.ByID(ctx, ids)
}

func (r Retrier) told(wanted int) error {
	_, err := fmt.Fprintf(r.Out, "%s wanted again: `omni media list` shows what becomes of that.\n", count(wanted))
	return err
}

func count(n int) string {
	if n == 1 {
		return "1 file"
	}
	return fmt.Sprintf("%d files", n)
}
