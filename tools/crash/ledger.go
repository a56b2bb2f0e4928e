package crash

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	platforms "omni/channels/simulate"
	"omni/internal/inbox"
	"omni/tools/omni/agents"
	servers "omni/tools/omni/platforms"
	"omni/tools/omni/simulate"
)

// ledger sets what was accepted against what is in the database.
type ledger struct {
	answers                answerSummary
	restarts, failedStarts int

	deliveries, bodies                         int // accepted webhooks; different bodies among them
	events, processed, dead, unexplained, lost int // different events of theirs
	rows                                       int // in the tables
	talks, said                                int // conversations whose order was looked at, and their messages
	own                                        agents.Figures
	asked                                      agents.Counts
	poison                                     poisonFigures
	told                                       toldFigures
	watchers                                   watcherFigures
	operator                                   operator

	complaints []string
}

// witnesses are those who know what the database must hold.
type witnesses struct {
	books       *books
	agents      *agents.Agents
	taken       []servers.Taken // by the platforms
	subscribers []*subscriber
	watchers    *watchers // nil: nobody looked
}

// readLedger reads the database without the product's own code, apart from how it names an account.
func readLedger(ctx context.Context, databaseURL string, w witnesses) (*ledger, error) {
	pool, err := pgxpool.New(ctx, databaseURL)
	if err != nil {
		return nil, fmt.Errorf("connecting to the database: %w", err)
	}
	defer pool.Close()
	b := w.books
	l := &ledger{deliveries: b.deliveries, bodies: len(b.bodies), events: b.events(nil) - len(b.poison.events), asked: w.agents.Counts()}
	if err := l.compareEvents(ctx, pool, b); err != nil {
		return nil, fmt.Errorf("comparing events: %w", err)
	}
	if err := l.comparePoison(ctx, pool, b.poison); err != nil {
		return nil, fmt.Errorf("comparing poison: %w", err)
	}
	if err := l.compareBodies(ctx, pool, b); err != nil {
		return nil, fmt.Errorf("comparing webhooks: %w", err)
	}
	if err := l.runChecks(ctx, pool); err != nil {
		return nil, err
	}
	for _, t := range b.talks {
		if err := l.compareTalk(ctx, pool, t); err != nil {
			return nil, fmt.Errorf("comparing a talk: %w", err)
		}
	}
	if err := l.compareAnswers(ctx, pool, w.agents, w.taken); err != nil {
		return nil, fmt.Errorf("comparing answers: %w", err)
	}
	if err := l.compareTold(ctx, pool, w.subscribers); err != nil {
		return nil, err
	}
	if err := l.compareShown(ctx, pool, w.watchers); err != nil {
		return nil, fmt.Errorf("comparing dashboards: %w", err)
	}
	return l, nil
}

// compareAnswers sets what agents said against what the platforms took.
func (l *ledger) compareAnswers(ctx context.Context, pool *pgxpool.Pool, a *agents.Agents, taken []servers.Taken) error {
	answers, err := a.Ledger(ctx, pool, taken)
	if err != nil {
		return err
	}
	l.own = answers.Total()
	for _, wrong := range answers.Complaints {
		l.complain("%s: %s", wrong.Channel, wrong.What)
	}
	return nil
}

func (l *ledger) complain(format string, args ...any) {
	l.complaints = append(l.complaints, fmt.Sprintf(format, args...))
}

// compareEvents looks up every accepted event, and then counts the rows: as there is one for each event, there is no other.
func (l *ledger) compareEvents(ctx context.Context, pool *pgxpool.Pool, b *books) error {
	database := simulate.NewDatabase(pool)
	for _, channel := range slices.Sorted(maps.Keys(b.pages)) {
		p := b.pages[channel]
		states, err := database.Lookup(ctx, channel, p.events, p.account)
		if err != nil {
			return err
		}
		for _, e := range p.events {
			l.judge(channel, e, states[e])
		}
	}
	return l.countRows(ctx, pool, b)
}

func (l *ledger) countRows(ctx context.Context, pool *pgxpool.Pool, b *books) error {
	return pool.AcquireFunc(ctx, func(conn *pgxpool.Conn) error {
		own, err := ownIDs(ctx, conn.Conn())
		if err != nil {
			return err
		}
		err = conn.QueryRow(ctx, `SELECT `+rowsExpression).Scan(&l.rows)
		if wanted := b.events(own); l.rows > wanted {
			l.complain("there are %d rows for %d events: some were stored twice or never accepted", l.rows, wanted)
		}
		return err
	})
}

func (l *ledger) judge(channel string, e platforms.Expected, state simulate.State) {
	switch state {
	case simulate.Processed:
		l.processed++
	case simulate.Dead:
		l.dead++
	case simulate.Stored:
		l.complain("%s: accepted, stored and not processed: %s %s", channel, e.Kind, e.ID)
	default:
		l.lost++
		l.complain("%s: accepted and not stored: %s %s of thread %q", channel, e.Kind, e.ID, e.Thread)
	}
}

// compareBodies looks for the bytes of every accepted webhook in the log.
func (l *ledger) compareBodies(ctx context.Context, pool *pgxpool.Pool, b *books) error {
	rows, err := pool.Query(ctx, `SELECT DISTINCT sha256(body) FROM webhook_logs`)
	if err != nil {
		return err
	}
	digests, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	if err != nil {
		return err
	}
	missing := maps.Clone(b.bodies)
	for _, digest := range digests {
		if !b.bodies[[32]byte(digest)] {
			l.complain("a webhook is logged that was never accepted")
		}
		delete(missing, [32]byte(digest))
	}
	if len(missing) > 0 {
		l.complain("%d accepted webhooks are not logged", len(missing))
	}
	return nil
}

// place is where a message of a talk came to be.
type place struct {
	seq  *int64 // nil: it is not processed
	feed *int64 // position among all message.created of the feed; nil: none
}

const placesQuery = `
WITH created AS (SELECT message_id, row_number() OVER (ORDER BY xid, seq) AS position FROM feed WHERE kind = 'message.created')
SELECT m.seq, created.position
FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS w (account, key, n)
LEFT JOIN messages m ON m.channel_account_id = w.account AND m.external_id = w.key AND m.state = 'processed'
LEFT JOIN created ON created.message_id = m.id
ORDER BY w.n`

// compareTalk checks that a talk was stored and processed in the order in which it was accepted.
func (l *ledger) compareTalk(ctx context.Context, pool *pgxpool.Pool, t *talk) error {
	var accounts, keys []string
	for _, e := range t.messages {
		owner := e.Account
		if owner == "" {
			owner = t.account
		}
		accounts = append(accounts, inbox.AccountID(t.channel, inbox.Key(owner)).String())
		keys = append(keys, inbox.Key(e.ID))
	}
	rows, err := pool.Query(ctx, placesQuery, accounts, keys)
	if err != nil {
		return err
	}
	places, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p place, err error) {
		return p, row.Scan(&p.seq, &p.feed)
	})
	if err != nil {
		return err
	}
	l.talks++
	l.said += len(places)
	for _, wrong := range disorder(places) {
		l.complain("%s, talk of thread %q: %s", t.channel, t.messages[0].Thread, wrong)
	}
	return nil
}

// disorder tells what is not in the order of the list: the sequence numbers, and the messages in the feed.
func disorder(places []place) []string {
	var wrong []string
	for _, order := range []struct {
		what   string
		number func(place) *int64
	}{
		{"have a lower sequence number than", func(p place) *int64 { return p.seq }},
		{"were processed before", func(p place) *int64 { return p.feed }},
	} {
		late, first, highest := 0, 0, int64(0)
		for n, p := range places {
			number := order.number(p)
			if number == nil {
				continue
			}
			if *number < highest {
				if late++; late == 1 {
					first = n + 1
				}
			}
			highest = max(highest, *number)
		}
		if late > 0 {
			wrong = append(wrong, fmt.Sprintf("%d of %d messages %s one that was accepted earlier, the first is number %d",
				late, len(places), order.what, first))
		}
	}
	return wrong
}

// writePoison writes what became of nonsense.
func (l *ledger) writePoison(out *strings.Builder) {
	p := l.poison
	dead := 0
	for _, n := range p.dead {
		dead += n
	}
	fmt.Fprintf(out, "poison    %d webhooks, %d of them kept whole with the reason; %d events = %d processed (%d as unknown) + %d dead with a reason\n",
		p.webhooks, p.unreadable, p.events, p.processed, p.unknown, dead)
	for _, reason := range slices.Sorted(maps.Keys(p.dead)) {
		fmt.Fprintf(out, "          %d dead: %s\n", p.dead[reason], reason)
	}
	fmt.Fprintf(out, "redriven  %d dead letters in %d goes, while faults went on\n", l.operator.letters, l.operator.times)
}

// shown is how many complaints are written out.
const shown = 40

// write writes the ledger. The error is [ErrWrong] if it has complaints.
func (l *ledger) write(w io.Writer) error {
	var out strings.Builder
	fmt.Fprintf(&out, "\nserver    %d times killed and started again, %d times it ended by itself and was started again\n", l.restarts, l.failedStarts)
	fmt.Fprintf(&out, "replies   %d x 200 (slowest %.2fs), %d x 401 to forged webhooks, %d other, %d none\n",
		l.answers.accepted, l.answers.slowest.Seconds(), l.answers.forged, l.answers.refused, l.answers.none)
	fmt.Fprintf(&out, "webhooks  %d accepted, %d different ones\n", l.deliveries, l.bodies)
	fmt.Fprintf(&out, "events    %d accepted = %d processed + %d dead with a reason + %d missing; %d rows\n",
		l.events, l.processed, l.dead-l.unexplained, l.lost, l.rows)
	l.writePoison(&out)
	fmt.Fprintf(&out, "order     %d conversations with %d messages\n", l.talks, l.said)
	fmt.Fprintf(&out, "answers   %d messages = %d delivered once + %d failed with a reason + %d marked as uncertain + %d open; %d deliveries\n",
		l.own.Messages, l.own.Sent+l.own.Delivered+l.own.Read, l.own.Failed, l.own.Uncertain, l.own.Open, l.own.Taken)
	for _, reason := range slices.Sorted(maps.Keys(l.own.Reasons)) {
		fmt.Fprintf(&out, "          %d not delivered: %s\n", l.own.Reasons[reason], reason)
	}
	fmt.Fprintf(&out, "asking    %d times, %d without an answer and so again, %d found what was composed before, %d refused before sending\n",
		l.asked.Asked, l.asked.Unclear, l.asked.Repeated, l.own.Refused)
	fmt.Fprintf(&out, "told      %d events for subscribers = %d delivered + %d missing; %d came again\n", l.told.wanted, l.told.taken, l.told.wanted-l.told.taken, l.told.again)
	fmt.Fprintf(&out, "shown     %d dashboards with %d conversations and %d messages, by way of %d sockets and %d frames\n",
		l.watchers.dashboards, l.watchers.conversations, l.watchers.messages, l.watchers.sockets, l.watchers.frames)
	for n, complaint := range l.complaints {
		if n == shown {
			fmt.Fprintf(&out, "WRONG     and %d more\n", len(l.complaints)-shown)
			break
		}
		fmt.Fprintf(&out, "WRONG     %s\n", complaint)
	}
	var wrong error = ErrWrong
	if len(l.complaints) == 0 {
		wrong = nil
		out.WriteString("Nothing is lost, doubled, out of order or unfinished.\n")
	}
	if _, err := io.WriteString(w, out.String()); err != nil {
		return err
	}
	return wrong
}
