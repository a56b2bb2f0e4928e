package simulator

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"omni/channels"
	"omni/channels/simulate"
	_ "omni/channels/telegram"
)

var secrets = channels.Secrets{"secret_token": {"token_of-tests", "older_one"}}

func setup(t testing.TB) (simulate.Platform, channels.Channel) {
	t.Helper()
	platform, ok := simulate.Lookup("telegram")
	if !ok {
		t.Fatal("the simulator is not registered")
	}
	channel, err := channels.Open("telegram", channels.Env{Account: "support_bot", Secrets: secrets})
	if err != nil {
		t.Fatal(err)
	}
	return platform, channel
}

func scene(serial int, earlier ...string) simulate.Scene {
	return simulate.Scene{
		Rand:     rand.New(rand.NewPCG(7, uint64(serial))),
		At:       time.Unix(1_782_900_000+int64(serial), 0).UTC(),
		Account:  "7100000001",
		Customer: simulate.Customer{Number: serial % 25, Name: "Ada King Lovelace"},
		Serial:   serial,
		Run:      "run of tests",
		Earlier:  earlier,
	}
}

// check sends the webhook and compares what the channel makes of it with what the simulator announces.
func check(t *testing.T, platform simulate.Platform, channel channels.Channel, w simulate.Webhook) {
	t.Helper()
	platform.Sign(&w, secrets)
	request := &channels.Request{Header: w.Header, Body: w.Body}
	if err := channel.Verify(request); err != nil {
		t.Fatalf("Verify: %v", err)
	}
	events, err := channel.Parse(request)
	if err != nil {
		t.Fatalf("Parse: %v of %s", err, w.Body)
	}
	var got, want []simulate.Expected
	for _, event := range events {
		got = append(got, simulate.Expected{Kind: event.Kind, Account: event.Account, Thread: event.Thread, ID: event.ID})
		if _, err := channel.Normalize(event); err != nil {
			t.Errorf("Normalize: %v of %s", err, event.Raw)
		}
	}
	for _, event := range w.Events {
		want = append(want, event.Expect...)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s\nbecomes   %+v\nannounced %+v", w.Body, got, want)
	}
}

func TestEveryKind(t *testing.T) {
	t.Parallel()
	platform, channel := setup(t)
	earlier := map[string][]string{
		"of the thread": {"5100000003/41", "5100000003/42", "Hk2mR7vXqUkDEAAAp9w3Tz5LcYs:5100000003/43", "-1001900200300/44"},
		"of another":    {"7/45", "update/nonsense"},
	}
	for _, kind := range platform.Kinds() {
		for where, ids := range earlier {
			t.Run(kind+"/"+where, func(t *testing.T) {
				t.Parallel()
				event, err := platform.Event(kind, scene(3, ids...))
				if err != nil {
					t.Fatal(err)
				}
				for _, w := range platform.Webhooks([]simulate.Event{event}) {
					check(t, platform, channel, w)
				}
			})
		}
	}
}

// TestEveryUpdate checks that each kind of update that Telegram documents is played, and each kind of event made.
func TestEveryUpdate(t *testing.T) {
	t.Parallel()
	platform, _ := setup(t)
	played, made := map[string]bool{}, map[channels.Kind]bool{}
	for _, kind := range platform.Kinds() {
		event, err := platform.Event(kind, scene(1, "5100000001/41"))
		if err != nil {
			t.Fatal(err)
		}
		for key := range event.Item.(object) {
			played[key] = true
		}
		made[event.Expect[0].Kind] = true
	}
	updates := "message edited_message channel_post edited_channel_post business_connection business_message edited_business_message " +
		"deleted_business_messages guest_message message_reaction message_reaction_count inline_query chosen_inline_result callback_query " +
		"shipping_query pre_checkout_query purchased_paid_media poll poll_answer my_chat_member chat_member chat_join_request chat_boost " +
		"removed_chat_boost managed_bot subscription"
	for key := range strings.FieldsSeq(updates) {
		if !played[key] {
			t.Errorf("no kind plays %s", key)
		}
	}
	for _, kind := range channels.Kinds {
		// Telegram tells bots neither what was delivered nor what was read.
		if want := kind != channels.KindStatus && kind != channels.KindRead; made[kind] != want {
			t.Errorf("an event of kind %q is made: %t, want %t", kind, made[kind], want)
		}
	}
}

func TestForgeriesAreRefused(t *testing.T) {
	t.Parallel()
	platform, channel := setup(t)
	forgers := map[string]channels.Secrets{
		"another's secret": {"secret_token": {"guess"}}, "no secret": {}, "an empty one": {"secret_token": {""}},
	}
	for name, forger := range forgers {
		w := simulate.NewWebhook([]byte(`{"update_id":1}`))
		platform.Sign(&w, forger)
		if channel.Verify(&channels.Request{Header: w.Header, Body: w.Body}) == nil {
			t.Errorf("a webhook signed with %s is accepted", name)
		}
	}
}

func TestManyEvents(t *testing.T) {
	t.Parallel()
	platform, channel := setup(t)
	kinds := platform.Kinds()
	var events []simulate.Event
	seen := map[string]bool{}
	for serial := range 1000 {
		event, err := platform.Event(kinds[serial%len(kinds)], scene(serial, fmt.Sprintf("%d/%d", 5_100_000_000+serial%25, serial)))
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range event.Expect {
			if key := fmt.Sprint(row.Kind, " ", row.ID); seen[key] {
				t.Errorf("%s is made twice", key)
			} else {
				seen[key] = true
			}
		}
		events = append(events, event)
	}
	webhooks := platform.Webhooks(events)
	if len(webhooks) != len(events) {
		t.Errorf("%d webhooks of %d events: Telegram sends one each", len(webhooks), len(events))
	}
	for _, w := range webhooks {
		check(t, platform, channel, w)
	}
}

func TestRunsDiffer(t *testing.T) {
	t.Parallel()
	platform, _ := setup(t)
	one, other := scene(5), scene(5)
	other.Run = "another run"
	first, err1 := platform.Event("text", one)
	second, err2 := platform.Event("text", other)
	if err1 != nil || err2 != nil || first.Expect[0].ID == second.Expect[0].ID {
		t.Errorf("two runs make %v and %v (%v, %v)", first.Expect, second.Expect, err1, err2)
	}
}

func TestSeedRepeats(t *testing.T) {
	t.Parallel()
	platform, _ := setup(t)
	for _, kind := range platform.Kinds() {
		var bodies [2][]byte
		for i := range bodies {
			event, err := platform.Event(kind, scene(9, "5100000009/1", "5100000009/2"))
			if err != nil {
				t.Fatal(err)
			}
			bodies[i] = platform.Webhooks([]simulate.Event{event})[0].Body
		}
		if !bytes.Equal(bodies[0], bodies[1]) {
			t.Errorf("%s: the same scene becomes\n%s\nand\n%s", kind, bodies[0], bodies[1])
		}
	}
}

func TestNeedsAnEarlierMessage(t *testing.T) {
	t.Parallel()
	platform, _ := setup(t)
	kinds := []string{"edited_message", "edited_channel_post", "edited_business_message", "deleted_business_messages", "message_reaction",
		"message_reaction_removed", "reply_to_message"}
	for _, kind := range kinds {
		if event, err := platform.Event(kind, scene(1)); err == nil {
			t.Errorf("%s is made without an earlier message: %+v", kind, event.Expect)
		}
	}
	if _, err := platform.Event("no such kind", scene(1)); err == nil {
		t.Error("an event of a kind that does not exist is made")
	}
}
