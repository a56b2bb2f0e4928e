package crash

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	platforms "omni/channels/simulate"
	"omni/tools/omni/agents"
)

// talkTo lets one customer say so many things to the world, and writes them down as accepted.
func talkTo(t *testing.T, w *world, channel string, kinds ...string) *books {
	t.Helper()
	b := newBooks()
	record := b.newTalk(channel)
	platform, _ := platforms.Lookup(channel)
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for n, kind := range kinds {
		event, err := platform.Event(kind, platforms.Scene{
			Rand: rand.New(rand.NewPCG(1, 1)), At: at.Add(time.Duration(n) * time.Minute), Account: "100200300400500",
			Customer: platforms.Customer{Name: "Amara"}, Serial: n, Run: "run",
		})
		if err != nil {
			t.Fatal(err)
		}
		webhook := platform.Webhooks([]platforms.Event{event})[0]
		if err := w.deliver(t.Context(), channel, webhook.Body); err != nil {
			t.Fatal(err)
		}
		record(channel, "default", webhook)
	}
	return b
}

// witness is who knows of a world in which nobody answers.
func (w *world) witness(b *books) witnesses {
	return witnesses{books: b, agents: agents.New(agents.Options{})}
}

func (w *world) ledgerOf(t *testing.T, b *books) string {
	t.Helper()
	l, err := readLedger(t.Context(), w.url, w.witness(b))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := l.write(&out); (err != nil) != (len(l.complaints) > 0) || err != nil && !errors.Is(err, ErrWrong) {
		t.Errorf("%v with %d complaints", err, len(l.complaints))
	}
	return out.String()
}

func TestTheLedgerOfAnUndisturbedRunIsClean(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := talkTo(t, w, "whatsapp", "text", "image", "echo_text", "status_read", "made_up_field")
	if err := w.finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := w.ledgerOf(t, b)
	for _, want := range []string{"5 accepted = 5 processed + 0 dead with a reason + 0 missing; 5 rows", "1 conversations with 3 messages", "Nothing is lost"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:%s", want, got)
		}
	}
}

func TestTheLedgerSeesWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const one = `(SELECT id FROM messages WHERE text IS NOT NULL ORDER BY seq LIMIT 1)`
	for want, harm := range map[string]string{
		"accepted and not stored":             `DELETE FROM messages WHERE id = ` + one,
		"accepted, stored and not processed":  `UPDATE messages SET state = 'stored' WHERE id = ` + one,
		"1 rows are stored and not processed": `UPDATE message_events SET state = 'stored'`,
		"dead without a reason":               `UPDATE messages SET state = 'dead' WHERE id = ` + one,
		"some were stored twice or never accepted": `INSERT INTO message_events (id, channel_account_id, thread, lane, kind, key, state, webhook_log_id)
			SELECT gen_random_uuid(), channel_account_id, thread, lane, 'system', key, 'processed', webhook_log_id FROM message_events`,
		"1 accepted webhooks are not logged":               `DELETE FROM webhook_logs WHERE id = (SELECT id FROM webhook_logs LIMIT 1)`,
		"logged that was never accepted":                   `UPDATE webhook_logs SET body = 'x' WHERE id = (SELECT id FROM webhook_logs LIMIT 1)`,
		"1 jobs are open":                                  `UPDATE queue_logs SET closed_at = NULL WHERE id = (SELECT id FROM queue_logs LIMIT 1)`,
		"1 jobs were given up":                             `INSERT INTO dead_jobs (id, queue, body, reason, receive_count) VALUES (gen_random_uuid(), 'live', '{}', 'tired', 9)`,
		"1 messages were not announced":                    `INSERT INTO feed (kind, message_id) SELECT 'message.created', ` + one,
		"1 conversations were not announced":               `DELETE FROM feed WHERE kind = 'conversation.created'`,
		"1 conversations count other":                      `UPDATE conversations SET unread_count = 9`,
		"1 statuses have no receipt":                       `DELETE FROM message_statuses`,
		"1 processed messages have no conversation":        `UPDATE messages SET conversation_id = NULL WHERE id = ` + one,
		"have a lower sequence number than one":            `UPDATE messages SET seq = 9999 WHERE id = ` + one,
		"were processed before one":                        `UPDATE feed SET xid = '1' WHERE message_id = (SELECT id FROM messages ORDER BY seq DESC LIMIT 1)`,
		"point to a conversation or contact that was merg": `UPDATE contacts SET merged_into = id`,
	} {
		if err := w.empty(t.Context()); err != nil {
			t.Fatal(err)
		}
		b := talkTo(t, w, "whatsapp", "text", "image", "text", "status_read")
		if err := w.finish(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := w.conn.Exec(t.Context(), harm); err != nil {
			t.Fatalf("%s: %v", harm, err)
		}
		if got := w.ledgerOf(t, b); !strings.Contains(got, want) {
			t.Errorf("%s: no %q in:%s", harm, want, got)
		}
	}
}

func TestARowThatIsDeadWithAReasonIsExplained(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := talkTo(t, w, "whatsapp", "text", "image", "text")
	if _, err := w.conn.Exec(t.Context(), `UPDATE messages SET state = 'dead', reason = 'incomprehensible' WHERE seq = 2`); err != nil {
		t.Fatal(err)
	}
	if err := w.finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := w.ledgerOf(t, b); !strings.Contains(got, "3 accepted = 2 processed + 1 dead with a reason + 0 missing") || !strings.Contains(got, "Nothing is lost") {
		t.Error(got)
	}
}

func TestALongListOfComplaintsIsCut(t *testing.T) {
	t.Parallel()
	var l ledger
	for n := range shown + 7 {
		l.complain("complaint %d", n)
	}
	var out strings.Builder
	if err := l.write(&out); !errors.Is(err, ErrWrong) {
		t.Errorf("got %v", err)
	}
	if last := fmt.Sprint("complaint ", shown); strings.Contains(out.String(), last) || !strings.Contains(out.String(), "and 7 more") {
		t.Error(out.String())
	}
}
