package channels

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// OpenFunc makes the channel of one credential account. It does no I/O. An error says which secret is unusable and why.
type OpenFunc func(Env) (Channel, error)

var registry = struct {
	sync.RWMutex
	channels map[string]registration
}{channels: map[string]registration{}}

type registration struct {
	spec Spec
	open OpenFunc
}

// Register adds a channel. A plugin calls it once, from init. It panics on an invalid spec and on a name that is taken: both are
// mistakes of the programmer, and `go generate ./...` reports them with the folder they come from.
func Register(spec Spec, open OpenFunc) {
	if err := spec.Validate(); err != nil {
		panic(fmt.Sprintf("channels: invalid spec of %q: %v", spec.Name, err))
	}
	if open == nil {
		panic(fmt.Sprintf("channels: %q is registered without a function that opens it", spec.Name))
	}
	registry.Lock()
	defer registry.Unlock()
	if _, taken := registry.channels[spec.Name]; taken {
		panic(fmt.Sprintf("channels: %q is registered twice", spec.Name))
	}
	registry.channels[spec.Name] = registration{spec, open}
}

// Specs returns the spec of every registered channel, sorted by name.
func Specs() []Spec {
	registry.RLock()
	defer registry.RUnlock()
	specs := make([]Spec, 0, len(registry.channels))
	for _, r := range registry.channels {
		specs = append(specs, r.spec)
	}
	// Sorted, because maps are not: everything generated from this must come out the same each time.
	slices.SortFunc(specs, func(a, b Spec) int { return strings.Compare(a.Name, b.Name) })
	return specs
}

// Lookup returns the spec of a registered channel.
func Lookup(name string) (Spec, bool) {
	registry.RLock()
	defer registry.RUnlock()
	r, ok := registry.channels[name]
	return r.spec, ok
}

// Find is Lookup with an error for a channel that is not registered.
func Find(name string) (Spec, error) {
	spec, ok := Lookup(name)
	if !ok {
		return spec, fmt.Errorf("this build has no channel %q", name)
	}
	return spec, nil
}

// Guarded runs a channel's method and turns its panic into an error: one plugin's mistake must not take others' messages with it.
func Guarded[T any](what string, run func() (T, error)) (result T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s panicked: %v", what, p)
		}
	}()
	return run()
}

// Open makes the channel called name for one credential account.
func Open(name string, env Env) (Channel, error) {
	registry.RLock()
	r, ok := registry.channels[name]
	registry.RUnlock()
	if !ok {
		return nil, fmt.Errorf("opening channel %q: no such channel", name)
	}
	channel, err := r.open(env)
	if err != nil {
		return nil, fmt.Errorf("opening channel %q for account %q: %w", name, env.Account, err)
	}
	return channel, nil
}
