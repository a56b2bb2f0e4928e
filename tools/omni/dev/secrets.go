package dev

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"omni/channels"
	"omni/internal/app"
)

// DemoAccount is the credential account that is made for a channel whose webhook URL has to name one.
const DemoAccount = "demo"

// OwnAccount is the credential account that is made for a channel.
func OwnAccount(spec channels.Spec) string {
	if spec.Account == channels.AccountRequired {
		return DemoAccount
	}
	return channels.DefaultAccount
}

// secretsFile is the file of local secrets as it is written: by channel, credential account and name. What is not made here is carried along
// unread; [app.SecretsFile] knows its form.
type secretsFile map[string]map[string]map[string]json.RawMessage

// EnsureSecrets completes the file so that every channel can verify webhooks, and names the channels for which it made secrets. What is
// there is kept. A channel without accounts gets one, with random values; what is only needed to send is left out, because only the
// platform can give it.
func EnsureSecrets(ctx context.Context, path string, specs []channels.Spec) (added []string, err error) {
	file, err := readSecrets(path)
	if err != nil {
		return nil, err
	}
	for _, spec := range specs {
		missing, err := file.missing(ctx, path, spec)
		if err != nil {
			return nil, err
		}
		if len(missing) > 0 {
			file.add(spec, missing)
			added = append(added, spec.Name)
		}
	}
	if len(added) == 0 {
		return nil, nil
	}
	return added, file.write(path)
}

func readSecrets(path string) (secretsFile, error) {
	content, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return secretsFile{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the local secrets: %w", err)
	}
	file := secretsFile{}
	if err := json.Unmarshal(content, &file); err != nil {
		return nil, fmt.Errorf("reading the local secrets: %s: %w", path, err)
	}
	return file, nil
}

// missing names what the channel's own account lacks; nothing when the operator has given the channel other accounts instead.
func (f secretsFile) missing(ctx context.Context, path string, spec channels.Spec) ([]string, error) {
	if len(f[spec.Name]) == 0 {
		return spec.VerifySecrets(), nil
	}
	if f[spec.Name][OwnAccount(spec)] == nil {
		return nil, nil
	}
	accounts, err := app.SecretsFile(path).Secrets(ctx, spec.Name)
	if err != nil {
		return nil, fmt.Errorf("reading the local secrets: %w", err)
	}
	return spec.Missing(accounts[OwnAccount(spec)]), nil
}

func (f secretsFile) add(spec channels.Spec, names []string) {
	own := OwnAccount(spec)
	if f[spec.Name] == nil {
		f[spec.Name] = map[string]map[string]json.RawMessage{}
	}
	if f[spec.Name][own] == nil {
		f[spec.Name][own] = map[string]json.RawMessage{}
	}
	for _, name := range names {
		f[spec.Name][own][name] = json.RawMessage(`"` + strings.ToLower(rand.Text()) + `"`)
	}
}

// write replaces the file as a whole: a reader sees the old one or the new one.
func (f secretsFile) write(path string) error {
	content, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the local secrets: %w", err)
	}
	unfinished, err := os.CreateTemp(filepath.Dir(path), ".secrets-*") // mode 0600
	if err != nil {
		return fmt.Errorf("writing the local secrets: %w", err)
	}
	defer os.Remove(unfinished.Name()) // does nothing after the rename
	_, err = unfinished.Write(append(content, '\n'))
	if err := errors.Join(err, unfinished.Close()); err != nil {
		return fmt.Errorf("writing the local secrets: %w", err)
	}
	return os.Rename(unfinished.Name(), path)
}
