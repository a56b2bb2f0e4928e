package simulate

import (
	"net/http"
	"slices"
	"sync"
	"time"

	"omni/channels"
)

// Inspector is a simulated platform's API of which one can ask what it delivered, and which can be told to misbehave. The handler that
// [API] returns is one if the platform takes answers.
type Inspector interface {
	// Deliveries lists what customers got, in the order in which the platform took it. What a customer got twice stands there twice.
	Deliveries() []Delivery
	// Misbehave replaces what is left of an earlier fault.
	Misbehave(Fault)
	// LiftLimits makes the platform take any number of messages a second. Without it, it throttles what exceeds its documented limits.
	LiftLimits()
}

// Listener is a simulated platform's API that can be told when customers write, or do something else that opens the reply window, and holds
// answers to the window by that. To a chat of which it was told nothing, the window is open.
type Listener interface {
	// Wrote names the account and the chat as a [Delivery] does.
	Wrote(account, thread string, at time.Time)
}

// Delivery is one message that a customer got.
type Delivery struct {
	Account string           // the channel account that sent it, as the platform names it; the credential account where it names none
	App     string           // the platform's id of the application that sent it; empty where the platform tells nobody
	Thread  string           // the chat, as the channel's events name it
	ID      string           // Event.ID of the message
	Handle  string           // [channels.Outgoing.Handle]; empty where the platform takes none
	Content channels.Content // what was said, as far as the request shows it; of a file, no Key
	At      time.Time        // when the platform took it
}

// Fault is what goes wrong with the next requests that would deliver. Each of them takes one kind of fault, in the order of the fields.
type Fault struct {
	Throttle int           // this many are answered that there are too many
	After    time.Duration // how long throttling says to wait, on platforms that say
	Refuse   int           // this many are answered by a server error, and are not taken
	Lose     int           // this many are taken, and answered as if they were not: a server error or no answer
}

// Mishap is what goes wrong with one request.
type Mishap int

// The mishaps.
const (
	NoMishap  Mishap = iota
	Throttled        // answer that there are too many, and take nothing
	Refused          // answer a server error, and take nothing
	Lost             // take it, and answer as if something broke
)

// Ledger is the part of a simulated API that is an [Inspector] and a [Listener]. The zero value is ready; it is safe for concurrent use.
type Ledger struct {
	mu    sync.Mutex
	taken []Delivery
	fault Fault
	wrote map[chat]time.Time
	rates rates
	hints []Hint
	lost  int // requests whose senders were not told
}

type chat struct{ account, thread string }

// Take records a delivery. At is now, unless it says otherwise.
func (l *Ledger) Take(one Delivery) {
	if one.At.IsZero() {
		one.At = time.Now()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.taken = append(l.taken, one)
}

// Deliveries implements [Inspector].
func (l *Ledger) Deliveries() []Delivery {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.taken)
}

// Misbehave implements [Inspector].
func (l *Ledger) Misbehave(f Fault) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fault = f
}

// LiftLimits implements [Inspector].
func (l *Ledger) LiftLimits() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rates.lifted = true
}

// Admit counts a request that would deliver, unless it comes on top of as many in the last second as the limit allows: then it is to be
// throttled. at is when it is taken, for [Delivery.At]. name tells limits apart: that of an account, that of its files.
func (l *Ledger) Admit(limit int, name string) (at time.Time, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at = time.Now()
	return at, l.rates.admit(limit, name, at)
}

// Mishap says what goes wrong with a request that is right and would deliver, and how long to wait if it is throttled. It uses up one of
// the faults.
func (l *Ledger) Mishap() (Mishap, time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, left := range []struct {
		count *int
		is    Mishap
	}{{&l.fault.Throttle, Throttled}, {&l.fault.Refuse, Refused}, {&l.fault.Lose, Lost}} {
		if *left.count > 0 {
			*left.count--
			return left.is, l.fault.After
		}
	}
	return NoMishap, 0
}

// HangUp ends every second request that is [Lost] by closing the connection. From the others it returns: they get a server error.
func (l *Ledger) HangUp() {
	l.mu.Lock()
	l.lost++
	silent := l.lost%2 == 0
	l.mu.Unlock()
	if silent {
		panic(http.ErrAbortHandler)
	}
}

// Wrote implements [Listener].
func (l *Ledger) Wrote(account, thread string, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.wrote == nil {
		l.wrote = map[chat]time.Time{}
	}
	if name := (chat{account, thread}); at.After(l.wrote[name]) {
		l.wrote[name] = at
	}
}

// Open reports whether a customer wrote within the window, as far as is known.
func (l *Ledger) Open(account, thread string, window time.Duration) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	at, known := l.wrote[chat{account, thread}]
	return !known || time.Since(at) <= window
}

var (
	_ Inspector = (*Ledger)(nil)
	_ Listener  = (*Ledger)(nil)
)
