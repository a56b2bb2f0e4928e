package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

// subscribe makes a subscription to events of some types on some channels.
func (f *fixture) subscribe(types, channels []string) inbox.Subscription {
	f.t.Helper()
	s, err := f.AddSubscription(f.t.Context(), inbox.Actor{}, inbox.Subscription{
		URL: "https://example.com/hook", Types: types, Channels: channels, Secret: inbox.NewSubscriptionSecret(),
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return s
}

func (f *fixture) release(s inbox.Subscription) []inbox.Released {
	f.t.Helper()
	released, err := f.Release(f.t.Context(), s.ID)
	if err != nil {
		f.t.Fatal(err)
	}
	return released
}

// reply records what came of an attempt; want is what is decided if it counts.
func (f *fixture) reply(of inbox.Released, failure string, want inbox.DeliveryDecision) inbox.DeliveryConcluded {
	f.t.Helper()
	r := inbox.Reply{Delivery: of.ID, Subscription: of.Subscription, Attempt: of.Attempt, At: time.Now(), Took: time.Second, Status: 200, Error: failure}
	if failure != "" {
		r.Status, r.Response = 500, "a stack trace\x00"
	}
	done, err := f.ConcludeDelivery(f.t.Context(), r, func(inbox.Subscription, int) inbox.DeliveryDecision { return want })
	if err != nil {
		f.t.Fatal(err)
	}
	return done
}

var (
	taken = inbox.DeliveryDecision{State: inbox.DeliveryDelivered}
	again = inbox.DeliveryDecision{State: inbox.DeliveryWaiting}
)

// types are those of released deliveries.
func types(released []inbox.Released) (all []string) {
	for _, one := range released {
		all = append(all, string(one.Event.Type))
	}
	slices.Sort(all)
	return all
}

func TestSubscribersAreToldWhatTheyWant(t *testing.T) {
	f := setup(t)
	wanted := map[string][]string{}
	subscriptions := map[string]inbox.Subscription{}
	for name, of := range map[string]struct{ types, channels, want []string }{
		"everything":      {nil, nil, []string{"conversation.created", "event.created", "message.created"}},
		"one type":        {[]string{"message.created"}, nil, []string{"message.created"}},
		"a family":        {[]string{"conversation.*", "message.updated"}, nil, []string{"conversation.created"}},
		"this channel":    {nil, []string{"other", channel}, []string{"conversation.created", "event.created", "message.created"}},
		"another channel": {nil, []string{"other"}, nil},
		"another type":    {[]string{"message.merged"}, []string{channel}, nil},
	} {
		subscriptions[name], wanted[name] = f.subscribe(of.types, of.channels), of.want
	}
	f.take(received("m1", "4912", "hello", noon))
	f.take(told(channels.KindSystem, "e1", "4912", noon, channels.Update{System: &channels.System{Type: "service", Detail: "joined"}}))
	for name, s := range subscriptions {
		if diff := cmp.Diff(wanted[name], types(f.release(s))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	f.want(`SELECT count(*) FROM subscription_events`, "3")
}

func TestNobodyIsToldWithoutSubscriptions(t *testing.T) {
	f := setup(t)
	f.take(received("m1", "4912", "hello", noon))
	f.subscribe(nil, nil)
	f.want(`SELECT count(*) FROM subscription_events`, "0")
}

func TestAnEventSaysHowThingsWereThen(t *testing.T) {
	f := setup(t)
	s := f.subscribe([]string{"message.*"}, nil)
	f.take(received("m1", "4912", "hello", noon))
	f.take(reacted("r1", "m1", "❤"))
	edit := channels.Update{Edit: &channels.Edit{Target: "m1", Content: &channels.Message{Type: channels.TypeText, Text: "hello again"}}}
	f.take(told(channels.KindEdit, "x1", "4912", noon.Add(time.Minute), edit))
	f.take(told(channels.KindDelete, "d1", "4912", noon.Add(2*time.Minute), channels.Update{Delete: &channels.Delete{Target: "m1"}}))
	released := f.release(s)
	if len(released) != 4 {
		t.Fatalf("%d deliveries", len(released))
	}
	slices.SortFunc(released, func(a, b inbox.Released) int { return int(a.Event.Sequence - b.Event.Sequence) })
	var story []string
	for _, one := range released {
		m, content := one.Event.Data.Message, "-"
		if m.Content != nil {
			content = m.Content.Text
		}
		story = append(story, fmt.Sprintf("%s %q %q %d", one.Event.Type, m.Text, content, len(m.Reactions)))
	}
	want := []string{
		`message.created "hello" "hello" 0`, `message.updated "hello" "hello" 1`, `message.updated "hello again" "hello again" 1`,
		`message.updated "" "-" 1`,
	}
	if diff := cmp.Diff(want, story); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	first := released[0].Event.Data
	if first.Channel != channel || first.Account != account || first.Conversation.Thread != "4912" || first.Contact.Name != "Ada" {
		t.Errorf("%+v", first)
	}
	if first.Message.Direction != channels.In || first.Message.ExternalID != "m1" || !first.Message.OccurredAt.Equal(noon) || first.Event != nil {
		t.Errorf("%+v", first.Message)
	}
	if fact := released[1].Event.Data.Event; fact == nil || fact.Kind != channels.KindReaction || fact.Content.Reaction.Target != "m1" {
		t.Errorf("what changed it is %+v", fact)
	}
}

func TestARepliedMessageIsToldWithItsWay(t *testing.T) {
	f := setup(t)
	chat := f.writes("4912")
	s := f.subscribe([]string{"message.*"}, nil)
	composed := f.compose(chat, "k1", "one")
	done := f.conclude(composed.Sends[0], inbox.ResultSent, "out1")
	if !slices.Contains(composed.Told, s.ID) || !slices.Contains(done.Told, s.ID) {
		t.Errorf("told %v, then %v", composed.Told, done.Told)
	}
	var story []string
	for _, one := range f.release(s) {
		m := one.Event.Data.Message
		story = append(story, fmt.Sprintln(one.Event.Type, m.Status, m.Author, m.ExternalID))
	}
	if diff := cmp.Diff([]string{"message.created queued agent:ada \n", "message.updated sent agent:ada out1\n"}, story); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAReplayTellsNobody(t *testing.T) {
	f := setup(t)
	f.take(received("m1", "4912", "hello", noon))
	f.subscribe(nil, nil)
	if !f.replay("m1", received("m1", "4912", "hello, as it is read now", noon)) {
		t.Fatal("nothing was replayed")
	}
	f.want(`SELECT kind FROM feed WHERE kind = 'message.updated'`, "message.updated")
	f.want(`SELECT count(*) FROM deliveries`, "0")
}

func TestFewDeliveriesOfASubscriptionAreUnderWayAtOnce(t *testing.T) {
	f := setup(t)
	s, other := f.subscribe([]string{"message.created"}, nil), f.subscribe([]string{"message.created"}, nil)
	for n := range 8 {
		f.take(received(fmt.Sprint("m", n), "4912", fmt.Sprint(n), noon))
	}
	first := f.release(s)
	if len(first) != 5 || len(f.release(s)) != 0 || len(f.release(other)) != 5 {
		t.Fatalf("%d were let go", len(first))
	}
	for n, one := range first {
		if one.Attempt != 1 || one.To.Secret != s.Secret || one.To.URL != s.URL || one.Event.Data.Message.Text != fmt.Sprint(n) {
			t.Errorf("number %d is %+v", n, one)
		}
	}
	next := f.reply(first[0], "", taken)
	if len(next.Released) != 1 || next.Released[0].Event.Data.Message.Text != "5" {
		t.Errorf("after one was taken: %+v", next.Released)
	}
	if failed := f.reply(first[1], "broken", inbox.DeliveryDecision{State: inbox.DeliveryWaiting, DueAt: noon.AddDate(1, 0, 0)}); len(failed.Released) != 0 {
		t.Errorf("after one failed, %d are let go beside 4", len(failed.Released))
	}
	for _, one := range append(first[2:], next.Released...) {
		next = f.reply(one, "broken", inbox.DeliveryDecision{State: inbox.DeliveryFailed})
	}
	if len(next.Released) != 1 {
		t.Errorf("an endpoint that fails gets %d at once", len(next.Released))
	}
	if recovered := f.reply(next.Released[0], "", taken); len(recovered.Released) != 1 {
		t.Errorf("an endpoint that recovered gets %d, of which there is 1", len(recovered.Released))
	}
}

func TestAnAttemptIsWrittenDownWithWhatIsDecided(t *testing.T) {
	f := setup(t)
	s := f.subscribe([]string{"message.created"}, nil)
	f.take(received("m1", "4912", "hello", noon))
	first := f.release(s)[0]
	second := f.reply(first, "broken", again).Released[0]
	if second.Attempt != 2 || second.Event.ID != first.Event.ID {
		t.Errorf("%+v after %+v", second, first)
	}
	if late := f.reply(first, "broken", taken); late.News {
		t.Error("what is heard of an earlier attempt counts")
	}
	f.reply(second, "", taken)
	f.want(`SELECT state, attempt, failures, last_status, coalesce(last_error, '-'), delivered_at IS NOT NULL FROM deliveries`, "delivered 2 1 200 - true")
	delivery, attempts, err := f.Delivery(t.Context(), first.ID)
	if err != nil || delivery.State != inbox.DeliveryDelivered || delivery.Event.Data.Message.Text != "hello" {
		t.Errorf("%+v, %v", delivery, err)
	}
	var list []string
	for _, a := range attempts {
		list = append(list, fmt.Sprint(a.Attempt, a.Status, a.Took, a.Error, a.Response))
	}
	if diff := cmp.Diff([]string{"1 500 1sbrokena stack trace", "2 200 1s"}, list); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	f.want(`SELECT failing_since IS NULL FROM subscriptions`, "true")
}

func TestThatAnEndpointTookAnEventCountsHoweverLate(t *testing.T) {
	f := setup(t)
	s := f.subscribe([]string{"message.created"}, nil)
	f.take(received("m1", "4912", "hello", noon))
	first := f.release(s)[0]
	execute(t, f.db, `UPDATE deliveries SET due_at = now() - interval '1 second'`)
	if subscriptions, lost, err := f.OverdueDeliveries(t.Context()); len(subscriptions) != 1 || subscriptions[0] != s.ID || lost != 1 || err != nil {
		t.Fatal(subscriptions, lost, err)
	}
	second := f.release(s)[0]
	f.reply(first, "", taken)
	f.want(`SELECT state FROM deliveries`, "delivered")
	if done := f.reply(second, "", taken); done.News {
		t.Error("it was delivered twice, which is no news")
	}
	f.want(`SELECT failures FROM deliveries`, "0") // that nothing was heard is not the endpoint's fault
}

func TestOverdueAreThoseThatNobodyLetsGo(t *testing.T) {
	f := setup(t)
	s := f.subscribe([]string{"message.created"}, nil)
	overdue := func(want int) {
		t.Helper()
		subscriptions, _, err := f.OverdueDeliveries(t.Context())
		if err != nil || len(subscriptions) != want {
			t.Errorf("%d subscriptions, %v; %d wanted", len(subscriptions), err, want)
		}
	}
	for n := range 6 {
		f.take(received(fmt.Sprint("m", n), "4912", fmt.Sprint(n), noon))
	}
	overdue(0) // whoever wrote them is about to
	execute(t, f.db, `UPDATE deliveries SET due_at = now() - interval '1 minute'`)
	overdue(1)
	f.release(s)
	overdue(0) // one waits for its turn
	execute(t, f.db, `UPDATE subscriptions SET state = 'disabled'`)
	execute(t, f.db, `UPDATE deliveries SET due_at = now() - interval '1 minute'`)
	overdue(0)
	f.want(`SELECT state, count(*) FROM deliveries GROUP BY state ORDER BY state`, "held 5", "waiting 1")
}

func TestADisabledSubscriptionKeepsItsEvents(t *testing.T) {
	f := setup(t)
	s, watcher := f.subscribe([]string{"message.created"}, nil), f.subscribe([]string{"subscription.disabled"}, nil)
	for n := range 7 {
		f.take(received(fmt.Sprint("m", n), "4912", fmt.Sprint(n), noon))
	}
	first := f.release(s)
	done := f.reply(first[0], "gone", inbox.DeliveryDecision{State: inbox.DeliveryHeld, Disable: "The endpoint is gone."})
	if len(done.Released) != 0 || !slices.Equal(done.Told, []uuid.UUID{watcher.ID}) {
		t.Errorf("%+v", done)
	}
	f.take(received("m7", "4912", "7", noon))
	f.want(`SELECT state, count(*) FROM deliveries WHERE subscription_id = '`+s.ID.String()+`' GROUP BY state ORDER BY state`, "held 4", "under_way 4")
	f.want(`SELECT count(*) FROM feed WHERE kind = 'subscription.disabled'`, "1")
	notice := f.release(watcher)[0].Event.Data.Subscription
	if notice == nil || notice.ID != s.ID || notice.URL != s.URL || notice.Reason != "The endpoint is gone." {
		t.Errorf("others are told of %+v", notice)
	}
	if _, err := f.Redeliver(t.Context(), inbox.Actor{}, s.ID, inbox.Redelivery{States: []inbox.DeliveryState{inbox.DeliveryHeld}}); !errors.Is(err, inbox.ErrDisabled) {
		t.Errorf("ErrDisabled wanted, got %v", err)
	}
	if err := f.EnableSubscription(t.Context(), inbox.Actor{}, s.ID); err != nil {
		t.Fatal(err)
	}
	if n, err := f.Redeliver(t.Context(), inbox.Actor{}, s.ID, inbox.Redelivery{States: []inbox.DeliveryState{inbox.DeliveryHeld}}); n != 4 || err != nil {
		t.Errorf("%d are delivered again, %v", n, err)
	}
	if released := f.release(s); len(released) != 1 {
		t.Errorf("%d are let go beside 4", len(released))
	}
}

func TestASubscriptionIsDisabledByHandOnce(t *testing.T) {
	f := setup(t)
	s := f.subscribe(nil, nil)
	for range 2 {
		if _, err := f.DisableSubscription(t.Context(), inbox.Actor{}, s.ID, "holidays"); err != nil {
			t.Fatal(err)
		}
	}
	f.want(`SELECT kind, event_id = (SELECT id FROM subscriptions) FROM feed WHERE event_id IS NOT NULL`, "subscription.disabled true")
	if _, err := f.DisableSubscription(t.Context(), inbox.Actor{}, uuid.New(), ""); !errors.Is(err, inbox.ErrNotFound) {
		t.Errorf("ErrNotFound wanted, got %v", err)
	}
}

func TestDeliveriesAreMadeAgain(t *testing.T) {
	f := setup(t)
	s := f.subscribe([]string{"message.created"}, nil)
	for n := range 3 {
		f.take(received(fmt.Sprint("m", n), "4912", fmt.Sprint(n), noon))
	}
	released := f.release(s)
	f.reply(released[0], "", taken)
	f.reply(released[1], "broken", inbox.DeliveryDecision{State: inbox.DeliveryFailed})
	redeliver := func(what inbox.Redelivery, want int) {
		t.Helper()
		if n, err := f.Redeliver(t.Context(), inbox.Actor{}, s.ID, what); n != want || err != nil {
			t.Errorf("%+v: %d, %v; %d wanted", what, n, err, want)
		}
	}
	failed := []inbox.DeliveryState{inbox.DeliveryFailed}
	redeliver(inbox.Redelivery{States: failed, Since: time.Now().Add(time.Hour)}, 0)
	redeliver(inbox.Redelivery{States: failed, Since: time.Now().Add(-time.Hour)}, 1)
	redeliver(inbox.Redelivery{IDs: []uuid.UUID{released[0].ID, released[2].ID}}, 1) // the last one is on its way
	f.want(`SELECT state, failures FROM deliveries ORDER BY seq`, "waiting 0", "waiting 0", "under_way 0")
	next := f.release(s) // one for a failing endpoint, and one is under way
	if len(next) != 0 {
		t.Errorf("%d are let go", len(next))
	}
	next = f.reply(released[2], "", taken).Released
	if len(next) != 2 || next[0].Attempt != 2 || next[0].Event.ID != released[0].Event.ID && next[0].Event.ID != released[1].Event.ID {
		t.Errorf("%+v", next)
	}
}

func TestASubscriptionChanges(t *testing.T) {
	f := setup(t)
	s := f.subscribe(nil, []string{channel})
	until := time.Now().Add(time.Hour).Truncate(time.Millisecond)
	rotated, err := f.RotateSecret(t.Context(), inbox.Actor{}, s.ID, "whsec_new", until)
	if err != nil || rotated.Secret != "whsec_new" || rotated.OldSecret != s.Secret || !rotated.OldUntil.Equal(until) {
		t.Errorf("%+v, %v", rotated, err)
	}
	s.URL, s.Types, s.Channels, s.Description = "https://example.com/other", []string{"message.*"}, nil, "orders"
	if _, err := f.UpdateSubscription(t.Context(), inbox.Actor{}, s); err != nil {
		t.Fatal(err)
	}
	delivery, err := f.TestSubscription(t.Context(), inbox.Actor{}, s)
	if err != nil {
		t.Fatal(err)
	}
	released := f.release(s)
	if len(released) != 1 || released[0].ID != delivery || released[0].Event.Type != inbox.SubscriptionTest || released[0].To.OldSecret == "" {
		t.Errorf("%+v", released)
	}
	found, err := f.Subscription(t.Context(), s.ID)
	if err != nil || found.URL != s.URL || found.Description != "orders" || len(found.Types) != 1 || len(found.Channels) != 0 || found.Open != 1 {
		t.Errorf("%+v, %v", found, err)
	}
	if err := f.DeleteSubscription(t.Context(), inbox.Actor{}, s.ID); err != nil {
		t.Fatal(err)
	}
	if done := f.reply(released[0], "", taken); done.News { // whoever was to be told is gone
		t.Errorf("%+v", done)
	}
	f.want(`SELECT count(*) FROM deliveries`, "0")
	for what, err := range map[string]error{
		"delete": f.DeleteSubscription(t.Context(), inbox.Actor{}, s.ID), "enable": f.EnableSubscription(t.Context(), inbox.Actor{}, s.ID),
		"update": second(f.UpdateSubscription(t.Context(), inbox.Actor{}, s)), "rotate": second(f.RotateSecret(t.Context(), inbox.Actor{}, s.ID, "", until)),
		"show": second(f.Subscription(t.Context(), s.ID)),
	} {
		if !errors.Is(err, inbox.ErrNotFound) {
			t.Errorf("%s: ErrNotFound wanted, got %v", what, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestEventsExpireWithTheirDeliveries(t *testing.T) {
	f := setup(t)
	s := f.subscribe([]string{"message.created"}, nil)
	for n := range 2 {
		f.take(received(fmt.Sprint("m", n), "4912", fmt.Sprint(n), noon))
	}
	f.reply(f.release(s)[0], "", taken)
	n, err := f.ExpireEvents(t.Context(), time.Now().Add(time.Hour))
	if n != 1 || err != nil {
		t.Errorf("%d events are gone, %v", n, err)
	}
	f.want(`SELECT state FROM deliveries`, "under_way")
	f.want(`SELECT count(*) FROM delivery_attempts`, "0")
}

// Telling subscribers is part of the transaction of every message, whatever the tables hold by then.
func TestTellingReadsNoTableWhole(t *testing.T) {
	f := setup(t)
	f.subscribe(nil, []string{"nobody's"})
	execute(t, f.db, numbers)
	executeAll(t, f.db, strings.ReplaceAll(fill, "$1", "'"+planAccount.String()+"'"))
	for _, state := range []string{"filled", "analyzed"} {
		if state == "analyzed" {
			execute(t, f.db, "ANALYZE")
		}
		execute(t, f.db, "BEGIN")
		execute(t, f.db, "SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL random_page_cost = 1.1")
		execute(t, f.db, `INSERT INTO feed (kind, conversation_id, message_id) SELECT 'message.created', id, id FROM numbers WHERE n = 7`)
		execute(t, f.db, "SELECT tell_subscribers()")
		for _, table := range f.text(`SELECT relname FROM pg_stat_xact_user_tables WHERE seq_scan > 0 AND seq_tup_read > 100`) {
			if slices.Contains(bigTables, table) {
				t.Errorf("%s: table %s is read from one end to the other", state, table)
			}
		}
		execute(t, f.db, "COMMIT")
	}
}

// The form of the data is written in SQL and read in Go: what one has, the other knows.
func TestAnEventHasNoMemberThatNobodyReads(t *testing.T) {
	f := setup(t)
	s := f.subscribe(nil, nil)
	f.take(received("m1", "4912", "hello", noon))
	f.take(reacted("r1", "m1", "❤"))
	chat := f.writes("4913")
	f.conclude(f.compose(chat, "k1", "one").Sends[0], inbox.ResultRejected, "")
	if _, err := f.DisableSubscription(t.Context(), inbox.Actor{}, s.ID, "holidays"); err != nil {
		t.Fatal(err)
	}
	for _, row := range f.text(`SELECT data::text FROM subscription_events`) {
		decoder := json.NewDecoder(strings.NewReader(row))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&inbox.EventData{}); err != nil {
			t.Errorf("%v in %s", err, row)
		}
	}
}
