package queue_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/uuid"

	"omni/internal/inbox"
	"omni/internal/queue"
)

func TestADeadBodyIsSentOnceMoreToItsLane(t *testing.T) {
	client, url := setup(t, nil)
	sender := queue.NewSender(client, map[string]string{inbox.LiveQueue: url}, nil)
	receive := func() (got types.Message) {
		t.Helper()
		out, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{
			QueueUrl: &url, MaxNumberOfMessages: 10, MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
		})
		if err != nil || len(out.Messages) != 1 {
			t.Fatalf("%+v, %v", out, err)
		}
		if _, err := client.DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: out.Messages[0].ReceiptHandle}); err != nil {
			t.Fatal(err)
		}
		return out.Messages[0]
	}
	original := job("a", 1)
	if err := sender.Send(t.Context(), []inbox.Job{original}); err != nil {
		t.Fatal(err)
	}
	first := receive()
	if err := sender.Resend(t.Context(), *first.Body, uuid.Must(uuid.NewV7())); err != nil {
		t.Fatal(err)
	}
	second := receive() // SQS did not take it for a repetition
	if *second.Body != *first.Body || second.Attributes["MessageGroupId"] != original.Group() {
		t.Errorf("sent %s of group %s, got %s of group %s", *first.Body, original.Group(), *second.Body, second.Attributes["MessageGroupId"])
	}
	waited, err := json.Marshal(map[string]any{
		"version": 1, "kind": "timed", "at": time.Now(), "queue": inbox.LiveQueue, "group": "g", "dedup": "d", "body": *first.Body,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := sender.Resend(t.Context(), string(waited), uuid.Must(uuid.NewV7())); err != nil {
		t.Fatal(err)
	}
	if got := receive(); *got.Body != *first.Body || got.Attributes["MessageGroupId"] != original.Group() {
		t.Errorf("of what waited came %s of group %s", *got.Body, got.Attributes["MessageGroupId"])
	}
	if err := sender.Resend(t.Context(), "nonsense", uuid.Must(uuid.NewV7())); err != nil {
		t.Fatal(err)
	}
	if got := receive(); *got.Body != "nonsense" {
		t.Errorf("got %s", *got.Body)
	}
}
