// Package secrets shows and changes the channels' secrets, in the file of the local server or in AWS Secrets Manager. It never prints a value.
package secrets

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// Accounts are a channel's secrets by credential account and name.
type Accounts map[string]map[string]Values

// Values are one value or, while a rotation lasts, the new one and the old one. In JSON a single value is a string.
type Values []string

// ErrChanged means that somebody else has written a channel's secrets since they were read.
var ErrChanged = errors.New("the secrets were changed by somebody else in the meantime")

// Store keeps the secrets of every channel.
type Store interface {
	// Read returns a channel's secrets and names their version. A channel that never had any has no accounts and the version "".
	Read(ctx context.Context, channel string) (Accounts, string, error)
	// Write replaces a channel's secrets if they still have the version; otherwise it changes nothing and returns [ErrChanged].
	Write(ctx context.Context, channel string, accounts Accounts, version string) error
	// Flags are what `omni secrets` has to be given to mean this store.
	Flags() string
}

// attempts is how often a change is tried when others write at the same time.
const attempts = 5

// Update reads a channel's secrets, changes them, and writes them. It starts again when somebody else was faster, with what is there then.
// change gets an empty map if there are none yet, and returns false when there is nothing to write.
func Update(ctx context.Context, store Store, channel string, change func(Accounts) bool) error {
	for range attempts {
		accounts, version, err := store.Read(ctx, channel)
		if err != nil {
			return err
		}
		if accounts == nil {
			accounts = Accounts{}
		}
		if !change(accounts) {
			return nil
		}
		err = store.Write(ctx, channel, accounts, version)
		if !errors.Is(err, ErrChanged) {
			return err
		}
	}
	return fmt.Errorf("writing the secrets of %s, %d times: %w", channel, attempts, ErrChanged)
}

// MarshalJSON implements json.Marshaler.
func (v Values) MarshalJSON() ([]byte, error) {
	if len(v) == 1 {
		return json.Marshal(v[0])
	}
	return json.Marshal([]string(v))
}

// UnmarshalJSON implements json.Unmarshaler. Its errors repeat nothing of what was read.
func (v *Values) UnmarshalJSON(raw []byte) error {
	var one *string
	if json.Unmarshal(raw, &one) == nil && one != nil {
		*v = Values{*one}
		return nil
	}
	var list []string
	if json.Unmarshal(raw, &list) != nil || list == nil {
		return errors.New("a secret is neither a string nor a list of strings")
	}
	*v = list
	return nil
}
