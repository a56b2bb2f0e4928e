// Package roster opens channels with the secrets of their credential accounts and keeps them open.
package roster

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"omni/channels"
	"omni/internal/patience"
)

// rereadAfter is how often at most a channel's secrets are read again because something did not match them.
const rereadAfter = time.Minute

// Source reads the secrets of a channel: those of every credential account, by its name.
type Source interface {
	Secrets(ctx context.Context, channel string) (map[string]channels.Secrets, error)
}

// ErrUnknownAccount means that a credential account has no secrets.
var ErrUnknownAccount = errors.New("unknown credential account")

// MissingSecretsError means that an account cannot be used until an operator enters the named secrets.
type MissingSecretsError struct {
	Channel, Account string
	Names            []string
}

func (e *MissingSecretsError) Error() string {
	return fmt.Sprintf("channel %s, account %s: missing secrets: %s", e.Channel, e.Account, strings.Join(e.Names, ", "))
}

// Options say what channels are opened for.
type Options struct {
	Purpose channels.Purpose // an account that lacks a secret for this is not opened
	HTTP    channels.Doer    // see [channels.Env]
	Files   channels.Files   // see [channels.Env]
}

// Roster opens channels. It is safe for concurrent use.
type Roster struct {
	source  Source
	now     func() time.Time
	options Options

	mu      sync.Mutex
	entries map[string]*entry // by channel
}

type entry struct {
	options Options
	secrets map[string]channels.Secrets // by credential account
	readAt  time.Time
	open    map[string]channels.Channel
}

// New makes a roster that reads secrets from source when it first needs them.
func New(source Source, now func() time.Time, o Options) *Roster {
	return &Roster{source: source, now: now, options: o, entries: map[string]*entry{}}
}

// Channel returns the channel opened for an account. The error is [ErrUnknownAccount], a [MissingSecretsError], or says why secrets
// could not be read.
func (r *Roster) Channel(ctx context.Context, spec channels.Spec, account string) (channels.Channel, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	known, err := r.entry(ctx, spec)
	if err != nil {
		return nil, err
	}
	channel, err := known.channel(spec, account)
	if err == nil || !r.reread(ctx, spec, known) {
		return channel, err
	}
	return r.entries[spec.Name].channel(spec, account)
}

// Renewed returns the channel opened with secrets that were read again, or false when it is too soon for that or they cannot be read.
// It is for what the known secrets refuse, or are refused for.
func (r *Roster) Renewed(ctx context.Context, spec channels.Spec, account string) (channels.Channel, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	known, err := r.entry(ctx, spec)
	if err != nil || !r.reread(ctx, spec, known) {
		return nil, false
	}
	channel, err := r.entries[spec.Name].channel(spec, account)
	return channel, err == nil
}

// With opens a channel for an account and does something with it, and again with secrets that were read anew if the platform refuses those. The channel's
// panic is an error.
func (r *Roster) With(ctx context.Context, spec channels.Spec, account string, do func(channels.Channel) error) error {
	guarded := func(channel channels.Channel) error {
		_, err := channels.Guarded("the channel", func() (struct{}, error) { return struct{}{}, do(channel) })
		return err
	}
	channel, err := r.Channel(ctx, spec, account)
	if err != nil {
		return err
	}
	err = guarded(channel)
	if errors.Is(err, channels.ErrCredentials) {
		if renewed, ok := r.Renewed(ctx, spec, account); ok {
			return guarded(renewed)
		}
	}
	return err
}

// LacksSecrets reports whether an error means that there is nothing to call the platform with.
func LacksSecrets(err error) bool {
	var missing *MissingSecretsError
	return errors.As(err, &missing) || errors.Is(err, channels.ErrMissingSecrets) || errors.Is(err, ErrUnknownAccount)
}

// NeedsOperator reports whether an error goes away only when somebody enters other secrets.
func NeedsOperator(err error) bool {
	return errors.Is(err, channels.ErrCredentials) || LacksSecrets(err)
}

func (r *Roster) entry(ctx context.Context, spec channels.Spec) (*entry, error) {
	if known, ok := r.entries[spec.Name]; ok {
		return known, nil
	}
	if err := r.read(ctx, spec); err != nil {
		return nil, err
	}
	return r.entries[spec.Name], nil
}

// reread reports whether the secrets were read again.
func (r *Roster) reread(ctx context.Context, spec channels.Spec, known *entry) bool {
	if patience.Lately(r.now(), known.readAt, rereadAfter) {
		return false
	}
	known.readAt = r.now() // counts as read even if it fails: the source is not asked again at once
	return r.read(ctx, spec) == nil
}

func (r *Roster) read(ctx context.Context, spec channels.Spec) error {
	secrets, err := r.source.Secrets(ctx, spec.Name)
	if err != nil {
		return fmt.Errorf("reading the secrets of channel %s: %w", spec.Name, err)
	}
	r.entries[spec.Name] = &entry{options: r.options, secrets: secrets, readAt: r.now(), open: map[string]channels.Channel{}}
	return nil
}

func (e *entry) channel(spec channels.Spec, account string) (channels.Channel, error) {
	if channel, ok := e.open[account]; ok {
		return channel, nil
	}
	secrets, known := e.secrets[account]
	if !known && account != channels.DefaultAccount {
		return nil, fmt.Errorf("%w %q of channel %s", ErrUnknownAccount, account, spec.Name)
	}
	if missing := spec.MissingFor(e.options.Purpose, secrets); len(missing) > 0 {
		return nil, &MissingSecretsError{Channel: spec.Name, Account: account, Names: missing}
	}
	channel, err := channels.Open(spec.Name, channels.Env{
		Account: account, Secrets: secrets, HTTP: e.options.HTTP, Files: e.options.Files,
	})
	if err != nil {
		return nil, err
	}
	e.open[account] = channel
	return channel, nil
}
