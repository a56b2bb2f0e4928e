// Package tail shows the change feed of the inbox to a person at a terminal, or to a program as JSON lines.
package tail

import (
	"context"
	"fmt"
	"io"
	"time"

	"omni/channels"
)

// Cursor is a place in the feed: behind the change that has it.
type Cursor struct {
	XID string `json:"xid"`
	Seq int64  `json:"seq"`
}

// Start is the place before the first change.
var Start = Cursor{XID: "0"}

// Change is one entry of the feed, with what is there to show of it now. What does not apply to it is empty.
type Change struct {
	Cursor       Cursor           `json:"cursor"`
	At           time.Time        `json:"at"` // when we took note of it
	Kind         string           `json:"kind"`
	Channel      string           `json:"channel,omitempty"`
	Conversation string           `json:"conversation,omitempty"` // its id
	Contact      string           `json:"contact,omitempty"`      // name
	Thread       string           `json:"thread,omitempty"`
	Message      *Message         `json:"message,omitempty"`
	Event        channels.Kind    `json:"event,omitempty"` // kind of the event that changed it
	Update       *channels.Update `json:"update,omitempty"`
}

// Message is a message as it reads now.
type Message struct {
	ID        string                 `json:"id"`
	Direction channels.Direction     `json:"direction"`
	Type      channels.MessageType   `json:"type"`
	Text      string                 `json:"text,omitempty"`
	Status    channels.DeliveryState `json:"status,omitempty"`
	Deleted   bool                   `json:"deleted,omitempty"`
}

// Feed is where changes are read from.
type Feed interface {
	// End is the place behind all changes that there are now.
	End(context.Context) (Cursor, error)
	// After returns the changes behind a place, oldest first, at most so many.
	After(ctx context.Context, cursor Cursor, most int) ([]Change, error)
}

// Options say what to show.
type Options struct {
	All      bool // from the first change on; else from now on
	Follow   bool // wait for what comes; else end with the last change
	JSON     bool
	Color    bool
	Channel  string        // only of this one; empty: all
	Interval time.Duration // between two looks for something new
}

// page is how many changes are read at once.
const page = 500

// Run shows changes until the context ends, or there are no more and it is not to follow.
func Run(ctx context.Context, feed Feed, w io.Writer, o Options) error {
	cursor := Start
	if !o.All {
		var err error
		if cursor, err = feed.End(ctx); err != nil {
			return fmt.Errorf("looking for the end of the feed: %w", err)
		}
	}
	for {
		changes, err := feed.After(ctx, cursor, page)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading the feed: %w", err)
		}
		for _, change := range changes {
			cursor = change.Cursor
			if o.Channel != "" && change.Channel != o.Channel {
				continue
			}
			if err := write(w, change, o); err != nil {
				return err
			}
		}
		if len(changes) == page {
			continue
		}
		if !o.Follow {
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(o.Interval):
		}
	}
}
