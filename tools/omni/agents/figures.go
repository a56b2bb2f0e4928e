package agents

import (
	"maps"

	"omni/channels"
)

// Figures count one channel's messages. Refused ones were never taken on; of all others the product says one of the rest, and Open means
// that it has not come to an end.
type Figures struct {
	Refused, Messages                              int
	Sent, Delivered, Read, Failed, Uncertain, Open int
	Taken                                          int            // by the platform, each time counted
	Reasons                                        map[string]int // why messages were refused or failed
}

func (f *Figures) because(reason string) {
	if f.Reasons == nil {
		f.Reasons = map[string]int{}
	}
	f.Reasons[reason]++
}

func (f *Figures) count(status channels.DeliveryState) {
	switch status {
	case channels.Sent:
		f.Sent++
	case channels.Delivered:
		f.Delivered++
	case channels.Read:
		f.Read++
	}
}

// Plus adds figures up.
func (f Figures) Plus(other Figures) Figures {
	f.Refused += other.Refused
	f.Messages += other.Messages
	f.Sent += other.Sent
	f.Delivered += other.Delivered
	f.Read += other.Read
	f.Failed += other.Failed
	f.Uncertain += other.Uncertain
	f.Open += other.Open
	f.Taken += other.Taken
	reasons := maps.Clone(f.Reasons)
	for reason, n := range other.Reasons {
		if reasons == nil {
			reasons = map[string]int{}
		}
		reasons[reason] += n
	}
	f.Reasons = reasons
	return f
}

// Total adds the channels up.
func (l *Ledger) Total() (sum Figures) {
	for _, f := range l.Figures {
		sum = sum.Plus(f)
	}
	return sum
}
