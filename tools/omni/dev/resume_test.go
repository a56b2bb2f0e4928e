package dev

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"omni/internal/app"
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
		looking.Go(func() { b.run(ctx) })
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
	want := inDatabase(t, office.Desk.DB)
	if len(want.messages) < 100 || len(want.conversations) < 10 {
		t.Fatalf("only %d messages in %d conversations", len(want.messages), len(want.conversations))
	}
	frames := 0
	for n, b := range all {
		b.wantInTheEnd(office.Desk.DB)
		b.mu.Lock()
		frames += b.frames
		if cuts[n] < 5 || b.sockets < 5 {
			t.Errorf("dashboard %d was cut off %d times and opened %d sockets", n, cuts[n], b.sockets)
		}
		for cursor, times := range b.changes {
			if times > 1 {
				t.Errorf("change %s came %d times", cursor, times)
			}
		}
		for id, times := range b.created {
			if times > 1 {
				t.Errorf("message %s was created %d times", id, times)
			}
		}
		b.mu.Unlock()
	}
	if frames < dashboards {
		t.Errorf("only %d frames came through the sockets", frames)
	}
}

// cutNowAndThen cuts what is open until the context ends, at times that are mostly short, and returns how often there was something.
func (b *browser) cutNowAndThen(ctx context.Context, random *rand.Rand) (cuts int) {
	for {
		most := []int{300, 300, 3000}[random.IntN(3)] // in the longest, sockets are known and pushed to
		select {
		case <-ctx.Done():
			return cuts
		case <-time.After(time.Duration(20+random.IntN(most)) * time.Millisecond):
		}
		if b.cable.cut() > 0 {
			cuts++
		}
	}
}

// workNowAndThen changes a conversation that is shown, until the context ends. Of what is cut off it is not known whether it was done.
func (b *browser) workNowAndThen(ctx context.Context, random *rand.Rand) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Duration(100+random.IntN(300)) * time.Millisecond):
		}
		id, ok := b.anyConversation(random)
		if !ok {
			continue
		}
		statuses := []string{"open", "pending", "resolved"}
		_ = b.call(ctx, http.MethodPatch, "/v1/conversations/"+id.String(), map[string]string{"status": statuses[random.IntN(len(statuses))]}, nil)
	}
}

func (b *browser) anyConversation(random *rand.Rand) (uuid.UUID, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	skip := random.IntN(max(1, len(b.conversations)))
	for id := range b.conversations {
		if skip--; skip < 0 {
			return id, true
		}
	}
	return uuid.Nil, false
}

// shown is everything of conversations and messages that is looked at, by id.
type shown struct {
	conversations, messages map[uuid.UUID]string
}

// inDatabase is what dashboards should show.
func inDatabase(t *testing.T, db *pgxpool.Pool) shown {
	t.Helper()
	return shown{
		conversations: byID(t, db, `SELECT id, concat_ws(' ', status, unread_count, assignee_id) FROM conversations
			WHERE merged_into IS NULL AND last_message_at IS NOT NULL`),
		messages: byID(t, db, `SELECT id, concat_ws(' ', conversation_id, direction, coalesce(status, '-'), deleted_at IS NOT NULL, CASE WHEN deleted_at IS NULL THEN text END)
			FROM messages WHERE state = 'processed' AND merged_into IS NULL AND conversation_id IS NOT NULL AND type <> 'reaction'`), // that is one of its target
	}
}

func byID(t *testing.T, db *pgxpool.Pool, query string) map[uuid.UUID]string {
	t.Helper()
	rows, err := db.Query(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	found := map[uuid.UUID]string{}
	var id uuid.UUID
	var line string
	if _, err := pgx.ForEachRow(rows, []any{&id, &line}, func() error { found[id] = line; return nil }); err != nil {
		t.Fatal(err)
	}
	return found
}

// inDashboard is what a dashboard shows.
func (b *browser) inDashboard() shown {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := shown{map[uuid.UUID]string{}, map[uuid.UUID]string{}}
	for id, c := range b.conversations {
		s.conversations[id] = fmt.Sprint(c.Status, " ", c.Unread)
		if c.Assignee != nil {
			s.conversations[id] += " " + c.Assignee.ID.String()
		}
	}
	for id, m := range b.messages {
		status, deleted := "-", m.DeletedAt != nil
		if m.Status != nil {
			status = *m.Status
		}
		s.messages[id] = fmt.Sprint(m.Conversation, " ", m.Direction, " ", status, " ", map[bool]string{true: "t", false: "f"}[deleted])
		if m.Text != "" && !deleted {
			s.messages[id] += " " + m.Text
		}
	}
	return s
}

// wantInTheEnd waits until the dashboard shows what is in the database.
func (b *browser) wantInTheEnd(db *pgxpool.Pool) {
	b.t.Helper()
	var want, got shown
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		want, got = inDatabase(b.t, db), b.inDashboard()
		if maps.Equal(want.conversations, got.conversations) && maps.Equal(want.messages, got.messages) {
			return
		}
	}
	b.t.Errorf("a dashboard shows something else than what is there (-database +dashboard):\n%s", cmp.Diff(want, got, cmp.AllowUnexported(shown{})))
}
