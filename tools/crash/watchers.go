package crash

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"omni/tools/omni/follow"
)

// watchers are open dashboards. They see everything from the beginning.
type watchers struct {
	dashboards []*follow.Dashboard
	stop       context.CancelFunc
	looking    sync.WaitGroup
}

// dashboards is how many are open.
const dashboards = 2

// watch opens dashboards at a server that is up and empty.
func watch(ctx context.Context, s *server) (*watchers, error) {
	ctx, stop := context.WithCancel(ctx)
	w := &watchers{stop: stop}
	for n := range dashboards {
		d := follow.New(follow.Options{URL: s.url(), Name: fmt.Sprint("Agent ", n), Client: &http.Client{Timeout: requestTimeout}, Page: 50})
		if err := d.Open(ctx); err != nil {
			stop()
			return nil, fmt.Errorf("opening a dashboard: %w", err)
		}
		w.dashboards = append(w.dashboards, d)
		w.looking.Go(func() { d.Run(ctx) })
	}
	return w, nil
}

// close closes the dashboards.
func (w *watchers) close() {
	w.stop()
	w.looking.Wait()
}

// watcherFigures are the numbers of a ledger about dashboards.
type watcherFigures struct{ dashboards, sockets, frames, conversations, messages int }

// compareShown waits until every dashboard shows what the database has, and complains about those that never do.
func (l *ledger) compareShown(ctx context.Context, pool *pgxpool.Pool, w *watchers) error {
	if w == nil {
		return nil
	}
	want, err := follow.InDatabase(ctx, pool)
	if err != nil {
		return err
	}
	l.watchers = watcherFigures{dashboards: len(w.dashboards), conversations: len(want.Conversations), messages: len(want.Messages)}
	for n, d := range w.dashboards {
		for deadline := time.Now().Add(patience); !d.Shown().Equal(want) && time.Now().Before(deadline); {
			if err := pause(ctx, settleEvery); err != nil {
				return err
			}
		}
		met := d.Tally()
		l.watchers.sockets += met.Sockets
		l.watchers.frames += met.Frames
		if other := d.Shown().Differences(want); other > 0 {
			l.complain("dashboard %d shows %d conversations and messages otherwise than they are", n, other)
		}
		if met.Repeated > 0 || len(met.Strange) > 0 {
			l.complain("dashboard %d got %d changes twice, and frames that are none: %q", n, met.Repeated, met.Strange)
		}
	}
	return nil
}
