package main

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"omni/channels"
	"omni/channels/simulate"
)

func TestSubscribeUsage(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"subscribe":                  "`omni subscribe --help`",
		"subscribe telegram/support": "--url",
		"subscribe telegram/support --check --remove":          "can't be used together",
		"subscribe whatsapp --check --own-url":                 "need --url",
		"subscribe telegram --check":                           "needs an account",
		"subscribe pigeon --check":                             "no channel \"pigeon\"",
		"subscribe whatsapp --check --aws --file secrets.json": "do not go together",
		"doctor --aws --file secrets.json":                     "do not go together",
	} {
		status, _, errs := omni(t, "", strings.Fields(args)...)
		if status == 0 || !strings.HasPrefix(errs, "omni: ") || !strings.Contains(errs, want) {
			t.Errorf("%s: status %d, %q, want %q", args, status, errs, want)
		}
	}
}

// TestAWebhookIsRegisteredAndExamined takes a bot through the commands, against a server that plays Telegram.
func TestAWebhookIsRegisteredAndExamined(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("DATABASE_URL", "")
	const token = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
	platform, _ := simulate.Lookup("telegram")
	server := httptest.NewServer(platform.(simulate.API).API(map[string]channels.Secrets{"support": {"bot_token": {token}}}, nil))
	t.Cleanup(server.Close)
	file := filepath.Join(t.TempDir(), "secrets.json")
	content := `{"telegram": {"support": {"bot_token": "` + token + `", "secret_token": "hidden-token"}}}`
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		args   string
		status int
		want   string
	}{
		{"doctor --url https://api.example", 1, "telegram/support webhook: nothing is registered on bot @support_bot"},
		{"subscribe telegram/support --check", 0, "    not registered"},
		{"subscribe telegram/support --url https://api.example", 0, "    webhooks to  https://api.example/webhooks/telegram/support\n    events       business_connection,"},
		{"doctor --url https://api.example", 0, "telegram/support webhook: registered, to https://api.example/webhooks/telegram/support"},
		{"doctor", 0, "telegram/support token: accepted, @support_bot"},
		{"subscribe telegram/support --url https://other.example", 1, "nobody can be asked here"},
		{"subscribe telegram/support --url https://other.example --yes --events message", 0, "    events       message\n"},
		{"doctor --url https://api.example", 1, "omni: 1 problem: see above"},
		{"subscribe telegram/support --remove", 1, "nobody can be asked here"},
		{"subscribe telegram/support --remove -y", 0, "Registered now:"},
	} {
		status, out, errs := omni(t, "", append(strings.Fields(step.args), "--file", file, "--platform-url", server.URL)...)
		if all := out + errs; status != step.status || !strings.Contains(all, step.want) || strings.Contains(all, "AAHdq") || strings.Contains(all, "hidden-") {
			t.Errorf("%s: status %d, no %q in, or a secret in:\n%s", step.args, status, step.want, all)
		}
	}
}
