package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDeployCommandsHelp(t *testing.T) {
	t.Parallel()
	for command, wants := range map[string][]string{
		"deploy":        {"--dry-run", "--var-file", "--allow-loss", "--backend-config", "Examples:"},
		"destroy":       {"--confirm", "--state", "Examples:"},
		"secrets":       {"--aws", "Examples:"},
		"secrets set":   {"--rotate", "--from", "Examples:"},
		"secrets check": {"Examples:"},
	} {
		status, help, _ := omni(t, "", append(strings.Fields(command), "--help")...)
		for _, want := range wants {
			if status != 0 || !strings.Contains(help, want) {
				t.Errorf("%s --help: status %d, no %s in:\n%s", command, status, want, help)
			}
		}
	}
}

func TestDeployUsage(t *testing.T) {
	t.Parallel()
	elsewhere := t.TempDir()
	for args, want := range map[string]string{
		"deploy --var-file nowhere.tfvars":                                      "nowhere.tfvars",
		"deploy --backend-config nowhere.hcl":                                   "neither NAME=VALUE nor a file",
		"deploy --terraform " + elsewhere + "/none --source " + elsewhere:       "get Terraform",
		"destroy --terraform " + elsewhere + "/none --source=" + elsewhere:      "get Terraform",
		"secrets check --aws --file x":                                          "do not go together",
		"secrets check pigeon":                                                  "there are ",
		"secrets set":                                                           "`omni secrets set --help`",
		"secrets set telegram":                                                  "telegram/ACCOUNT",
		"secrets set telegram/x --from nowhere.json --file " + elsewhere + "/s": "nowhere.json",
	} {
		if status, _, errs := omni(t, "", strings.Fields(args)...); status == 0 || !strings.Contains(errs, want) {
			t.Errorf("%s: status %d, %q, want %q", args, status, errs, want)
		}
	}
}

func TestBackendConfigFilesAreMadeAbsolute(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("production.hcl", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for given, absolute := range map[string]bool{"key=a/b": false, "production.hcl": true} {
		got, err := backendConfig(given)
		if err != nil || filepath.IsAbs(got) != absolute {
			t.Errorf("%s: %q, %v", given, got, err)
		}
	}
}

func TestAsking(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		typed, want string
		agreed      bool
	}{
		"yes":          {"y\n", "", true},
		"a long yes":   {"YES\n", "", true},
		"nothing":      {"\n", "", false},
		"the end":      {"", "", false},
		"the prefix":   {" omni \n", "omni", true},
		"a mere yes":   {"yes\n", "omni", false},
		"other prefix": {"OMNI\n", "omni", false},
	} {
		var out strings.Builder
		agreed, err := asker(streams{in: strings.NewReader(c.typed), out: &out})("Go on?", c.want)
		if agreed != c.agreed || err != nil || !strings.HasPrefix(out.String(), "Go on?") {
			t.Errorf("%s: %t, %v, asked %q", name, agreed, err, out.String())
		}
	}
	if _, err := asker(streams{piped: true})("Go on?", ""); err == nil {
		t.Error("somebody is asked who is not there")
	}
}

func TestSecretsFromStandardInputAndFile(t *testing.T) {
	t.Parallel()
	store := filepath.Join(t.TempDir(), "secrets.json")
	values := filepath.Join(t.TempDir(), "values.json")
	if err := os.WriteFile(values, []byte(`{"secret_token": "hidden2"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		args, in, out string
		status        int
	}{
		{"check", "", "no secrets: it refuses every webhook", 0},
		{"check telegram", "", "no secrets: it refuses every webhook", 1},
		{"set telegram/bot", `{"secret_token": "hidden"}`, "telegram/bot: secret_token entered", 0},
		{"set telegram/bot secret_token --rotate --from " + values, "", "telegram/bot: secret_token entered", 0},
		{"check telegram", "", "2 values are accepted", 0},
		{"set telegram/bot --from -", `{"secret_token": "hidden2"}`, "telegram/bot: secret_token entered", 0},
		{"set telegram/bot", `{"secret_token": "hidden2"}`, "nothing changed", 0},
		{"set telegram/bot", `{"secret": "hidden"}`, "", 1},
		{"check", "", "telegram/bot", 0},
	}
	for _, step := range steps {
		args := append(append([]string{"secrets"}, strings.Fields(step.args)...), "--file", store)
		status, out, errs := omni(t, step.in, args...)
		if status != step.status || !strings.Contains(out, step.out) {
			t.Errorf("%s: status %d, want %d with %q in:\n%s%s", step.args, status, step.status, step.out, out, errs)
		}
		if strings.Contains(out+errs, "hidden") {
			t.Errorf("%s prints a value:\n%s%s", step.args, out, errs)
		}
	}
}
