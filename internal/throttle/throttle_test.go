package throttle_test

import (
	"strconv"
	"testing"
	"time"

	"omni/internal/throttle"
)

func TestOneWhoDoesTooMuchWaitsAndOthersDoNot(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	limit := throttle.New(3, 2*time.Second, func() time.Time { return now })
	for n := range 3 {
		if _, ok := limit.Take("ada"); !ok {
			t.Fatalf("number %d is refused", n+1)
		}
	}
	if wait, ok := limit.Take("ada"); ok || wait != 2*time.Second {
		t.Errorf("the fourth: %v after %s", ok, wait)
	}
	if _, ok := limit.Take("ben"); !ok {
		t.Error("another waits for it")
	}
	now = now.Add(1500 * time.Millisecond)
	if wait, ok := limit.Take("ada"); ok || wait != 500*time.Millisecond {
		t.Errorf("too early: %v after %s", ok, wait)
	}
	now = now.Add(500 * time.Millisecond)
	if _, ok := limit.Take("ada"); !ok {
		t.Error("after the wait it is refused")
	}
}

// A flood from ever new callers must not fill the memory, and not help one who waits already either, as long as others have gone.
func TestAFloodOfCallersIsForgotten(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	limit := throttle.New(1, time.Minute, func() time.Time { return now })
	for n := range 4095 {
		limit.Take(strconv.Itoa(n))
	}
	now = now.Add(time.Minute)
	limit.Take("ada")
	limit.Take("one more")
	if _, ok := limit.Take("ada"); ok {
		t.Error("ada may again, because others came and went")
	}
	for n := range 20_000 {
		limit.Take("crowd " + strconv.Itoa(n))
	}
	if _, ok := limit.Take("somebody new"); !ok {
		t.Error("somebody new is refused")
	}
}
