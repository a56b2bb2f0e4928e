package lambda_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/jackc/pgx/v5"

	"omni/internal/store/storetest"
)

// patience is how long the platform is made to wait at most, when SQS is out of order.
const patience = 2 * time.Second

// startServer is an HTTP server that stands for one of AWS's services.
func startServer(t *testing.T, serve http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(serve)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return server.URL
}

// The platform sends again what was answered with 500, and finds it stored.
func TestAQueueThatIsOutOfOrderDoesNotHoldUpTheWebhookBootstrap(t *testing.T) {
	t.Parallel()
	for name, serve := range map[string]http.HandlerFunc{
		"refuses": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) },
		"hangs": func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // only then is it noticed that the client gave up
			<-r.Context().Done()
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, database := storetest.New(t)
			endpoint := startServer(t, serve)
			webhook := startFunction(t, bootstrap(t, "webhook"), map[string]string{
				"DATABASE_URL": database, "MESSAGE_QUEUE_URL": endpoint + "/messages.fifo", "CHANNEL_SECRETS": "file:" + secretsFile(t),
				"AWS_ENDPOINT_URL_SQS": endpoint, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x",
			})
			var answer events.APIGatewayV2HTTPResponse
			begun := time.Now()
			err := webhook.invoke(t.Context(), webhookEvent(webhookBody), &answer)
			if took := time.Since(begun); err != nil || answer.StatusCode != 500 || took > patience {
				t.Errorf("answered %d after %v, %v", answer.StatusCode, took, err)
			}
			if n := storedMessages(t, database); n != 1 {
				t.Errorf("%d messages are stored", n)
			}
		})
	}
}

func TestTheWebhookBootstrapReadsSecretsManager(t *testing.T) {
	t.Parallel()
	vault := startServer(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		_, _ = io.WriteString(w, `{"SecretString": "{\"default\": {\"app_secret\": \"`+appSecret+`\", \"verify_token\": \"v\"}}"}`)
	})
	_, database := storetest.New(t)
	_, queueURL, endpoint := startQueue(t)
	webhook := startFunction(t, bootstrap(t, "webhook"), map[string]string{
		"DATABASE_URL": database, "MESSAGE_QUEUE_URL": queueURL, "CHANNEL_SECRETS": "secretsmanager:omni/channels/",
		"AWS_ENDPOINT_URL_SQS": endpoint, "AWS_ENDPOINT_URL_SECRETS_MANAGER": vault,
		"AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x",
	})
	var answer events.APIGatewayV2HTTPResponse
	if err := webhook.invoke(t.Context(), webhookEvent(webhookBody), &answer); err != nil || answer.StatusCode != 200 {
		t.Errorf("answered with %+v, %v", answer, err)
	}
}

func storedMessages(t *testing.T, database string) (n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if err := conn.QueryRow(t.Context(), `SELECT count(*) FROM messages WHERE state = 'stored'`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
