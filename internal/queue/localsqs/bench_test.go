package localsqs

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

const (
	benchBody   = 450     // bytes
	benchBacked = 100_000 // messages that wait in the queue all the time
)

// backed makes a FIFO queue with many messages of many groups waiting.
func backed(b *testing.B, journal bool) (*box, string) {
	o := Options{}
	if journal {
		o.Journal = filepath.Join(b.TempDir(), "journal")
	}
	box := newBox(b, o)
	url := box.queue("q.fifo", map[string]string{
		"FifoQueue": "true", "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId",
	})
	for n := 0; n < benchBacked; n += 10 {
		box.call("SendMessageBatch", tenSends(url, n), nil)
	}
	b.ResetTimer()
	return box, url
}

func tenSends(url string, n int) batchInput[sendEntry] {
	in := batchInput[sendEntry]{QueueUrl: url}
	for i := range 10 {
		group, dedup := fmt.Sprint("g", (n+i)%20_000), fmt.Sprint("d", n+i)
		in.Entries = append(in.Entries, sendEntry{
			Id: fmt.Sprint(i), MessageBody: strings.Repeat("x", benchBody), MessageGroupId: &group, MessageDeduplicationId: &dedup,
		})
	}
	return in
}

// BenchmarkHandler moves ten messages through a queue of 100,000 by three calls.
func BenchmarkHandler(b *testing.B) {
	for _, journal := range []bool{false, true} {
		b.Run(fmt.Sprint("journal=", journal), func(b *testing.B) {
			box, url := backed(b, journal)
			for n := benchBacked; b.Loop(); n += 10 {
				box.call("SendMessageBatch", tenSends(url, n), nil)
				in := batchInput[receiptEntry]{QueueUrl: url}
				for i, m := range box.receive(url, 10) {
					in.Entries = append(in.Entries, receiptEntry{Id: fmt.Sprint(i), ReceiptHandle: m.ReceiptHandle})
				}
				box.call("DeleteMessageBatch", in, nil)
			}
			b.ReportMetric(float64(b.N)*10/b.Elapsed().Seconds(), "msg/s")
		})
	}
}

// BenchmarkSDK does the same through the network and the real client, one call after the other.
func BenchmarkSDK(b *testing.B) {
	for _, journal := range []bool{false, true} {
		b.Run(fmt.Sprint("journal=", journal), func(b *testing.B) {
			o := Options{}
			if journal {
				o.Journal = filepath.Join(b.TempDir(), "journal")
			}
			server, err := Start(o)
			if err != nil {
				b.Fatal(err)
			}
			defer server.Close()
			client := sqs.New(sqs.Options{
				BaseEndpoint: aws.String(server.URL()), Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
			})
			made, err := client.CreateQueue(b.Context(), &sqs.CreateQueueInput{QueueName: aws.String("q.fifo"), Attributes: fifo})
			if err != nil {
				b.Fatal(err)
			}
			for n := 0; b.Loop(); n += 10 {
				tenThrough(b, client, made.QueueUrl, n)
			}
			b.ReportMetric(float64(b.N)*10/b.Elapsed().Seconds(), "msg/s")
		})
	}
}

func tenThrough(b *testing.B, client *sqs.Client, url *string, n int) {
	var send []types.SendMessageBatchRequestEntry
	for i := range 10 {
		send = append(send, types.SendMessageBatchRequestEntry{
			Id: aws.String(fmt.Sprint(i)), MessageBody: aws.String(strings.Repeat("x", benchBody)),
			MessageGroupId: aws.String(fmt.Sprint("g", i)), MessageDeduplicationId: aws.String(fmt.Sprint("d", n+i)),
		})
	}
	if _, err := client.SendMessageBatch(b.Context(), &sqs.SendMessageBatchInput{QueueUrl: url, Entries: send}); err != nil {
		b.Fatal(err)
	}
	out, err := client.ReceiveMessage(b.Context(), &sqs.ReceiveMessageInput{QueueUrl: url, MaxNumberOfMessages: 10})
	if err != nil || len(out.Messages) != 10 {
		b.Fatalf("received %d messages: %v", len(out.Messages), err)
	}
	var remove []types.DeleteMessageBatchRequestEntry
	for i, m := range out.Messages {
		remove = append(remove, types.DeleteMessageBatchRequestEntry{Id: aws.String(fmt.Sprint(i)), ReceiptHandle: m.ReceiptHandle})
	}
	if _, err := client.DeleteMessageBatch(b.Context(), &sqs.DeleteMessageBatchInput{QueueUrl: url, Entries: remove}); err != nil {
		b.Fatal(err)
	}
}
