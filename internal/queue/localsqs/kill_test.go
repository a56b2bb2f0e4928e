package localsqs

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// childJournal is set for the child of TestKill: this test binary, run as a server and nothing else.
const childJournal = "LOCALSQS_TEST_CHILD_JOURNAL"

// beChild serves until it is killed.
func beChild(journal string) {
	s, err := Start(Options{Journal: journal})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	s.journal.minDead = 20_000 // so that some are killed while they rewrite
	fmt.Println(s.URL())
	io.Copy(io.Discard, os.Stdin) // ends with the parent
	os.Exit(0)
}

type child struct {
	command *exec.Cmd
	url     string
}

func startChild(t *testing.T, journal string) child {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self)
	c.Env = append(os.Environ(), childJournal+"="+journal)
	if _, err := c.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	url, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(url, "http") {
		t.Fatalf("the child said %q: %v", url, err)
	}
	return child{c, strings.TrimSpace(url)}
}

func (c child) kill() {
	c.command.Process.Kill()
	c.command.Wait() // says that it was killed
}

// ledger is what the clients were told.
type ledger struct {
	mu      sync.Mutex
	sent    map[string]bool // bodies whose send was acknowledged
	deleted map[string]bool // bodies whose delete was acknowledged
	trying  map[string]bool // bodies whose delete was asked for
	acks    int
	enough  int           // acks at which reached is closed
	reached chan struct{} // made anew for each load
}

// expect starts counting to n more acknowledgements.
func (l *ledger) expect(n int) <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.enough, l.reached = l.acks+n, make(chan struct{})
	return l.reached
}

func (l *ledger) acknowledge(set map[string]bool, body string) {
	l.note(set, body)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.acks++; l.acks == l.enough {
		close(l.reached)
	}
}

func (l *ledger) note(set map[string]bool, body string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	set[body] = true
}

// TestKill kills a server with SIGKILL under load, again and again. In the end nothing that was acknowledged as sent is lost, nothing that
// was acknowledged as deleted is back, and every group is in order.
//
// It is not parallel: a child that is just being forked holds the journal locks of every other test for a moment.
func TestKill(t *testing.T) {
	journal := filepath.Join(t.TempDir(), "journal")
	l := &ledger{sent: map[string]bool{}, deleted: map[string]bool{}, trying: map[string]bool{}}
	const rounds = 4
	for round := range rounds {
		c := startChild(t, journal)
		load(t, l, c, round)
	}
	rest := drain(t, journal)
	for body := range l.sent {
		if !l.trying[body] && !slices.Contains(rest, body) {
			t.Errorf("%s was acknowledged and is lost", body)
		}
	}
	last := map[string]string{}
	for _, body := range rest {
		if l.deleted[body] {
			t.Errorf("%s was deleted and is back", body)
		}
		group, _, _ := strings.Cut(body, " ")
		if body <= last[group] {
			t.Errorf("%s comes after %s", body, last[group])
		}
		last[group] = body
	}
	t.Logf("%d sends and %d deletes acknowledged, %d messages left", len(l.sent), len(l.deleted), len(rest))
	if len(l.sent) < rounds*200 || len(l.deleted) < rounds*100 {
		t.Error("that is not much of a load")
	}
}

// load works until some hundred acknowledgements have come, then kills the child in the middle.
func load(t *testing.T, l *ledger, c child, round int) {
	client := sqs.New(sqs.Options{
		BaseEndpoint: &c.url, Region: "us-east-1", RetryMaxAttempts: 1, Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	made, err := client.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("q.fifo"), Attributes: fifo})
	if err != nil {
		t.Fatal(err)
	}
	reached := l.expect(1000)
	var workers sync.WaitGroup
	for worker := range 3 {
		workers.Go(func() { produce(ctx, client, *made.QueueUrl, l, fmt.Sprintf("r%d-w%d", round, worker)) })
		workers.Go(func() { consume(ctx, client, *made.QueueUrl, l) })
	}
	select {
	case <-reached:
	case <-ctx.Done():
		t.Error("the child did not get on")
	}
	c.kill()
	workers.Wait()
}

// produce sends numbered bodies in one group until the server is gone.
func produce(ctx context.Context, client *sqs.Client, url string, l *ledger, group string) {
	for n := 0; ; n += 5 {
		var batch []types.SendMessageBatchRequestEntry
		for i := range 5 {
			body := fmt.Sprintf("%s %06d", group, n+i)
			batch = append(batch, types.SendMessageBatchRequestEntry{Id: aws.String(fmt.Sprint(i)), MessageBody: &body, MessageGroupId: &group})
		}
		out, err := client.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: &url, Entries: batch})
		if err != nil {
			return
		}
		if len(out.Successful) != len(batch) {
			return
		}
		for _, e := range batch {
			l.acknowledge(l.sent, *e.MessageBody)
		}
	}
}

// consume receives and deletes until the server is gone.
func consume(ctx context.Context, client *sqs.Client, url string, l *ledger) {
	for {
		out, err := client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10, WaitTimeSeconds: 1})
		if err != nil {
			return
		}
		if len(out.Messages) == 0 {
			continue
		}
		var batch []types.DeleteMessageBatchRequestEntry
		for i, m := range out.Messages {
			l.note(l.trying, *m.Body)
			batch = append(batch, types.DeleteMessageBatchRequestEntry{Id: aws.String(fmt.Sprint(i)), ReceiptHandle: m.ReceiptHandle})
		}
		deleted, err := client.DeleteMessageBatch(ctx, &sqs.DeleteMessageBatchInput{QueueUrl: &url, Entries: batch})
		if err != nil || len(deleted.Failed) > 0 {
			return
		}
		for _, m := range out.Messages {
			l.acknowledge(l.deleted, *m.Body)
		}
	}
}

// drain reads what the journal holds, an hour later, when nothing is in flight any more.
func drain(t *testing.T, journal string) []string {
	t.Helper()
	b := &box{TB: t, clock: NewManualClock(time.Now().Add(time.Hour))}
	b.Server = b.open(Options{Journal: journal, Clock: b.clock})
	defer b.Server.Close()
	q := b.queues["q.fifo"]
	q.tick(b.clock.Now().UnixMilli())
	var rest []string
	for _, n := range slices.Sorted(maps.Keys(q.messages)) {
		rest = append(rest, q.messages[n].Body)
	}
	return rest
}
