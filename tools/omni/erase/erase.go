// Package erase orders erasures of contacts and shows their receipts.
package erase

import (
	"context"
	"fmt"
	"io"

	"github.com/google/uuid"

	"omni/internal/inbox"
	"omni/internal/pipeline"
)

// Store keeps contacts and erasures.
type Store interface {
	Receipts
	ContactDetail(ctx context.Context, id uuid.UUID, most int) (inbox.ContactDetail, error)
	FindIdentity(ctx context.Context, channel, value string) ([]uuid.UUID, error)
	BeginErasure(ctx context.Context, by inbox.Actor, contact uuid.UUID, reason string) (erasure uuid.UUID, told []uuid.UUID, err error)
}

// Eraser orders erasures.
type Eraser struct {
	Store   Store
	Queue   pipeline.ErasureQueue // nil: none is at hand
	Out     io.Writer
	Confirm func(question string) (bool, error)
}

// Identity erases who is known to a channel by an id.
func (e Eraser) Identity(ctx context.Context, channel, value, reason string) error {
	found, err := e.Store.FindIdentity(ctx, channel, value)
	switch {
	case err != nil:
		return err
	case len(found) == 0:
		return fmt.Errorf("nobody is known to %s by that id", channel)
	}
	for _, contact := range found { // one for each of our accounts that knows them
		if err := e.Contact(ctx, contact, reason); err != nil {
			return err
		}
	}
	return nil
}

// mostConversations is how many conversations of a contact are counted.
const mostConversations = 1000

// Contact erases a contact, after it has asked.
func (e Eraser) Contact(ctx context.Context, id uuid.UUID, reason string) error {
	contact, err := e.Store.ContactDetail(ctx, id, mostConversations)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.Out, "Contact %s: %s, with %d identities and %d conversations.\n", contact.ID, contact.Name, len(contact.Identities), len(contact.Conversations))
	yes, err := e.Confirm("Everything that came from them is removed for good. Go on?")
	if err != nil || !yes {
		return err
	}
	erasure, _, err := e.Store.BeginErasure(ctx, inbox.Actor{}, contact.ID, reason)
	if err != nil {
		return err
	}
	return e.start(ctx, erasure)
}

func (e Eraser) start(ctx context.Context, erasure uuid.UUID) error {
	if e.Queue == nil {
		fmt.Fprintf(e.Out, "Erasure %s is ordered. No queue is at hand: the product finds it as overdue.\n", erasure)
		return nil
	}
	if err := e.Queue.Erase(ctx, inbox.ErasureJob(erasure, 1)); err != nil {
		return fmt.Errorf("erasure %s is ordered, but not queued; the product finds it as overdue: %w", erasure, err)
	}
	fmt.Fprintf(e.Out, "Erasure %s is under way: omni erase show %s\n", erasure, erasure)
	return nil
}
