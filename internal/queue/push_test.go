package queue_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"omni/internal/inbox"
	"omni/internal/queue"
)

// loosely is an SQS that keeps what a standard queue would take.
type loosely struct {
	t      *testing.T
	bodies []string
	err    error
}

func (l *loosely) SendMessageBatch(_ context.Context, in *sqs.SendMessageBatchInput, _ ...func(*sqs.Options)) (*sqs.SendMessageBatchOutput, error) {
	size := 0
	for _, e := range in.Entries {
		if *in.QueueUrl == "pushes" && (e.MessageGroupId != nil || e.MessageDeduplicationId != nil) {
			l.t.Error("a standard queue knows no groups")
		}
		l.bodies = append(l.bodies, *e.MessageBody)
		size += len(*e.MessageBody)
	}
	if size > 1<<20 {
		l.t.Errorf("%d bytes in one call", size)
	}
	return &sqs.SendMessageBatchOutput{}, l.err
}

func newPushing(t *testing.T) (*loosely, *queue.Sender) {
	t.Helper()
	t.Parallel()
	l := &loosely{t: t}
	return l, queue.NewSender(l, map[string]string{inbox.PushQueue: "pushes", inbox.LiveQueue: "live"}, nil)
}

func connections(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("%s%05d=", strings.Repeat("x", 10), i)
	}
	return ids
}

func TestPushesNameTheirConnections(t *testing.T) {
	l, sender := newPushing(t)
	push := inbox.Push{
		At: time.Date(2026, 11, 22, 12, 0, 0, 5_000_000, time.UTC),
		Frame: inbox.Frame{
			Type: inbox.FramePresence, Conversation: uuid.Max, Agent: &inbox.FrameAgent{ID: uuid.Max, Name: "Ada <x>"}, State: inbox.PresenceTyping,
		},
	}
	for number, messages := range map[int]int{1: 1, 1000: 1, 5001: 2, 60_000: 12} {
		l.bodies = nil
		push.Connections = connections(number)
		if err := sender.Push(t.Context(), push); err != nil {
			t.Fatal(err)
		}
		if len(l.bodies) != messages {
			t.Errorf("%d connections in %d messages, want %d", number, len(l.bodies), messages)
		}
		var named []string
		for _, body := range l.bodies {
			got := decoded(t, body).Push
			if got == nil {
				t.Fatalf("not a push: %.200s", body)
			}
			named = append(named, got.Connections...)
			got.Connections = push.Connections
			if diff := cmp.Diff(push, *got); diff != "" {
				t.Error(diff)
			}
		}
		slices.Sort(named)
		if !slices.Equal(named, push.Connections) {
			t.Errorf("%d connections arrive of %d", len(named), number)
		}
	}
}

func TestConnectionsThatAreGoneGoToTheProcessor(t *testing.T) {
	l, sender := newPushing(t)
	if err := sender.ReportGone(t.Context(), []string{"a=", "b="}); err != nil || len(l.bodies) != 1 {
		t.Fatal(len(l.bodies), err)
	}
	if task := decoded(t, l.bodies[0]); !slices.Equal(task.Gone, []string{"a=", "b="}) || task.Job.Queue != inbox.LiveQueue {
		t.Errorf("%+v", task)
	}
	l.err = errors.New("the queue is away")
	if err := sender.ReportGone(t.Context(), []string{"a="}); err == nil {
		t.Error("nobody is told that the queue is away")
	}
}
