package dataset_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"omni/channels"
	"omni/internal/api"
	"omni/internal/api/apitest"
	"omni/internal/inbox"
	"omni/internal/store"
	"omni/internal/store/storetest"
	"omni/tools/scale/dataset"

	_ "omni/gen/dispatch"
)

const size = 4000

func load(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	o := dataset.Options{Messages: size, Seed: 1, Until: time.Now().UTC().Truncate(24 * time.Hour), Log: t.Output()}
	if err := dataset.Load(t.Context(), url, o); err != nil {
		t.Fatal(err)
	}
	return connect(t, url)
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(t.Context()) })
	return conn
}

// ask reads one column of text.
func ask(t *testing.T, conn *pgx.Conn, query string) []string {
	t.Helper()
	rows, err := conn.Query(t.Context(), query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	answer, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return answer
}

// The tables of a loaded database are made like those of one that was only migrated.
func TestLoadPutsTheSchemaBack(t *testing.T) {
	t.Parallel()
	_, url := storetest.New(t)
	_, untouched := storetest.New(t)
	loaded, migrated := load(t, url), connect(t, untouched)
	for _, query := range []string{
		`SELECT pg_get_indexdef(x.indexrelid) FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid
		 WHERE c.relnamespace = 'public'::regnamespace AND NOT c.relispartition ORDER BY 1`,
		`SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
		 WHERE connamespace = 'public'::regnamespace AND conparentid = 0 AND convalidated ORDER BY 1`,
	} {
		got, want := ask(t, loaded, query), ask(t, migrated, query)
		if !slices.Equal(got, want) {
			t.Errorf("loaded:\n%s\nmigrated:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// What the tables say of each other holds, as in a database that the product wrote. Each query finds what breaks a rule.
func TestLoadKeepsTheRules(t *testing.T) {
	t.Parallel()
	_, url := storetest.New(t)
	conn := load(t, url)
	for rule, query := range map[string]string{
		"there are as many messages as asked for": fmt.Sprintf(
			`SELECT count(*)::text FROM messages WHERE state = 'processed' HAVING count(*) <> %d`, size),
		"there is a conversation for 20 messages": fmt.Sprintf(`SELECT count(*)::text FROM conversations HAVING count(*) <> %d`, size/20),
		"a conversation knows its last messages": `SELECT c.id::text FROM conversations c WHERE c.last_message_at IS DISTINCT FROM
			(SELECT max(m.occurred_at) FROM messages m WHERE m.conversation_id = c.id) OR c.last_inbound_at IS DISTINCT FROM
			(SELECT max(m.occurred_at) FROM messages m WHERE m.conversation_id = c.id AND m.direction = 'in')`,
		"what is unread was written since an agent answered": `SELECT c.id::text FROM conversations c WHERE c.unread_count > 0 AND c.unread_count <>
			(SELECT count(*) FROM messages m WHERE m.conversation_id = c.id AND m.direction = 'in' AND m.seq >
				coalesce((SELECT max(a.seq) FROM messages a WHERE a.conversation_id = c.id AND a.author_id IS NOT NULL), 0))`,
		"who waits has written last": `SELECT c.id::text FROM conversations c WHERE c.waiting_since IS NOT NULL AND c.status <> 'resolved' AND
			(SELECT m.direction FROM messages m WHERE m.conversation_id = c.id ORDER BY m.occurred_at DESC, m.seq DESC LIMIT 1) <> 'in'`,
		"nobody waits in a resolved conversation": `SELECT id::text FROM conversations WHERE status = 'resolved' AND waiting_since IS NOT NULL`,
		"labels follow their conversations": `SELECT c.id::text FROM conversations c JOIN conversation_labels l ON l.conversation_id = c.id
			WHERE l.status <> c.status OR l.last_message_at <> c.last_message_at`,
		"a message of ours has one send": `SELECT m.id::text FROM messages m LEFT JOIN sends s ON s.message_id = m.id
			WHERE (m.author_id IS NOT NULL) <> (s.message_id IS NOT NULL)`,
		"a receipt names a message, and says no more than that": `SELECT s.id::text FROM message_statuses s JOIN message_events e USING (id) LEFT JOIN messages m
			ON m.channel_account_id = s.channel_account_id AND m.external_id = s.external_id WHERE m.id IS NULL OR s.status = 'read' AND m.status <> 'read'`,
		"numbers are used once": `SELECT seq::text FROM (SELECT seq FROM messages UNION ALL SELECT seq FROM message_events) AS all_rows
			GROUP BY seq HAVING count(*) > 1`,
		"numbers go on behind": `SELECT 'behind' WHERE nextval('inbound_seq') <= (SELECT max(seq) FROM messages)`,
		"the logs lie in their months": `SELECT id::text FROM webhook_logs_default UNION ALL SELECT id::text FROM queue_logs_default
			UNION ALL SELECT id::text FROM webhook_logs WHERE (('x' || replace(left(id::text, 13), '-', ''))::bit(48)::bigint / 1000) <>
				floor(extract(epoch FROM received_at))`,
		"every job is done":          `SELECT id::text FROM queue_logs WHERE closed_at IS NULL`,
		"nothing is about to change": `SELECT id::text FROM conversations WHERE snoozed_until < now() + interval '7 days'`,
		"a rare word is rare, and no message has both common words": fmt.Sprintf(`SELECT count(*)::text FROM messages
			WHERE message_words(text, seq) @@ search_block('%s', seq >> 17) HAVING count(*) NOT BETWEEN 20 AND 40
			UNION ALL SELECT text FROM messages WHERE message_words(text, seq) @@ search_block('%s', seq >> 17)`, dataset.RareWord, both()),
	} {
		if broken := ask(t, conn, query); len(broken) > 0 {
			t.Errorf("%s: not so for %d, the first %q", rule, len(broken), broken[0])
		}
	}
}

func both() string {
	german, english := dataset.CommonWords()
	return german + " " + english + " "
}

func TestLoadRepeats(t *testing.T) {
	t.Parallel()
	_, first := storetest.New(t)
	_, second := storetest.New(t)
	one, other := load(t, first), load(t, second)
	for _, table := range []string{"messages", "message_events", "conversations", "contacts", "sends", "webhook_logs", "audit_log"} {
		query := fmt.Sprintf("SELECT md5(string_agg(r::text, '' ORDER BY r::text)) FROM %s AS r", table)
		if a, b := ask(t, one, query), ask(t, other, query); !slices.Equal(a, b) {
			t.Errorf("%s differs", table)
		}
	}
}

// Agents can work with it: the lists are complete, all of the longest conversation can be read, words are found, and it can be answered.
func TestTheProductWorksOnIt(t *testing.T) {
	t.Parallel()
	desk := apitest.New(t)
	conn := load(t, desk.URL)
	ada := desk.Agent("ada")
	agent, label := dataset.First()
	for filter, condition := range map[string]string{
		"status=open":                            "status = 'open'",
		"status=all&channel=telegram":            "channel_account_id IN (SELECT id FROM channel_accounts WHERE channel = 'telegram')",
		"status=pending&unread=true":             "status = 'pending' AND unread_count > 0",
		"status=open&assignee=" + agent.String(): fmt.Sprintf("status = 'open' AND assignee_id = '%s'", agent),
		"status=open&assignee=none&sort=waiting": "status = 'open' AND assignee_id IS NULL",
		"status=snoozed&sort=oldest":             "status = 'snoozed'",
		"status=open&unread=true&label=" + label.String(): fmt.Sprintf(
			"status = 'open' AND unread_count > 0 AND id IN (SELECT conversation_id FROM conversation_labels WHERE label_id = '%s')", label),
	} {
		got := walk[api.Conversation](t, ada, "/v1/conversations?"+filter+"&limit=30")
		want := ask(t, conn, "SELECT count(*)::text FROM conversations WHERE "+condition)[0]
		if fmt.Sprint(len(got)) != want || len(got) == 0 {
			t.Errorf("%s lists %d conversations, there are %s", filter, len(got), want)
		}
	}
	if found := walk[api.SearchResult](t, ada, "/v1/search?q="+dataset.RareWord); len(found) < 20 {
		t.Errorf("the rare word is found %d times", len(found))
	}
	read(t, ada, conn)
	answer(t, desk.Store, conn)
}

// walk reads all pages of a list.
func walk[T any](t *testing.T, client *apitest.Client, target string) []T {
	t.Helper()
	var all []T
	for cursor := ""; ; {
		var page api.Page[T]
		client.Want(http.StatusOK, http.MethodGet, target+"&cursor="+cursor, nil, &page)
		all = append(all, page.Items...)
		if page.Next == nil {
			return all
		}
		cursor = *page.Next
	}
}

const longest = "SELECT conversation_id::text FROM messages WHERE conversation_id IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"

// read reads the history of the longest conversation from its end to its beginning.
func read(t *testing.T, client *apitest.Client, conn *pgx.Conn) {
	t.Helper()
	id := ask(t, conn, longest)[0]
	messages := 0
	for cursor := ""; ; {
		var part api.Timeline
		client.Want(http.StatusOK, http.MethodGet, "/v1/conversations/"+id+"/timeline?limit=100"+cursor, nil, &part)
		for _, item := range part.Items {
			if item.Message != nil {
				messages++
			}
		}
		if part.Older == nil {
			break
		}
		cursor = "&cursor=" + *part.Older
	}
	want := ask(t, conn, "SELECT count(*)::text FROM messages WHERE conversation_id = '"+id+"'")[0]
	if fmt.Sprint(messages) != want {
		t.Errorf("the longest conversation shows %d messages of %s", messages, want)
	}
}

// answer composes an answer to whoever waits longest.
func answer(t *testing.T, s *store.Store, conn *pgx.Conn) {
	t.Helper()
	id := uuid.MustParse(ask(t, conn, "SELECT id::text FROM conversations WHERE waiting_since IS NOT NULL ORDER BY waiting_since LIMIT 1")[0])
	chat, err := s.Chat(t.Context(), id, uuid.Nil)
	if err != nil {
		t.Fatal(err)
	}
	content := channels.Content{Text: "We look into it."}
	draft := inbox.Draft{Conversation: id, Key: "answer", Author: "ada", Human: true, Content: content}
	composed, err := s.Compose(t.Context(), chat, draft, []channels.Outgoing{{Content: content}})
	if err != nil || len(composed.Sends) != 1 {
		t.Errorf("%d messages go on their way: %v", len(composed.Sends), err)
	}
}
