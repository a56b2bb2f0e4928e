package simulate

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	platforms "omni/channels/simulate"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// all returns every delivery of a run.
func all(t *testing.T, o Options) []delivery {
	t.Helper()
	targets, err := chooseTargets(t.Context(), o, known)
	if err != nil {
		t.Fatal(err)
	}
	traffic := newTraffic(o, targets, func() time.Time { return noon })
	var deliveries []delivery
	for {
		d, ok, err := traffic.next(true)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return deliveries
		}
		deliveries = append(deliveries, d)
	}
}

// firstSerials are the serial numbers of each delivery's first event.
func firstSerials(deliveries []delivery) []string {
	var serials []string
	for _, d := range deliveries {
		_, serial, _ := strings.Cut(d.webhook.Events[0].Expect[0].ID, "-")
		serials = append(serials, serial)
	}
	return serials
}

func TestSeedRepeatsARun(t *testing.T) {
	t.Parallel()
	o := Options{Count: 50, Batch: 2, Customers: 5, Duplicates: 0.3, Reorder: 0.3, Forge: 0.1, Seed: 42}
	first, second := all(t, o), all(t, o)
	if !slices.Equal(firstSerials(first), firstSerials(second)) {
		t.Error("the same seed made another run")
	}
	o.Seed++
	if slices.Equal(firstSerials(first), firstSerials(all(t, o))) {
		t.Error("another seed made the same run")
	}
}

func TestFractions(t *testing.T) {
	t.Parallel()
	deliveries := all(t, Options{Count: 1000, Customers: 5, Duplicates: 0.2, Forge: 0.1, Seed: 3})
	repeats, forged := 0, 0
	for _, d := range deliveries {
		if d.repeat {
			repeats++
		}
		if d.forged {
			forged++
		}
		if d.repeat && d.forged {
			t.Error("a forged webhook is sent twice")
		}
		if ring := d.webhook.Header.Get("Ring"); (ring == "gold") == d.forged {
			t.Errorf("forged %t with the ring %q", d.forged, ring)
		}
	}
	if len(deliveries)-repeats != 1000 {
		t.Errorf("%d webhooks, want 1000", len(deliveries)-repeats)
	}
	if repeats < 120 || repeats > 240 || forged < 60 || forged > 140 {
		t.Errorf("%d repeats and %d forged of 1000, want about 180 and 100", repeats, forged)
	}
}

func TestReorderChangesTheOrderAndLosesNothing(t *testing.T) {
	t.Parallel()
	serials := firstSerials(all(t, Options{Channels: []string{"pigeon"}, Kinds: []string{"letter"}, Count: 200, Reorder: 0.2, Seed: 1}))
	inOrder := firstSerials(all(t, Options{Channels: []string{"pigeon"}, Kinds: []string{"letter"}, Count: 200, Seed: 1}))
	if slices.Equal(serials, inOrder) {
		t.Error("nothing came late")
	}
	slices.Sort(serials)
	if slices.Sort(inOrder); !slices.Equal(serials, inOrder) {
		t.Error("something is lost or came twice")
	}
}

func TestStoppedTrafficStillDeliversWhatIsLate(t *testing.T) {
	t.Parallel()
	targets, err := chooseTargets(context.Background(), Options{}, known)
	if err != nil {
		t.Fatal(err)
	}
	traffic := newTraffic(Options{Reorder: 1}, targets, time.Now)
	if _, ok, err := traffic.next(true); !ok || err != nil {
		t.Fatal(ok, err)
	}
	made, delivered := traffic.made, 1
	for {
		_, ok, err := traffic.next(false)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			break
		}
		delivered++
	}
	if delivered != made || traffic.made != made {
		t.Errorf("%d delivered of %d, and %d made in the end", delivered, made, traffic.made)
	}
}

func TestNobodyAnswersWhatWasForged(t *testing.T) {
	t.Parallel()
	for _, d := range all(t, Options{Channels: []string{"pigeon"}, Count: 100, Customers: 1, Forge: 1, Seed: 1}) {
		if kind := d.webhook.Events[0].Expect[0].Kind; kind != "message" {
			t.Fatalf("a %s although no message was ever accepted", kind)
		}
	}
}

func TestRememberKeepsTheLatest(t *testing.T) {
	t.Parallel()
	var earlier []string
	for _, id := range strings.Split(strings.Repeat("a", 30), "") {
		earlier = remember(earlier, platforms.Event{Expect: []platforms.Expected{{Kind: "message", ID: id}, {Kind: "status", ID: "no"}}})
	}
	if len(earlier) != remembered || slices.Contains(earlier, "no") {
		t.Errorf("remembers %q", earlier)
	}
}
