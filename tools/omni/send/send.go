// Package send composes an answer to a customer and shows what becomes of it.
package send

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"omni/channels"
	"omni/internal/inbox"
)

// Composer takes answers on.
type Composer interface {
	Compose(context.Context, inbox.Draft) (inbox.Composed, error)
}

// Options say what to do after composing.
type Options struct {
	Watch bool          // show what becomes of the message
	Wait  time.Duration // end when nothing has changed for so long
	Every time.Duration // between two looks
}

// ErrNotSent means that the message failed, or that nobody knows whether it was sent. What is known was written.
var ErrNotSent = errors.New("the message was not delivered, as far as is known")

// Run composes the draft and writes what becomes of each of its messages.
func Run(ctx context.Context, composer Composer, db *pgxpool.Pool, w io.Writer, d inbox.Draft, o Options) error {
	composed, err := composer.Compose(ctx, d)
	if refused := (*channels.RejectedError)(nil); errors.As(err, &refused) {
		return fmt.Errorf("%s (%s)", refused.Reason, refused.Code)
	}
	if err != nil {
		return err
	}
	again := ""
	if composed.Repeated {
		again = ", which was asked for before with the same key"
	}
	for _, message := range composed.Messages {
		fmt.Fprintf(w, "message %s%s\n", message, again)
	}
	if !o.Watch {
		return nil
	}
	return watch(ctx, db, w, composed.Messages, o)
}

// fate is how far a message got.
type fate struct {
	message uuid.UUID
	status  channels.DeliveryState
	code    string
	reason  string
}

const fatesQuery = `SELECT id, coalesce(status, ''), coalesce(error_code, ''), coalesce(error_reason, '')
FROM messages WHERE id = ANY ($1) ORDER BY seq`

// watch writes a line for each change until all messages have reached their end, or nothing has changed for as long as is waited.
func watch(ctx context.Context, db *pgxpool.Pool, w io.Writer, messages []uuid.UUID, o Options) error {
	known := map[uuid.UUID]fate{}
	for changed := time.Now(); ; {
		fates, err := look(ctx, db, messages)
		if err != nil {
			return err
		}
		for n, now := range fates {
			if known[now.message] != now {
				known[now.message], changed = now, time.Now()
				fmt.Fprintln(w, now.line(n, len(messages)))
			}
		}
		if over, err := verdict(fates, time.Since(changed) >= o.Wait); over {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(o.Every):
		}
	}
}

func look(ctx context.Context, db *pgxpool.Pool, messages []uuid.UUID) ([]fate, error) {
	rows, err := db.Query(ctx, fatesQuery, messages)
	if err != nil {
		return nil, fmt.Errorf("reading what became of the message: %w", err)
	}
	defer rows.Close()
	var fates []fate
	for rows.Next() {
		var f fate
		if err := rows.Scan(&f.message, &f.status, &f.code, &f.reason); err != nil {
			return nil, fmt.Errorf("reading what became of the message: %w", err)
		}
		fates = append(fates, f)
	}
	return fates, rows.Err()
}

// line says how far the n-th of several messages got.
func (f fate) line(n, of int) string {
	line := time.Now().Format(time.TimeOnly) + "  " + string(f.status)
	if of > 1 {
		line += fmt.Sprintf(" (part %d of %d)", n+1, of)
	}
	switch {
	case f.reason != "":
		line += fmt.Sprintf(": %s (%s)", f.reason, f.code)
	case f.status == inbox.Unknown:
		line += ": waiting for the platform to say whether it has it"
	}
	return line
}

// verdict tells whether it is over, and how it ended. Not every platform says that a message was delivered or read, so what was sent is over
// when nothing more comes.
func verdict(fates []fate, quiet bool) (over bool, err error) {
	open := 0
	for _, f := range fates {
		switch {
		case f.status == channels.Failed, f.status == inbox.Unknown && f.code != "":
			err = ErrNotSent
		case f.status != channels.Read && f.status != channels.Played:
			open++
		}
	}
	if open == 0 {
		return true, err
	}
	if !quiet {
		return false, nil
	}
	for _, f := range fates {
		if f.status == inbox.Queued || f.status == inbox.Unknown && f.code == "" {
			return true, errors.Join(err, fmt.Errorf("the message is still on its way: look again with the same --key, or in `omni tail`"))
		}
	}
	return true, err
}
