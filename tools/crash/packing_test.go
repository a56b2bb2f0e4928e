package crash

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	platforms "omni/channels/simulate"
)

// happening is an event with the webhook that a platform sends for it alone.
type happening struct {
	kind    string
	event   platforms.Event
	webhook platforms.Webhook
	viewed  bool // the webhook was changed after the simulator made it
}

// GoString is what rapid shows of it.
func (h happening) GoString() string { return h.kind }

// The same events give the same conversations, however they are packed into webhooks, ordered, repeated, spilled and processed.
func TestPackingAndOrderDoNotMatter(t *testing.T) {
	t.Parallel()
	plain, packed := newWorld(t), newWorld(t)
	ctx := t.Context()
	rapid.Check(t, func(t *rapid.T) {
		channel := rapid.SampledFrom(platforms.Channels()).Draw(t, "channel")
		platform, _ := platforms.Lookup(channel)
		all := happen(platform, moves(platform).Draw(t, "moves"))
		want := plain.dumpOf(ctx, t, func() { plain.playPlainly(ctx, t, channel, all) })
		got := packed.dumpOf(ctx, t, func() { packed.playPacked(ctx, t, channel, all) })
		if diff := difference(want, got); diff != "" {
			t.Fatalf("one webhook for each event, in order (-), and packed otherwise (+):\n%sevents of %s:\n%s", diff, channel, describeAll(all))
		}
	})
}

// difference lists the lines that only one of the two has.
func difference(want, got []string) string {
	var out strings.Builder
	for _, line := range want {
		if !slices.Contains(got, line) {
			fmt.Fprintln(&out, "-", line)
		}
	}
	for _, line := range got {
		if !slices.Contains(want, line) {
			fmt.Fprintln(&out, "+", line)
		}
	}
	return out.String()
}

func describeAll(happenings []happening) string {
	var out strings.Builder
	for _, h := range happenings {
		fmt.Fprintf(&out, "%s: %s\n", h.kind, h.webhook.Body)
	}
	return out.String()
}

// dumpOf is what the world holds after what is played in it, when everything is processed.
func (w *world) dumpOf(ctx context.Context, t *rapid.T, play func()) []string {
	must(t, w.empty(ctx))
	play()
	must(t, w.finish(ctx))
	written, err := dump(ctx, w.conn)
	must(t, err)
	return written
}

func must(t *rapid.T, err error) {
	if err != nil {
		t.Fatal(err)
	}
}

// playPlainly delivers one webhook for each event, in order, and processes it at once.
func (w *world) playPlainly(ctx context.Context, t *rapid.T, channel string, happenings []happening) {
	w.refuse = false
	for _, h := range happenings {
		must(t, w.deliver(ctx, channel, h.webhook.Body))
		must(t, w.finish(ctx))
	}
}

// playPacked delivers the events in any order, some twice, in any webhooks, some while the database is asleep, and processes jobs at any
// time, some twice.
func (w *world) playPacked(ctx context.Context, t *rapid.T, channel string, happenings []happening) {
	platform, _ := platforms.Lookup(channel)
	order := slices.Clone(happenings)
	for _, h := range happenings {
		if seldom(t, "again") {
			order = append(order, h)
		}
	}
	order = rapid.Permutation(order).Draw(t, "order")
	for len(order) > 0 {
		size := rapid.IntRange(1, min(5, len(order))).Draw(t, "size")
		for _, body := range pack(platform, order[:size], rapid.IntRange(0, 2).Draw(t, "style")) {
			w.refuse = seldom(t, "asleep")
			must(t, w.deliver(ctx, channel, body))
		}
		order = order[size:]
		w.processSome(ctx, t)
	}
}

func (w *world) processSome(ctx context.Context, t *rapid.T) {
	for len(w.tasks) > 0 && rapid.Bool().Draw(t, "process") {
		n := rapid.IntRange(0, len(w.tasks)-1).Draw(t, "task")
		must(t, w.process(ctx, n, seldom(t, "doubled")))
	}
}

// seldom is true in one case of five; the simplest case is false.
func seldom(t *rapid.T, what string) bool { return rapid.IntRange(0, 4).Draw(t, what) == 4 }
