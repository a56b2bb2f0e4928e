package crash

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"testing"

	"omni/channels"
)

func TestPoisonIsTheSameForTheSameSeed(t *testing.T) {
	t.Parallel()
	body := []byte(`{"object": "page", "entry": [{"id": "1", "messaging": [{"message": {"mid": "m", "text": "hello"}}]}]}`)
	spoiled := func(seed uint64) (all [][]byte) {
		random := rand.New(rand.NewPCG(seed, 0))
		for range 50 {
			all = append(all, spoil(random, body))
		}
		return all
	}
	one, again, other := spoiled(1), spoiled(1), spoiled(2)
	same, valid := 0, 0
	for n := range one {
		if !bytes.Equal(one[n], again[n]) {
			t.Fatalf("number %d is another body the second time", n)
		}
		if bytes.Equal(one[n], other[n]) {
			same++
		}
		if json.Valid(one[n]) {
			valid++
		}
		if bytes.Contains(one[n], []byte("@@")) {
			t.Errorf("a place was not filled: %q", head(one[n]))
		}
	}
	if same > len(one)/4 || valid < len(one)/3 || valid == len(one) {
		t.Errorf("of %d bodies another seed made %d alike, and %d are JSON", len(one), same, valid)
	}
}

// Nonsense that is signed rightly is kept whole, and each of its events is understood or dead with a reason; redriving the dead ones changes nothing.
func TestPoisonIsExplained(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := newBooks()
	p := &poisoner{random: rand.New(rand.NewPCG(7, 3)), run: "test"}
	for range 100 {
		for _, name := range []string{"whatsapp", "messenger", "instagram", "telegram"} {
			body := p.body(name)
			w.refuse = p.random.IntN(4) == 0
			if err := w.deliver(t.Context(), name, body); err != nil {
				t.Fatal(err)
			}
			spec, _ := channels.Lookup(name)
			if err := b.poisoned(name, accountOf(spec), secretsOf(spec), webhookOf(name, body)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	l, err := readLedger(t.Context(), w.url, w.witness(b))
	if err != nil {
		t.Fatal(err)
	}
	for _, complaint := range l.complaints {
		t.Error(complaint)
	}
	if l.poison.unreadable < 10 || l.poison.processed < 50 || len(l.poison.dead) == 0 {
		t.Errorf("hardly anything was poisoned: %+v", l.poison)
	}
	if l.rows != l.poison.events {
		t.Errorf("%d rows of %d events", l.rows, l.poison.events)
	}
}
