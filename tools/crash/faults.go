package crash

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"time"
)

// fault is one round of trouble. The server may be killed in the middle of it.
type fault struct {
	pause   time.Duration // before it
	trouble trouble
	lasts   time.Duration
	kills   []kill
}

// kill is the sudden end of the server.
type kill struct {
	after time.Duration // since the beginning of the trouble, or since the last kill
	down  time.Duration // until it is started again
}

// trouble is something that goes wrong around the server for a while.
type trouble struct {
	name     string
	database bool // only the database is concerned
	disk     bool // takes small disks
	begin    func(context.Context, *server) (end func(context.Context) error, err error)
}

// troubles are drawn like cards: each comes once before any comes again.
var troubles = []trouble{
	{name: "nothing else", begin: calm},
	{name: "PostgreSQL killed", database: true, begin: killPostgres},
	{name: "PostgreSQL frozen", database: true, begin: freezePostgres},
	{name: "PostgreSQL stopped", database: true, begin: stopPostgres},
	{name: "out of connections", database: true, begin: exhaustConnections},
	{name: "queue refuses jobs", begin: misbehave(misbehavior{Refuse: []string{"SendMessageBatch"}})},
	{name: "queue takes jobs and says it did not", begin: misbehave(misbehavior{Lose: []string{"SendMessageBatch"}})},
	{name: "queue hands out and deletes nothing", begin: misbehave(misbehavior{Refuse: []string{"ReceiveMessage", "DeleteMessageBatch"}})},
	{name: "jobs doubled", begin: misbehave(misbehavior{Redeliver: true})},
	{name: "queue slow", begin: misbehave(misbehavior{DelayMillis: 500})},
	{name: "taken jobs come back early", begin: returnJobs},
	{name: "clock 7 minutes ahead", begin: misbehave(misbehavior{SkewSeconds: 7 * 60})},
	{name: "clock 50 minutes behind", begin: misbehave(misbehavior{SkewSeconds: -50 * 60})},
	{name: "clock 2 days ahead", begin: misbehave(misbehavior{SkewSeconds: 48 * 3600})},
	{name: "clock 2 days behind", begin: misbehave(misbehavior{SkewSeconds: -48 * 3600})},
	{name: "object storage fails", begin: misbehave(misbehavior{NoBlobs: true})},
	{name: "sockets of dashboards hang", begin: misbehave(misbehavior{HangSockets: true})},
	{name: "PostgreSQL's disk full", database: true, disk: true, begin: fillPostgres},
	{name: "the queue's and the files' disk full", disk: true, begin: fillState},
}

// plan is what happens in a run, without end: the same for the same seed.
func plan(seed uint64) iter.Seq2[int, fault] {
	return func(yield func(int, fault) bool) {
		random := rand.New(rand.NewPCG(seed, 1))
		for n := 0; ; {
			for _, i := range random.Perm(len(troubles)) {
				if !yield(n, deal(random, troubles[i])) {
					return
				}
				n++
			}
		}
	}
}

// deal makes a round of a trouble. Without another trouble the server is killed for sure.
func deal(random *rand.Rand, t trouble) fault {
	between := func(least, most time.Duration) time.Duration {
		return least + time.Duration(random.Int64N(int64(most-least)))
	}
	f := fault{pause: between(200*time.Millisecond, 1200*time.Millisecond), trouble: t, lasts: between(time.Second, 4*time.Second)}
	killed := t.name == troubles[0].name || random.IntN(2) == 0
	for n := 0; killed && n < 3; n++ { // one that starts may be killed too
		k := kill{after: between(0, time.Second)}
		if random.IntN(2) == 0 {
			k.down = between(100*time.Millisecond, 2*time.Second)
		}
		f.kills = append(f.kills, k)
		killed = random.IntN(3) == 0
	}
	return f
}

// String says it in words.
func (f fault) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s for %.1fs", f.trouble.name, f.lasts.Seconds())
	for n, k := range f.kills {
		b.WriteString(", server killed")
		if n > 0 {
			b.WriteString(" again")
		}
		fmt.Fprintf(&b, " after %.1fs", k.after.Seconds())
		if k.down > 0 {
			fmt.Fprintf(&b, " and down for %.1fs", k.down.Seconds())
		}
	}
	return b.String()
}

// onlyDatabase tells whether webhooks must go on being accepted all the time.
func (f fault) onlyDatabase() bool { return f.trouble.database && len(f.kills) == 0 }

// commit begins the trouble, kills the server as often as wanted, and ends the trouble.
func (f fault) commit(ctx context.Context, s *server) error {
	if f.skipped(s) {
		f.trouble.begin = calm
	}
	end, err := f.trouble.begin(ctx, s)
	if err != nil {
		return err
	}
	over := time.Now().Add(f.lasts)
	for _, k := range f.kills {
		if err := pause(ctx, k.after); err != nil {
			return err
		}
		if err := s.kill(k.down); err != nil {
			return err
		}
	}
	if err := pause(ctx, time.Until(over)); err != nil {
		return err
	}
	return end(ctx)
}

// skipped tells whether the trouble cannot be made on this machine. What else there is of the fault goes on.
func (f fault) skipped(s *server) bool { return f.trouble.disk && s.disks == nil }

func nothing(context.Context) error { return nil }

func calm(context.Context, *server) (func(context.Context) error, error) { return nothing, nil }

func killPostgres(_ context.Context, s *server) (func(context.Context) error, error) {
	return s.startPostgres(s.databaseURL()), s.postgres.kill()
}

func stopPostgres(_ context.Context, s *server) (func(context.Context) error, error) {
	return s.startPostgres(s.databaseURL()), s.postgres.stop()
}

// startPostgres starts it where the server looks for it. A server that was restarted meanwhile may have done that already.
func (s *server) startPostgres(databaseURL string) func(context.Context) error {
	return func(ctx context.Context) error { return s.postgres.start(ctx, databaseURL) }
}

func freezePostgres(_ context.Context, s *server) (func(context.Context) error, error) {
	return func(context.Context) error { return s.postgres.thaw() }, s.postgres.freeze()
}

func exhaustConnections(ctx context.Context, s *server) (func(context.Context) error, error) {
	h, err := takeConnections(ctx, s.databaseURL())
	if err != nil {
		return nil, err
	}
	return func(context.Context) error { h.release(); return nil }, nil
}

func misbehave(m misbehavior) func(context.Context, *server) (func(context.Context) error, error) {
	return func(_ context.Context, s *server) (func(context.Context) error, error) {
		return func(context.Context) error { return s.faults.write(misbehavior{}) }, s.faults.write(m)
	}
}

func returnJobs(_ context.Context, s *server) (func(context.Context) error, error) {
	return nothing, s.faults.advance()
}

func fillPostgres(ctx context.Context, s *server) (func(context.Context) error, error) {
	databaseURL := s.databaseURL()
	return func(ctx context.Context) error {
		if err := s.disks.postgres.free(ctx); err != nil {
			return err
		}
		return s.postgres.start(ctx, databaseURL) // without room for its log it ends
	}, s.disks.postgres.fill(ctx)
}

func fillState(ctx context.Context, s *server) (func(context.Context) error, error) {
	return s.disks.state.free, s.disks.state.fill(ctx)
}
