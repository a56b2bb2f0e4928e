package patience

import (
	"testing"
	"time"
)

func TestLately(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	for ago, want := range map[time.Duration]bool{
		0: true, 59 * time.Second: true, time.Minute: false, 48 * time.Hour: false, -time.Second: false, -48 * time.Hour: false,
	} {
		if got := Lately(now, now.Add(-ago), time.Minute); got != want {
			t.Errorf("%s ago: %t", ago, got)
		}
	}
	if Lately(now, time.Time{}, time.Minute) {
		t.Error("never is lately")
	}
}
