package pipeline

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"omni/channels"
)

// rereadAfter is how often at most a channel's secrets are read again because something did not match them.
const rereadAfter = time.Minute

// ErrUnknownAccount means that a webhook URL names a credential account that has no secrets.
var ErrUnknownAccount = errors.New("unknown credential account")

// MissingSecretsError means that webhooks of an account cannot be verified until an operator enters the named secrets.
type MissingSecretsError struct {
	Channel, Account string
	Names            []string
}

func (e *MissingSecretsError) Error() string {
	return fmt.Sprintf("channel %s, account %s: missing secrets: %s", e.Channel, e.Account, strings.Join(e.Names, ", "))
}

// Roster opens channels with the secrets of their credential accounts and keeps them open. It is safe for concurrent use.
type Roster struct {
	source SecretSource
	now    func() time.Time

	mu      sync.Mutex
	entries map[string]*rosterEntry // by channel
}

type rosterEntry struct {
	secrets map[string]channels.Secrets // by credential account
	readAt  time.Time
	open    map[string]channels.Channel
}

// NewRoster makes a roster that reads secrets from source when it first needs them.
func NewRoster(source SecretSource, now func() time.Time) *Roster {
	return &Roster{source: source, now: now, entries: map[string]*rosterEntry{}}
}

// Channel returns the channel opened for an account. The error is [ErrUnknownAccount], a [MissingSecretsError], or says why secrets
// could not be read.
func (r *Roster) Channel(ctx context.Context, spec channels.Spec, account string) (channels.Channel, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	entry, err := r.entry(ctx, spec)
	if err != nil {
		return nil, err
	}
	channel, err := entry.channel(spec, account)
	if err == nil || !r.reread(ctx, spec, entry) {
		return channel, err
	}
	return r.entries[spec.Name].channel(spec, account)
}

// Renewed returns the channel opened with secrets that were read again, or false when it is too soon for that or they cannot be read.
// It is for webhooks that the known secrets refuse.
func (r *Roster) Renewed(ctx context.Context, spec channels.Spec, account string) (channels.Channel, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	entry, err := r.entry(ctx, spec)
	if err != nil || !r.reread(ctx, spec, entry) {
		return nil, false
	}
	channel, err := r.entries[spec.Name].channel(spec, account)
	return channel, err == nil
}

func (r *Roster) entry(ctx context.Context, spec channels.Spec) (*rosterEntry, error) {
	if entry, ok := r.entries[spec.Name]; ok {
		return entry, nil
	}
	if err := r.read(ctx, spec); err != nil {
		return nil, err
	}
	return r.entries[spec.Name], nil
}

// reread reports whether the secrets were read again.
func (r *Roster) reread(ctx context.Context, spec channels.Spec, entry *rosterEntry) bool {
	if r.now().Sub(entry.readAt) < rereadAfter {
		return false
	}
	entry.readAt = r.now() // counts as read even if it fails: the source is not asked again at once
	return r.read(ctx, spec) == nil
}

func (r *Roster) read(ctx context.Context, spec channels.Spec) error {
	secrets, err := r.source.Secrets(ctx, spec.Name)
	if err != nil {
		return fmt.Errorf("reading the secrets of channel %s: %w", spec.Name, err)
	}
	r.entries[spec.Name] = &rosterEntry{secrets: secrets, readAt: r.now(), open: map[string]channels.Channel{}}
	return nil
}

func (e *rosterEntry) channel(spec channels.Spec, account string) (channels.Channel, error) {
	if channel, ok := e.open[account]; ok {
		return channel, nil
	}
	secrets, known := e.secrets[account]
	if !known && account != channels.DefaultAccount {
		return nil, fmt.Errorf("%w %q of channel %s", ErrUnknownAccount, account, spec.Name)
	}
	if missing := spec.Missing(secrets); len(missing) > 0 {
		return nil, &MissingSecretsError{Channel: spec.Name, Account: account, Names: missing}
	}
	channel, err := channels.Open(spec.Name, channels.Env{Account: account, Secrets: secrets})
	if err != nil {
		return nil, err
	}
	e.open[account] = channel
	return channel, nil
}
