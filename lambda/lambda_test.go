// Package lambda_test boots the built functions as AWS would: the bootstraps under a Runtime API, with a real PostgreSQL and SQS's wire
// protocol behind them.
package lambda_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/jackc/pgx/v5"

	"omni/internal/localpg/pgtest"
	"omni/internal/queue/localsqs"
	"omni/internal/store/storetest"
	"omni/tools/omni/build"
)

const appSecret = "app-secret-of-the-test"

const webhookBody = `{"object":"whatsapp_business_account","entry":[{"id":"waba-1","changes":[{"field":"messages","value":{
	"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550000001","phone_number_id":"pn-1"},
	"contacts":[{"profile":{"name":"Grace"},"wa_id":"4915112345678"}],
	"messages":[{"from":"4915112345678","id":"wamid.boot","timestamp":"1790000000","type":"text","text":{"body":"Grüße 👋"}}]}}]}]}`

// bootstraps builds every function once for this machine.
var bootstraps = sync.OnceValues(func() (map[string]string, error) {
	out, err := os.MkdirTemp("", "omni-bootstraps-")
	built := map[string]string{}
	if err == nil {
		err = build.All(context.Background(), "..", out, []string{runtime.GOARCH}, func(a build.Artifact) { built[a.Function] = a.Bootstrap })
	}
	return built, err
})

func bootstrap(t *testing.T, function string) string {
	t.Helper()
	built, err := bootstraps()
	if err != nil {
		t.Fatal(err)
	}
	return built[function]
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built, err := bootstraps(); err == nil {
		for _, path := range built {
			_ = os.RemoveAll(filepath.Dir(filepath.Dir(filepath.Dir(path))))
		}
	}
	os.Exit(code)
}

func TestAWebhookGoesThroughTheBootstraps(t *testing.T) {
	t.Parallel()
	_, database := storetest.New(t)
	client, queueURL, endpoint := startQueue(t)
	webhook := startFunction(t, bootstrap(t, "webhook"), map[string]string{
		"DATABASE_URL": database, "MESSAGE_QUEUE_URL": queueURL, "CHANNEL_SECRETS": "file:" + secretsFile(t),
		"AWS_ENDPOINT_URL_SQS": endpoint, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x",
	})
	var answer events.APIGatewayV2HTTPResponse
	if err := webhook.invoke(t.Context(), webhookEvent(webhookBody), &answer); err != nil || answer.StatusCode != 200 {
		t.Fatalf("the webhook was answered with %+v, %v", answer, err)
	}

	processor := startFunction(t, bootstrap(t, "processor"), map[string]string{"DATABASE_URL": database})
	var outcome events.SQSEventResponse
	if err := processor.invoke(t.Context(), queueEvent(t, client, queueURL), &outcome); err != nil || len(outcome.BatchItemFailures) > 0 {
		t.Fatalf("the processor answered %+v, %v", outcome, err)
	}
	if got := messageText(t, database); got != "Grüße 👋" {
		t.Errorf("the message reads %q", got)
	}
}

func TestAForgedWebhookIsRefusedByTheBootstrapWithoutADatabase(t *testing.T) {
	t.Parallel()
	webhook := startFunction(t, bootstrap(t, "webhook"), map[string]string{
		"DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing", "MESSAGE_QUEUE_URL": "http://127.0.0.1:1/queue.fifo",
		"CHANNEL_SECRETS": "file:" + secretsFile(t), "AWS_REGION": "us-east-1",
	})
	event := webhookEvent(webhookBody)
	event.Body = strings.Replace(event.Body, "Grüße", "Gruesse", 1)
	var answer events.APIGatewayV2HTTPResponse
	if err := webhook.invoke(t.Context(), event, &answer); err != nil || answer.StatusCode != 401 {
		t.Errorf("answered with %+v, %v", answer, err)
	}
	event = webhookEvent(webhookBody)
	if err := webhook.invoke(t.Context(), event, &answer); err != nil || answer.StatusCode != 500 {
		t.Errorf("a genuine one that cannot be stored was answered with %+v, %v", answer, err)
	}
}

func TestMigrateBootstrapMakesTheSchema(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t, "", nil)
	migrate := startFunction(t, bootstrap(t, "migrate"), map[string]string{"DATABASE_URL": database})
	for i, event := range []any{map[string]string{"code_hash": "abc"}, []int{1}, nil} { // what it is called with does not matter
		var result struct {
			Applied []struct {
				Version int
				Name    string
			}
		}
		if err := migrate.invoke(t.Context(), event, &result); err != nil || len(result.Applied) > 0 != (i == 0) {
			t.Fatalf("call %d: applied %+v, %v", i, result, err)
		}
		if i == 0 && (result.Applied[0].Version != 1 || result.Applied[0].Name != "00001_inbox.sql") {
			t.Errorf("the first migration is %+v", result.Applied[0])
		}
	}
}

func TestAFunctionWithoutItsConfigurationSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	command := exec.Command(bootstrap(t, "webhook"))
	command.Env = []string{"DATABASE_URL=postgres://x"}
	out, err := command.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "MESSAGE_QUEUE_URL is not set") || !strings.Contains(string(out), "CHANNEL_SECRETS is not set") {
		t.Errorf("%v: %s", err, out)
	}
}

func startQueue(t *testing.T) (client *sqs.Client, queueURL, endpoint string) {
	t.Helper()
	server, err := localsqs.Start(localsqs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	client = sqs.New(sqs.Options{
		BaseEndpoint: aws.String(server.URL()), Region: server.Region(), Credentials: credentials.NewStaticCredentialsProvider("x", "x", ""),
	})
	created, err := client.CreateQueue(t.Context(), &sqs.CreateQueueInput{
		QueueName: aws.String("messages.fifo"), Attributes: map[string]string{"FifoQueue": "true"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return client, *created.QueueUrl, server.URL()
}

func secretsFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secrets.json")
	if err := os.WriteFile(path, []byte(`{"whatsapp":{"default":{"app_secret":"`+appSecret+`","verify_token":"v"}}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func webhookEvent(body string) events.APIGatewayV2HTTPRequest {
	mac := hmac.New(sha256.New, []byte(appSecret))
	mac.Write([]byte(webhookBody))
	return events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: "POST /webhooks/whatsapp", Body: body,
		Headers: map[string]string{"x-hub-signature-256": "sha256=" + hex.EncodeToString(mac.Sum(nil))},
	}
}

// queueEvent receives what is on the queue as Lambda's event source mapping would hand it over.
func queueEvent(t *testing.T, client *sqs.Client, url string) events.SQSEvent {
	t.Helper()
	out, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{
		QueueUrl: &url, MaxNumberOfMessages: 10, MessageSystemAttributeNames: []types.MessageSystemAttributeName{"All"},
	})
	if err != nil || len(out.Messages) != 1 {
		t.Fatalf("one job wanted, got %d, %v", len(out.Messages), err)
	}
	m := out.Messages[0]
	return events.SQSEvent{Records: []events.SQSMessage{{MessageId: *m.MessageId, Body: *m.Body, Attributes: m.Attributes}}}
}

func messageText(t *testing.T, database string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var text string
	if err := conn.QueryRow(t.Context(), `SELECT text FROM messages WHERE state = 'processed'`).Scan(&text); err != nil {
		t.Fatal(err)
	}
	return text
}
