package simulate

import (
	"slices"
	"time"
)

// rates are what was taken lately, by the name of the limit that it counts for. The zero value is ready.
type rates struct {
	lifted bool
	taken  map[string][]time.Time
}

// admit counts one more, unless it is too many for the second that ends at the time. Times do not go back.
func (r *rates) admit(limit int, name string, at time.Time) bool {
	if r.lifted {
		return true
	}
	if r.taken == nil {
		r.taken = map[string][]time.Time{}
	}
	recent := slices.DeleteFunc(r.taken[name], func(t time.Time) bool { return at.Sub(t) >= time.Second })
	fits := len(recent) < limit
	if fits {
		recent = append(recent, at)
	}
	r.taken[name] = recent
	return fits
}

// Peak is the most that any one account delivered within any one second.
func Peak(deliveries []Delivery) int {
	accounts := map[string][]time.Time{}
	for _, one := range deliveries {
		accounts[one.Account] = append(accounts[one.Account], one.At)
	}
	peak := 0
	for _, times := range accounts {
		slices.SortFunc(times, time.Time.Compare)
		first := 0
		for last, at := range times {
			for at.Sub(times[first]) >= time.Second {
				first++
			}
			peak = max(peak, last-first+1)
		}
	}
	return peak
}
