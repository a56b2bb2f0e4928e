package dead

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"

	"omni/internal/inbox"
	"omni/internal/pipeline"
	"omni/tools/omni/parse"
	"omni/tools/omni/terminal"
)

// Show writes everything that is known of one row or job, dead or not.
func Show(ctx context.Context, s Store, w io.Writer, id uuid.UUID, color bool) error {
	var out bytes.Buffer
	row, err := s.DeadRow(ctx, id)
	if err == nil {
		showRow(&out, row, color)
	}
	if errors.Is(err, inbox.ErrNotFound) {
		var job inbox.KeptJob
		if job, err = s.DeadJob(ctx, id); err == nil {
			showJob(&out, job)
		}
	}
	if errors.Is(err, inbox.ErrNotFound) {
		return fmt.Errorf("no row and no dead job has the id %s", id)
	}
	if err != nil {
		return err
	}
	_, err = w.Write(out.Bytes())
	return err
}

func showRow(w io.Writer, row inbox.DeadRow, color bool) {
	e := row.Event
	fmt.Fprintf(w, "%s of %s, %s\n\n", e.Kind, row.Channel, row.ID)
	field(w, "state", standing(row))
	field(w, "reason", row.Reason)
	field(w, "account", fmt.Sprintf("%s (credential account %s)", e.Account, row.CredentialAccount))
	field(w, "thread", e.Thread)
	field(w, "external id", e.ID)
	field(w, "lane", row.Lane)
	field(w, "happened", known(e.At))
	field(w, "received", known(row.ReceivedAt))
	field(w, "redriven", known(row.RedrivenAt))
	field(w, "webhook", source(row.Webhook))
	if len(e.Raw) == 0 {
		fmt.Fprintf(w, "\nIts bytes are only in the webhook: see `omni replay --webhook %s`.\n", row.Webhook.ID)
		return
	}
	fmt.Fprintf(w, "\nWhat the platform sent:\n\n%s\n", pretty(e.Raw))
	fmt.Fprint(w, "\nWhat today's code makes of it:\n\n")
	options := parse.Options{Channel: row.Channel, Account: row.CredentialAccount, Color: color}
	if err := parse.Run(bytes.NewReader(e.Raw), w, options); err != nil {
		fmt.Fprintf(w, "\n%s\n", terminal.Lines(err.Error()))
	}
	if row.State != inbox.StateDead {
		return
	}
	if err := pipeline.Understands(row.Row); err != nil {
		fmt.Fprintf(w, "\nIt would die again: %s\n", terminal.Lines(err.Error()))
	} else {
		fmt.Fprintf(w, "\nIt would be understood now: `omni dead redrive %s` sends it on its way again.\n", row.ID)
	}
}

func standing(row inbox.DeadRow) string {
	switch row.State {
	case inbox.StateDead:
		return "dead since " + moment(row.ProcessedAt)
	case inbox.StateStored:
		return "waits to be processed"
	}
	return "processed on " + moment(row.ProcessedAt)
}

func source(w inbox.WebhookSource) string {
	if w.ReceivedAt.IsZero() {
		return w.ID.String() + ", which is not logged any more"
	}
	return fmt.Sprintf("%s of %s, %d bytes, request %s", w.ID, moment(w.ReceivedAt), w.Bytes, w.RequestID)
}

func showJob(w io.Writer, job inbox.KeptJob) {
	fmt.Fprintf(w, "job, %s\n\n", job.ID)
	state := "dead since " + moment(job.DiedAt)
	if !job.RedrivenAt.IsZero() {
		state = "died on " + moment(job.DiedAt) + " and was sent again on " + moment(job.RedrivenAt)
	}
	field(w, "state", state)
	field(w, "reason", job.Reason)
	field(w, "queue", job.Queue)
	field(w, "tried", count(job.Receives, "time"))
	fmt.Fprintf(w, "\nIts body:\n\n%s\n", pretty([]byte(job.Body)))
}

// field writes a fact, if there is one.
func field(w io.Writer, name, value string) {
	if value != "" {
		fmt.Fprintf(w, "  %-12s %s\n", name, strings.ReplaceAll(terminal.Lines(value), "\n", "\n"+strings.Repeat(" ", 15)))
	}
}

func known(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return moment(t)
}

// pretty is JSON indented, and anything else as it is.
func pretty(raw []byte) string {
	var indented bytes.Buffer
	if json.Indent(&indented, raw, "", "  ") != nil {
		return terminal.Lines(string(raw))
	}
	return terminal.Lines(indented.String())
}
