package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/store"
	"omni/internal/store/storetest"
)

const (
	channel = "testchat"
	account = "business-1"
)

// noon is a platform time.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// fixture is a store with its database open for looking inside.
type fixture struct {
	*store.Store
	t       *testing.T
	db      *pgx.Conn
	sends   []inbox.Send  // that may go after what was taken
	fetches []inbox.Fetch // files that came with it
}

func setup(t *testing.T) *fixture {
	t.Helper()
	t.Parallel()
	s, url := storetest.New(t)
	db, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close(context.Background()) })
	return &fixture{Store: s, t: t, db: db}
}

// text returns the rows of a query, each as its columns joined by spaces.
func (f *fixture) text(query string, args ...any) []string {
	f.t.Helper()
	rows, err := f.db.Query(f.t.Context(), query, args...)
	if err != nil {
		f.t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (string, error) {
		values, err := row.Values()
		return strings.TrimSuffix(fmt.Sprintln(values...), "\n"), err
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return lines
}

func (f *fixture) want(query string, want ...string) {
	f.t.Helper()
	if diff := cmp.Diff(want, f.text(query)); diff != "" {
		f.t.Errorf("%s (-want +got):\n%s", query, diff)
	}
}

// ingest stores a webhook of the events and returns what came of it.
func (f *fixture) ingest(events ...channels.Event) inbox.Stored {
	f.t.Helper()
	for i := range events {
		events[i].Account = account
		if events[i].Raw == nil {
			events[i].Raw = []byte("{}")
		}
	}
	stored, err := f.Ingest(f.t.Context(), inbox.Webhook{
		ID: uuid.Must(uuid.NewV7()), Channel: channel, CredentialAccount: "default", RequestID: "r-1", Body: []byte("{}"), Events: events,
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return stored
}

// happened is an event with what it means.
type happened struct {
	channels.Event
	channels.Update
}

// take ingests the events as one webhook and processes its jobs, each event meaning what it says.
func (f *fixture) take(all ...happened) {
	f.t.Helper()
	events := make([]channels.Event, len(all))
	meaning := map[string]channels.Update{}
	for i, h := range all {
		events[i] = h.Event
		meaning[string(h.Kind)+inbox.Key(h.ID)] = h.Update
	}
	for _, job := range f.ingest(events...).Jobs {
		rows, err := f.Pending(f.t.Context(), job, nil, 1000)
		if err != nil {
			f.t.Fatal(err)
		}
		for i, row := range rows {
			change := inbox.Change{Row: row, Update: meaning[string(row.Event.Kind)+row.Event.ID], Files: true}
			if change.Update.Message != nil {
				change.Window = 24 * time.Hour
			}
			if i == len(rows)-1 {
				change.Fulfils = &job.ID
			}
			follow, err := f.Apply(f.t.Context(), change)
			if err != nil {
				f.t.Fatal(err)
			}
			f.sends, f.fetches = append(f.sends, follow.Sends...), append(f.fetches, follow.Fetches...)
		}
	}
}

func person(ids ...string) *channels.Person {
	p := &channels.Person{Name: "Ada"}
	for _, id := range ids {
		kind, value, _ := strings.Cut(id, ":")
		p.Identities = append(p.Identities, channels.Identity{Kind: kind, Value: value})
	}
	return p
}

func received(id, thread, text string, at time.Time) happened {
	return happened{
		channels.Event{Kind: channels.KindMessage, Thread: thread, ID: id, At: at},
		channels.Update{
			Person:  person("phone:" + thread),
			Message: &channels.Message{Direction: channels.In, Type: channels.TypeText, Sender: thread, Text: text},
		},
	}
}

func echoed(id, thread, text string, at time.Time) happened {
	h := received(id, thread, text, at)
	h.Message.Direction, h.Message.Sender = channels.Out, account
	return h
}

func told(kind channels.Kind, id, thread string, at time.Time, u channels.Update) happened {
	return happened{channels.Event{Kind: kind, Thread: thread, ID: id, At: at}, u}
}

func status(id, thread, target string, state channels.DeliveryState, at time.Time) happened {
	return told(channels.KindStatus, id, thread, at, channels.Update{Status: &channels.Status{Target: target, State: state}})
}

func TestIngestStoresEveryEventOnceInOrder(t *testing.T) {
	f := setup(t)
	stored := f.ingest(
		channels.Event{Kind: channels.KindMessage, Thread: "a", ID: "m1", At: noon},
		channels.Event{Kind: channels.KindReaction, Thread: "a", ID: "r1"},
		channels.Event{Kind: channels.KindMessage, Thread: "b", ID: "m2", At: noon},
		channels.Event{Kind: channels.KindMessage, Thread: "a", ID: "m1", At: noon}, // doubled in the same body
		channels.Event{Kind: channels.KindMessage, Thread: "a", ID: "m3", At: noon},
	)
	if stored.New != 4 || len(stored.Jobs) != 2 {
		t.Errorf("4 new events and 2 jobs wanted, got %+v", stored)
	}
	f.want(`SELECT key FROM (SELECT seq, external_id AS key FROM messages UNION ALL SELECT seq, key FROM message_events) AS rows ORDER BY seq`,
		"m1", "r1", "m2", "m3")
	f.want(`SELECT channel, events, parse_error IS NULL FROM webhook_logs`, "testchat 5 true")
	f.want(`SELECT channel, external_id, credential_account FROM channel_accounts`, "testchat business-1 default")
	f.want(`SELECT count(*) FROM queue_logs WHERE closed_at IS NULL`, "2")
}

func TestRowsOfSeveralJobsAreThoseOfEach(t *testing.T) {
	f := setup(t)
	var events []channels.Event
	for i, thread := range []string{"a", "b", "a", "c", "b", "a"} {
		events = append(events, channels.Event{Kind: channels.KindMessage, Thread: thread, ID: fmt.Sprint("m", i), At: noon},
			channels.Event{Kind: channels.KindReaction, Thread: thread, ID: fmt.Sprint("r", i)})
	}
	jobs := f.ingest(events...).Jobs
	empty := jobs[0]
	empty.ID, empty.Lane = uuid.New(), "live/nobody"
	jobs = append(jobs, empty)
	for _, most := range []int{100, 3} {
		together, err := f.PendingOf(t.Context(), jobs, most)
		if err != nil {
			t.Fatal(err)
		}
		for _, job := range jobs {
			alone, err := f.Pending(t.Context(), job, nil, most)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(alone, together[job.ID], cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s, at most %d (-alone +together):\n%s", job.Lane, most, diff)
			}
		}
	}
}

func TestARepeatedWebhookIsADuplicateThatIsQueuedAgainUntilItIsProcessed(t *testing.T) {
	f := setup(t)
	hello := received("m1", "a", "hello", noon)
	first := f.ingest(hello.Event)
	again := f.ingest(hello.Event)
	if first.New != 1 || again.New != 0 || len(again.Jobs) != 1 || again.Jobs[0].UpTo != first.Jobs[0].UpTo {
		t.Fatalf("an unprocessed duplicate is to be queued again: %+v, %+v", first, again)
	}
	if again.Jobs[0].ID == first.Jobs[0].ID {
		t.Error("the second job has the first one's id: SQS would swallow it")
	}
	f.take(hello)
	if processed := f.ingest(hello.Event); processed.New != 0 || len(processed.Jobs) != 0 {
		t.Errorf("a processed duplicate is not to be queued: %+v", processed)
	}
	f.want(`SELECT count(*) FROM messages`, "1")
	f.want(`SELECT count(*) FROM webhook_logs`, "4")
}

func TestWhatCannotBeIndexedOrStoredAsTextIsMadeFit(t *testing.T) {
	f := setup(t)
	long := strings.Repeat("x", 5000)
	hostile := received(long, long, "a\x00b\xff", noon)
	hostile.Message.ReplyTo = long
	hostile.Person.Name = "N\x00ul"
	f.take(hostile)
	f.take(told(channels.KindReaction, "r"+long, long, noon, channels.Update{
		Reaction: &channels.Reaction{Target: long, Actor: "a", Emojis: []string{"👍"}},
	}))
	f.want(`SELECT text, state, reply_to = external_id, reactions FROM messages`, "ab\ufffd processed true map[a:[👍]]")
	f.want(`SELECT name FROM contacts`, "Nul")
}

func TestAMessageBecomesContactConversationAndFeed(t *testing.T) {
	f := setup(t)
	hello := received("m1", "4912", "hello", noon)
	hello.Person.Phone = "+4912"
	hello.Message.Attachments = []channels.Attachment{{Kind: channels.Image, MediaID: "file-1", MIME: "image/png", Bytes: 7}}
	f.take(hello)
	f.take(received("m2", "4912", "are you there?", noon.Add(time.Minute)))
	f.want(`SELECT m.direction, m.type, m.text, m.state, m.raw IS NULL, c.thread, p.name, p.phone FROM messages m
		JOIN conversations c ON c.id = m.conversation_id JOIN contacts p ON p.id = m.contact_id ORDER BY m.seq`,
		"in text hello processed true 4912 Ada +4912", "in text are you there? processed true 4912 Ada +4912")
	f.want(`SELECT status, unread_count, last_inbound_at = last_message_at, window_expires_at - last_inbound_at = '24 hours' FROM conversations`,
		"open 2 true true")
	f.want(`SELECT kind, media_id, mime, bytes FROM attachments`, "image file-1 image/png 7")
	f.want(`SELECT kind FROM feed ORDER BY xid, seq`, "conversation.created", "message.created", "message.created")
	f.want(`SELECT count(*) FROM queue_logs WHERE closed_at IS NULL`, "0")
}

func TestHistoryDisturbsNobody(t *testing.T) {
	f := setup(t)
	old := received("m1", "4912", "long ago", noon)
	old.History = true
	f.take(old)
	f.want(`SELECT status, unread_count, window_expires_at IS NULL FROM conversations`, "resolved 0 true")
	f.take(received("m2", "4912", "now", noon.Add(time.Hour)))
	f.want(`SELECT status, unread_count FROM conversations`, "open 1")
}

func TestFactsComeBeforeOrAfterTheirMessage(t *testing.T) {
	facts := []happened{
		status("s1", "4912", "m1", channels.Read, noon.Add(3*time.Second)),
		status("s2", "4912", "m1", channels.Sent, noon.Add(time.Second)),
		told(channels.KindReaction, "r1", "4912", noon.Add(4*time.Second), channels.Update{
			Reaction: &channels.Reaction{Target: "m1", Actor: "4912", Emojis: []string{"❤"}},
		}),
		told(channels.KindEdit, "e1", "4912", noon.Add(5*time.Second), channels.Update{
			Edit: &channels.Edit{Target: "m1", Content: &channels.Message{Direction: channels.Out, Type: channels.TypeText, Text: "corrected"}},
		}),
	}
	message := echoed("m1", "4912", "mistake", noon)
	for name, order := range map[string][]happened{
		"after":   append([]happened{message}, facts...),
		"before":  append(append([]happened{}, facts...), message),
		"between": {facts[3], facts[0], message, facts[2], facts[1]},
	} {
		t.Run(name, func(t *testing.T) {
			f := setup(t)
			for _, h := range order {
				f.take(h)
			}
			f.want(`SELECT text, status, reactions, edited_at FROM messages`,
				fmt.Sprint("corrected read map[4912:[❤]] ", noon.Add(5*time.Second).Local()))
			f.want(`SELECT status FROM message_statuses ORDER BY status`, "read", "sent")
		})
	}
}

func TestADeletedMessageKeepsItsPlaceAndLosesItsText(t *testing.T) {
	f := setup(t)
	f.take(received("m1", "4912", "regretted", noon))
	f.take(told(channels.KindDelete, "d1", "4912", noon, channels.Update{Delete: &channels.Delete{Target: "m1", Direction: channels.In}}))
	f.want(`SELECT text IS NULL, deleted_at IS NOT NULL FROM messages`, "true true")
}

func TestAWatermarkRaisesWhatWasSentBeforeItAndWhatIsReportedLater(t *testing.T) {
	f := setup(t)
	f.take(echoed("m1", "4912", "one", noon), echoed("m3", "4912", "three", noon.Add(time.Hour)))
	read := told(channels.KindRead, "w1", "4912", noon, channels.Update{
		Watermark: &channels.Watermark{State: channels.Read, Until: noon.Add(time.Minute)},
	})
	f.take(read)
	f.want(`SELECT m.external_id FROM feed f JOIN messages m ON m.id = f.message_id WHERE f.kind = 'message.updated'`, "m1") // whoever shows it hears of it
	f.take(echoed("m2", "4912", "two", noon.Add(time.Second)))
	f.want(`SELECT external_id, status FROM messages ORDER BY external_id`, "m1 read", "m2 read", "m3 sent")
	f.take(status("s1", "4912", "m1", channels.Delivered, noon.Add(time.Minute)))
	f.want(`SELECT status FROM messages WHERE external_id = 'm1'`, "read")
}

func TestAWatermarkMayComeBeforeTheConversation(t *testing.T) {
	f := setup(t)
	f.take(told(channels.KindRead, "w1", "4912", noon, channels.Update{
		Watermark: &channels.Watermark{State: channels.Read, Until: noon.Add(time.Minute)},
	}))
	f.take(echoed("m1", "4912", "one", noon))
	f.want(`SELECT m.status, e.conversation_id = m.conversation_id FROM messages m, message_events e`, "read true")
	f.want(`SELECT read_until IS NOT NULL FROM conversations`, "true")
}

func TestTwoNamesOfOneChatBecomeOneConversation(t *testing.T) {
	f := setup(t)
	f.take(received("m1", "4912", "by phone", noon))
	byUser := received("m2", "US.77", "by user id", noon)
	byUser.Person = person("bsuid:US.77")
	f.take(byUser)
	f.want(`SELECT count(*) FROM conversations WHERE merged_into IS NULL`, "2")

	both := received("m3", "US.77", "both", noon)
	both.Person = person("bsuid:US.77", "phone:4912")
	both.Aliases = []string{"4912"}
	f.take(both)
	f.want(`SELECT count(*), count(DISTINCT m.conversation_id), count(DISTINCT m.contact_id) FROM messages m`, "3 1 1")
	f.want(`SELECT thread, unread_count, status FROM conversations WHERE merged_into IS NULL`, "US.77 3 open")
	f.want(`SELECT count(*) FROM contacts WHERE merged_into IS NULL`, "1")

	f.take(received("m4", "4912", "by phone again", noon))
	f.want(`SELECT count(DISTINCT conversation_id) FROM messages`, "1")
}

func TestAThreadThatMovesKeepsItsConversation(t *testing.T) {
	f := setup(t)
	f.take(received("m1", "group-1", "hello", noon))
	f.take(told(channels.KindSystem, "s1", "group-1", noon, channels.Update{System: &channels.System{Type: "service", Moved: "group-2"}}))
	f.take(received("m2", "group-2", "still here", noon))
	f.want(`SELECT thread, (SELECT count(*) FROM messages WHERE conversation_id = c.id) FROM conversations c`, "group-2 2")
}

func TestAGroupHasATitleAndNoSingleContact(t *testing.T) {
	f := setup(t)
	for n, title := range []string{"Gardeners", "Gardeners of Graz"} {
		said := received(fmt.Sprint("m", n), "group-1", "hello", noon)
		said.Group = &channels.Group{Kind: "group", Title: title}
		f.take(said)
	}
	f.want(`SELECT title, contact_id IS NULL FROM conversations`, "Gardeners of Graz true")
	f.want(`SELECT count(*) FROM messages WHERE contact_id IS NOT NULL`, "2")
}

func TestADeadRowKeepsItsBytesAndItsReason(t *testing.T) {
	f := setup(t)
	job := f.ingest(channels.Event{Kind: channels.KindMessage, ID: "m1", Raw: []byte("raw")}).Jobs[0]
	rows, err := f.Pending(t.Context(), job, nil, 10)
	if err != nil || len(rows) != 1 {
		t.Fatal(rows, err)
	}
	if err := f.Bury(t.Context(), rows[0], "names nobody"); err != nil {
		t.Fatal(err)
	}
	f.want(`SELECT state, reason, convert_from(raw, 'UTF8') FROM messages`, "dead names nobody raw")
	if err := f.Finish(t.Context(), job.ID); err != nil {
		t.Fatal(err)
	}
	f.want(`SELECT count(*) FROM queue_logs WHERE closed_at IS NULL`, "0")
}

func TestUnknownEventsKeepTheirBytes(t *testing.T) {
	f := setup(t)
	h := told(channels.KindUnknown, "u1", "", noon, channels.Update{})
	h.Raw = []byte("raw")
	f.take(h)
	f.want(`SELECT state, convert_from(raw, 'UTF8') FROM message_events`, "processed raw")
}

func TestApplyIsDoneOnce(t *testing.T) {
	f := setup(t)
	hello := received("m1", "4912", "hello", noon)
	job := f.ingest(hello.Event).Jobs[0]
	rows, err := f.Pending(t.Context(), job, nil, 10)
	if err != nil {
		t.Fatal(err)
	}
	change := inbox.Change{Row: rows[0], Update: hello.Update, Fulfils: &job.ID}
	for range 2 {
		if _, err := f.Apply(t.Context(), change); err != nil {
			t.Fatal(err)
		}
	}
	f.want(`SELECT unread_count FROM conversations`, "1")
	f.want(`SELECT count(*) FROM feed`, "2")
}

func TestWhatTheDatabaseRefusesForGoodIsMarkedSo(t *testing.T) {
	f := setup(t)
	hello := received("m1", "4912", "hello", noon)
	rows, err := f.Pending(t.Context(), f.ingest(hello.Event).Jobs[0], nil, 10)
	if err != nil {
		t.Fatal(err)
	}
	hello.Message.Direction = "sideways" // violates a check
	_, err = f.Apply(t.Context(), inbox.Change{Row: rows[0], Update: hello.Update})
	if !errors.Is(err, inbox.ErrUnstorable) {
		t.Errorf("ErrUnstorable wanted, got %v", err)
	}
}

func TestMigrationsAreAppliedOnceAndMakePartitions(t *testing.T) {
	t.Parallel()
	_, url := storetest.New(t)
	applied, err := store.Migrate(t.Context(), url)
	if err != nil || len(applied) != 0 {
		t.Errorf("nothing to apply wanted, got %v, %v", applied, err)
	}
	f := &fixture{t: t}
	if f.db, err = pgx.Connect(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	defer f.db.Close(context.Background())
	f.want(`SELECT count(*) FROM pg_inherits WHERE inhparent = 'webhook_logs'::regclass`, "14") // this month, twelve more, the default
}

func TestALogRowLandsInItsMonth(t *testing.T) {
	f := setup(t)
	f.ingest(channels.Event{Kind: channels.KindUnknown, ID: "u1"})
	want := "webhook_logs_" + time.Now().UTC().Format("2006_01")
	f.want(`SELECT tableoid::regclass::text FROM webhook_logs`, want)
	var content json.RawMessage
	if err := f.db.QueryRow(t.Context(), `SELECT headers FROM webhook_logs`).Scan(&content); err != nil || string(content) != "null" {
		t.Errorf("headers: %s, %v", content, err)
	}
}
