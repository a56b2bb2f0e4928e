package subscriptions

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"omni/internal/inbox"
	"omni/tools/omni/terminal"
)

// Deliveries writes a table of deliveries of a subscription, the latest first, at most so many.
func (d Desk) Deliveries(ctx context.Context, id uuid.UUID, states []inbox.DeliveryState, most int) error {
	if _, err := d.Store.Subscription(ctx, id); err != nil {
		return err
	}
	all, err := d.Store.Deliveries(ctx, id, inbox.DeliveryFilter{States: states}, most)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		_, err := fmt.Fprintln(d.Out, "There are no such deliveries.")
		return err
	}
	table := tabwriter.NewWriter(d.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "DELIVERY\tEVENT\tMADE\tSTATE\tFAILURES\tWHY")
	for _, one := range all {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d\t%s\n", one.ID, one.Event.Type, moment(one.CreatedAt), stateOf(one), one.Failures, terminal.Line(one.Error, 0))
	}
	return table.Flush()
}

// stateOf is a delivery's state, and when it goes on.
func stateOf(d inbox.Delivery) string {
	if d.State == inbox.DeliveryWaiting && d.DueAt.After(time.Now()) {
		return "waiting until " + d.DueAt.Local().Format(time.TimeOnly)
	}
	return string(d.State)
}

// Delivery writes one delivery: what is told, and what came of each attempt.
func (d Desk) Delivery(ctx context.Context, id uuid.UUID) error {
	delivery, attempts, err := d.Store.Delivery(ctx, id)
	if err != nil {
		return err
	}
	body, err := delivery.Event.Body()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s, %s\n\n", delivery.Event.Type, stateOf(delivery))
	if err := json.Indent(&out, body, "", "  "); err != nil {
		return err
	}
	fmt.Fprint(&out, "\n\n")
	writeAttempts(&out, attempts)
	_, err = d.Out.Write(out.Bytes())
	return err
}

func writeAttempts(w io.Writer, attempts []inbox.DeliveryAttempt) {
	if len(attempts) == 0 {
		fmt.Fprintln(w, "No attempt has come to an end yet.")
		return
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ATTEMPT\tBEGAN\tTOOK\tSTATUS\tWHAT CAME OF IT")
	for _, a := range attempts {
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\n", a.Attempt, moment(a.At), a.Took.Round(time.Millisecond), statusOf(a), outcome(a))
	}
	table.Flush()
}

func statusOf(a inbox.DeliveryAttempt) string {
	if a.Status == 0 {
		return "-"
	}
	return fmt.Sprint(a.Status)
}

func outcome(a inbox.DeliveryAttempt) string {
	text := "delivered"
	if a.Error != "" {
		text = terminal.Line(a.Error, 0)
	}
	if a.Response != "" {
		text += ": " + terminal.Line(a.Response, 0)
	}
	return text
}

// ErrNotDelivered means that an endpoint did not take a test.
var ErrNotDelivered = errors.New("the endpoint did not take it")

// Test delivers an event that says nothing, waits for so long and writes what came of it.
func (d Desk) Test(ctx context.Context, id uuid.UUID, wait time.Duration) error {
	s, err := d.Store.Subscription(ctx, id)
	if err != nil {
		return err
	}
	if s.State != inbox.SubscriptionActive {
		return fmt.Errorf("it is disabled: `omni subscriptions enable %s` first", id)
	}
	delivery, err := d.Store.TestSubscription(ctx, inbox.Actor{}, s)
	if err != nil {
		return err
	}
	if err := d.wake(ctx, id); err != nil {
		return err
	}
	attempts, err := d.await(ctx, delivery, wait)
	if err != nil {
		return err
	}
	writeAttempts(d.Out, attempts)
	if attempts[0].Error != "" {
		return fmt.Errorf("%w: it is tried again (see `omni subscriptions deliveries %s`)", ErrNotDelivered, id)
	}
	return nil
}

// look is how often a test looks for what came of it.
const look = 50 * time.Millisecond

// await waits for the first attempt to come to its end.
func (d Desk) await(ctx context.Context, delivery uuid.UUID, wait time.Duration) ([]inbox.DeliveryAttempt, error) {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for {
		if _, attempts, err := d.Store.Delivery(ctx, delivery); err == nil && len(attempts) > 0 {
			return attempts, nil
		} else if err != nil && ctx.Err() == nil {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("nothing came of it within %s: does a processor run, and a deliverer?", wait)
		case <-time.After(look):
		}
	}
}
