// Package subscriptions is how an operator sees and changes which endpoints of the company are told of changes.
package subscriptions

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"omni/internal/inbox"
	"omni/tools/omni/terminal"
)

// Store keeps subscriptions and what they are told.
type Store interface {
	AddSubscription(context.Context, inbox.Actor, inbox.Subscription) (inbox.Subscription, error)
	Subscriptions(context.Context) ([]inbox.Subscription, error)
	Subscription(context.Context, uuid.UUID) (inbox.Subscription, error)
	UpdateSubscription(context.Context, inbox.Actor, inbox.Subscription) (inbox.Subscription, error)
	RotateSecret(ctx context.Context, by inbox.Actor, id uuid.UUID, secret string, oldUntil time.Time) (inbox.Subscription, error)
	EnableSubscription(context.Context, inbox.Actor, uuid.UUID) error
	DisableSubscription(ctx context.Context, by inbox.Actor, id uuid.UUID, reason string) (told []uuid.UUID, err error)
	DeleteSubscription(context.Context, inbox.Actor, uuid.UUID) error
	TestSubscription(context.Context, inbox.Actor, inbox.Subscription) (delivery uuid.UUID, err error)
	Deliveries(ctx context.Context, subscription uuid.UUID, f inbox.DeliveryFilter, most int) ([]inbox.Delivery, error)
	Delivery(context.Context, uuid.UUID) (inbox.Delivery, []inbox.DeliveryAttempt, error)
	Redeliver(ctx context.Context, by inbox.Actor, subscription uuid.UUID, what inbox.Redelivery) (int, error)
}

// Waker lets the processor look after a subscription now.
type Waker interface {
	Wake(ctx context.Context, subscription uuid.UUID) error
}

// Desk does what an operator asks for.
type Desk struct {
	Store Store
	Queue Waker // nil: what is to be delivered waits until it is found as overdue
	Local bool  // endpoints may be on this machine
	Out   io.Writer
}

// wake sees to it that what is to be delivered goes now.
func (d Desk) wake(ctx context.Context, subscriptions ...uuid.UUID) error {
	if d.Queue == nil {
		fmt.Fprintln(d.Out, "No queue is known: deliveries go within a minute, or with the next sweep.")
		return nil
	}
	for _, subscription := range subscriptions {
		if err := d.Queue.Wake(ctx, subscription); err != nil {
			return err
		}
	}
	return nil
}

// List writes a table of all subscriptions.
func (d Desk) List(ctx context.Context) error {
	all, err := d.Store.Subscriptions(ctx)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		_, err := fmt.Fprintln(d.Out, "There are no subscriptions: see `omni subscriptions add --help`.")
		return err
	}
	table := tabwriter.NewWriter(d.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tSTATE\tEVENTS\tCHANNELS\tOPEN\tHELD\tURL")
	for _, s := range all {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d\t%d\t%s\n", s.ID, standing(s), orAll(s.Types), orAll(s.Channels), s.Open, s.Held, terminal.Line(s.URL, 0))
	}
	return table.Flush()
}

// standing is a subscription's state in a word.
func standing(s inbox.Subscription) string {
	if s.State == inbox.SubscriptionActive && !s.FailingSince.IsZero() {
		return "failing"
	}
	return string(s.State)
}

func orAll(words []string) string { return cmp.Or(strings.Join(words, ","), "all") }

// Show writes everything that is known of a subscription, but for its secret.
func (d Desk) Show(ctx context.Context, id uuid.UUID) error {
	s, err := d.Store.Subscription(ctx, id)
	if err != nil {
		return err
	}
	var out strings.Builder
	field := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&out, "%-12s %s\n", name, terminal.Line(value, 0))
		}
	}
	field("id", s.ID.String())
	field("url", s.URL)
	field("description", s.Description)
	field("events", orAll(s.Types))
	field("channels", orAll(s.Channels))
	field("state", fmt.Sprintf("%s since %s", s.State, moment(s.Since)))
	field("reason", s.Reason)
	field("failing", since(s.FailingSince))
	field("old secret", until(s.OldUntil))
	field("deliveries", fmt.Sprintf("%d open, %d held", s.Open, s.Held))
	field("made", moment(s.CreatedAt))
	_, err = io.WriteString(d.Out, out.String())
	return err
}

func since(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return "since " + moment(t)
}

func until(t time.Time) string {
	if t.Before(time.Now()) {
		return ""
	}
	return "signs besides until " + moment(t)
}

func moment(t time.Time) string { return t.Local().Format(time.DateTime) }
