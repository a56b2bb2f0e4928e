package store_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"omni/gen/db"
	"omni/internal/inbox"
	"omni/internal/store"
	"omni/internal/store/storetest"
)

// hotQuery is a query that runs for each message, with the indexes that it has to be answered from.
type hotQuery struct {
	name    string
	run     func(context.Context, *db.Queries) error
	indexes []string // a partition's index counts as that of its table
	never   []string
	ordered bool // it is read in the order of its indexes: what is sorted was read to the end first
}

var planAccount = inbox.AccountID(channel, account)

func hotQueries() []hotQuery {
	target := "external 77"
	return []hotQuery{
		{
			name: "WebhookLogInsert",
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.WebhookLogInsert(ctx, webhookOf(3))
				return err
			},
			indexes: []string{"messages_channel_account_id_external_id_key", "message_events_channel_account_id_kind_key_key"},
			// It would be read from one end to the other for each webhook, the longer the backlog is.
			never: []string{"messages_stored", "message_events_stored"},
		},
		{
			name: "RowsStored",
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.RowsStored(ctx, db.RowsStoredParams{
					Accounts: []uuid.UUID{planAccount, planAccount}, Lanes: []string{"live/7", "live/8"}, UpToSeqs: []int64{1 << 40, 1 << 40}, MaxRows: 100,
				})
				return err
			},
			indexes: []string{"messages_stored", "message_events_stored"},
		},
		{
			name: "MessageLock",
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.MessageLock(ctx, db.MessageLockParams{ID: planAccount, LockKey: "7"})
				return err
			},
			indexes: []string{"messages_pkey"},
			never:   []string{"messages_stored"},
		},
		{
			name: "MessageEventLock",
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.MessageEventLock(ctx, db.MessageEventLockParams{ID: planAccount, LockKey: "7"})
				return err
			},
			indexes: []string{"message_events_pkey"},
			never:   []string{"message_events_stored"},
		},
		{
			name: "MessageBury",
			run: func(ctx context.Context, q *db.Queries) error {
				return q.MessageBury(ctx, db.MessageBuryParams{ID: planAccount})
			},
			indexes: []string{"messages_pkey"},
			never:   []string{"messages_stored"},
		},
		{
			name: "MessageEventBury",
			run: func(ctx context.Context, q *db.Queries) error {
				return q.MessageEventBury(ctx, db.MessageEventBuryParams{ID: planAccount})
			},
			indexes: []string{"message_events_pkey"},
			never:   []string{"message_events_stored"},
		},
		{
			name:    "QueueLogClose",
			run:     func(ctx context.Context, q *db.Queries) error { return q.QueueLogClose(ctx, uuid.Must(uuid.NewV7())) },
			indexes: []string{"queue_logs_pkey"},
			never:   []string{"queue_logs_open"},
		},
		{
			name:    "QueueLogOverdue",
			run:     func(ctx context.Context, q *db.Queries) error { _, err := q.QueueLogOverdue(ctx, 100); return err },
			indexes: []string{"queue_logs_open", "queue_logs_pkey"},
		},
		{
			name: "ConversationFind",
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.ConversationFind(ctx, db.ConversationFindParams{ChannelAccountID: planAccount, Threads: []string{"7", "8"}})
				return err
			},
			indexes: []string{"conversation_threads_pkey", "conversations_pkey"},
		},
		{
			name: "ContactIdentityFind",
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.ContactIdentityFind(ctx, db.ContactIdentityFindParams{
					ChannelAccountID: planAccount, Kinds: []string{"phone", "bsuid"}, Ids: []string{"7", "8"},
				})
				return err
			},
			indexes: []string{"contact_identities_pkey", "contacts_pkey"},
		},
		{
			name: "MessageEventFacts",
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.MessageEventFacts(ctx, db.MessageEventFactsParams{ChannelAccountID: planAccount, Target: &target})
				return err
			},
			indexes: []string{"message_events_target"},
		},
		{
			name: "FeedAfter",
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.FeedAfter(ctx, db.FeedAfterParams{AfterXid: "700", AfterSeq: 7, MaxRows: 100})
				return err
			},
			indexes: []string{"feed_pkey"},
		},
		{
			name: "DeliveryRelease",
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.DeliveryRelease(ctx, db.DeliveryReleaseParams{SubscriptionID: planAccount, MostUnderWay: 5, MostWhileFailing: 1})
				return err
			},
			indexes: []string{"deliveries_waiting", "deliveries_under_way", "deliveries_pkey", "subscription_events_pkey"},
		},
		{
			name: "DeliveryOpen",
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.DeliveryOpen(ctx, planAccount)
				return err
			},
			indexes: []string{"deliveries_pkey"},
		},
		{
			name: "DeliveryOverdue",
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.DeliveryOverdue(ctx, db.DeliveryOverdueParams{MostUnderWay: 5, MostWhileFailing: 1})
				return err
			},
			indexes: []string{"deliveries_waiting", "deliveries_under_way", "deliveries_pkey"},
		},
		{
			name: "FileWant",
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.FileWant(ctx, db.FileWantParams{MessageID: planAccount, Positions: []int16{0}, Ids: []uuid.UUID{planAccount}, Sources: []string{"7"}})
				return err
			},
			indexes: []string{"files_message_id_position_key"},
			never:   []string{"files_due", "files_missing"},
		},
		{
			name:    "FileOpen",
			run:     func(ctx context.Context, q *db.Queries) error { _, err := q.FileOpen(ctx, planAccount); return err },
			indexes: []string{"files_pkey", "attachments_pkey", "messages_pkey"},
			never:   []string{"files_due", "files_missing"},
		},
		{
			name: "FileSettle",
			run: func(ctx context.Context, q *db.Queries) error {
				return q.FileSettle(ctx, db.FileSettleParams{ID: planAccount})
			},
			indexes: []string{"files_pkey"},
			never:   []string{"files_due", "files_missing"},
		},
		{
			name:    "FileOverdue",
			run:     func(ctx context.Context, q *db.Queries) error { _, err := q.FileOverdue(ctx, 100); return err },
			indexes: []string{"files_due", "files_pkey", "attachments_pkey", "messages_pkey"},
		},
		{
			name: "MessageLatestInbound",
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.MessageLatestInbound(ctx, uuid.NullUUID{UUID: planAccount, Valid: true})
				return err
			},
			indexes: []string{"messages_conversation"},
		},
		{
			name: "ContactIdentityList",
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.ContactIdentityList(ctx, db.ContactIdentityListParams{ContactID: planAccount, ChannelAccountID: planAccount})
				return err
			},
			indexes: []string{"contact_identities_contact"},
		},
		{
			name: "TemplateNamed",
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.TemplateNamed(ctx, db.TemplateNamedParams{Channel: channel, CredentialAccount: "default", Name: "7"})
				return err
			},
			indexes: []string{"templates_pkey"},
		},
		{
			name: "TemplateFirst",
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.TemplateFirst(ctx, db.TemplateFirstParams{Channel: channel, CredentialAccount: "default"})
				return err
			},
			indexes: []string{"templates_pkey"},
		},
	}
}

// inboxQueries are those that a dashboard asks all the time. They are planned by statistics: nobody has a dashboard that is full before there are any.
func inboxQueries() []hotQuery {
	id := uuid.NullUUID{UUID: planAccount, Valid: true}
	open, ids := []string{"open"}, []uuid.UUID{planAccount}
	return []hotQuery{
		{
			name:    "ConversationView",
			run:     func(ctx context.Context, q *db.Queries) error { _, err := q.ConversationView(ctx, ids); return err },
			indexes: []string{"conversations_pkey", "messages_conversation", "sends_conversation", "conversation_labels_pkey", "contacts_pkey"},
		},
		{
			name:    "ConversationsByStatus",
			ordered: true,
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.ConversationsByStatus(ctx, db.ConversationsByStatusParams{Statuses: open, MaxRows: 51})
				return err
			},
			indexes: []string{"conversations_inbox"},
		},
		{
			name:    "ConversationsByAccount",
			ordered: true,
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.ConversationsByAccount(ctx, db.ConversationsByAccountParams{Statuses: open, Accounts: ids, MaxRows: 51})
				return err
			},
			indexes: []string{"conversations_account"},
		},
		{
			name:    "ConversationsByAssignee",
			ordered: true,
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.ConversationsByAssignee(ctx, db.ConversationsByAssigneeParams{Statuses: open, Assignee: id, Accounts: ids, MaxRows: 51})
				return err
			},
			indexes: []string{"conversations_assignee"},
		},
		{
			name:    "ConversationsUnread",
			ordered: true,
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.ConversationsUnread(ctx, db.ConversationsUnreadParams{Statuses: open, Accounts: ids, MaxRows: 51})
				return err
			},
			indexes: []string{"conversations_unread", "conversations_unread_all"},
		},
		{
			name:    "ConversationsByLabel",
			ordered: true,
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.ConversationsByLabel(ctx, db.ConversationsByLabelParams{Statuses: open, Accounts: ids, MaxRows: 51})
				return err
			},
			indexes: []string{"conversation_labels_list", "conversations_pkey"},
		},
		{
			name:    "ConversationsWaiting",
			ordered: true,
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.ConversationsWaiting(ctx, db.ConversationsWaitingParams{Statuses: open, Accounts: ids, MaxRows: 51})
				return err
			},
			indexes: []string{"conversations_waiting"},
		},
		{
			name: "ConversationCounts",
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.ConversationCounts(ctx, db.ConversationCountsParams{Agent: id, Most: 1001})
				return err
			},
			indexes: []string{"conversations_inbox", "conversations_assignee", "conversations_unread"},
		},
		{
			name:    "ConversationWake",
			run:     func(ctx context.Context, q *db.Queries) error { _, err := q.ConversationWake(ctx, 100); return err },
			indexes: []string{"conversations_snoozed", "conversations_pkey"},
		},
		{
			name: "ConversationUnreadSince",
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.ConversationUnreadSince(ctx, db.ConversationUnreadSinceParams{ConversationID: id})
				return err
			},
			indexes: []string{"messages_conversation", "messages_pkey"},
		},
		{
			name: "TimelineOlder",
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.TimelineOlder(ctx, db.TimelineOlderParams{ConversationID: id, MaxRows: 51})
				return err
			},
			indexes: []string{"messages_conversation", "notes_conversation", "audit_log_conversation", "message_events_system"},
		},
		{
			name: "TimelineNewer",
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.TimelineNewer(ctx, db.TimelineNewerParams{ConversationID: id, MaxRows: 51})
				return err
			},
			indexes: []string{"messages_conversation", "notes_conversation", "audit_log_conversation", "message_events_system"},
		},
		{
			name:    "MessageView",
			run:     func(ctx context.Context, q *db.Queries) error { _, err := q.MessageView(ctx, ids); return err },
			indexes: []string{"messages_pkey", "messages_channel_account_id_external_id_key", "messages_retry_of", "attachments_pkey"},
		},
		{
			name:    "FeedPage",
			ordered: true,
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.FeedPage(ctx, db.FeedPageParams{AfterXid: "700", AfterSeq: 7, MaxRows: 201})
				return err
			},
			indexes: []string{"feed_pkey", "messages_pkey"},
		},
		{
			name: "MessageSearch",
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.MessageSearch(ctx, db.MessageSearchParams{Typed: "hello", BeforeSeq: 1 << 40, MaxRows: 51})
				return err
			},
			indexes: []string{"messages_words"},
		},
		{
			name: "ConversationSearch",
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.ConversationSearch(ctx, db.ConversationSearchParams{Typed: "hello", MaxRows: 51})
				return err
			},
			indexes: []string{"contacts_words", "conversations_contact", "conversations_title"},
		},
		{
			name: "ContactSearch",
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.ContactSearch(ctx, db.ContactSearchParams{Typed: "hello", MaxRows: 51})
				return err
			},
			indexes: []string{"contacts_words"},
		},
		{
			name:    "ContactList",
			ordered: true,
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.ContactList(ctx, db.ContactListParams{MaxRows: 51})
				return err
			},
			indexes: []string{"contacts_pkey"},
		},
		{
			name: "ContactConversations",
			run: func(ctx context.Context, q *db.Queries) error {
				_, err := q.ContactConversations(ctx, db.ContactConversationsParams{ContactID: id, MaxRows: 50})
				return err
			},
			indexes: []string{"conversations_contact"},
		},
	}
}

func webhookOf(events int) db.WebhookLogInsertParams {
	p := db.WebhookLogInsertParams{
		ID: uuid.Must(uuid.NewV7()), Channel: channel, CredentialAccount: "default", Headers: []byte("{}"), Body: []byte("{}"), WithLog: true,
		AccountIds: []uuid.UUID{planAccount}, AccountExternalIds: []string{account},
	}
	for n := range events {
		p.EventIds = append(p.EventIds, uuid.Must(uuid.NewV7()))
		p.JobIds = append(p.JobIds, uuid.Must(uuid.NewV7()))
		p.EventAccounts = append(p.EventAccounts, planAccount)
		p.EventThreads = append(p.EventThreads, fmt.Sprint(n))
		p.EventLanes = append(p.EventLanes, fmt.Sprint("live/", n))
		p.EventKinds = append(p.EventKinds, "message")
		p.EventKeys = append(p.EventKeys, fmt.Sprint("external ", n))
		p.EventTimes = append(p.EventTimes, time.Time{})
		p.EventHistories = append(p.EventHistories, false)
		p.EventRaws = append(p.EventRaws, []byte("{}"))
	}
	return p
}

// fill makes the tables those of a busy account, with a backlog.
const fill = `
INSERT INTO channel_accounts (id, channel, external_id, credential_account) VALUES ($1, 'testchat', 'business-1', 'default');
INSERT INTO contacts (id, name, profile_at) SELECT id, n, now() FROM numbers;
INSERT INTO contact_identities (channel_account_id, kind, value, contact_id) SELECT $1, 'phone', n, id FROM numbers;
INSERT INTO agents (id, subject, name, role) VALUES ($1, 'ada', 'Ada', 'agent');
INSERT INTO labels (id, name, color) VALUES ($1, 'VIP', '#aabbcc');
INSERT INTO conversations (id, channel_account_id, thread, contact_id, status, last_message_at, waiting_since, unread_count, assignee_id, snoozed_until, title)
    SELECT id, $1, n, id, CASE WHEN n % 50 = 0 THEN 'snoozed' WHEN n % 3 = 0 THEN 'resolved' ELSE 'open' END, now() - make_interval(secs => n),
        CASE WHEN n % 4 = 0 THEN now() END, (n % 5 = 0)::integer, CASE WHEN n % 7 = 0 THEN $1::uuid END, CASE WHEN n % 50 = 0 THEN now() END,
        CASE WHEN n % 20 = 0 THEN 'Group ' || n END FROM numbers;
INSERT INTO conversation_labels (conversation_id, label_id, status, last_message_at)
    SELECT id, $1, status, last_message_at FROM conversations WHERE unread_count > 0;
INSERT INTO notes (id, conversation_id, agent_id, text) SELECT id, id, $1, 'a note' FROM numbers;
INSERT INTO audit_log (id, agent_id, action, conversation_id) SELECT id, $1, 'conversation.status', id FROM numbers;
INSERT INTO conversation_threads (channel_account_id, thread, conversation_id) SELECT $1, n, id FROM numbers;
INSERT INTO messages (id, channel_account_id, thread, lane, external_id, state, conversation_id, webhook_log_id, occurred_at, text, type)
    SELECT id, $1, n % 500, 'live/' || n % 500, 'external ' || n, CASE WHEN n % 3 = 0 THEN 'stored' ELSE 'processed' END, id, id, now(), 'hello ' || n, 'text'
    FROM numbers;
INSERT INTO sends (message_id, conversation_id, idempotency_key, part, fingerprint, human, outgoing, state)
    SELECT id, id, n, 0, '', true, '{}', 'done' FROM numbers;
INSERT INTO message_events (id, channel_account_id, thread, lane, kind, key, state, target, webhook_log_id)
    SELECT id, $1, n % 500, 'bulk/' || n % 16, 'status', n, CASE WHEN n % 3 = 0 THEN 'stored' ELSE 'processed' END, 'external ' || n, id FROM numbers;
INSERT INTO queue_logs (id, queue, channel_account_id, lane, up_to_seq, due_at, closed_at)
    SELECT overlay(id::text placing copy::text from 25 for 1)::uuid, 'live', $1, 'live/' || n % 500, n, now() + make_interval(mins => n % 60 - 30),
        CASE WHEN n % 100 > 0 THEN now() END FROM numbers, generate_series(0, 4) AS copy;
INSERT INTO attachments (message_id, position, kind, media_id, detail) SELECT id, 0, 'image', n, '{}' FROM numbers;
INSERT INTO files (id, message_id, position, source, state, due_at)
    SELECT id, id, 0, n, CASE WHEN n % 100 = 0 THEN 'waiting' ELSE 'stored' END, now() + make_interval(mins => n % 60 - 30) FROM numbers;
INSERT INTO templates (channel, credential_account, name, language, category, status, detail, seen_at)
    SELECT 'testchat', n % 5, n, 'de', 'utility', 'approved', '{}', now() FROM numbers;
INSERT INTO subscriptions (id, url, secret) VALUES ($1, 'https://example.com', 'whsec_');
INSERT INTO subscription_events (id, type, sequence, data) SELECT id, 'message.created', n, '{}' FROM numbers;
INSERT INTO deliveries (id, subscription_id, event_id, state, due_at)
    SELECT id, $1, id, CASE WHEN n % 3 = 0 THEN 'waiting' ELSE 'delivered' END, now() + make_interval(mins => n % 60 - 30) FROM numbers;
INSERT INTO feed (xid, kind, conversation_id, message_id) SELECT (1 + n / 20)::text::xid8, 'message.created', id, id FROM numbers`

// numbers are as many rows as the tables get; their ids lie in this month's partition.
const numbers = `CREATE TEMPORARY TABLE numbers AS
	SELECT n, (left(uuid_floor(now())::text, 14) || '7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS id FROM generate_series(1, 20000) AS n`

// finish empties the backlog.
const finish = `
UPDATE messages SET state = 'processed' WHERE state = 'stored';
UPDATE message_events SET state = 'processed' WHERE state = 'stored';
UPDATE files SET state = 'stored' WHERE state = 'waiting';
UPDATE queue_logs SET closed_at = now() WHERE closed_at IS NULL`

// bigTables are those that no hot query may read from one end to the other.
var bigTables = []string{
	"messages", "message_events", "contacts", "contact_identities", "conversations", "conversation_threads", "feed", "queue_logs", "webhook_logs",
	"attachments", "files", "deliveries", "subscription_events", "templates", "conversation_labels", "notes", "audit_log", "sends",
}

// The product's connections keep the plan that was made for arguments unknown (a generic one) until there are new statistics. So that plan has
// to be right on the empty tables of a fresh database already, and before they are analyzed for the first time; and what is made while nothing
// waits has to be right for the backlog that comes then.
func TestHotQueriesUseTheirIndexes(t *testing.T) {
	t.Parallel()
	_, url := storetest.New(t)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	for name, value := range store.Planning {
		execute(t, conn, "SET "+name+" = "+value)
	}
	parents := partitions(t, conn)
	check := func(state string, queries []hotQuery) {
		for _, query := range queries {
			t.Run(state+"/"+query.name, func(t *testing.T) { query.check(t, conn, parents) })
		}
	}
	check("fresh", hotQueries())
	execute(t, conn, numbers)
	executeAll(t, conn, strings.ReplaceAll(fill, "$1", "'"+planAccount.String()+"'"))
	check("filled", hotQueries())
	execute(t, conn, "ANALYZE")
	check("analyzed", slices.Concat(hotQueries(), inboxQueries(), administrationQueries()))
	executeAll(t, conn, finish+"; VACUUM ANALYZE")
	check("idle", slices.Concat(hotQueries(), inboxQueries(), administrationQueries()))
}

func executeAll(t *testing.T, conn *pgx.Conn, statements string) {
	t.Helper()
	for _, statement := range strings.Split(statements, ";") {
		execute(t, conn, statement)
	}
}

func execute(t *testing.T, conn *pgx.Conn, statement string) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func (h hotQuery) check(t *testing.T, conn *pgx.Conn, parents map[string]string) {
	e := &explainer{conn: conn}
	if err := h.run(t.Context(), db.New(e)); !errors.Is(err, errExplained) {
		t.Fatal(err)
	}
	indexes, scanned := e.plan.uses(parents)
	for _, index := range h.indexes {
		if !slices.Contains(indexes, index) {
			t.Errorf("index %s is not used", index)
		}
	}
	for _, index := range h.never {
		if slices.Contains(indexes, index) {
			t.Errorf("index %s is used", index)
		}
	}
	if h.ordered && e.plan.sorts() {
		t.Error("what it reads is sorted")
	}
	for _, table := range scanned {
		if slices.Contains(bigTables, table) {
			t.Errorf("table %s is read from one end to the other", table)
		}
	}
	if t.Failed() {
		t.Log(e.text)
	}
}

// explainer stands in for a connection and explains what it is asked to execute, as a prepared statement.
type explainer struct {
	conn *pgx.Conn
	plan plan
	text string
}

var errExplained = errors.New("explained")

func (e *explainer) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	return pgconn.CommandTag{}, e.explain(ctx, sql, args)
}

func (e *explainer) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return nil, e.explain(ctx, sql, args)
}

func (e *explainer) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return explained{e.explain(ctx, sql, args)}
}

type explained struct{ err error }

func (e explained) Scan(...any) error { return e.err }

func (e *explainer) explain(ctx context.Context, sql string, args []any) error {
	statement, err := e.conn.Prepare(ctx, "hot", sql)
	if err != nil {
		return err
	}
	defer e.conn.Deallocate(ctx, "hot")
	execute := "EXECUTE hot"
	if len(args) > 0 {
		execute += "(" + strings.Join(literals(e.conn.TypeMap(), statement.ParamOIDs, args), ", ") + ")"
	}
	if err := e.conn.QueryRow(ctx, "EXPLAIN (FORMAT JSON) "+execute, pgx.QueryExecModeSimpleProtocol).Scan(&e.text); err != nil {
		return err
	}
	var plans []struct{ Plan plan }
	if err := json.Unmarshal([]byte(e.text), &plans); err != nil {
		return err
	}
	e.plan = plans[0].Plan
	return errExplained
}

// literals writes arguments as EXECUTE wants them.
func literals(types *pgtype.Map, oids []uint32, args []any) []string {
	all := make([]string, len(args))
	for i, arg := range args {
		text, err := types.Encode(oids[i], pgtype.TextFormatCode, arg, nil)
		if err != nil {
			panic(err)
		}
		if all[i] = "NULL"; text != nil {
			all[i] = "'" + strings.ReplaceAll(string(text), "'", "''") + "'"
		}
	}
	return all
}

// plan is a node of a plan, by EXPLAIN's names.
type plan struct {
	Node     string `json:"Node Type"`
	Relation string `json:"Relation Name"`
	Index    string `json:"Index Name"`
	Plans    []plan
}

// sorts reports whether any of it is sorted.
func (p plan) sorts() bool {
	return strings.HasSuffix(p.Node, "Sort") || slices.ContainsFunc(p.Plans, plan.sorts)
}

// partitions maps tables and indexes of partitions to those that they are part of.
func partitions(t *testing.T, conn *pgx.Conn) map[string]string {
	t.Helper()
	rows, err := conn.Query(t.Context(), "SELECT inhrelid::regclass::text, inhparent::regclass::text FROM pg_inherits")
	if err != nil {
		t.Fatal(err)
	}
	parents := map[string]string{}
	var child, parent string
	if _, err := pgx.ForEachRow(rows, []any{&child, &parent}, func() error { parents[child] = parent; return nil }); err != nil {
		t.Fatal(err)
	}
	return parents
}

// uses lists the indexes that a plan reads from, and the tables that it reads from one end to the other; partitions go by the name of
// the whole. Of partitions, only this month's counts: the others are empty.
func (p plan) uses(parents map[string]string) (indexes, scanned []string) {
	whole := func(name string) string { return cmp.Or(parents[name], name) }
	if p.Index != "" {
		indexes = append(indexes, whole(p.Index))
	}
	month := time.Now().UTC().Format("_2006_01")
	if p.Node == "Seq Scan" && (parents[p.Relation] == "" || strings.HasSuffix(p.Relation, month)) {
		scanned = append(scanned, whole(p.Relation))
	}
	for _, child := range p.Plans {
		i, s := child.uses(parents)
		indexes, scanned = append(indexes, i...), append(scanned, s...)
	}
	return indexes, scanned
}
