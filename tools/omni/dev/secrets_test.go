package dev

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"omni/channels"
	"omni/internal/app"
)

var (
	chat = channels.Spec{Name: "chat", Account: channels.AccountOptional, Secrets: []channels.Secret{
		{Name: "app_secret", For: channels.ForVerify}, {Name: "verify_token", For: channels.ForVerify}, {Name: "access_token", For: channels.ForSend},
	}}
	bot = channels.Spec{Name: "bot", Account: channels.AccountRequired, Secrets: []channels.Secret{{Name: "secret_token", For: channels.ForVerify}}}
)

// read reads the file as the product does.
func read(t *testing.T, path, channel string) map[string]channels.Secrets {
	t.Helper()
	accounts, err := app.SecretsFile(path).Secrets(t.Context(), channel)
	if err != nil {
		t.Fatal(err)
	}
	return accounts
}

func TestEnsureSecretsMakesWhatVerifyNeeds(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "secrets.json")
	added, err := EnsureSecrets(t.Context(), path, []channels.Spec{bot, chat})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(added, []string{"bot", "chat"}) {
		t.Errorf("added %q", added)
	}
	chats, bots := read(t, path, "chat"), read(t, path, "bot")
	for _, values := range [][]string{chats["default"]["app_secret"], chats["default"]["verify_token"], bots["demo"]["secret_token"]} {
		if len(values) != 1 || len(values[0]) < 20 {
			t.Errorf("%d values, want one long random one", len(values))
		}
	}
	if chats["default"]["access_token"] != nil {
		t.Error("made a token that only the platform can give")
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v, want 0600", info.Mode(), err)
	}
	added, err = EnsureSecrets(t.Context(), path, []channels.Spec{bot, chat})
	if diff := cmp.Diff(chats, read(t, path, "chat")); diff != "" || added != nil || err != nil {
		t.Errorf("the second time: added %q, %v\n%s", added, err, diff)
	}
}

func TestEnsureSecretsKeepsWhatIsThere(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "secrets.json")
	const content = `{"chat": {"default": {"app_secret": ["new", "old"], "access_token": "mine"}},
		"bot": {"support": {"secret_token": "x"}}, "gone": {"a": {"b": "c"}}}`
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	added, err := EnsureSecrets(t.Context(), path, []channels.Spec{bot, chat})
	if err != nil || !slices.Equal(added, []string{"chat"}) {
		t.Errorf("added %q, %v, want only what chat lacked", added, err)
	}
	token := read(t, path, "chat")["default"]["verify_token"]
	if len(token) != 1 {
		t.Errorf("%d verify tokens", len(token))
	}
	for channel, want := range map[string]map[string]channels.Secrets{
		"chat": {"default": {"app_secret": {"new", "old"}, "access_token": {"mine"}, "verify_token": token}},
		"bot":  {"support": {"secret_token": {"x"}}},
		"gone": {"a": {"b": {"c"}}},
	} {
		if diff := cmp.Diff(want, read(t, path, channel)); diff != "" {
			t.Errorf("%s:\n%s", channel, diff)
		}
	}
}

func TestEnsureSecretsLeavesAFileThatItCannotRead(t *testing.T) {
	t.Parallel()
	for _, content := range []string{`{`, `{"chat": {"default": {"app_secret": 1}}}`} {
		path := filepath.Join(t.TempDir(), "secrets.json")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := EnsureSecrets(t.Context(), path, []channels.Spec{chat}); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want one that names the file", content, err)
		}
		if got, err := os.ReadFile(path); string(got) != content || err != nil {
			t.Errorf("%s became %s, %v", content, got, err)
		}
	}
}
