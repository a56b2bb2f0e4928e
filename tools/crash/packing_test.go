package crash

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"omni/channels"
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
		happenings := happen(platform, moves(platform).Draw(t, "moves"))
		want := plain.dumpOf(ctx, t, func() { plain.playPlainly(ctx, t, channel, happenings) })
		got := packed.dumpOf(ctx, t, func() { packed.playPacked(ctx, t, channel, happenings) })
		if diff := difference(want, got); diff != "" {
			t.Fatalf("one webhook for each event, in order (-), and packed otherwise (+):\n%sevents of %s:\n%s", diff, channel, describeAll(happenings))
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

var morning = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// move is how a happening was drawn.
type move struct {
	kind     string
	customer int
	seconds  int  // since the one before
	view     bool // by number alone, where the customer has both
	about    int  // picks what a status is about
}

// chatter are the kinds of which a conversation mostly consists, on whichever platform: without them, facts would rarely meet their messages.
var chatter = []string{
	"text", "image", "photo", "business_message", "echo", "echo_text", "echo_image", "business_message_of_the_owner",
	"reaction", "reaction_removed", "unreact", "message_reaction", "message_reaction_removed",
	"edit", "echo_edit", "edited_message", "edited_business_message", "delete", "revoke", "echo_revoke", "deleted_business_messages",
	"read", "delivery", "status_sent", "status_delivered", "status_read", "status_failed", "history",
}

func moves(platform platforms.Platform) *rapid.Generator[[]move] {
	all := platform.Kinds()
	common := slices.DeleteFunc(slices.Clone(chatter), func(kind string) bool { return !slices.Contains(all, kind) })
	kinds := rapid.OneOf(rapid.SampledFrom(common), rapid.SampledFrom(common), rapid.SampledFrom(all))
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) move {
		return move{
			kinds.Draw(t, "kind"), rapid.IntRange(0, 2).Draw(t, "customer"), rapid.SampledFrom([]int{0, 1, 90}).Draw(t, "seconds"),
			rapid.IntRange(0, 3).Draw(t, "view") == 3, rapid.IntRange(0, 9).Draw(t, "about"),
		}
	}), 1, 16)
}

// happen makes up what happens between one account and a few customers. Moves about an earlier message are left out where there is none.
func happen(platform platforms.Platform, moves []move) []happening {
	s := &story{
		platform: platform, random: rand.New(rand.NewPCG(1, 1)), at: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
		earlier: map[int][]string{}, echoes: map[int][]int{}, told: map[event]bool{},
	}
	var all []happening
	for _, m := range moves {
		if h, ok := s.tell(m); ok {
			all = append(all, h)
		}
	}
	return all
}

// story keeps what later events can be about.
type story struct {
	platform platforms.Platform
	random   *rand.Rand
	at       time.Time
	serial   int
	earlier  map[int][]string // messages by customer
	echoes   map[int][]int    // serials of what the business said, by customer
	told     map[event]bool   // two tellings of one thing are not the same bytes, and the first counts
}

func (s *story) tell(m move) (h happening, ok bool) {
	s.serial++
	s.at = s.at.Add(time.Duration(m.seconds) * time.Second)
	made, err := s.platform.Event(m.kind, platforms.Scene{
		Rand: s.random, At: s.at, Account: "100200300400500", Customer: platforms.Customer{Number: m.customer, Name: fmt.Sprint("Customer ", m.customer)},
		Serial: s.serialOf(m), Run: "run", Earlier: s.earlier[m.customer],
	})
	if err != nil {
		return happening{}, false
	}
	for _, e := range made.Expect {
		if s.told[event{kind: e.Kind, id: e.ID}] || e.Kind == channels.KindRead || strings.Contains("user_id_update system_user_changed_number migrate_to_chat_id migrate_from_chat_id", m.kind) { // MASK
			return happening{}, false
		}
	}
	for _, e := range made.Expect {
		s.told[event{kind: e.Kind, id: e.ID}] = true
		if e.Kind == channels.KindMessage {
			s.earlier[m.customer] = append(s.earlier[m.customer], e.ID)
		}
	}
	h = happening{kind: m.kind, event: made, webhook: s.platform.Webhooks([]platforms.Event{made})[0]}
	if m.view {
		h.webhook.Body, h.viewed = hideUserID(h.webhook.Body)
	}
	return h, true
}

// serialOf makes the simulator's WhatsApp statuses, which are about a message of their own, statuses of what the business said before.
func (s *story) serialOf(m move) int {
	said := s.echoes[m.customer]
	switch {
	case m.kind == "echo_text" || m.kind == "echo_image":
		s.echoes[m.customer] = append(said, s.serial)
	case strings.HasPrefix(m.kind, "status_") && len(said) > 0:
		return said[m.about%len(said)]
	}
	return s.serial
}

// hideUserID makes of a WhatsApp body about a customer with a number and a user id one that shows the number alone, as older events do.
// It reports whether it changed anything.
func hideUserID(body []byte) ([]byte, bool) {
	var content any
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if decoder.Decode(&content) != nil || !hide(content) {
		return body, false
	}
	changed, err := json.Marshal(content)
	return changed, err == nil
}

// userIDs are the members that name a customer by user id, with those that name them by number beside it.
var userIDs = map[string]string{
	"user_id": "wa_id", "from_user_id": "from", "to_user_id": "to", "recipient_user_id": "recipient_id",
}

func hide(content any) (changed bool) {
	switch v := content.(type) {
	case []any:
		for _, element := range v {
			changed = hide(element) || changed
		}
	case map[string]any:
		for id, number := range userIDs {
			if v[id] != nil && v[number] != nil {
				delete(v, id)
				changed = true
			}
		}
		for _, member := range v {
			changed = hide(member) || changed
		}
	}
	return changed
}

// dumpOf is what the world holds after what is played in it, when everything is processed.
func (w *world) dumpOf(ctx context.Context, t *rapid.T, play func()) []string {
	if err := w.empty(ctx); err != nil {
		t.Fatal(err)
	}
	play()
	for len(w.tasks) > 0 {
		if err := w.process(ctx, 0, false); err != nil {
			t.Fatal(err)
		}
	}
	written, err := dump(ctx, w.conn)
	if err != nil {
		t.Fatal(err)
	}
	return written
}

func (w *world) deliver(ctx context.Context, t *rapid.T, channel string, body []byte) {
	platform, _ := platforms.Lookup(channel)
	spec, _ := channels.Lookup(channel)
	webhook := platforms.Webhook{Header: http.Header{"Content-Type": {"application/json"}}, Body: body}
	platform.Sign(&webhook, secretsOf(spec))
	if !w.post(ctx, channel, accountOf(spec), webhook) {
		t.Fatalf("not accepted: %s", body)
	}
}

// playPlainly delivers one webhook for each event, in order, and processes it at once.
func (w *world) playPlainly(ctx context.Context, t *rapid.T, channel string, happenings []happening) {
	for _, h := range happenings {
		w.deliver(ctx, t, channel, h.webhook.Body)
		for len(w.tasks) > 0 {
			if err := w.process(ctx, 0, false); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// playPacked delivers the events in any order, some twice, in any webhooks, some while the database is asleep, and processes jobs at any
// time, some twice.
func (w *world) playPacked(ctx context.Context, t *rapid.T, channel string, happenings []happening) {
	platform, _ := platforms.Lookup(channel)
	order := slices.Clone(happenings)
	for _, h := range happenings {
		if rapid.IntRange(0, 4).Draw(t, "again") == 4 {
			order = append(order, h)
		}
	}
	order = rapid.Permutation(order).Draw(t, "order")
	for len(order) > 0 {
		size := rapid.IntRange(1, min(5, len(order))).Draw(t, "size")
		for _, body := range pack(platform, order[:size], rapid.IntRange(0, 2).Draw(t, "style")) {
			w.refuse = rapid.IntRange(0, 4).Draw(t, "asleep") == 4
			w.deliver(ctx, t, channel, body)
		}
		order = order[size:]
		w.processSome(ctx, t)
	}
}

func (w *world) processSome(ctx context.Context, t *rapid.T) {
	for len(w.tasks) > 0 && rapid.Bool().Draw(t, "process") {
		n := rapid.IntRange(0, len(w.tasks)-1).Draw(t, "task")
		if err := w.process(ctx, n, rapid.IntRange(0, 4).Draw(t, "doubled") == 4); err != nil {
			t.Fatal(err)
		}
	}
}
