package app

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"omni/channels"
	"omni/internal/pipeline"
)

// openSecrets returns the source that CHANNEL_SECRETS names.
func openSecrets(location string) (pipeline.SecretSource, error) {
	path, ok := strings.CutPrefix(location, "file:")
	if !ok || path == "" {
		return nil, fmt.Errorf("CHANNEL_SECRETS=%q: want file:PATH", location)
	}
	return SecretsFile(path), nil
}

// SecretsFile is a JSON file of secrets: {"<channel>": {"<credential account>": {"<secret>": "value" or ["new value", "old value"]}}}.
type SecretsFile string

// Secrets reads a channel's accounts from the file, which is opened each time: it may have been edited.
func (f SecretsFile) Secrets(_ context.Context, channel string) (map[string]channels.Secrets, error) {
	content, err := os.ReadFile(string(f))
	if err != nil {
		return nil, err
	}
	var all map[string]map[string]map[string]secretValues
	if err := json.Unmarshal(content, &all); err != nil {
		return nil, fmt.Errorf("%s: %w", string(f), err)
	}
	accounts := map[string]channels.Secrets{}
	for account, secrets := range all[channel] {
		accounts[account] = channels.Secrets{}
		for name, values := range secrets {
			accounts[account][name] = values
		}
	}
	return accounts, nil
}

// secretValues is one value or, during a rotation, a list of them.
type secretValues []string

func (v *secretValues) UnmarshalJSON(raw []byte) error {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		*v = secretValues{one}
		return nil
	}
	var list []string
	if err := json.Unmarshal(raw, &list); err != nil {
		return fmt.Errorf("a secret is neither a string nor a list of strings")
	}
	*v = list
	return nil
}
