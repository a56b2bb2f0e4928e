package main

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"omni/internal/inbox"
	"omni/internal/store"
)

// subject is a database that is worked on, and what the work is about. Of each sort there are as many of them in every database, so that as much has
// to be in memory.
type subject struct {
	size      int
	url       string
	store     *store.Store
	conn      *pgx.Conn
	run       string // tells this run's ids from all others
	serial    int
	customers []customer
	short     []uuid.UUID // conversations with a page of messages and not much more
	long      uuid.UUID   // the longest conversation
	farBack   inbox.TimelineKey
	deep      time.Time // when the last message was written of a conversation that is far down in the lists
	waiting   time.Time // since when somebody waits who is far down in the list of those
	changes   inbox.FeedCursor
	name      string // of a contact
	phone     string
	jobs      []inbox.Job // that nobody has done yet
}

// customer is somebody who has written before.
type customer struct {
	Conversation uuid.UUID
	Channel      string
	Account      string
	Kind         string
	Identity     string
	Thread       string
}

// How many there are of each sort.
const (
	customerCount = 500
	shortCount    = 25
)

// subjects opens the databases. parameters are added to their connections.
func (s *stage) subjects(ctx context.Context, parameters string) ([]*subject, error) {
	var all []*subject
	for _, size := range s.sizes {
		one, err := newSubject(ctx, size, s.server.URL(database(size)), parameters)
		if err != nil {
			closeAll(all)
			return nil, fmt.Errorf("looking at the database of %d messages: %w", size, err)
		}
		all = append(all, one)
	}
	return all, nil
}

// newSubject opens a database as one instance of a function does, but for commits, which do not wait for the disk: that takes the same time on all
// databases, and would hide what does not.
func newSubject(ctx context.Context, size int, at, parameters string) (*subject, error) {
	conn, err := pgx.Connect(ctx, at)
	if err != nil {
		return nil, err
	}
	opened, err := store.Open(at+"&synchronous_commit=off"+parameters, store.Options{MaxConns: 1})
	if err != nil {
		return nil, err
	}
	s := &subject{size: size, url: at, store: opened, conn: conn, run: uuid.NewString()[:8]}
	return s, s.look(ctx)
}

// look finds what the work is about.
func (s *subject) look(ctx context.Context) error {
	for _, q := range []struct {
		into  []any
		query string
		args  []any
	}{
		{[]any{&s.deep}, `SELECT percentile_disc(0.8) WITHIN GROUP (ORDER BY last_message_at) FROM conversations WHERE status = 'open'`, nil},
		{[]any{&s.waiting}, `SELECT percentile_disc(0.2) WITHIN GROUP (ORDER BY waiting_since) FROM conversations WHERE status = 'open'`, nil},
		{[]any{&s.name}, `SELECT name FROM contacts WHERE language = 'de' ORDER BY id OFFSET 50 LIMIT 1`, nil},
		{[]any{&s.phone}, `SELECT phone FROM contacts WHERE phone IS NOT NULL ORDER BY id OFFSET 50 LIMIT 1`, nil},
		{[]any{&s.long}, `SELECT conversation_id FROM messages WHERE conversation_id IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1`, nil},
	} {
		if err := s.conn.QueryRow(ctx, q.query, q.args...).Scan(q.into...); err != nil {
			return fmt.Errorf("%s: %w", q.query, err)
		}
	}
	const farBack = `
		SELECT coalesce(occurred_at, received_at), seq, id FROM messages WHERE conversation_id = $1
		ORDER BY 1 DESC, 2 DESC OFFSET (SELECT count(*) * 9 / 10 FROM messages WHERE conversation_id = $1) LIMIT 1`
	if err := s.conn.QueryRow(ctx, farBack, s.long).Scan(&s.farBack.At, &s.farBack.Seq, &s.farBack.ID); err != nil {
		return fmt.Errorf("looking far back: %w", err)
	}
	return s.lookForPeople(ctx)
}

// lookForPeople picks customers from all over the database, and conversations of the right length.
func (s *subject) lookForPeople(ctx context.Context) error {
	const customers = `
		SELECT c.id, a.channel, a.external_id, i.kind, i.value, c.thread
		FROM conversations c
		JOIN channel_accounts a ON a.id = c.channel_account_id
		JOIN contact_identities i ON i.contact_id = c.contact_id AND i.channel_account_id = a.id
		ORDER BY md5(c.id::text) LIMIT $1`
	rows, err := s.conn.Query(ctx, customers, customerCount)
	if err != nil {
		return fmt.Errorf("looking for customers: %w", err)
	}
	if s.customers, err = pgx.CollectRows(rows, pgx.RowToStructByPos[customer]); err != nil {
		return fmt.Errorf("looking for customers: %w", err)
	}
	const short = `
		SELECT conversation_id FROM messages WHERE conversation_id IS NOT NULL AND conversation_id <> $1
		GROUP BY 1 HAVING count(*) BETWEEN 52 AND 200 ORDER BY md5(conversation_id::text) LIMIT $2`
	if rows, err = s.conn.Query(ctx, short, s.long, shortCount); err != nil {
		return fmt.Errorf("looking for short conversations: %w", err)
	}
	if s.short, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID]); err != nil || len(s.short) == 0 {
		return fmt.Errorf("looking for short conversations: there are %d: %w", len(s.short), err)
	}
	return nil
}

// next is a number that no other piece of work of this run has.
func (s *subject) next() int {
	s.serial++
	return s.serial
}

// customer is another one each time.
func (s *subject) customer() customer { return s.customers[s.next()%len(s.customers)] }

func (s *subject) close() {
	s.store.Close()
	s.conn.Close(context.Background())
}

func closeAll(subjects []*subject) {
	for _, s := range subjects {
		s.close()
	}
}

// withParameter adds a run-time parameter to a connection string.
func withParameter(name, value string) string { return "&" + url.Values{name: {value}}.Encode() }
