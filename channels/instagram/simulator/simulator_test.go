package simulator

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"omni/channels"
	_ "omni/channels/instagram"
	"omni/channels/internal/graph/graphsim"
	"omni/channels/simulate"
)

var secrets = channels.Secrets{"app_secret": {"a secret of tests"}, "verify_token": {"a token of tests"}}

func scene(serial int, earlier ...string) simulate.Scene {
	return simulate.Scene{
		Rand:     rand.New(rand.NewPCG(1, uint64(serial))),
		At:       time.UnixMilli(1785000000123 + int64(serial)),
		Account:  "17841400000000001",
		Customer: simulate.Customer{Number: serial % 50, Name: "Ada Lovelace"},
		Serial:   serial,
		Run:      "test",
		Earlier:  earlier,
	}
}

func setup(t *testing.T) (simulate.Platform, channels.Channel) {
	platform, ok := simulate.Lookup("instagram")
	if !ok {
		t.Fatal("the simulator is not registered")
	}
	channel, err := channels.Open("instagram", channels.Env{Account: channels.DefaultAccount, Secrets: secrets})
	if err != nil {
		t.Fatal(err)
	}
	return platform, channel
}

func TestEveryKind(t *testing.T) {
	t.Parallel()
	platform, channel := setup(t)
	for _, kind := range platform.Kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			event, err := platform.Event(kind, scene(7, "sha256:none", "an earlier mid"))
			if err != nil {
				t.Fatal(err)
			}
			if err := graphsim.Check(platform, channel, secrets, []simulate.Event{event}); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestBatches(t *testing.T) {
	t.Parallel()
	platform, channel := setup(t)
	kinds := platform.Kinds()
	var events []simulate.Event
	ids := map[string]bool{}
	for serial := range 2100 {
		event, err := platform.Event(kinds[serial%len(kinds)], scene(serial, fmt.Sprintf("mid %d", serial)))
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range event.Expect {
			if key := fmt.Sprint(row.Kind, row.ID); ids[key] {
				t.Errorf("%s: id %q is made twice", row.Kind, row.ID)
			} else {
				ids[key] = true
			}
		}
		events = append(events, event)
	}
	if n := len(platform.Webhooks(events)); n != 3 {
		t.Errorf("3 webhooks expected for 2100 events, got %d", n)
	}
	if err := graphsim.Check(platform, channel, secrets, events); err != nil {
		t.Error(err)
	}
}

func TestNeedsEarlierMessage(t *testing.T) {
	t.Parallel()
	platform, _ := setup(t)
	for _, kind := range []string{"reply", "edit", "delete", "reaction", "unreact"} {
		if event, err := platform.Event(kind, scene(1)); err == nil {
			t.Errorf("%s: got %v without an earlier message", kind, event)
		}
	}
	if _, err := platform.Event("no such kind", scene(1)); err == nil {
		t.Error("an event of an unknown kind was made")
	}
}

func TestSeedRepeats(t *testing.T) {
	t.Parallel()
	platform, _ := setup(t)
	body := func() string {
		event, err := platform.Event("image", scene(3))
		if err != nil {
			t.Fatal(err)
		}
		return string(platform.Webhooks([]simulate.Event{event})[0].Body)
	}
	if first, second := body(), body(); first != second {
		t.Errorf("the same scene became\n%s\nand\n%s", first, second)
	}
}
