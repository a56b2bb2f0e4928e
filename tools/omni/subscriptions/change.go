package subscriptions

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"omni/internal/inbox"
	"omni/tools/omni/terminal"
)

// Add makes a subscription and writes its secret, which is shown this once.
func (d Desk) Add(ctx context.Context, s inbox.Subscription) error {
	if err := s.Check(d.Local); err != nil {
		return err
	}
	s.Secret = inbox.NewSubscriptionSecret()
	made, err := d.Store.AddSubscription(ctx, inbox.Actor{}, s)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(d.Out, "%s is told of everything that happens from now on.\n\nThe endpoint verifies with this secret, which is not shown again:\n\n  %s\n\n"+
		"Try it with `omni subscriptions test %s`.\n", made.ID, made.Secret, made.ID)
	return err
}

// Change is what to change of a subscription; nil stays as it is.
type Change struct {
	URL, Description *string
	Types, Channels  []string // not nil and empty: all
}

// Update changes what a subscription wants, and where.
func (d Desk) Update(ctx context.Context, id uuid.UUID, c Change) error {
	s, err := d.Store.Subscription(ctx, id)
	if err != nil {
		return err
	}
	if c.URL != nil {
		s.URL = *c.URL
	}
	if c.Description != nil {
		s.Description = *c.Description
	}
	if c.Types != nil {
		s.Types = c.Types
	}
	if c.Channels != nil {
		s.Channels = c.Channels
	}
	if err := s.Check(d.Local); err != nil {
		return err
	}
	if _, err := d.Store.UpdateSubscription(ctx, inbox.Actor{}, s); err != nil {
		return err
	}
	return d.Show(ctx, id)
}

// Rotate gives a subscription another secret and writes it. The old one signs besides for some time.
func (d Desk) Rotate(ctx context.Context, id uuid.UUID, overlap time.Duration) error {
	s, err := d.Store.RotateSecret(ctx, inbox.Actor{}, id, inbox.NewSubscriptionSecret(), time.Now().Add(overlap))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(d.Out, "The new secret, which is not shown again:\n\n  %s\n\nUntil %s everything is signed with the old one too.\n", s.Secret, moment(s.OldUntil))
	return err
}

// Enable lets a subscription be delivered to again.
func (d Desk) Enable(ctx context.Context, id uuid.UUID) error {
	if err := d.Store.EnableSubscription(ctx, inbox.Actor{}, id); err != nil {
		return err
	}
	s, err := d.Store.Subscription(ctx, id)
	if err != nil {
		return err
	}
	fmt.Fprintln(d.Out, "It is told of everything that happens from now on.")
	if s.Held > 0 {
		fmt.Fprintf(d.Out, "%d events were kept: `omni subscriptions redeliver %s --held` delivers them.\n", s.Held, id)
	}
	return d.wake(ctx, id)
}

// Disable ends deliveries to a subscription.
func (d Desk) Disable(ctx context.Context, id uuid.UUID, reason string) error {
	told, err := d.Store.DisableSubscription(ctx, inbox.Actor{}, id, reason)
	if err != nil {
		return err
	}
	fmt.Fprintln(d.Out, "It is told nothing any more. What happens is kept for it until its retention.")
	if len(told) == 0 {
		return nil
	}
	return d.wake(ctx, told...)
}

// Delete forgets a subscription, unless confirm says no.
func (d Desk) Delete(ctx context.Context, id uuid.UUID, confirm func(question string) (bool, error)) error {
	s, err := d.Store.Subscription(ctx, id)
	if err != nil {
		return err
	}
	agreed, err := confirm(fmt.Sprintf("Forget %s and the %d events that wait for it?", terminal.Line(s.URL, 0), s.Open+s.Held))
	if err != nil || !agreed {
		return err
	}
	if err := d.Store.DeleteSubscription(ctx, inbox.Actor{}, id); err != nil {
		return err
	}
	_, err = fmt.Fprintln(d.Out, "Deleted.")
	return err
}

// Redeliver lets deliveries start anew.
func (d Desk) Redeliver(ctx context.Context, id uuid.UUID, what inbox.Redelivery) error {
	n, err := d.Store.Redeliver(ctx, inbox.Actor{}, id, what)
	if err != nil {
		return err
	}
	if n == 0 {
		_, err := fmt.Fprintln(d.Out, "No such delivery can be made again.")
		return err
	}
	fmt.Fprintf(d.Out, "%d to be delivered again.\n", n)
	return d.wake(ctx, id)
}
