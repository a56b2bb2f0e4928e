package crash

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// How long nothing may change before time is helped on, and before what is unfinished counts as such.
const (
	settleEvery = 250 * time.Millisecond
	nudgeAfter  = 10 * time.Second
	patience    = time.Minute
)

// rest is what has not come to rest.
type rest struct {
	missing int // events that are not stored, against what was accepted
	stored  int // rows that are not processed
	open    int // jobs
	sends   int // answers on their way
	posts   int // deliveries to subscribers that they did not take
	untold  int // webhooks of the platforms about answers, not accepted yet
}

const restQuery = `SELECT
	` + rowsExpression + `,
	(SELECT count(*) FROM messages WHERE state = 'stored') + (SELECT count(*) FROM message_events WHERE state = 'stored'),
	(SELECT count(*) FROM queue_logs WHERE closed_at IS NULL),
	(SELECT count(*) FROM sends WHERE state <> 'done'),
	(SELECT count(*) FROM deliveries WHERE state <> 'delivered')`

// settle waits until everything accepted is stored and processed and every job done. It returns what stays unfinished, a sentence each.
func settle(ctx context.Context, s *server, b *books, f *office) (unfinished []string, err error) {
	if err := nudge(ctx, s, 0, false); err != nil {
		return nil, err
	}
	var last rest
	nudged, changed := time.Now(), time.Now()
	for {
		now, err := readRest(ctx, s.databaseURL(), b, f)
		if err != nil || now == (rest{}) {
			return nil, err
		}
		if now != last {
			last, changed = now, time.Now()
		}
		if time.Since(changed) > patience {
			return now.complaints(), nil
		}
		if time.Since(changed) > nudgeAfter && time.Since(nudged) > nudgeAfter {
			if err := nudge(ctx, s, longerThanAnyWait, now.stored == 0 && now.untold == 0); err != nil {
				return nil, err
			}
			nudged = time.Now()
		}
		if err := pause(ctx, settleEvery); err != nil {
			return nil, err
		}
	}
}

func (r rest) complaints() []string {
	var all []string
	if r.missing != 0 {
		all = append(all, fmt.Sprintf("%d events more were accepted than are stored", r.missing))
	}
	if r.stored > 0 {
		all = append(all, fmt.Sprintf("%d rows are stored and not processed", r.stored))
	}
	if r.open > 0 {
		all = append(all, fmt.Sprintf("%d jobs are open", r.open))
	}
	if r.sends > 0 {
		all = append(all, fmt.Sprintf("%d answers are on their way", r.sends))
	}
	if r.posts > 0 {
		all = append(all, fmt.Sprintf("%d deliveries were not taken by their subscribers", r.posts))
	}
	if r.untold > 0 {
		all = append(all, fmt.Sprintf("%d webhooks about answers were not accepted", r.untold))
	}
	return all
}

// longerThanAnyWait is how far the functions' clock is set ahead, so that what was put off while it was wrong by days is due.
const longerThanAnyWait = 72 * time.Hour

// nudge spares a run the time of waiting that the product would take: every open job and delivery becomes overdue now, jobs that died with a
// server come back to their queue, and a server that starts sweeps at once. When the platforms have told all that they know, nothing is
// gained by listening any longer for what they do not say.
func nudge(ctx context.Context, s *server, skew time.Duration, toldAll bool) error {
	if err := s.awaitUp(ctx); err != nil {
		return err
	}
	err := query(ctx, s.databaseURL(), func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, overdueQuery)
		for isDeadlock(err) { // with the server, which goes on working
			_, err = conn.Exec(ctx, overdueQuery)
		}
		if err == nil && toldAll {
			_, err = conn.Exec(ctx, `UPDATE sends SET due_at = now(), listening_since = listening_since - interval '1 hour' WHERE state = 'unconfirmed'`)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("making open jobs overdue: %w", err)
	}
	if err := s.faults.advanceTo(skew); err != nil {
		return err
	}
	if err := s.kill(0); err != nil {
		return err
	}
	return s.awaitUp(ctx)
}

func isDeadlock(err error) bool {
	var refusal *pgconn.PgError
	return errors.As(err, &refusal) && refusal.Code == pgerrcode.DeadlockDetected
}

// overdueQuery makes due what waits. A subscription that was disabled, because its endpoint seemed to have failed for days, is enabled again by its owner.
const overdueQuery = `
WITH job AS (UPDATE queue_logs SET due_at = now() WHERE closed_at IS NULL),
	send AS (UPDATE sends SET due_at = now() WHERE state = 'under_way' AND due_at < 'infinity'),
	subscription AS (UPDATE subscriptions SET state = 'active', failing_since = NULL WHERE state <> 'active')
UPDATE deliveries SET state = CASE state WHEN 'under_way' THEN state ELSE 'waiting' END, due_at = now() - interval '1 hour' WHERE state <> 'delivered'`

func readRest(ctx context.Context, databaseURL string, b *books, f *office) (r rest, err error) {
	r.untold = f.untold() // first: what is accepted later is not stored yet
	err = query(ctx, databaseURL, func(conn *pgx.Conn) error {
		own, err := ownIDs(ctx, conn)
		if err != nil {
			return err
		}
		var rows int
		err = conn.QueryRow(ctx, restQuery).Scan(&rows, &r.stored, &r.open, &r.sends, &r.posts)
		r.missing = b.events(own) - rows
		return err
	})
	return r, err
}

// query runs do on a connection of its own.
func query(ctx context.Context, databaseURL string, do func(*pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, databaseURL)
	if err != nil {
		return fmt.Errorf("connecting to the database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return do(conn)
}
