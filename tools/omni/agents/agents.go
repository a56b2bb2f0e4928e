// Package agents plays the people who answer customers, and afterwards compares what they said with what the platforms took.
//
// Agents hear of the webhooks that the product accepted, choose customers' messages to answer, and compose as the product's API would: with
// an idempotency key, again and again with the same one until there is an answer, and sometimes once more than needed.
package agents

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/channels/simulate"
	"omni/internal/inbox"
	"omni/tools/omni/desk"
)

// Options say how agents work. Fractions are between 0 and 1.
type Options struct {
	Share  float64 // of the customers' messages that are answered
	Repeat float64 // of the answers that are asked for a second time, with the same key
	Run    string  // distinguishes the answers of this run from all others
	Seed   uint64  // repeats the choices of a run
	// Desk returns where to compose at the moment. It is called before each use, so what moved is found again.
	Desk func(context.Context) (*desk.Desk, error)
}

// Agents answer customers. Make them with [New].
type Agents struct {
	o     Options
	lines []chan question // each takes the conversations whose hash is its index

	mu         sync.Mutex
	rand       *rand.Rand
	known      map[message]bool
	heard      []message // and not looked for yet
	answers    []*answer
	complaints []string
	counts     Counts
	composed   map[string]int // messages, by channel
}

// Counts say how hard the agents worked.
type Counts struct {
	Asked    int // calls of Compose
	Unclear  int // that gave no answer, so that the same was asked again
	Repeated int // that found what was composed before
}

// message is a customer's, as its webhook named it.
type message struct {
	channel, account string // channel account
	id               string
}

// question is a message that is to be answered.
type question struct {
	message
	row          uuid.UUID
	conversation uuid.UUID
	group        bool
}

// answer is what an agent said.
type answer struct {
	channel  string
	draft    inbox.Draft
	target   string // of a reaction: the platform's id of the message
	messages []uuid.UUID
	refused  *channels.RejectedError // the product did not take it on
}

// workers is how many answers are composed at once.
const workers = 4

// How long agents wait before they look for messages again that are not processed yet, and before they ask again.
const (
	lookEvery = 50 * time.Millisecond
	askAgain  = 200 * time.Millisecond
	noAnswer  = 5 * time.Second // after that nobody waits any longer
	lookAt    = 200             // messages at once
)

// New makes agents.
func New(o Options) *Agents {
	a := &Agents{o: o, known: map[message]bool{}, composed: map[string]int{}, rand: rand.New(rand.NewPCG(o.Seed, 2))}
	for range workers {
		a.lines = append(a.lines, make(chan question))
	}
	return a
}

// Heard tells the agents of a webhook that was answered with 200. account stands for an Expected.Account that is empty.
func (a *Agents) Heard(channel, account string, w simulate.Webhook) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, event := range w.Events {
		for _, e := range event.Expect {
			if e.Kind != channels.KindMessage {
				continue
			}
			m := message{channel, cmp.Or(e.Account, account), e.ID}
			if !a.known[m] && a.rand.Float64() < a.o.Share {
				a.heard = append(a.heard, m)
			}
			a.known[m] = true
		}
	}
}

// Start lets the agents work. finish waits until they are done: nothing is left to answer then. What the product does not process within the
// patience after that call is not answered; that it is missing, others will see. The end of the context ends the work at once.
func (a *Agents) Start(ctx context.Context, patience time.Duration) (finish func() error) {
	enough, done := make(chan struct{}), make(chan error, 1)
	go func() { done <- a.work(ctx, enough, patience) }()
	return func() error {
		close(enough)
		if err := <-done; err != nil {
			return fmt.Errorf("answering: %w", err)
		}
		return nil
	}
}

// work answers until enough is closed and nothing is left to answer.
func (a *Agents) work(ctx context.Context, enough <-chan struct{}, patience time.Duration) error {
	var working sync.WaitGroup
	for _, line := range a.lines {
		working.Go(func() {
			for q := range line {
				a.answer(ctx, q)
			}
		})
	}
	err := a.distribute(ctx, enough, patience)
	for _, line := range a.lines {
		close(line)
	}
	working.Wait()
	return err
}

// distribute gives the workers what can be answered.
func (a *Agents) distribute(ctx context.Context, enough <-chan struct{}, patience time.Duration) error {
	var waiting []message
	last := time.Now() // when something was heard, or could be answered
	for {
		heard := a.listen()
		waiting = append(waiting, heard...)
		questions, later, _ := a.find(ctx, waiting) // an error means that the database is away for a moment
		if len(heard) > 0 || len(later) < len(waiting) {
			last = time.Now()
		}
		waiting = later
		for _, q := range questions {
			a.lines[q.line()] <- q
		}
		if isClosed(enough) && len(heard) == 0 && (len(waiting) == 0 || time.Since(last) > patience) {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(lookEvery):
		}
	}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// listen takes what was heard since the last time.
func (a *Agents) listen() []message {
	a.mu.Lock()
	defer a.mu.Unlock()
	heard := a.heard
	a.heard = nil
	return heard
}

// line is the same for all questions of a conversation, so that its answers have an order.
func (q question) line() int {
	hash := fnv.New32a()
	hash.Write(q.conversation[:])
	return int(hash.Sum32() % workers)
}

func (a *Agents) complain(format string, args ...any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.complaints = append(a.complaints, fmt.Sprintf(format, args...))
}

func (a *Agents) chance(fraction float64) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.rand.Float64() < fraction
}

// Counts says how hard the agents worked.
func (a *Agents) Counts() Counts {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.counts
}

// Composed counts the messages that were taken on, by channel.
func (a *Agents) Composed() map[string]int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return maps.Clone(a.composed)
}
