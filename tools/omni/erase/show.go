package erase

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"omni/internal/inbox"
)

// Receipts has the receipts of erasures.
type Receipts interface {
	Erasure(context.Context, uuid.UUID) (inbox.Erasure, error)
	Erasures(ctx context.Context, after inbox.LogPlace, most int) ([]inbox.Erasure, error)
}

// List writes a table of erasures, the latest first, at most so many.
func List(ctx context.Context, s Receipts, w io.Writer, most int) error {
	found, err := s.Erasures(ctx, inbox.LogPlace{}, most)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tCONTACT\tASKED\tSTATE\tMESSAGES\tREASON")
	for _, e := range found {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d\t%s\n", e.ID, e.Contact, moment(e.AskedAt), state(e), e.Removed["messages"], e.Reason)
	}
	table.Flush()
	if len(found) == 0 {
		out.Reset()
		fmt.Fprintln(&out, "Nobody was erased.")
	}
	_, err = w.Write(out.Bytes())
	return err
}

// Show writes one receipt.
func Show(ctx context.Context, s Receipts, w io.Writer, id uuid.UUID) error {
	e, err := s.Erasure(ctx, id)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	by := e.AgentName
	if by == "" {
		by = "an operator at the command line"
	}
	fmt.Fprintf(table, "Erasure\t%s\nContact\t%s\nAsked\t%s by %s\nReason\t%s\nState\t%s\n", e.ID, e.Contact, moment(e.AskedAt), by, e.Reason, state(e))
	for _, kind := range slices.Sorted(maps.Keys(e.Removed)) {
		fmt.Fprintf(table, "Removed\t%d %s\n", e.Removed[kind], kind)
	}
	for _, identity := range e.Identities {
		fmt.Fprintf(table, "Identity\t%s of %s, as a hash\n", identity.Kind, identity.Channel)
	}
	table.Flush()
	fmt.Fprintln(&out, "\nNot reached: the platform's own copy, copies of subscribers, backups and logs until they end. See docs/privacy.md.")
	_, err = w.Write(out.Bytes())
	return err
}

// Recognise says whether a receipt is about who has an id in a channel. It is an error if it is not.
func Recognise(ctx context.Context, s Receipts, w io.Writer, id uuid.UUID, channel, value string) error {
	e, err := s.Erasure(ctx, id)
	if err != nil {
		return err
	}
	for _, identity := range e.Identities {
		if identity.Is(channel, value) {
			_, err := fmt.Fprintf(w, "Yes: this erasure, asked for on %s, is about that identity (%s).\n", moment(e.AskedAt), state(e))
			return err
		}
	}
	if e.State != inbox.ErasureDone {
		return fmt.Errorf("erasure %s is still running: it recognises an identity when it is over", e.ID)
	}
	return fmt.Errorf("erasure %s is not about that identity", e.ID)
}

func state(e inbox.Erasure) string {
	if e.State == inbox.ErasureDone {
		return "done " + moment(e.FinishedAt)
	}
	return "running: " + string(e.Step)
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05Z") }
