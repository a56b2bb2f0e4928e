package crash

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"omni/channels"
	platforms "omni/channels/simulate"
	"omni/internal/inbox"
	"omni/internal/pipeline"
)

// Everything that is stored goes through Parse and Normalize once more, and is written over itself: no table has another row or column then.
func TestReplayOfEverythingChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	rapid.Check(t, func(t *rapid.T) {
		must(t, w.empty(ctx))
		channel := rapid.SampledFrom(platforms.Channels()).Draw(t, "channel")
		platform, _ := platforms.Lookup(channel)
		w.playPacked(ctx, t, channel, happen(platform, moves(platform).Draw(t, "moves")))
		must(t, w.finish(ctx))
		before := w.everything(ctx, t, nil)
		replayer := pipeline.Replayer{
			Store: w.store, Apply: true, Progress: func(pipeline.Progress) {},
			Report: func(d pipeline.Difference) {
				t.Fatalf("%s: %s %s reads otherwise: %+v", d.Verdict, d.Channel, d.Event.ID, d)
			},
		}
		if _, err := replayer.Run(ctx, inbox.WebhookSelection{}); err != nil {
			t.Fatal(err)
		}
		if diff := difference(before, w.everything(ctx, t, nil)); diff != "" {
			t.Fatalf("before (-) and after the replay (+):\n%s", diff)
		}
	})
}

// redriveLeaves is what redriving dead letters does change: when that was, and the jobs that it takes.
var redriveLeaves = map[string][]string{
	"messages": {"redriven_at", "processed_at"}, "message_events": {"redriven_at", "processed_at"}, "queue_logs": nil, "audit_log": nil,
}

// Dead letters of which the cause is not repaired are dead again after they were redriven, twice, with the same reason; and nothing else is another.
func TestRedrivingIsIdempotent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	dead := 0
	rapid.Check(t, func(t *rapid.T) {
		must(t, w.empty(ctx))
		channel := rapid.SampledFrom(platforms.Channels()).Draw(t, "channel")
		p := &poisoner{random: rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)), run: "redrive"}
		w.refuse = false
		for range rapid.IntRange(1, 12).Draw(t, "bodies") {
			if status := w.offer(ctx, channel, p.body(channel)); status != http.StatusOK && !explained(channel, status) {
				t.Fatalf("answered with %d", status)
			}
		}
		must(t, w.finish(ctx))
		before := w.everything(ctx, t, redriveLeaves)
		for range 2 {
			letters, err := w.store.DeadLetters(ctx, inbox.DeadFilter{}, 0)
			must(t, err)
			dead += len(letters)
			_, err = pipeline.Redriver{Store: w.store, Queue: w}.Redrive(ctx, inbox.Actor{}, letters)
			must(t, err)
			must(t, w.finish(ctx))
		}
		after := slices.DeleteFunc(w.everything(ctx, t, redriveLeaves), isAboutDeadLetters)
		if diff := difference(before, after); diff != "" {
			t.Fatalf("before (-) and after redriving (+):\n%s", diff)
		}
	})
	if dead == 0 {
		t.Error("nothing ever died")
	}
}

// isAboutDeadLetters tells whether a row is how the feed says that the list of dead letters is another.
func isAboutDeadLetters(line string) bool {
	return strings.HasPrefix(line, "feed ") && strings.Contains(line, `"dead_letters.updated"`)
}

// Resend implements pipeline.RedriveQueue. Nothing dies in the queue of a world.
func (w *world) Resend(context.Context, string, uuid.UUID) error { panic("a job died") }

// columnsQuery lists the columns of each table, without the partitions of any.
const columnsQuery = `SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped GROUP BY c.relname`

// everything is each row of each table, without some columns. A table of which none are listed is left out.
func (w *world) everything(ctx context.Context, t *rapid.T, without map[string][]string) (all []string) {
	tables := map[string][]string{}
	rows, err := w.conn.Query(ctx, columnsQuery)
	must(t, err)
	var table string
	var columns []string
	_, err = pgx.ForEachRow(rows, []any{&table, &columns}, func() error {
		tables[table] = slices.Clone(columns)
		return nil
	})
	must(t, err)
	for table, columns := range tables {
		left, some := without[table]
		if some && left == nil {
			continue
		}
		var list []string
		for _, column := range columns {
			if !slices.Contains(left, column) {
				list = append(list, pgx.Identifier{column}.Sanitize())
			}
		}
		rows, err := w.conn.Query(ctx, fmt.Sprintf(`SELECT row_to_json(r)::text FROM (SELECT %s FROM %s) AS r`, strings.Join(list, ", "), pgx.Identifier{table}.Sanitize()))
		must(t, err)
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		must(t, err)
		for _, line := range lines {
			all = append(all, table+" "+line)
		}
	}
	slices.Sort(all)
	return all
}

// A conversation reads as pure functions of its webhooks say, without a database: what each message was, and the fold of what was told about it.
func TestATimelineIsItsModel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	rapid.Check(t, func(t *rapid.T) {
		must(t, w.empty(ctx))
		channel := rapid.SampledFrom(platforms.Channels()).Draw(t, "channel")
		platform, _ := platforms.Lookup(channel)
		all := happen(platform, moves(platform).Draw(t, "moves"))
		w.playPacked(ctx, t, channel, all)
		must(t, w.finish(ctx))
		want := model(t, channel, all)
		rows, err := w.conn.Query(ctx, `SELECT external_id, concat_ws('|', direction, type, coalesce(text, ''), deleted_at IS NOT NULL, edited IS NOT NULL,
			(SELECT count(*) FROM jsonb_object_keys(coalesce(reactions::jsonb, '{}')))) FROM messages WHERE state = 'processed'`)
		must(t, err)
		got := map[string]string{}
		var id, line string
		_, err = pgx.ForEachRow(rows, []any{&id, &line}, func() error {
			got[id] = line
			return nil
		})
		must(t, err)
		if !maps.Equal(want, got) {
			t.Fatalf("the model has\n%q\nand the database\n%q\nafter events of %s:\n%s", want, got, channel, describeAll(all))
		}
	})
}

// model says what the messages of happenings are, by their ids.
func model(t *rapid.T, channel string, all []happening) map[string]string {
	spec, _ := channels.Lookup(channel)
	opened, err := channels.Open(channel, channels.Env{Account: accountOf(spec), Secrets: secretsOf(spec)})
	must(t, err)
	messages, facts, now := map[string]channels.Message{}, map[string][]inbox.Fact{}, time.Now()
	for _, h := range all {
		events, err := opened.Parse(&channels.Request{Body: h.webhook.Body})
		must(t, err)
		for _, e := range events {
			update, err := opened.Normalize(e)
			must(t, err)
			if update.Message != nil && e.Kind == channels.KindMessage {
				messages[inbox.Key(e.ID)] = *update.Message
			}
			if target := inbox.Key(update.Target()); target != "" {
				at := cmp.Or(e.At, now) // when it came, where the platform does not say when it happened
				facts[target] = append(facts[target], inbox.Fact{ID: string(e.Kind) + "/" + inbox.Key(e.ID), At: at, Update: update})
			}
		}
	}
	lines := map[string]string{}
	for id, m := range messages {
		f := inbox.Fold(m, facts[id])
		lines[id] = fmt.Sprintf("%s|%s|%s|%s|%s|%d", m.Direction, m.Type, f.Text, truth(!f.DeletedAt.IsZero()), truth(f.Edited != nil), len(f.Reactions))
	}
	return lines
}

// truth is a boolean as PostgreSQL writes it.
func truth(is bool) string {
	if is {
		return "t"
	}
	return "f"
}
