package crash

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"omni/internal/app"
	"omni/tools/omni/desk"
	"omni/tools/omni/simulate"
)

// crashFolder is a folder that is removed unless the test fails.
func crashFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "omni-crash-")
	ok(t, err)
	// As root, PostgreSQL runs as another user, who has to be able to come by.
	ok(t, os.Chmod(folder, 0o711))
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("everything is kept in %s", folder)
		} else if err := os.RemoveAll(folder); err != nil {
			t.Errorf("%s: %v", filepath.Base(folder), err)
		}
	})
	return folder
}

// converse lets a customer write, and returns the conversation.
func (s *steps) converse(t *testing.T, channel string) (id uuid.UUID) {
	t.Helper()
	err := simulate.Run(t.Context(), simulate.Options{
		URL: s.url(), Channels: []string{channel}, Kinds: []string{"text"}, Count: 1, Customers: 1, Concurrency: 1, Seed: 1,
	}, simulate.Parts{
		Secrets: app.SecretsFile(s.state().Secrets()), Client: http.DefaultClient, Progress: simulate.NewProgress(io.Discard, false), Out: io.Discard,
	})
	ok(t, err)
	s.until(t, "the customer's message is processed", func(conn *pgx.Conn) (bool, error) {
		err := conn.QueryRow(t.Context(), `SELECT coalesce((SELECT c.id FROM conversations c JOIN channel_accounts a ON a.id = c.channel_account_id
			WHERE a.channel = $1 AND c.last_inbound_at IS NOT NULL), '00000000-0000-0000-0000-000000000000')`, channel).Scan(&id)
		return id != uuid.Nil, err
	})
	return id
}

// withoutDatabase freezes PostgreSQL while do runs.
func (s *steps) withoutDatabase(t *testing.T, do func()) {
	t.Helper()
	ok(t, s.postgres.freeze())
	defer func() { ok(t, s.postgres.thaw()) }()
	do()
}

// await waits until a message has come to its end, and looks whether that is the right one.
func (s *steps) await(t *testing.T, channel string, message uuid.UUID, want fate) {
	t.Helper()
	var got fate
	var state, reason string
	deadline := time.Now().Add(stepPatience)
	for got != want && time.Now().Before(deadline) {
		ok(t, s.awaitUp(t.Context()))
		var text, externalID string
		err := query(t.Context(), s.databaseURL(), func(conn *pgx.Conn) error {
			return conn.QueryRow(t.Context(), `SELECT m.status, m.text, coalesce(m.external_id, ''), coalesce(m.error_reason, ''), s.state
				FROM messages m JOIN sends s ON s.message_id = m.id WHERE m.id = $1`, message).Scan(&got.status, &text, &externalID, &reason, &state)
		})
		ok(t, err)
		got.taken = 0
		for _, taken := range s.office.platforms.Taken() {
			if taken.Channel == channel && (taken.ID == externalID || taken.Content.Text == text) {
				got.taken++
			}
		}
		time.Sleep(lookEvery)
	}
	if got != want || state != "done" {
		t.Errorf("%s: %s (send %s, %q), want %s", channel, got, state, reason, want)
	}
}

func (s *steps) exec(t *testing.T, statement string) {
	t.Helper()
	ok(t, query(t.Context(), s.databaseURL(), func(conn *pgx.Conn) error {
		_, err := conn.Exec(t.Context(), statement)
		return err
	}))
}

func (s *steps) untilState(t *testing.T, message uuid.UUID, state string) {
	t.Helper()
	s.until(t, "a send is "+state, func(conn *pgx.Conn) (is bool, err error) {
		return is, conn.QueryRow(t.Context(), `SELECT state = $2 FROM sends WHERE message_id = $1`, message, state).Scan(&is)
	})
}

// until looks into the database until there is what it should be.
func (s *steps) until(t *testing.T, what string, is func(*pgx.Conn) (bool, error)) {
	t.Helper()
	for deadline := time.Now().Add(stepPatience); time.Now().Before(deadline); time.Sleep(lookEvery) {
		var done bool
		ok(t, query(t.Context(), s.databaseURL(), func(conn *pgx.Conn) (err error) {
			done, err = is(conn)
			return err
		}))
		if done {
			return
		}
	}
	t.Fatalf("waited in vain until %s", what)
}

// untilOutbound waits until each channel's queue of answers holds so many messages, whether they are in flight or not.
func (s *steps) untilOutbound(t *testing.T, messages int) {
	t.Helper()
	running, err := s.state().Running()
	ok(t, err)
	client, err := desk.LocalSQS(running)
	ok(t, err)
	for deadline := time.Now().Add(stepPatience); time.Now().Before(deadline); time.Sleep(lookEvery) {
		if inQueue(t, client, running.OutboundQueueURL, telling) == messages && inQueue(t, client, running.OutboundQueueURL, silent) == messages {
			return
		}
	}
	t.Fatalf("waited in vain until the queues of answers hold %d messages", messages)
}

func inQueue(t *testing.T, client *sqs.Client, template, channel string) (n int) {
	t.Helper()
	out, err := client.GetQueueAttributes(context.WithoutCancel(t.Context()), &sqs.GetQueueAttributesInput{
		QueueUrl: aws.String(strings.ReplaceAll(template, "{channel}", channel)), AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll},
	})
	ok(t, err)
	for _, name := range []types.QueueAttributeName{
		types.QueueAttributeNameApproximateNumberOfMessages, types.QueueAttributeNameApproximateNumberOfMessagesNotVisible,
	} {
		var some int
		_, err := fmt.Sscan(out.Attributes[string(name)], &some)
		ok(t, err)
		n += some
	}
	return n
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
