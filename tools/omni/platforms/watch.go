package platforms

import (
	"sync"

	"omni/channels/simulate"
)

// Changed returns a channel that is closed when a platform has taken something, was given a hint, or has reported something, after the call.
func (s *Server) Changed() <-chan struct{} { return s.changes.next() }

// Wrote tells a channel's platform that customers wrote, as [Remote.Wrote] does.
func (s *Server) Wrote(channel, account string, w simulate.Webhook) {
	s.written(writtenBy(channel, account, w))
}

// Hint is a hint that a platform was given.
type Hint struct {
	Channel           string
	CredentialAccount string
	simulate.Hint
}

// Hints are the latest hints that the platforms were given: each account's oldest first.
func (s *Server) Hints() []Hint {
	var all []Hint
	for _, p := range s.players {
		hinter, ok := p.api.(simulate.Hinter)
		if !ok {
			continue
		}
		for _, hint := range hinter.Hints() {
			all = append(all, Hint{p.channel, p.account, hint})
		}
	}
	return all
}

// changes wakes whoever waits for one. The zero value is ready.
type changes struct {
	mu      sync.Mutex
	waiting chan struct{}
}

func (c *changes) next() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waiting == nil {
		c.waiting = make(chan struct{})
	}
	return c.waiting
}

func (c *changes) announce() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waiting != nil {
		close(c.waiting)
		c.waiting = nil
	}
}
