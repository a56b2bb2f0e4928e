package replay

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"omni/channels"
	platforms "omni/channels/simulate"
	_ "omni/gen/dispatch"
	_ "omni/gen/simulators"
	"omni/internal/app"
	"omni/internal/inbox"
	"omni/internal/pipeline"
	"omni/internal/roster"
	"omni/internal/store"
	"omni/internal/store/storetest"
	"omni/tools/omni/dev"
)

// product is the product as far as a webhook goes through it, without a queue: what is queued is processed at once.
type product struct {
	t       *testing.T
	store   *store.Store
	db      *pgx.Conn
	ingest  *pipeline.Ingester
	process pipeline.Processor
	secrets app.SecretsFile
}

// silence counts nothing.
type silence struct{}

func (silence) Count(string, map[string]int)                            {}
func (silence) CountAged(string, map[string]int, string, time.Duration) {}

func newProduct(t *testing.T) *product {
	t.Helper()
	t.Parallel()
	s, url := storetest.New(t)
	db, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close(context.Background()) })
	log := slog.New(slog.DiscardHandler)
	p := &product{t: t, store: s, db: db, process: pipeline.Processor{Store: s, Meter: silence{}, Log: log}}
	p.secrets = app.SecretsFile(filepath.Join(t.TempDir(), "secrets.json"))
	if _, err := dev.EnsureSecrets(t.Context(), string(p.secrets), channels.Specs()); err != nil {
		t.Fatal(err)
	}
	p.ingest = pipeline.NewIngester(roster.New(p.secrets, time.Now, roster.Options{Purpose: channels.ForVerify}), p, p, silence{}, log, time.Now)
	return p
}

// Ingest stores a webhook however slow the machine is.
func (p *product) Ingest(ctx context.Context, w inbox.Webhook) (inbox.Stored, error) {
	return p.store.Ingest(context.WithoutCancel(ctx), w)
}

// Send processes jobs in the place of the queue, those of messages first: what receipts say of a chat counts once the chat is known.
func (p *product) Send(ctx context.Context, jobs []inbox.Job) error {
	slices.SortFunc(jobs, func(a, b inbox.Job) int { return -strings.Compare(a.Queue, b.Queue) })
	for _, job := range jobs {
		if err := p.process.Process(ctx, job, nil, nil); err != nil {
			return err
		}
	}
	return nil
}

// Spill implements pipeline.IngestQueue.
func (p *product) Spill(context.Context, []inbox.Part) error {
	return errors.New("the database did not take a webhook")
}

// receive takes in a webhook of a channel, signed.
func (p *product) receive(channel string, w platforms.Webhook) {
	p.t.Helper()
	spec, _ := channels.Lookup(channel)
	platform, _ := platforms.Lookup(channel)
	secrets, err := p.secrets.Secrets(p.t.Context(), channel)
	if err != nil {
		p.t.Fatal(err)
	}
	account := dev.OwnAccount(spec)
	platform.Sign(&w, secrets[account])
	answer := p.ingest.Webhook(p.t.Context(), pipeline.Delivery{
		Channel: channel, Account: account, RequestID: "r-1", Request: channels.Request{Header: w.Header, Body: w.Body},
	})
	if answer.Status == http.StatusUnauthorized && channels.IsHosted(channel) {
		return // it names a file by the token of another account
	}
	if answer.Status != http.StatusOK {
		p.t.Fatalf("%s: %d for %s", channel, answer.Status, w.Body)
	}
}

// receiveAll takes in every body of the channels' testdata, each twice, and events of every kind that can be simulated.
func (p *product) receiveAll() {
	p.t.Helper()
	for _, channel := range platforms.Channels() {
		paths, err := filepath.Glob("../../../channels/" + channel + "/testdata/*.json")
		if err != nil || len(paths) == 0 {
			p.t.Fatal("no testdata of", channel, err)
		}
		for _, path := range paths {
			if strings.HasSuffix(path, ".golden.json") {
				continue
			}
			body, err := os.ReadFile(path)
			if err != nil {
				p.t.Fatal(err)
			}
			p.receive(channel, platforms.NewWebhook(body))
			p.receive(channel, platforms.NewWebhook(body))
		}
		p.simulate(channel)
	}
}

func (p *product) simulate(channel string) {
	p.t.Helper()
	platform, _ := platforms.Lookup(channel)
	source := rand.New(rand.NewPCG(7, 7))
	var earlier []string
	var events []platforms.Event
	for serial, kind := range append(platform.Kinds(), platform.Kinds()...) { // the second time there are earlier messages
		event, err := platform.Event(kind, platforms.Scene{
			Rand: source, At: time.Date(2026, 11, 22, 12, 0, serial, 0, time.UTC), Account: "1000", Customer: platforms.Customer{Name: "Ada"},
			Serial: serial + 1, Run: "replay", Earlier: earlier,
		})
		if err != nil {
			continue
		}
		events = append(events, event)
		for _, expected := range event.Expect {
			if expected.Kind == channels.KindMessage {
				earlier = append(earlier, expected.ID)
			}
		}
	}
	for _, webhook := range platform.Webhooks(events) {
		p.receive(channel, webhook)
	}
}

// replay returns the report.
func (p *product) replay(o Options) string {
	p.t.Helper()
	var report, progress strings.Builder
	if err := Run(p.t.Context(), p.store, Streams{Report: &report, Progress: &progress}, o); err != nil {
		p.t.Fatal(err)
	}
	return report.String()
}

// dump is what the store knows, but for keys, order and the times of our own clock, and for what depends on the order in which events are
// processed: the name in use of a chat, and what is known of a person and of an event's chat.
func (p *product) dump() []string {
	p.t.Helper()
	var lines []string
	for _, query := range []string{
		`SELECT 'message', channel_account_id, external_id, thread, lane, history, state, reason, raw, direction, type, text, content::text, edited::text,
			reply_to, status, reactions::text, edited_at, deleted_at, occurred_at, webhook_log_id, conversation_id, contact_id FROM messages ORDER BY 2, 3`,
		`SELECT 'attachment', m.external_id, a.position, a.kind, a.media_id, a.url, a.mime, a.name, a.bytes, a.sha256, a.detail::text FROM attachments a
			JOIN messages m ON m.id = a.message_id ORDER BY m.channel_account_id, m.external_id, a.position`,
		`SELECT 'event', channel_account_id, kind, key, thread, lane, history, state, reason, raw, target, content::text, occurred_at, webhook_log_id
			FROM message_events ORDER BY 2, 3, 4`,
		`SELECT 'status', channel_account_id, external_id, status, recipient, error_code, error_title, occurred_at FROM message_statuses ORDER BY 2, 3, 4, 5, 8`,
		`SELECT 'conversation', id, title, contact_id, status, last_message_at, last_inbound_at, window_expires_at, unread_count, delivered_until,
			read_until, merged_into FROM conversations ORDER BY 2`,
		`SELECT 'contact', id, name, phone, language, merged_into FROM contacts ORDER BY 2`,
		`SELECT 'webhook', id, events, parse_error FROM webhook_logs ORDER BY 2`,
	} {
		rows, err := p.db.Query(p.t.Context(), query)
		if err != nil {
			p.t.Fatal(err)
		}
		some, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (string, error) {
			values, err := row.Values()
			for i, v := range values {
				if id, ok := v.([16]byte); ok {
					values[i] = fmt.Sprintf("%x", id)
				}
			}
			return fmt.Sprintln(values...), err
		})
		if err != nil {
			p.t.Fatal(err)
		}
		lines = append(lines, some...)
	}
	return lines
}

func TestWhatWasJustProcessedIsTheSame(t *testing.T) {
	p := newProduct(t)
	p.receiveAll()
	before := p.dump()
	report := p.replay(Options{Details: 10})
	if !strings.Contains(report, "Nothing differs") {
		t.Errorf("a replay of what was just processed:\n%s", report)
	}
	for _, want := range append(platforms.Channels(), "total") {
		if !strings.Contains(report, want) {
			t.Errorf("no line of %s in:\n%s", want, report)
		}
	}
	if report := p.replay(Options{Details: 10, Apply: true}); !strings.Contains(report, "Nothing differs") {
		t.Errorf("applied:\n%s", report)
	}
	if diff := cmp.Diff(before, p.dump()); diff != "" {
		t.Errorf("it changed (-before +after):\n%s", diff)
	}
}

func TestApplyMakesTheStoreWhatTodaysCodeSays(t *testing.T) {
	p := newProduct(t)
	p.receiveAll()
	want := p.dump()
	feed := p.count(`SELECT count(*) FROM feed`)
	p.spoil()
	if diff := cmp.Diff(want, p.dump()); diff == "" {
		t.Fatal("nothing is spoilt")
	}
	spoilt := p.dump()
	preview := p.replay(Options{Details: 1000})
	if diff := cmp.Diff(spoilt, p.dump()); diff != "" {
		t.Errorf("a replay without --apply changes nothing (-before +after):\n%s", diff)
	}
	for _, part := range []string{"--apply writes", "dead, would be understood now", `it died of: "an old mistake"`, `- content.text: "an old reading"`} {
		if !strings.Contains(preview, part) {
			t.Errorf("no %q in:\n%s", part, preview)
		}
	}
	report := p.replay(Options{Apply: true})
	if diff := cmp.Diff(want, p.dump()); diff != "" {
		t.Errorf("(-want +got):\n%s\n%s", diff, report)
	}
	if created := p.count(`SELECT count(*) FROM (SELECT kind FROM feed ORDER BY xid, seq OFFSET $1) AS later WHERE kind LIKE '%.created'`, feed); created != 0 {
		t.Errorf("%d entries of the feed say that something is new", created)
	}
	if later := p.count(`SELECT count(*) FROM feed`); later == feed {
		t.Error("clients are not told to look again")
	}
	if report := p.replay(Options{Apply: true}); !strings.Contains(report, "Nothing differs") {
		t.Errorf("the second time:\n%s", report)
	}
}

func (p *product) count(query string, args ...any) (n int) {
	p.t.Helper()
	if err := p.db.QueryRow(p.t.Context(), query, args...).Scan(&n); err != nil {
		p.t.Fatal(err)
	}
	return n
}

// spoil makes rows as an older version with many mistakes would have left them.
func (p *product) spoil() {
	p.t.Helper()
	const every = `(SELECT id FROM (SELECT id, row_number() OVER (ORDER BY seq) AS n FROM messages WHERE state = 'processed') AS numbered WHERE n % 8 = $1)`
	const everyEvent = `(SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY kind ORDER BY seq) AS n FROM message_events) AS numbered WHERE n % 4 = $1)`
	for _, statement := range []string{
		`UPDATE messages SET edited = NULL, edited_at = NULL, deleted_at = NULL, text = content ->> 'text', reactions = NULL, status = NULL
			WHERE (channel_account_id, external_id) IN (SELECT channel_account_id, target FROM message_events WHERE id IN ` + everyEvent + `)`,
		`UPDATE message_statuses SET status = 'in orbit' WHERE $1::int = 1 AND id IN ` + everyEvent,
		`UPDATE message_events SET content = '{"extra": {"spoilt": "yes"}}', target = 'some other message' WHERE $1::int = 1 AND id IN ` + everyEvent,
		`UPDATE message_events SET state = 'dead', reason = 'an old mistake', raw = '', content = NULL, target = NULL, conversation_id = NULL
			WHERE $1::int = 2 AND id IN ` + everyEvent,
		`DELETE FROM message_statuses WHERE $1::int = 3 AND id IN ` + everyEvent,
		`DELETE FROM message_events WHERE $1::int = 3 AND id IN ` + everyEvent,
		`UPDATE messages SET content = '{"direction": "in", "type": "text", "text": "an old reading"}', text = 'an old reading', type = 'text',
			reply_to = 'm0', reactions = NULL, thread = 'elsewhere', lane = 'live/elsewhere', occurred_at = NULL
			WHERE $1::int = 1 AND id IN ` + every,
		`UPDATE messages SET state = 'dead', reason = 'an old mistake', raw = '', content = NULL, text = NULL, type = NULL, direction = NULL,
			edited = NULL, edited_at = NULL, deleted_at = NULL, status = NULL, reactions = NULL WHERE $1::int = 2 AND id IN ` + every,
		`DELETE FROM attachments WHERE $1::int = 3 AND message_id IN ` + every,
		`DELETE FROM messages WHERE $1::int = 3 AND id IN ` + every,
	} {
		for n := range 3 {
			if _, err := p.db.Exec(p.t.Context(), statement, n+1); err != nil {
				p.t.Fatal(err)
			}
		}
	}
}
