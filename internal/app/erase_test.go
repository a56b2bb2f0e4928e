package app_test

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"omni/channels"
	"omni/channels/simulate"
	"omni/internal/app"
	"omni/internal/blob"
	"omni/internal/edge"
	"omni/internal/inbox"
	"omni/internal/pipeline"
	"omni/internal/queue"
	"omni/internal/store"
)

// town is the product with two customers on every channel. What one of them says and is called is to be found nowhere after their erasure.
type town struct {
	*staff
	parts    app.Parts // of the processor
	process  edge.QueueHandler
	spilling edge.HTTPHandler
	folder   string // of files and jobs
	serial   int
	earlier  map[string][]string // messages of each chat
	secrets  []string            // what is to be found nowhere
}

// The two of them. Neighbours share a group.
var (
	bird      = simulate.Customer{Number: 6, Name: "Kanarienvogel"}
	bystander = simulate.Customer{Number: 2, Name: "Bystander"}
)

// sings is in everything that the bird says.
const sings = "tschiep-tschiep"

func settle(t *testing.T) *town {
	t.Helper()
	s := hire(t)
	v := &town{staff: s, folder: t.TempDir(), earlier: map[string][]string{}, secrets: []string{bird.Name, sings}}
	blobs := blob.NewFolder(v.folder + "/blobs")
	v.parts = s.parts(as(t, s.url, "omni_processor"))
	sender := queue.NewSender(s, app.Queues{Live: "live", Bulk: "bulk", Outbound: "outbound-{channel}"}.URLs(), blobs)
	v.parts.Queue, v.parts.Orders, v.parts.Blobs = sender, sender, blobs
	v.parts.FileStore = blob.NewFolderFiles(v.folder+"/files", "", time.Now)
	v.process = v.parts.Processor()
	spilling := s.parts("postgres://nobody@127.0.0.1:1/nothing")
	spilling.Queue = sender
	v.spilling = spilling.Webhook()
	return v
}

// says makes one event of each kind that a customer can do on a channel.
func (v *town) says(channel string, who simulate.Customer, words string, kinds ...string) (said []simulate.Event) {
	platform, _ := simulate.Lookup(channel)
	if len(kinds) == 0 {
		kinds = platform.Kinds()
	}
	chat := channel + who.Name
	for _, kind := range kinds {
		v.serial++
		at := time.Now().Add(-time.Hour).Add(time.Duration(v.serial) * time.Second) // no two at once: what a platform gives no id is known by all it says
		event, err := platform.Event(kind, simulate.Scene{
			Rand: rand.New(rand.NewPCG(1, uint64(v.serial))), At: at, Account: "100000000000001", Serial: v.serial, Run: v.t.Name(),
			Earlier: v.earlier[chat], Customer: who, Words: words,
		})
		if err != nil {
			continue // it needs something that was not there
		}
		for _, expected := range event.Expect {
			if expected.Kind == channels.KindMessage {
				v.earlier[chat] = append(v.earlier[chat], expected.ID)
			}
		}
		said = append(said, event)
	}
	return said
}

// send hands events to a webhook function, as many in a webhook as the platform would, and returns the requests.
func (v *town) send(webhook edge.HTTPHandler, channel string, said ...simulate.Event) (sent []simulate.Webhook) {
	v.t.Helper()
	platform, _ := simulate.Lookup(channel)
	for _, w := range platform.Webhooks(said) {
		v.post(webhook, signed(channel, w))
		sent = append(sent, w)
	}
	return sent
}

// drain lets the processor do everything that is queued, and what follows from it.
func (v *town) drain() {
	v.t.Helper()
	for len(v.queued) > 0 {
		v.hand(v.process)
	}
}

func (v *town) exec(statement string, args ...any) {
	v.t.Helper()
	if _, err := v.admin.Exec(v.t.Context(), statement, args...); err != nil {
		v.t.Fatalf("%s: %v", statement, err)
	}
}

func (v *town) texts(query string, args ...any) []string {
	v.t.Helper()
	rows, err := v.admin.Query(v.t.Context(), query, args...)
	if err != nil {
		v.t.Fatalf("%s: %v", query, err)
	}
	texts, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		v.t.Fatalf("%s: %v", query, err)
	}
	return texts
}

// people are the contacts that say certain words.
func (v *town) people(words string) []string {
	return v.texts(`SELECT DISTINCT contact_id::text FROM messages WHERE direction = 'in' AND text LIKE '%' || $1 || '%' ORDER BY 1`, words)
}

// forms are how a secret could be written somewhere.
func forms(secret string) []string {
	all := []string{secret, hex.EncodeToString([]byte(secret))}
	for shift := range 3 { // as a part of a longer text in base64, without what its neighbours decide
		coded := base64.StdEncoding.EncodeToString(append(make([]byte, shift), secret...))
		all = append(all, coded[(shift*8+5)/6:len(coded)-4])
	}
	return all
}

// found returns where in the whole database and all objects any of the secrets is.
func (v *town) found(secrets ...string) (places []string) {
	v.t.Helper()
	var needles []string
	for _, secret := range secrets {
		needles = append(needles, forms(secret)...)
	}
	tables := v.texts(`SELECT quote_ident(table_name) FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`)
	for _, table := range tables {
		for _, row := range v.texts(`SELECT left(to_jsonb(t)::text, 2000) || ' <- ' || n FROM `+table+` t, unnest($1::text[]) n WHERE strpos(to_jsonb(t)::text, n) > 0`, needles) {
			places = append(places, table+": "+row)
		}
	}
	err := fs.WalkDir(os.DirFS(v.folder), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(v.folder + "/" + path)
		for _, needle := range needles {
			if strings.Contains(string(content), needle) {
				places = append(places, path+" has "+needle)
			}
		}
		return err
	})
	if err != nil {
		v.t.Fatal(err)
	}
	return places
}

// wantNothing reports every place where a secret is.
func (v *town) wantNothing() {
	v.t.Helper()
	for _, place := range v.found(v.secrets...) {
		v.t.Errorf("found in %s", place[:min(len(place), 700)])
	}
}

// Everything that a person has left anywhere goes, and nothing of it comes back; the others keep what is theirs.
func TestAnErasedPersonIsFoundNowhere(t *testing.T) {
	v := settle(t)
	to, room := subscribe(t, v.url), newMailroom()
	v.parts.Posts = room
	v.process = v.parts.Processor()
	again := v.everybodySays()
	v.drain()
	v.workOn(v.staff.parts(as(t, v.url, "omni_api")).Store)
	v.secrets = append(v.secrets, v.texts(`SELECT value FROM contact_identities WHERE contact_id::text = ANY ($1)
		UNION SELECT t.thread FROM conversation_threads t JOIN conversations c ON c.id = t.conversation_id WHERE c.contact_id::text = ANY ($1)`, v.people(sings))...)
	v.onItsWay()
	late := v.queued
	v.queued = nil
	v.onItsWay()
	v.giveUp(v.queued[len(v.queued)-3:])
	posted, before := room.posts, v.texts(theirs, "a bystander says")

	ordered := v.erase()
	v.drain()
	v.wantNothing()

	again()
	v.queued = append(v.queued, late...)
	v.drain()
	for _, post := range posted { // the deliverer was at work
		if err := room.Reply(t.Context(), inbox.Reply{Delivery: post.Delivery, Subscription: to.ID, Attempt: post.Attempt, At: time.Now(), Status: 200}); err != nil {
			t.Fatal(err)
		}
	}
	v.replay()
	v.drain()
	if err := v.parts.Erasures().Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	v.wantNothing()
	if after := v.texts(theirs, "a bystander says"); strings.Join(before, "\n") != strings.Join(after, "\n") {
		t.Errorf("the bystander had\n%s\nand has\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
	}
	v.wantReceipts(ordered)

	v.send(v.webhook, "whatsapp", v.says("whatsapp", bird, "something new", "text")...)
	v.drain()
	if n := v.count(`SELECT count(*) FROM messages WHERE text = 'something new'`); n != 1 {
		t.Errorf("%d new messages of somebody new", n)
	}
}

// everybodySays lets both customers say everything on every channel, each alone and both in one webhook. It returns how all with something of the bird's is
// repeated.
func (v *town) everybodySays() (again func()) {
	var repeats []func()
	for _, channel := range simulate.Channels() {
		repeat := func(sent []simulate.Webhook) {
			for _, w := range sent {
				repeats = append(repeats, func() { v.post(v.webhook, signed(channel, w)) })
			}
		}
		for _, event := range v.says(channel, bystander, "what a bystander says") {
			v.send(v.webhook, channel, event)
		}
		for _, event := range v.says(channel, bird, sings) {
			repeat(v.send(v.webhook, channel, event))
		}
		mixed := append(v.says(channel, bird, sings, "text"), v.says(channel, bystander, "what a bystander says in between", "text")...)
		repeat(v.send(v.webhook, channel, append(mixed, v.says(channel, bystander, "what a bystander says at the end", "text")...)...))
	}
	return func() {
		for _, repeat := range repeats {
			repeat()
		}
	}
}

// onItsWay lets the bird say more that nobody processes yet: stored, and in queues and object storage because nothing could be stored.
func (v *town) onItsWay() {
	for _, webhook := range []edge.HTTPHandler{v.webhook, v.spilling} {
		for _, channel := range simulate.Channels() {
			v.send(webhook, channel, v.says(channel, bird, sings, "text")...)
		}
		v.send(webhook, "whatsapp", v.says("whatsapp", bird, sings, "smb_app_state_sync")...) // of no chat
	}
	v.send(v.spilling, "whatsapp", v.says("whatsapp", bird, strings.Repeat(sings+" ", 80_000), "text")...)
}

// giveUp lets jobs be given up.
func (v *town) giveUp(jobs []events.SQSMessage) {
	v.t.Helper()
	for _, job := range jobs {
		if err := v.parts.Store.KeepDead(v.t.Context(), inbox.DeadJob{ID: uuid.Must(uuid.NewV7()), Queue: "live", Body: job.Body, Reason: "test"}); err != nil {
			v.t.Fatal(err)
		}
	}
}

// erase orders the erasure of everybody whom the bird is.
func (v *town) erase() (ordered []uuid.UUID) {
	v.t.Helper()
	people := v.people(sings)
	if len(people) < len(simulate.Channels()) {
		v.t.Fatalf("the bird is %d contacts", len(people))
	}
	api := v.staff.parts(as(v.t, v.url, "omni_api"))
	api.Orders = v.parts.Orders
	for _, person := range people {
		erasure, _, err := api.Store.BeginErasure(v.t.Context(), inbox.Actor{}, uuid.MustParse(person), "They asked for it.")
		if err != nil {
			v.t.Fatal(err)
		}
		api.Erasures().Start(v.t.Context(), erasure)
		ordered = append(ordered, erasure)
	}
	return ordered
}

// theirs is what the bystander has said in the inbox.
const theirs = `SELECT id::text || ' ' || text || ' ' || state || ' ' || type FROM messages WHERE text LIKE '%' || $1 || '%' ORDER BY id`

// workOn lets agents do things that leave the bird's words.
func (v *town) workOn(agents *store.Store) {
	v.t.Helper()
	v.exec(`INSERT INTO agents (id, subject, name, role) VALUES ('00000000-0000-0000-0000-000000000001', 'ada', 'Ada', 'agent')`)
	for _, person := range v.people(sings) {
		name := sings + " is called that here"
		if _, err := agents.EditContact(v.t.Context(), inbox.Actor{}, uuid.MustParse(person), inbox.ContactEdit{Name: &name, About: &name}); err != nil {
			v.t.Fatal(err)
		}
		v.exec(`INSERT INTO notes (id, conversation_id, agent_id, text) SELECT gen_random_uuid(), id, '00000000-0000-0000-0000-000000000001', $2
			FROM conversations WHERE contact_id = $1`, person, sings)
	}
	v.exec(`UPDATE messages SET state = 'dead', reason = 'test', raw = convert_to($1, 'UTF8') WHERE id = (
		SELECT max(m.id::text)::uuid FROM messages m WHERE m.contact_id = $2)`, `{"text":"`+sings+`"}`, v.people(sings)[0])
	for _, file := range v.texts(`SELECT f.id::text FROM files f JOIN messages m ON m.id = f.message_id WHERE m.contact_id::text = ANY ($1)`, v.people(sings)) {
		id := uuid.MustParse(file)
		stored, err := v.parts.FileStore.Put(v.t.Context(), inbox.FileKey(id), blob.Upload{Body: strings.NewReader(sings), MIME: "text/plain", MaxBytes: 100})
		if err != nil {
			v.t.Fatal(err)
		}
		o := inbox.FetchOutcome{File: id, Attempt: 1, Result: inbox.FetchStored, Bytes: stored.Bytes, MIME: stored.MIME, SHA256: stored.SHA256}
		if err := v.parts.Files().Record(v.t.Context(), o); err != nil {
			v.t.Fatal(err)
		}
	}
}

// replay takes all that is logged through today's code, and writes what is different.
func (v *town) replay() {
	v.t.Helper()
	opened, err := store.Open(v.url, store.Options{})
	if err != nil {
		v.t.Fatal(err)
	}
	defer opened.Close()
	replayer := pipeline.Replayer{Store: opened, Apply: true, Report: func(pipeline.Difference) {}, Progress: func(pipeline.Progress) {}}
	if _, err := replayer.Run(v.t.Context(), inbox.WebhookSelection{}); err != nil {
		v.t.Fatal(err)
	}
}

// wantReceipts looks whether the receipts are over, count what went, and recognise whom they are about.
func (v *town) wantReceipts(ordered []uuid.UUID) {
	v.t.Helper()
	recognised, removed := 0, map[string]int64{}
	for _, id := range ordered {
		e, err := v.staff.parts(as(v.t, v.url, "omni_api")).Store.Erasure(v.t.Context(), id)
		if err != nil || e.State != inbox.ErasureDone || e.FinishedAt.IsZero() {
			v.t.Fatalf("%+v, %v", e, err)
		}
		for kind, n := range e.Removed {
			removed[kind] += n
		}
		if len(e.Identities) > 0 && slices.ContainsFunc(v.secrets, func(id string) bool { return e.Identities[0].Is(e.Identities[0].Channel, id) }) {
			recognised++
		}
	}
	for _, kind := range []string{
		"messages", "attachments", "files", "events", "receipts", "webhooks", "jobs", "dead_jobs", "spilled_jobs", "subscription_events", "feed", "notes",
		"audit_entries", "identities", "conversations", "contacts",
	} {
		if removed[kind] == 0 {
			v.t.Errorf("no %s: %v", kind, removed)
		}
	}
	if recognised < len(ordered) {
		v.t.Errorf("%d identities are recognised", recognised)
	}
}

// mortal is a store that dies at one of its calls, before or after that did what it does.
type mortal struct {
	pipeline.ErasureStore
	calls int // until it dies
	after bool
}

var errKilled = errors.New("killed")

func (m *mortal) dies(do func() error) error {
	m.calls--
	if m.calls == 0 && !m.after {
		return errKilled
	}
	if err := do(); err != nil {
		return err
	}
	if m.calls == 0 {
		return errKilled
	}
	return nil
}

func (m *mortal) EraseRows(ctx context.Context, id uuid.UUID, step inbox.ErasureStep, place string) (next string, done bool, err error) {
	err = m.dies(func() (err error) { next, done, err = m.ErasureStore.EraseRows(ctx, id, step, place); return err })
	return next, done, err
}

func (m *mortal) EraseMove(ctx context.Context, id uuid.UUID, step inbox.ErasureStep, place string) error {
	return m.dies(func() error { return m.ErasureStore.EraseMove(ctx, id, step, place) })
}

func (m *mortal) EndErasure(ctx context.Context, id uuid.UUID) (done bool, err error) {
	err = m.dies(func() (err error) { done, err = m.ErasureStore.EndErasure(ctx, id); return err })
	return done, err
}

func (m *mortal) RewriteLeftover(ctx context.Context, w inbox.LoggedWebhook, keep []channels.Event) error {
	return m.dies(func() error { return m.ErasureStore.RewriteLeftover(ctx, w, keep) })
}

func (m *mortal) RewriteKeptJob(ctx context.Context, job inbox.DeadJob, erasure uuid.UUID) error {
	return m.dies(func() error { return m.ErasureStore.RewriteKeptJob(ctx, job, erasure) })
}

func (m *mortal) ObjectsDeleted(ctx context.Context, keys []string) error {
	return m.dies(func() error { return m.ErasureStore.ObjectsDeleted(ctx, keys) })
}

// An erasure that is killed again and again, at every point there is, ends as one that was not.
func TestAnErasureGoesOnAfterAKillAtAnyPoint(t *testing.T) {
	v := settle(t)
	for range 3 {
		v.send(v.webhook, "whatsapp", v.says("whatsapp", bird, sings)...)
	}
	v.drain()
	v.workOn(v.staff.parts(as(t, v.url, "omni_api")).Store)
	v.send(v.spilling, "whatsapp", v.says("whatsapp", bird, sings, "text")...)
	v.giveUp(v.queued[:1])
	v.drain()
	messages := v.count(`SELECT count(*) FROM messages`)
	api := v.staff.parts(as(t, v.url, "omni_api")).Store
	erasure, _, err := api.BeginErasure(t.Context(), inbox.Actor{}, uuid.MustParse(v.people(sings)[0]), "")
	if err != nil {
		t.Fatal(err)
	}
	kills := 0
	for {
		dying := v.parts.Erasures()
		dying.Store = &mortal{ErasureStore: dying.Store, calls: 1 + kills%4, after: kills%2 == 1}
		err := dying.Run(t.Context(), erasure)
		if err == nil {
			break
		}
		if !errors.Is(err, errKilled) {
			t.Fatal(err)
		}
		if kills++; kills > 500 {
			t.Fatal("it does not come to an end")
		}
	}
	v.wantNothing()
	e, err := api.Erasure(t.Context(), erasure)
	if err != nil || e.State != inbox.ErasureDone || int(e.Removed["messages"]) != messages || e.Removed["contacts"] != 1 {
		t.Errorf("after %d kills: %+v, %v; there were %d messages", kills, e, err, messages)
	}
	if kills < 15 {
		t.Errorf("it was killed only %d times", kills)
	}
	if err := v.parts.Erasures().Run(t.Context(), erasure); err != nil {
		t.Errorf("an erasure that is over: %v", err)
	}
	if same, _, err := api.BeginErasure(t.Context(), inbox.Actor{}, e.Contact, ""); err != nil || same != erasure {
		t.Errorf("asked again: %s, %v", same, err)
	}
}
