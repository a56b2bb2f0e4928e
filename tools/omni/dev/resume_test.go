package dev

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"omni/internal/app"
	"omni/tools/omni/follow"
	"omni/tools/omni/platforms"
	"omni/tools/omni/simulate"
)

// Sockets and requests of agents are cut at random moments, at whichever byte, while customers write on all channels, answers are under way and agents
// work. In the end each dashboard shows what is in the database: nothing is missed, and nothing comes twice.
func TestDashboardsMissNothingHoweverOftenTheyAreCutOff(t *testing.T) {
	t.Parallel()
	const dashboards, seed = 4, 6
	folder, running, office := beginOffice(t)
	var all []*browser
	for n := range dashboards {
		all = append(all, openBrowser(t, running.URL, fmt.Sprint("Agent ", n)))
	}
	ctx, leave := context.WithCancel(t.Context())
	var looking, working sync.WaitGroup
	defer looking.Wait()
	defer leave()
	for _, b := range all {
		looking.Go(func() { b.Run(ctx) })
	}
	cutting, spare := context.WithCancel(ctx)
	defer spare()
	cuts := make([]int, dashboards)
	for n, b := range all {
		random := rand.New(rand.NewPCG(seed, uint64(n)))
		working.Go(func() { cuts[n] = b.cutNowAndThen(cutting, random) })
		working.Go(func() { b.workNowAndThen(cutting, rand.New(rand.NewPCG(seed, uint64(dashboards+n)))) })
	}
	err := simulate.Run(t.Context(), simulate.Options{
		URL: running.URL, Count: 150, Batch: 2, Customers: 6, Concurrency: 6, Duplicates: 0.1, Reorder: 0.2, Seed: seed, Wait: 40 * time.Second, Answers: 0.5,
		Trouble: platforms.Trouble{Throttle: 0.02, Refuse: 0.02, Lose: 0.05, Repeat: 0.2},
	}, simulate.Parts{
		Secrets: app.SecretsFile(folder.Secrets()), Ledger: simulate.NewDatabase(office.Desk.DB), Office: office, Client: http.DefaultClient,
		Progress: simulate.NewProgress(io.Discard, false), Out: io.Discard,
	})
	if err != nil {
		t.Fatal(err)
	}
	spare()
	working.Wait()
	want, err := follow.InDatabase(t.Context(), office.Desk.DB)
	if err != nil {
		t.Fatal(err)
	}
	if len(want.Messages) < 100 || len(want.Conversations) < 10 {
		t.Fatalf("only %d messages in %d conversations", len(want.Messages), len(want.Conversations))
	}
	frames := 0
	for n, b := range all {
		b.wantInTheEnd(t, office.Desk.DB)
		met := b.Tally()
		frames += met.Frames
		if cuts[n] < fewestCuts || met.Sockets == 0 {
			t.Errorf("dashboard %d was cut off %d times and opened %d sockets", n, cuts[n], met.Sockets)
		}
		if met.Repeated > 0 || len(met.Refused) > 0 || len(met.Strange) > 0 {
			t.Errorf("dashboard %d: %d changes came twice; refused: %v; frames: %q", n, met.Repeated, met.Refused, met.Strange)
		}
	}
	if frames < dashboards {
		t.Errorf("only %d frames came through the sockets", frames)
	}
}

// fewestCuts is how often each dashboard is cut off at least, however fast everything else is over.
const fewestCuts = 5

// cutNowAndThen cuts what is open until the context ends, at times that are mostly short, and returns how often there was something.
func (b *browser) cutNowAndThen(ctx context.Context, random *rand.Rand) (cuts int) {
	for ctx.Err() == nil || cuts < fewestCuts {
		most := []int{300, 300, 3000}[random.IntN(3)] // in the longest, sockets are known and pushed to
		time.Sleep(time.Duration(20+random.IntN(most)) * time.Millisecond)
		if b.cable.cut() > 0 {
			cuts++
		}
	}
	return cuts
}

// workNowAndThen changes a conversation that is shown, until the context ends. Of what is cut off it is not known whether it was done.
func (b *browser) workNowAndThen(ctx context.Context, random *rand.Rand) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Duration(100+random.IntN(300)) * time.Millisecond):
		}
		id, ok := b.Shown().Conversation(random.IntN)
		if !ok {
			continue
		}
		statuses := []string{"open", "pending", "resolved"}
		_ = b.Call(ctx, http.MethodPatch, "/v1/conversations/"+id.String(), map[string]string{"status": statuses[random.IntN(len(statuses))]}, nil)
	}
}

// wantInTheEnd waits until the dashboard shows what is in the database.
func (b *browser) wantInTheEnd(t *testing.T, db *pgxpool.Pool) {
	t.Helper()
	var want, got follow.Shown
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		var err error
		if want, err = follow.InDatabase(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		if got = b.Shown(); got.Equal(want) {
			return
		}
	}
	t.Errorf("a dashboard shows something else than what is there (-database +dashboard):\n%s", cmp.Diff(want, got))
}
