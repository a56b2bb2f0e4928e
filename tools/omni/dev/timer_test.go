package dev

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/queue"
	"omni/internal/store"
	"omni/internal/store/storetest"
	"omni/tools/omni/desk"
	"omni/tools/omni/state"
)

// waiting is a running server with a look at its database and its queues.
type waiting struct {
	t      *testing.T
	store  *store.Store
	db     *pgxpool.Pool
	client *sqs.Client
	live   string
}

func newWaiting(t *testing.T) waiting {
	t.Helper()
	t.Parallel()
	opened, database := storetest.New(t)
	running, _ := begin(t, Options{
		State: state.Folder(filepath.Join(t.TempDir(), ".omni")), Address: "127.0.0.1:0", DatabaseURL: database, Pollers: 1, Out: io.Discard, Log: quiet,
	})
	client, err := desk.LocalSQS(running)
	if err != nil {
		t.Fatal(err)
	}
	db, err := pgxpool.New(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return waiting{t: t, store: opened, db: db, live: running.QueueURL, client: client}
}

// queue is the URL of another queue of the server.
func (w waiting) queue(name string) string { return strings.Replace(w.live, liveQueue, name, 1) }

// job stores a message whose job nobody knows of, and returns what the job's message on a queue is.
func (w waiting) job(text string, due time.Time) queue.Timed {
	w.t.Helper()
	raw := fmt.Sprintf(`{"update_id": 1, "message": {"message_id": 2, "date": 1700000000, "text": %q,
		"from": {"id": 7, "is_bot": false, "first_name": "Ada"}, "chat": {"id": 7, "type": "private", "first_name": "Ada"}}}`, text)
	stored, err := w.store.Ingest(w.t.Context(), inbox.Webhook{
		ID: uuid.Must(uuid.NewV7()), Channel: "telegram", CredentialAccount: "demo", Body: []byte(raw),
		Events: []channels.Event{{Kind: channels.KindMessage, Account: "demo", Thread: text, ID: text, At: time.Unix(1700000000, 0), Raw: []byte(raw)}},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	job := stored.Jobs[0]
	body, err := json.Marshal(map[string]any{"version": 1, "kind": "wake", "job": job})
	if err != nil {
		w.t.Fatal(err)
	}
	return queue.Timed{At: due, Queue: job.Queue, Group: job.Group(), Dedup: job.ID.String() + ":1", Body: string(body)}
}

// later puts a message on one of the server's standard queues.
func (w waiting) later(name string, m queue.Timed) {
	w.t.Helper()
	if err := queue.NewTimer(w.client, w.queue(name), nil, time.Now).Later(w.t.Context(), m); err != nil {
		w.t.Fatal(err)
	}
}

// await returns the time in the first row of a query as soon as there is one.
func (w waiting) await(query string, args ...any) (at time.Time) {
	w.t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		err := w.db.QueryRow(w.t.Context(), query, args...).Scan(&at)
		if err == nil {
			return at
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			w.t.Fatal(err)
		}
	}
	w.t.Fatalf("%s %v: nothing within a minute", query, args)
	return at
}

// processed waits until a message is processed and returns when that was.
func (w waiting) processed(text string) time.Time {
	w.t.Helper()
	return w.await(`SELECT processed_at FROM messages WHERE text = $1 AND state = 'processed'`, text)
}

func TestAJobOnTheTimerQueueReachesItsQueueWhenItIsDue(t *testing.T) {
	w := newWaiting(t)
	due := time.Now().Add(1500 * time.Millisecond)
	w.later(timerQueue, w.job("hello", due))
	if at := w.processed("hello"); at.Before(due) {
		t.Errorf("processed %s before it was due", due.Sub(at))
	}
}

func TestAMessageThatDiedWhileItWaitedWaitsOnOrIsKept(t *testing.T) {
	w := newWaiting(t)
	due := time.Now().Add(1500 * time.Millisecond)
	early := w.job("hello", due)
	body, err := json.Marshal(map[string]any{
		"version": 1, "kind": "timed", "at": due, "queue": early.Queue, "group": early.Group, "dedup": early.Dedup, "body": early.Body,
	})
	if err != nil {
		t.Fatal(err)
	}
	dead := w.queue(deadTimerQueue)
	if _, err := w.client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &dead, MessageBody: aws.String(string(body))}); err != nil {
		t.Fatal(err)
	}
	if at := w.processed("hello"); at.Before(due) {
		t.Errorf("processed %s before it was due", due.Sub(at))
	}
	lost := w.job("lost", time.Now().Add(-48*time.Hour))
	lost.Queue = "gone"
	w.later(deadTimerQueue, lost)
	w.await(`SELECT died_at FROM dead_jobs WHERE reason LIKE '%queue "gone"%'`)
}
