package simulator

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"omni/channels"
	"omni/channels/internal/graph/graphsim"
	"omni/channels/simulate"
	_ "omni/channels/whatsapp"
)

var secrets = channels.Secrets{"app_secret": {"a secret of tests"}, "verify_token": {"a token of tests"}}

func scene(serial int, earlier ...string) simulate.Scene {
	return simulate.Scene{
		Rand:     rand.New(rand.NewPCG(1, uint64(serial))),
		At:       time.Unix(1790000000+int64(serial), 0),
		Account:  "201188844455501",
		Customer: simulate.Customer{Number: serial, Name: "Mina Albers"},
		Serial:   serial,
		Run:      "test",
		Earlier:  earlier,
	}
}

func setup(t *testing.T) (simulate.Platform, channels.Channel) {
	t.Helper()
	platform, ok := simulate.Lookup("whatsapp")
	if !ok {
		t.Fatal("the simulator is not registered")
	}
	channel, err := channels.Open("whatsapp", channels.Env{Account: channels.DefaultAccount, Secrets: secrets})
	if err != nil {
		t.Fatal(err)
	}
	return platform, channel
}

// TestEveryKind plays every kind with each of the three sorts of customers.
func TestEveryKind(t *testing.T) {
	t.Parallel()
	platform, channel := setup(t)
	for _, kind := range platform.Kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			for serial := range 3 {
				event, err := platform.Event(kind, scene(serial, "sha256:none", "wamid.earlier"))
				if err != nil {
					t.Fatal(err)
				}
				if err := graphsim.Check(platform, channel, secrets, []simulate.Event{event}); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// TestEveryEventKind: there is something to play for everything that the channel can report. WhatsApp has no watermarks.
func TestEveryEventKind(t *testing.T) {
	t.Parallel()
	platform, _ := setup(t)
	seen := map[channels.Kind]bool{channels.KindRead: true}
	for _, kind := range platform.Kinds() {
		event, err := platform.Event(kind, scene(1, "wamid.earlier"))
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range event.Expect {
			seen[row.Kind] = true
		}
	}
	for _, kind := range channels.Kinds {
		if !seen[kind] {
			t.Errorf("nothing makes an event of kind %s", kind)
		}
	}
}

func TestBatches(t *testing.T) {
	t.Parallel()
	platform, channel := setup(t)
	kinds := platform.Kinds()
	var events []simulate.Event
	ids := map[string]bool{}
	for serial := range 2100 {
		kind := kinds[serial%len(kinds)]
		if serial < 1000 {
			kind = "text" // one list of a thousand
		}
		event, err := platform.Event(kind, scene(serial, fmt.Sprintf("wamid.%d", serial)))
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range event.Expect {
			key := fmt.Sprint(row.Kind, row.ID)
			if ids[key] {
				t.Errorf("%s: id %q is made twice", kind, row.ID)
			}
			ids[key] = true
		}
		events = append(events, event)
	}
	webhooks := platform.Webhooks(events)
	if len(webhooks) != 3 {
		t.Fatalf("3 webhooks expected for 2100 events, got %d", len(webhooks))
	}
	if changes := strings.Count(string(webhooks[0].Body), `"field":`); changes != 1 {
		t.Errorf("a thousand messages are packed into %d changes", changes)
	}
	if err := graphsim.Check(platform, channel, secrets, events); err != nil {
		t.Error(err)
	}
}

// TestAccounts packs events of two numbers in turns: each keeps its own, in order.
func TestAccounts(t *testing.T) {
	t.Parallel()
	platform, channel := setup(t)
	var events []simulate.Event
	for serial := range 6 {
		at := scene(serial)
		at.Account = []string{"201188844455501", "201188844455502"}[serial/2%2]
		event, err := platform.Event("text", at)
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, event)
	}
	if err := graphsim.Check(platform, channel, secrets, events); err != nil {
		t.Error(err)
	}
}

func TestForged(t *testing.T) {
	t.Parallel()
	platform, channel := setup(t)
	event, err := platform.Event("text", scene(1))
	if err != nil {
		t.Fatal(err)
	}
	webhook := platform.Webhooks([]simulate.Event{event})[0]
	platform.Sign(&webhook, channels.Secrets{"app_secret": {"another secret"}})
	if err := channel.Verify(&channels.Request{Header: webhook.Header, Body: webhook.Body}); err == nil {
		t.Error("a forged signature is accepted")
	}
}

func TestNeedsEarlierMessage(t *testing.T) {
	t.Parallel()
	platform, _ := setup(t)
	for _, kind := range []string{"text_reply", "edit", "revoke", "reaction", "reaction_removed", "echo_edit", "echo_revoke", "no such kind"} {
		if event, err := platform.Event(kind, scene(1, "sha256:none")); err == nil {
			t.Errorf("%s: got %v without an earlier message", kind, event)
		}
	}
}

func TestSeedRepeats(t *testing.T) {
	t.Parallel()
	platform, _ := setup(t)
	play := func() string {
		event, err := platform.Event("text", scene(3))
		if err != nil {
			t.Fatal(err)
		}
		return string(platform.Webhooks([]simulate.Event{event})[0].Body)
	}
	if first, second := play(), play(); first != second {
		t.Errorf("the same scene became\n%s\nand\n%s", first, second)
	}
}

// TestIDs holds message ids to the form of the real ones.
func TestIDs(t *testing.T) {
	t.Parallel()
	id := newStage(scene(0)).id
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(id, "wamid."))
	if err != nil || !strings.HasPrefix(id, "wamid.HBg") || !slices.Equal(raw[:2], []byte{0x1c, 0x18}) {
		t.Errorf("%s does not look like a wamid: %v", id, err)
	}
}
