package app_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"omni/channels"
	"omni/channels/simulate"
	"omni/internal/edge"
	"omni/internal/inbox"
	"omni/internal/store"
)

// The webhook function stores and the processor processes everything that customers do on any platform: before they have written anything,
// after it, and once more. What was accepted without a database is stored by the processor.
func TestTheRolesSufficeForWhatCustomersDo(t *testing.T) {
	s := hire(t)
	made := 0
	for round, webhook := range []edge.HTTPHandler{s.webhook, s.webhook, s.spilling} {
		for _, channel := range simulate.Channels() {
			platform, _ := simulate.Lookup(channel)
			for _, kind := range platform.Kinds() {
				event, ok := s.event(channel, kind)
				if !ok && round > 0 {
					t.Errorf("%s has no %s", channel, kind)
				}
				if ok {
					made++
					s.take(webhook, channel, event)
				}
			}
			s.hand(s.process)
		}
		s.earlier = s.earlier[max(0, len(s.earlier)-1):]
	}
	if n := s.count(`SELECT count(*) FROM webhook_logs`); n != made {
		t.Errorf("%d webhooks are logged of %d", n, made)
	}
	for _, query := range []string{
		`SELECT count(*) FROM messages WHERE state <> 'processed'`, `SELECT count(*) FROM message_events WHERE state <> 'processed'`,
		`SELECT count(*) FROM queue_logs WHERE closed_at IS NULL`,
	} {
		if n := s.count(query); n != 0 {
			t.Errorf("%s: %d", query, n)
		}
	}
	for _, table := range []string{"attachments", "message_statuses", "unknown_kinds", "feed"} {
		if s.count(`SELECT count(*) FROM `+table) == 0 {
			t.Errorf("nothing came into %s", table)
		}
	}
}

// whoIs is a WhatsApp message from somebody who is known by what is not empty.
func whoIs(id, number, bsuid string) simulate.Webhook {
	sender, contact := `"from":"`+number+`",`, `"wa_id":"`+number+`",`
	if number == "" {
		sender, contact = "", ""
	}
	if bsuid != "" {
		sender, contact = sender+`"from_user_id":"`+bsuid+`",`, contact+`"user_id":"`+bsuid+`",`
	}
	return simulate.NewWebhook([]byte(`{"object":"whatsapp_business_account","entry":[{"id":"waba-1","changes":[{"field":"messages","value":{
		"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550000001","phone_number_id":"pn-1"},
		"contacts":[{` + contact + `"profile":{"name":"Grace"}}],
		"messages":[{` + sender + `"id":"` + id + `","timestamp":"1790000000","type":"text","text":{"body":"hello"}}]}}]}]}`))
}

func TestTheProcessorMayMergePeopleAndConversations(t *testing.T) {
	s := hire(t)
	for _, w := range []simulate.Webhook{
		whoIs("wamid.1", "4915112345678", ""), whoIs("wamid.2", "", "DE.1234567890"), whoIs("wamid.3", "4915112345678", "DE.1234567890"),
	} {
		s.post(s.webhook, signed("whatsapp", w))
		s.hand(s.process)
	}
	for _, table := range []string{"contacts", "conversations"} {
		if n := s.count(`SELECT count(*) FROM ` + table + ` WHERE merged_into IS NOT NULL`); n != 1 {
			t.Errorf("%d %s were merged, want 1", n, table)
		}
	}
}

func TestTheRolesSufficeForDeadLettersAndTheSweeper(t *testing.T) {
	s := hire(t)
	hello, _ := s.event("whatsapp", "text")
	s.take(s.webhook, "whatsapp", hello)
	s.hand(s.bury) // a job that died of a broken network is queued again,
	if len(s.queued) != 1 {
		t.Fatalf("%d jobs are queued again", len(s.queued))
	}
	for _, function := range []edge.QueueHandler{s.process, s.bury} { // and one that nobody can read is kept
		s.queued = append(s.queued, events.SQSMessage{MessageId: "odd", Body: "{"})
		s.hand(function)
	}
	if n := s.count(`SELECT count(*) FROM dead_jobs`); n != 2 {
		t.Errorf("%d jobs are kept, want 2", n)
	}

	again, _ := s.event("whatsapp", "text")
	s.take(s.webhook, "whatsapp", again)
	s.queued = nil // lost
	if _, err := s.admin.Exec(t.Context(), `UPDATE queue_logs SET due_at = now() - interval '1 minute' WHERE closed_at IS NULL`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.admin.Exec(t.Context(), `DO $$ BEGIN
		EXECUTE format('DROP TABLE %I', 'webhook_logs' || to_char(now() AT TIME ZONE 'UTC' + interval '1 month', '_YYYY_MM'));
	END $$`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.admin.Exec(t.Context(), `CREATE TABLE queue_logs_ancient PARTITION OF queue_logs
		FOR VALUES FROM ('00000000-0000-7000-8000-000000000000') TO ('00000001-0000-7000-8000-000000000000')`); err != nil {
		t.Fatal(err)
	}
	swept, err := s.sweeper.Sweep(t.Context())
	if err != nil || swept.Overdue != 1 || len(s.queued) != 1 || len(swept.Expired) != 1 {
		t.Errorf("swept %+v, %v", swept, err)
	}
	if n := s.count(`SELECT count(*) FROM pg_inherits JOIN pg_class ON oid = inhrelid
		WHERE inhparent = 'webhook_logs'::regclass AND relowner = 'omni_sweeper'::regrole`); n != 0 {
		t.Errorf("the sweeper owns %d partitions", n)
	}
	s.hand(s.process)
	if n := s.count(`SELECT count(*) FROM messages WHERE state = 'processed'`); n != 2 {
		t.Errorf("%d messages are processed, want 2", n)
	}
}

func TestTheRolesSufficeForAnswers(t *testing.T) {
	s := hire(t)
	hello, _ := s.event("whatsapp", "text")
	s.take(s.webhook, "whatsapp", hello)
	s.hand(s.process)
	var conversation, message uuid.UUID
	if err := s.admin.QueryRow(t.Context(), `SELECT conversation_id, id FROM messages`).Scan(&conversation, &message); err != nil {
		t.Fatal(err)
	}
	text := channels.Content{Text: "hello"}
	for n, content := range []channels.Content{text, {Reaction: &channels.SentReaction{Emoji: "👍"}}, text} {
		composed, err := s.answers.Compose(t.Context(), inbox.Draft{
			Conversation: conversation, Key: strconv.Itoa(n), Author: "agent:ada", Human: true, ReplyTo: message, Content: content,
		})
		if err != nil || len(composed.Sends) != 1 {
			t.Fatalf("%+v, %v", composed, err)
		}
		s.queued = nil // it is on its way
		if n == 2 {
			break
		}
		job := composed.Sends[0].Job
		sent := inbox.Outcome{Message: job.ID, Account: job.Account, Attempt: job.Attempt, Result: inbox.ResultSent, Receipt: channels.Receipt{ID: "wamid.out"}}
		if err := s.sweeper.Queue.Report(t.Context(), job, sent); err != nil {
			t.Fatal(err)
		}
		s.hand(s.process)
	}
	if n := s.count(`SELECT count(*) FROM messages WHERE status = 'sent'`); n != 2 {
		t.Errorf("%d messages were sent, want 2", n)
	}

	if _, err := s.admin.Exec(t.Context(), `UPDATE sends SET due_at = now() - interval '10 minutes' WHERE state <> 'done'`); err != nil {
		t.Fatal(err)
	}
	if swept, err := s.sweeper.Sweep(t.Context()); err != nil || swept.Overdue != 1 || len(s.queued) != 1 {
		t.Errorf("swept %+v, %v; queued %d", swept, err, len(s.queued))
	}
	s.queued = nil
	if n, err := s.answers.Rescue(t.Context()); err != nil || n != 0 {
		t.Errorf("%d overdue sends, %v", n, err)
	}
}

// Every processor looks for overdue jobs, and takes them if it finds any.
func TestTheProcessorMayTakeOverdueJobs(t *testing.T) {
	s := hire(t)
	opened, err := store.Open(as(t, s.url, "omni_processor"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(opened.Close)
	if _, _, err := opened.Overdue(t.Context(), 10); err != nil {
		t.Error(err)
	}
	if _, ok, err := opened.Reopen(t.Context(), inbox.Job{ID: uuid.New()}); ok || err != nil {
		t.Error(ok, err)
	}
}

func TestARoleMayDoNothingElse(t *testing.T) {
	s := hire(t)
	forbidden := map[string][]string{
		"omni_webhook": {
			`SELECT text FROM messages`, `SELECT raw FROM messages`, `SELECT content FROM message_events`, `SELECT body FROM webhook_logs`,
			`SELECT name FROM contacts`, `UPDATE messages SET text = ''`, `UPDATE queue_logs SET closed_at = now()`, `SELECT external_id FROM channel_accounts`,
		},
		"omni_processor": {
			`SELECT body FROM webhook_logs`, `UPDATE webhook_logs SET body = ''`, `SELECT body FROM dead_jobs`, `SELECT kind FROM feed`,
			`DELETE FROM contacts`, `DELETE FROM message_events`, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, true)`,
		},
		"omni_deadletter": {
			`SELECT text FROM messages`, `SELECT reason FROM dead_letters`, `SELECT body FROM dead_jobs`, `DELETE FROM dead_jobs`,
			`INSERT INTO messages DEFAULT VALUES`, `INSERT INTO queue_logs DEFAULT VALUES`,
		},
		"omni_sweeper": {
			`SELECT key FROM files`, `SELECT source FROM files`, `UPDATE files SET state = 'stored'`, `DELETE FROM files`, `SELECT media_id FROM attachments`,
			`SELECT text FROM messages`, `SELECT body FROM webhook_logs`, `INSERT INTO queue_logs DEFAULT VALUES`, `INSERT INTO dead_jobs DEFAULT VALUES`,
			`SELECT outgoing FROM sends`, `UPDATE sends SET state = 'done'`,
		},
		"omni_api": {
			`UPDATE messages SET text = ''`, `UPDATE audit_log SET action = ''`, `DELETE FROM audit_log`, `DELETE FROM agents`, `DELETE FROM contacts`,
			`DELETE FROM conversations`, `DELETE FROM notes`, `SELECT headers FROM webhook_logs`, `UPDATE webhook_logs SET body = ''`,
			`INSERT INTO webhook_logs DEFAULT VALUES`, `INSERT INTO delivery_attempts DEFAULT VALUES`, `INSERT INTO dead_jobs DEFAULT VALUES`,
			`SELECT hash FROM tickets`, `INSERT INTO connections DEFAULT VALUES`, `UPDATE channel_health SET state = 'ok'`, `DELETE FROM templates`,
			`UPDATE files SET state = 'stored'`, `UPDATE queue_logs SET closed_at = now()`, `UPDATE feed SET kind = ''`,
		},
	}
	const nobody = `DELETE FROM messages; DELETE FROM webhook_logs; DELETE FROM queue_logs; TRUNCATE feed; DROP TABLE messages;
		ALTER TABLE messages ADD extra text; CREATE INDEX ON messages (text); CREATE TABLE own (x text); SELECT body FROM webhook_logs_default;
		DROP TABLE webhook_logs_default; ALTER FUNCTION ensure_partitions(integer) OWNER TO CURRENT_USER;
		CREATE ROLE friend`
	for role, statements := range forbidden {
		if role != "omni_sweeper" {
			statements = append(statements, `SELECT ensure_partitions(1)`)
		}
		for _, statement := range append(statements, strings.Split(nobody, ";")...) {
			s.refuse(role, statement)
		}
	}
}

// refuse wants a statement to be refused to a role.
func (s *staff) refuse(role, statement string) {
	s.t.Helper()
	tx, err := s.admin.Begin(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	defer tx.Rollback(s.t.Context())
	if _, err := tx.Exec(s.t.Context(), `SET LOCAL ROLE `+role); err != nil {
		s.t.Fatal(err)
	}
	_, err = tx.Exec(s.t.Context(), statement)
	if refusal := (*pgconn.PgError)(nil); !errors.As(err, &refusal) || refusal.Code != "42501" {
		s.t.Errorf("%s: %s: %v", role, strings.TrimSpace(statement), err)
	}
}
