// Package store keeps the inbox in PostgreSQL. It is the only package that knows SQL: nothing that sqlc generates leaves it.
package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	pgxuuid "github.com/vgarvardt/pgx-google-uuid/v5"

	"omni/gen/db"
	"omni/internal/inbox"
)

// errRace marks a transaction that lost to another one and has to run again from its start.
var errRace = errors.New("another transaction came first")

// Store keeps the inbox. It is safe for concurrent use.
type Store struct {
	pool    *pgxpool.Pool
	q       *db.Queries
	changes changes
}

// Options shape the connections.
type Options struct {
	MaxConns int // most connections at once; 0: 4

	// StatementTimeout ends a statement on the server; 0: 15 s. It bounds how long a lost caller can hold locks.
	StatementTimeout time.Duration

	Password Password // of each new connection; nil: that in the URL
}

// planning makes PostgreSQL look rows up by their keys, and decide so once. By itself it plans most look-ups anew each time, which takes longer
// than the look-up: it knows only then that it is asked for one key and not for the ten that it assumes. And it prices a page that is read out of
// order at four of those that are read in order, as a rotating disk does, so that it reads tables of a thousand rows whole. While it has not heard how
// many rows there are, or when it last looked there were few, it reads such tables whole and joins them by hashing for the two or three rows that are
// wanted, and goes on with that until the next ANALYZE: so it may do neither. TestHotQueriesUseTheirIndexes holds the plans that come of this.
//
// A statement that ends when a page is full is guessed to read a tenth of its table, since the size of the page is not known when it is planned. On a
// large table PostgreSQL would compile it for that (200 ms) and start other processes (10 ms), for what takes one.
var planning = map[string]string{
	"plan_cache_mode": "force_generic_plan", "random_page_cost": "1.1",
	"enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off",
	"jit": "off", "max_parallel_workers_per_gather": "0",
}

// Open prepares a store on the database that url names. It does not connect: the first statement does.
func Open(url string, o Options) (*Store, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("reading the database URL: %w", err)
	}
	if o.MaxConns == 0 {
		o.MaxConns = 4
	}
	if o.StatementTimeout == 0 {
		o.StatementTimeout = 15 * time.Second
	}
	config.MaxConns = int32(o.MaxConns)
	config.ConnConfig.ConnectTimeout = 5 * time.Second
	config.BeforeConnect = o.Password.enter(config.ConnConfig)
	config.AfterConnect = speakUUID
	parameters := config.ConnConfig.RuntimeParams
	parameters["application_name"] = "omni"
	parameters["statement_timeout"] = fmt.Sprint(o.StatementTimeout.Milliseconds())
	parameters["idle_in_transaction_session_timeout"] = fmt.Sprint(o.StatementTimeout.Milliseconds())
	for name, value := range planning {
		parameters[name] = value
	}
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	return &Store{pool: pool, q: db.New(pool)}, nil
}

// speakUUID makes a connection write and read UUIDs as the sixteen bytes that they are. By itself it knows them only as something that can be a string.
func speakUUID(_ context.Context, conn *pgx.Conn) error {
	pgxuuid.Register(conn.TypeMap())
	return nil
}

// Close ends all connections.
func (s *Store) Close() { s.pool.Close() }

// Ping connects and asks for a sign of life.
func (s *Store) Ping(ctx context.Context) error {
	return interpretError("reaching the database", s.pool.Ping(ctx))
}

// maxTries bounds how often a transaction runs that keeps losing to others.
const maxTries = 5

// inTransaction runs work in a transaction, again when it lost to another one.
func (s *Store) inTransaction(ctx context.Context, doing string, work func(*transaction) error) error {
	var err error
	for range maxTries {
		err = s.pool.AcquireFunc(ctx, func(conn *pgxpool.Conn) error { return newTransaction(conn.Conn()).run(ctx, work) })
		if !isRace(err) {
			break
		}
	}
	return interpretError(doing, err)
}

func isRace(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == pgerrcode.DeadlockDetected || pg.Code == pgerrcode.SerializationFailure || pg.Code == pgerrcode.UniqueViolation
	}
	return errors.Is(err, errRace)
}

// interpretError says what was being done, and marks with inbox.ErrUnstorable what will never succeed and with inbox.ErrUnavailable what passes. Nil
// stays nil.
func interpretError(doing string, err error) error {
	if err == nil {
		return nil
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) && (pgerrcode.IsDataException(pg.Code) || pg.Code == pgerrcode.ProgramLimitExceeded ||
		pg.Code == pgerrcode.CheckViolation || pg.Code == pgerrcode.NotNullViolation) {
		return fmt.Errorf("%s: %w: %s", doing, inbox.ErrUnstorable, pg.Message)
	}
	if passes(err) {
		err = unavailable{err}
	}
	return fmt.Errorf("%s: %w", doing, err)
}
