package dev

import (
	"bytes"
	"io"
	"net/http"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"omni/internal/queue/localsqs"
)

// tripper is a function as a transport.
type tripper func(*http.Request) (*http.Response, error)

func (f tripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// bothWays can be read and can write itself, as the SDK's request bodies can.
type bothWays struct{ *bytes.Reader }

func (bothWays) Close() error { return nil }

func TestPlainBodiesHideWriteTo(t *testing.T) {
	t.Parallel()
	body := bothWays{bytes.NewReader([]byte("hello"))}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Body = body
	response, err := plainBodies{tripper(func(r *http.Request) (*http.Response, error) {
		if _, both := r.Body.(io.WriterTo); both {
			t.Error("the body still has WriteTo")
		}
		content, err := io.ReadAll(r.Body)
		if string(content) != "hello" || err != nil {
			t.Errorf("read %q, %v", content, err)
		}
		return &http.Response{Body: http.NoBody}, nil
	})}.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if request.Body != body {
		t.Error("the caller's request was changed")
	}
}

func TestQueueOutlivesItsServer(t *testing.T) {
	t.Parallel()
	journal := filepath.Join(t.TempDir(), "queues.journal")
	first, err := startQueues(t.Context(), localsqs.Options{Journal: journal, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	_, err = first.client.SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: &first.live.url, MessageBody: aws.String("kept"), MessageGroupId: aws.String("g"), MessageDeduplicationId: aws.String("d"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := first.server.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := startQueues(t.Context(), localsqs.Options{Journal: journal, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	defer second.server.Close()
	got, err := second.client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &second.live.url, WaitTimeSeconds: 5})
	if err != nil || len(got.Messages) != 1 || aws.ToString(got.Messages[0].Body) != "kept" {
		t.Errorf("%+v, %v", got, err)
	}
}
