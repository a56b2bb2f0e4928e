package app

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"

	"omni/channels"
	"omni/internal/metrics"
)

// vault is a Secrets Manager: the one call that functions make, in its wire protocol (JSON 1.1).
// Source: docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
type vault struct {
	url string

	mu     sync.Mutex
	values map[string]string // by the secret's name; empty: the secret has no value yet
	asked  []string          // names, in order
}

func startVault(t *testing.T, values map[string]string) *vault {
	t.Helper()
	v := &vault{values: values}
	server := httptest.NewServer(http.HandlerFunc(v.serve))
	t.Cleanup(server.Close)
	v.url = server.URL
	return v
}

func (v *vault) serve(w http.ResponseWriter, r *http.Request) {
	var request struct {
		SecretID string `json:"SecretId"`
	}
	body, _ := io.ReadAll(r.Body)
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	if err := json.Unmarshal(body, &request); err != nil || r.Header.Get("X-Amz-Target") != "secretsmanager.GetSecretValue" {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"__type": "InvalidRequestException", "Message": "not a call that is known here"}`)
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.asked = append(v.asked, request.SecretID)
	switch value, exists := v.values[request.SecretID]; {
	case !exists:
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"__type": "AccessDeniedException", "Message": "not authorized to perform secretsmanager:GetSecretValue"}`)
	case value == "":
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"__type": "ResourceNotFoundException", "Message": "can't find the specified secret value for staging label: AWSCURRENT"}`)
	default:
		_ = json.NewEncoder(w).Encode(map[string]string{"Name": request.SecretID, "SecretString": value})
	}
}

func (v *vault) set(name, value string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.values[name] = value
}

// calls are the names that were asked for.
func (v *vault) calls() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.asked)
}

// config is the configuration of clients that talk to the vault.
func (v *vault) config() aws.Config {
	return aws.Config{
		Region: "eu-central-1", BaseEndpoint: &v.url, Credentials: credentials.NewStaticCredentialsProvider("key", "secret", "token"),
	}
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func writeSecrets(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secrets.json")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return "file:" + path
}

func TestAChannelsSecrets(t *testing.T) {
	t.Parallel()
	const chat = `{"default": {"token": "one"}, "shop": {"token": ["new", "old"]}}`
	v := startVault(t, map[string]string{"omni/channels/chat": chat, "omni/channels/absent": ""})
	for name, location := range map[string]string{
		"file": writeSecrets(t, `{"chat": `+chat+`, "other": 7}`), "Secrets Manager": "secretsmanager:omni/channels/",
	} {
		source, err := openSecrets(v.config(), location, quiet())
		if err != nil {
			t.Fatal(err)
		}
		got, err := source.Secrets(t.Context(), "chat")
		want := map[string]channels.Secrets{"default": {"token": {"one"}}, "shop": {"token": {"new", "old"}}}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
		if got, err := source.Secrets(t.Context(), "absent"); err != nil || len(got) != 0 {
			t.Errorf("%s: a channel without secrets: %v, %v", name, got, err)
		}
	}
}

// What is wrong with a channel's secrets is said without them, and other channels do not suffer.
func TestSecretsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	const fine = `{"default": {"token": "one"}}`
	for broken, part := range map[string]string{
		`{"default": {"token": 1234567}}`:      "neither a string nor a list",
		`{"default": {"token": {"s3cret":1}}}`: "neither a string nor a list",
		`["s3cret"]`:                           "array where an object was expected",
		`{"default": "s3cret"}`:                "string where an object was expected, at byte",
	} {
		v := startVault(t, map[string]string{"p/chat": broken, "p/other": fine})
		for _, location := range []string{writeSecrets(t, `{"chat": `+broken+`, "other": `+fine+`}`), "secretsmanager:p/"} {
			source, err := openSecrets(v.config(), location, quiet())
			if err != nil {
				t.Fatal(err)
			}
			_, err = source.Secrets(t.Context(), "chat")
			if err == nil || !strings.Contains(err.Error(), part) || strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "1234567") {
				t.Errorf("%s in %s: %v", broken, location, err)
			}
			if got, err := source.Secrets(t.Context(), "other"); err != nil || len(got) != 1 {
				t.Errorf("the other channel: %v, %v", got, err)
			}
		}
	}
}

func TestSecretsThatAreNoJSON(t *testing.T) {
	t.Parallel()
	v := startVault(t, map[string]string{"p/chat": `{"default": s3cret`})
	for location, part := range map[string]string{
		writeSecrets(t, `{"chat": s3cret`): "this is not JSON from byte 10 on",
		"secretsmanager:p/":                "secret p/chat: this is not JSON from byte 13 on: enter it again with `omni secrets set chat`",
	} {
		source, err := openSecrets(v.config(), location, quiet())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := source.Secrets(t.Context(), "chat"); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%s: %v", location, err)
		}
	}
}

func TestSecretsThatMayNotBeRead(t *testing.T) {
	t.Parallel()
	v := startVault(t, nil)
	source, err := openSecrets(v.config(), "secretsmanager:p/", quiet())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := source.Secrets(t.Context(), "chat"); err == nil || !strings.Contains(err.Error(), "secret p/chat: ") || !strings.Contains(err.Error(), "AccessDenied") {
		t.Errorf("got %v", err)
	}
}

func TestWhereSecretsAreHasToBeSaid(t *testing.T) {
	t.Parallel()
	for _, location := range []string{"/etc/secrets", "file:", "secretsmanager:", "vault:x"} {
		if _, err := openSecrets(aws.Config{}, location, quiet()); err == nil || !strings.Contains(err.Error(), "want secretsmanager:PREFIX or file:PATH") {
			t.Errorf("%s: %v", location, err)
		}
	}
}

// A webhook reads the secret of its own channel, once; one without a value is refused, and the log says what to do.
func TestAWebhookReadsItsChannelsSecretAlone(t *testing.T) {
	t.Parallel()
	v := startVault(t, map[string]string{"p/whatsapp": "", "p/messenger": `{"default": {"app_secret": "right", "verify_token": "chosen"}}`})
	var log bytes.Buffer
	source, err := openSecrets(v.config(), "secretsmanager:p/", slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	parts := Parts{Secrets: source, Meter: metrics.NewEmitter("test", io.Discard, time.Now), Log: slog.New(slog.NewTextHandler(&log, nil))}
	webhook := parts.Webhook()
	for _, c := range []struct {
		channel string
		status  int
	}{{"whatsapp", 503}, {"whatsapp", 503}, {"messenger", 401}} {
		answer, err := webhook(t.Context(), events.APIGatewayV2HTTPRequest{RouteKey: "POST /webhooks/" + c.channel, Body: "{}"})
		if err != nil || answer.StatusCode != c.status {
			t.Errorf("%s: %v, %v", c.channel, answer, err)
		}
	}
	if diff := cmp.Diff([]string{"p/whatsapp", "p/messenger"}, v.calls()); diff != "" {
		t.Errorf("secrets read (-want +got):\n%s", diff)
	}
	if !strings.Contains(log.String(), "enter it with `omni secrets set whatsapp`") || strings.Contains(log.String(), "right") {
		t.Errorf("logged: %s", &log)
	}
}
