package secrets

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"omni/channels"
)

// Target is one credential account of a channel.
type Target struct {
	Spec    channels.Spec
	Account string
}

// accountForm is what a path segment can hold without escapes.
var accountForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// ParseTarget reads CHANNEL or CHANNEL/ACCOUNT. A channel whose webhook URL has to name an account needs it here too.
func ParseTarget(given string, specs []channels.Spec) (Target, error) {
	name, account, named := strings.Cut(given, "/")
	spec, err := Find(name, specs)
	switch {
	case err != nil:
		return Target{}, err
	case named && !accountForm.MatchString(account):
		return Target{}, fmt.Errorf("account %q: want letters, digits, dots, dashes and underscores, at most 64: it becomes a part of the webhook URL", account)
	case !named && spec.Account == channels.AccountRequired:
		return Target{}, fmt.Errorf("%s needs an account: say %s/ACCOUNT, with a name of your own that becomes a part of the webhook URL", spec.Title, name)
	case !named:
		account = channels.DefaultAccount
	}
	return Target{Spec: spec, Account: account}, nil
}

// Find returns the spec of a channel.
func Find(name string, specs []channels.Spec) (channels.Spec, error) {
	var names []string
	for _, spec := range specs {
		if spec.Name == name {
			return spec, nil
		}
		names = append(names, spec.Name)
	}
	return channels.Spec{}, fmt.Errorf("no channel %q: there are %s", name, strings.Join(names, ", "))
}

// String is the target as an operator writes it.
func (t Target) String() string { return t.Spec.Name + "/" + t.Account }

// Chosen are the channel's secrets with the names, or all of them when there are none.
func (t Target) Chosen(names []string) ([]channels.Secret, error) {
	for _, name := range names {
		if !slices.ContainsFunc(t.Spec.Secrets, func(s channels.Secret) bool { return s.Name == name }) {
			return nil, fmt.Errorf("%s has no secret %q:\n%s", t.Spec.Title, name, meanings(t.Spec))
		}
	}
	if len(names) == 0 {
		return t.Spec.Secrets, nil
	}
	return slices.DeleteFunc(slices.Clone(t.Spec.Secrets), func(s channels.Secret) bool { return !slices.Contains(names, s.Name) }), nil
}

// meanings lists the names that a channel knows and what they are.
func meanings(spec channels.Spec) string {
	var lines []string
	for _, secret := range spec.Secrets {
		lines = append(lines, fmt.Sprintf("  %-14s %s", secret.Name, secret.Meaning))
	}
	return strings.Join(lines, "\n")
}

// Set enters values for an account and returns the names that changed, sorted. With rotate, the value that was there becomes the second one,
// so that what is signed with either is accepted; without it, it is gone.
func Set(ctx context.Context, store Store, target Target, given map[string]Values, rotate bool) (changed []string, err error) {
	if err := check(target, given); err != nil {
		return nil, err
	}
	err = Update(ctx, store, target.Spec.Name, func(accounts Accounts) bool {
		changed = enter(accounts, target.Account, given, rotate)
		return len(changed) > 0
	})
	return changed, err
}

// check refuses what cannot be meant. Its errors name a secret and never repeat a value.
func check(target Target, given map[string]Values) error {
	var wrong []error
	for name, values := range given {
		if _, err := target.Chosen([]string{name}); err != nil {
			wrong = append(wrong, err)
		}
		if len(values) == 0 || slices.ContainsFunc(values, unusable) {
			wrong = append(wrong, fmt.Errorf("%s: a value is empty, or has a space at an end or a line break in it", name))
		}
	}
	return errors.Join(wrong...)
}

func unusable(value string) bool {
	return value == "" || strings.TrimSpace(value) != value || strings.ContainsAny(value, "\r\n\x00")
}

func enter(accounts Accounts, account string, given map[string]Values, rotate bool) (changed []string) {
	if accounts[account] == nil {
		accounts[account] = map[string]Values{}
	}
	stored := accounts[account]
	for name, values := range given {
		next := values
		if rotate {
			next = rotated(values, stored[name])
		}
		if !slices.Equal(next, stored[name]) {
			stored[name] = next
			changed = append(changed, name)
		}
	}
	slices.Sort(changed)
	return changed
}

// rotated is the new value and the one it takes the place of. A value that is the first one already starts no rotation.
func rotated(given, stored Values) Values {
	if len(given) != 1 || len(stored) == 0 {
		return given
	}
	if given[0] == stored[0] {
		return stored
	}
	return Values{given[0], stored[0]}
}
