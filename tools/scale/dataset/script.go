package dataset

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// line is one message of the script.
type line struct {
	after        time.Duration // since the beginning of the set
	conversation int32
}

// script says who writes when.
type script struct {
	births []time.Duration // when each conversation begins, in order
	sizes  []int           // how many messages each has
	lines  []line          // in order
}

// Shapes of conversations.
const (
	longest        = 100_000 // messages of the longest conversation, or a fifth of a small set
	spread         = 1.3     // sigma of the log-normal distribution of the others' sizes
	perSession     = 6       // messages that are written soon after each other
	pauseInBetween = 70 * time.Second
)

func newScript(o Options, random *rand.Rand) script {
	s := script{births: births(o.Conversations(), random), sizes: sizes(o, random)}
	s.lines = make([]line, 0, o.Messages)
	for i, size := range s.sizes {
		s.write(int32(i), size, random)
	}
	slices.SortFunc(s.lines, func(a, b line) int {
		return cmp.Or(cmp.Compare(a.after, b.after), cmp.Compare(a.conversation, b.conversation))
	})
	return s
}

// births are spread evenly over the set's time, but for its last week: every conversation has room for a session.
func births(n int, random *rand.Rand) []time.Duration {
	all := make([]time.Duration, n)
	for i := range all {
		all[i] = time.Duration(random.Int64N(int64(Span - 7*24*time.Hour)))
	}
	slices.Sort(all)
	return all
}

// sizes add up to the messages of the set. The longest conversation is one of the first.
func sizes(o Options, random *rand.Rand) []int {
	n := o.Conversations()
	weights, sum := make([]float64, n), 0.0
	for i := range weights {
		weights[i] = math.Exp(spread * random.NormFloat64())
		sum += weights[i]
	}
	long := min(longest, o.Messages/5)
	rest := float64(o.Messages - long - n) // each has one message at least
	all, given, due := make([]int, n), 0, 0.0
	for i := range all {
		due += weights[i] / sum * rest
		share := int(math.Round(due)) - given
		given += share
		all[i] = 1 + share
	}
	all[n/100] += long
	return all
}

// write adds the messages of a conversation: sessions all over the time since it began, the first at its beginning.
func (s *script) write(conversation int32, size int, random *rand.Rand) {
	birth := s.births[conversation]
	at := birth
	for written := range size {
		if written > 0 {
			at += time.Duration(random.ExpFloat64() * float64(pauseInBetween))
		}
		if written > 0 && random.IntN(perSession) == 0 {
			at = birth + time.Duration(random.Int64N(int64(Span-birth)))
		}
		at = min(at, Span-1)
		s.lines = append(s.lines, line{after: at, conversation: conversation})
	}
}
