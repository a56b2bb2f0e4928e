package app_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"omni/internal/app"
	"omni/internal/queue"
)

// patience is how long a platform is made to wait at most, whatever is out of order.
const patience = 2 * time.Second

// startBroken is an SQS that is out of order, behind a client with the SDK's own patience, as that of `omni dev`.
func startBroken(t *testing.T, answer http.HandlerFunc) *sqs.Client {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return sqs.New(sqs.Options{BaseEndpoint: &server.URL, Region: "local", Credentials: credentials.NewStaticCredentialsProvider("x", "x", "")})
}

func refusing(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }

// hanging answers nothing until the client gives up, which is noticed once its request is read.
func hanging(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

// startSilent is a database server that takes connections and says nothing.
func startSilent(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return "postgres://nobody@" + listener.Addr().String() + "/nothing?sslmode=disable"
}

func TestAWebhookIsAnsweredInTimeWhateverIsOutOfOrder(t *testing.T) {
	s := hire(t)
	for name, test := range map[string]struct {
		queue    http.HandlerFunc
		database string
		stored   int
	}{
		"the queue refuses":                   {refusing, s.url, 1},
		"the queue hangs":                     {hanging, s.url, 1},
		"the queue and the database hang":     {hanging, startSilent(t), 0},
		"the queue refuses, no database runs": {refusing, "postgres://nobody@127.0.0.1:1/nothing", 0},
	} {
		t.Run(name, func(t *testing.T) {
			before := s.count(`SELECT count(*) FROM messages WHERE state = 'stored'`)
			parts := s.parts(test.database)
			parts.Queue = queue.NewSender(startBroken(t, test.queue), app.Queues{Live: "live", Bulk: "bulk"}.URLs(), nil)
			hello, _ := s.event("whatsapp", "text")
			request := s.request("whatsapp", hello)
			begun := time.Now()
			answer, err := parts.Webhook()(t.Context(), request)
			if took := time.Since(begun); err != nil || answer.StatusCode != http.StatusInternalServerError || took > patience {
				t.Errorf("answered %d after %v, %v", answer.StatusCode, took, err)
			}
			if stored := s.count(`SELECT count(*) FROM messages WHERE state = 'stored'`) - before; stored != test.stored {
				t.Errorf("%d messages were stored, want %d", stored, test.stored)
			}
		})
	}
}
