// Package dataset fills an empty database of the product's schema with a made-up inbox of any size.
//
// # How a set comes about
//
//  1. [newScript] decides who writes when: as many conversations as there are messages by twenty, most of them short, a few long, one very long.
//     They begin all over two years; each has sessions of messages minutes apart, and the messages of all are sorted by time. So those of one
//     conversation lie far from each other on the disk, as they do in a database that has grown.
//  2. [teller] goes through the script and writes what the product would have written of it: the message, the receipts, the webhook and its job,
//     the feed. A conversation is folded by [inbox.Conversation] itself.
//  3. [loader] copies the rows into tables that have lost their indexes and constraints for that long. They come back as the migrations made
//     them, so a row that broke one would end the load.
//
// Options of the same seed, size and end give the same rows.
package dataset

import (
	"context"
	"fmt"
	"io"
	"time"

	"golang.org/x/sync/errgroup"
)

// The time that a set covers, and how long the product keeps its logs and its feed (RETENTION_DAYS). The logs reach a month further back, so that
// there is something that retention has to drop.
const (
	Span      = 2 * 365 * 24 * time.Hour
	Retention = 90 * 24 * time.Hour
	logged    = Retention + 45*24*time.Hour
)

// perConversation is how many messages there are for each conversation.
const perConversation = 20

// Options say which set.
type Options struct {
	Messages int
	Seed     uint64
	Until    time.Time // when it ends; the past partitions of the logs are made for that

	// Loaders is how many connections copy at once; 0: 2.
	Loaders int

	// Log is told how far it is.
	Log io.Writer
}

// Conversations is how many conversations a set has.
func (o Options) Conversations() int { return max(o.Messages/perConversation, 1) }

// since is when the set begins.
func (o Options) since() time.Time { return o.Until.Add(-Span) }

// Load fills the database at url, which has the product's schema and nothing in it.
func Load(ctx context.Context, url string, o Options) error {
	if o.Loaders == 0 {
		o.Loaders = 2
	}
	began := time.Now()
	schema, err := stripSchema(ctx, url, o)
	if err != nil {
		return err
	}
	if err := fill(ctx, url, o); err != nil {
		return err
	}
	fmt.Fprintf(o.Log, "  copied in %s\n", time.Since(began).Round(time.Second))
	if err := schema.restore(ctx, url, o); err != nil {
		return err
	}
	fmt.Fprintf(o.Log, "  loaded in %s\n", time.Since(began).Round(time.Second))
	return nil
}

// fill makes the rows in one goroutine and copies them in others.
func fill(ctx context.Context, url string, o Options) error {
	group, ctx := errgroup.WithContext(ctx)
	batches := make(chan batch, o.Loaders)
	l := loader{url: url, batches: batches}
	for range o.Loaders {
		group.Go(func() error { return l.run(ctx) })
	}
	group.Go(func() error {
		defer close(batches)
		return newTeller(o).tell(func(b batch) error {
			select {
			case batches <- b:
				return nil
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		})
	})
	return group.Wait()
}
