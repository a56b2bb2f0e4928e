package simulate

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"omni/channels"
	platforms "omni/channels/simulate"
)

// How far a repeated or reordered webhook comes behind those that were made at the same time, at most, in webhooks.
const maxLateness = 20

// remembered is how many messages of a customer later events can be about.
const remembered = 20

// delivery is one POST to make.
type delivery struct {
	target  int // index
	webhook platforms.Webhook
	forged  bool
	repeat  bool // the platform sends it a second time
}

// traffic makes the deliveries of a run. The same seed makes the same ones, apart from the times and the name of the run in their ids.
type traffic struct {
	o       Options
	now     func() time.Time
	rand    *rand.Rand
	run     string
	targets []target
	earlier []map[int][]string // by target, by customer: ids of messages, oldest first

	made   int // webhooks
	serial int // events
	turn   int
	ready  []delivery
	late   map[int][]delivery // by the turn in which they become ready
}

func newTraffic(o Options, targets []target, now func() time.Time) *traffic {
	t := &traffic{
		o: o, now: now, targets: targets, late: map[int][]delivery{},
		rand: rand.New(rand.NewPCG(o.Seed, 0)),
		run:  strconv.FormatInt(now().UnixNano(), 36),
	}
	for range targets {
		t.earlier = append(t.earlier, map[int][]string{})
	}
	return t
}

// next returns the next delivery; ok is false when there is none left. Without more, only those are left that are late.
func (t *traffic) next(more bool) (d delivery, ok bool, err error) {
	t.advance()
	for len(t.ready) == 0 {
		switch {
		case more && (t.o.Count == 0 || t.made < t.o.Count):
			if err := t.make(); err != nil {
				return delivery{}, false, err
			}
		case len(t.late) == 0:
			return delivery{}, false, nil
		}
		t.advance()
	}
	d, t.ready = t.ready[0], t.ready[1:]
	return d, true, nil
}

// advance goes to the next turn.
func (t *traffic) advance() {
	t.turn++
	t.ready = append(t.ready, t.late[t.turn]...)
	delete(t.late, t.turn)
}

func (t *traffic) postpone(d delivery) {
	turn := t.turn + 1 + t.rand.IntN(maxLateness)
	t.late[turn] = append(t.late[turn], d)
}

// chance is true in the fraction of the cases.
func (t *traffic) chance(fraction float64) bool { return t.rand.Float64() < fraction }

// make makes the webhooks of one batch of events.
func (t *traffic) make() error {
	index, forged := t.rand.IntN(len(t.targets)), t.chance(t.o.Forge)
	target := t.targets[index]
	var events []platforms.Event
	for range max(t.o.Batch, 1) {
		event, err := t.event(index, forged)
		if err != nil {
			return fmt.Errorf("simulating %s: %w", target.channel, err)
		}
		events = append(events, event)
	}
	secrets := target.secrets
	if forged {
		secrets = target.wrong
	}
	for _, webhook := range target.platform.Webhooks(events) {
		if t.made++; t.o.Count > 0 && t.made > t.o.Count {
			return nil
		}
		target.platform.Sign(&webhook, secrets)
		t.deliver(delivery{target: index, webhook: webhook, forged: forged})
	}
	return nil
}

func (t *traffic) deliver(d delivery) {
	if !d.forged && t.chance(t.o.Duplicates) {
		again := d
		again.repeat = true
		t.postpone(again)
	}
	if t.chance(t.o.Reorder) {
		t.postpone(d)
	} else {
		t.ready = append(t.ready, d)
	}
}

// event makes one event of a random kind and customer. A kind that needs an earlier message, of a customer who has none, is refused by
// the platform's simulator; then another is tried.
func (t *traffic) event(index int, forged bool) (event platforms.Event, err error) {
	target, earlier := t.targets[index], t.earlier[index]
	number := t.o.First + t.rand.IntN(max(t.o.Customers, 1))
	for _, i := range t.rand.Perm(len(target.kinds)) {
		t.serial++
		event, err = target.platform.Event(target.kinds[i], platforms.Scene{
			Rand: t.rand, At: t.now(), Account: target.channelAccount, Customer: Customer(number),
			Serial: t.serial, Run: t.run, Earlier: earlier[number],
		})
		if err != nil {
			continue
		}
		if !forged { // nobody ever hears of a message that was refused
			earlier[number] = remember(earlier[number], event)
		}
		return event, nil
	}
	return platforms.Event{}, err
}

func remember(earlier []string, event platforms.Event) []string {
	for _, expected := range event.Expect {
		if expected.Kind == channels.KindMessage {
			earlier = append(earlier, expected.ID)
		}
	}
	return earlier[max(0, len(earlier)-remembered):]
}

// Customer names a customer; the first dozen are people, so that a dashboard looks alive.
func Customer(number int) platforms.Customer {
	first := []string{"Amara", "Björn", "Chloé", "Dmitri", "Elif", "Fatima", "Giulia", "Hiroshi", "Inês", "José", "Kwame", "Lakshmi"}
	name := first[number%len(first)]
	if number >= len(first) {
		name += " " + strconv.Itoa(number/len(first)+1)
	}
	return platforms.Customer{Number: number, Name: name}
}
