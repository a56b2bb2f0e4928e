package patience

import "time"

// Lately reports whether something was done less than so long ago. One that was done in the future was not: the clock has gone back since, and whoever
// waited for it to catch up might wait for days.
func Lately(now, done time.Time, within time.Duration) bool {
	ago := now.Sub(done)
	return ago >= 0 && ago < within
}
