package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"omni/channels"
	"omni/internal/roster"
)

// openSecrets returns the source that CHANNEL_SECRETS names.
func openSecrets(config aws.Config, location string, log *slog.Logger) (roster.Source, error) {
	kind, where, _ := strings.Cut(location, ":")
	switch {
	case kind == "file" && where != "":
		return SecretsFile(where), nil
	case kind == "secretsmanager" && where != "":
		return secretsManager{api: secretsmanager.NewFromConfig(config), prefix: where, log: log}, nil
	}
	return nil, fmt.Errorf("CHANNEL_SECRETS=%q: want secretsmanager:PREFIX or file:PATH", location)
}

// SecretsFile is a JSON file of secrets: {"<channel>": {"<credential account>": {"<secret>": "value" or ["new value", "old value"]}}}.
type SecretsFile string

// Secrets reads a channel's accounts from the file, which is opened each time: it may have been edited.
func (f SecretsFile) Secrets(_ context.Context, channel string) (map[string]channels.Secrets, error) {
	content, err := os.ReadFile(string(f))
	if err != nil {
		return nil, err
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(content, &all); err != nil {
		return nil, fmt.Errorf("%s: %w", string(f), describe(err))
	}
	accounts, err := parseAccounts(all[channel])
	if err != nil {
		return nil, fmt.Errorf("%s: channel %s: %w", string(f), channel, err)
	}
	return accounts, nil
}

// secretsManager reads each channel's accounts from a secret of its own, called prefix and channel, so nothing that is wrong with one channel's
// secret concerns another.
type secretsManager struct {
	api    secretsAPI
	prefix string
	log    *slog.Logger
}

// Secrets reads the accounts of a channel. The secret is made empty, so one without a value is no mistake: the channel has no accounts yet.
func (s secretsManager) Secrets(ctx context.Context, channel string) (map[string]channels.Secrets, error) {
	name := s.prefix + channel
	out, err := s.api.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &name})
	var absent *types.ResourceNotFoundException
	if err != nil && !errors.As(err, &absent) {
		return nil, fmt.Errorf("secret %s: %w", name, err)
	}
	if err != nil || aws.ToString(out.SecretString) == "" {
		s.log.Warn("the channel's secret has no value: enter it with `omni secrets set "+channel+"`", "channel", channel, "secret", name)
		return nil, nil
	}
	accounts, err := parseAccounts([]byte(*out.SecretString))
	if err != nil {
		return nil, fmt.Errorf("secret %s: %w: enter it again with `omni secrets set %s`", name, err, channel)
	}
	return accounts, nil
}

// parseAccounts reads the secrets of a channel's credential accounts. Nothing at all means none.
func parseAccounts(raw []byte) (map[string]channels.Secrets, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	var parsed map[string]map[string]secretValues
	if err := json.Unmarshal(raw, &parsed); err != nil {
		return nil, describe(err)
	}
	accounts := map[string]channels.Secrets{}
	for account, secrets := range parsed {
		accounts[account] = channels.Secrets{}
		for name, values := range secrets {
			accounts[account][name] = values
		}
	}
	return accounts, nil
}

// describe says where JSON is wrong, and nothing of what it holds.
func describe(err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("this is not JSON from byte %d on", syntax.Offset)
	}
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return fmt.Errorf("%s where an object was expected, at byte %d", kind.Value, kind.Offset)
	}
	return err
}

// secretValues is one value or, during a rotation, a list of them.
type secretValues []string

var errSecretKind = errors.New("a secret is neither a string nor a list of strings")

func (v *secretValues) UnmarshalJSON(raw []byte) error {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		*v = secretValues{one}
		return nil
	}
	var list []string
	if json.Unmarshal(raw, &list) != nil {
		return errSecretKind
	}
	*v = list
	return nil
}
