// Package tail shows the change feed of the inbox to a person at a terminal, or to a program as JSON lines.
package tail

import (
	"context"
	"io"
	"time"

	"omni/internal/inbox"
)

// Feed is where changes are read from.
type Feed interface {
	// FeedEnd is the place behind all changes that there are now.
	FeedEnd(context.Context) (inbox.FeedCursor, error)
	// FeedAfter returns the changes behind a place, oldest first, at most so many.
	FeedAfter(ctx context.Context, after inbox.FeedCursor, most int) ([]inbox.FeedChange, error)
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
	cursor := inbox.FeedStart
	if !o.All {
		var err error
		if cursor, err = feed.FeedEnd(ctx); err != nil {
			return err
		}
	}
	for {
		changes, err := feed.FeedAfter(ctx, cursor, page)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
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
