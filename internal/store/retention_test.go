package store_test

import (
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/store"
)

// idOf returns a UUIDv7 of a moment.
func idOf(at time.Time) uuid.UUID {
	id := uuid.Must(uuid.NewV7())
	var milliseconds [8]byte
	binary.BigEndian.PutUint64(milliseconds[:], uint64(at.UnixMilli()))
	copy(id[:6], milliseconds[2:])
	return id
}

// long is a month that is over, long ago; partitions of it and the one after are made by partitionsOf.
var long = time.Date(2021, 2, 1, 0, 0, 0, 0, time.UTC)

// month makes both logs' partitions of a month, as ensure_partitions did when it was to come.
func (f *fixture) month(first time.Time) {
	f.t.Helper()
	for _, log := range []string{"webhook_logs", "queue_logs"} {
		f.exec(fmt.Sprintf(`SELECT format('CREATE TABLE %s PARTITION OF %s FOR VALUES FROM (%%L) TO (%%L)', uuid_floor($1), uuid_floor($2))`,
			log+first.Format("_2006_01"), log), first, first.AddDate(0, 1, 0))
	}
}

// exec runs the statement that a query returns.
func (f *fixture) exec(query string, args ...any) {
	f.t.Helper()
	if _, err := f.db.Exec(f.t.Context(), f.text(query, args...)[0]); err != nil {
		f.t.Fatal(err)
	}
}

// logged stores a webhook with one message as it was at a moment, and returns its job.
func (f *fixture) logged(at time.Time, message string) inbox.Job {
	f.t.Helper()
	stored, err := f.Ingest(f.t.Context(), inbox.Webhook{
		ID: idOf(at), Channel: channel, CredentialAccount: "default", Body: []byte("{}"),
		Events: []channels.Event{{Kind: channels.KindMessage, Account: account, Thread: message, ID: message, At: at, Raw: []byte("{}")}},
	})
	if err != nil {
		f.t.Fatal(err)
	}
	job := stored.Jobs[0]
	was := job.ID
	job.ID = idOf(at)
	if _, err := f.db.Exec(f.t.Context(), `UPDATE queue_logs SET id = $1, created_at = $2 WHERE id = $3`, job.ID, at, was); err != nil {
		f.t.Fatal(err)
	}
	if _, err := f.db.Exec(f.t.Context(), `UPDATE webhook_logs SET received_at = $1 WHERE id >= uuid_floor($1) AND id < uuid_floor($1 + interval '1 ms')`, at); err != nil {
		f.t.Fatal(err)
	}
	return job
}

// process takes a job's rows through, or buries them with a reason.
func (f *fixture) process(job inbox.Job, reason string) {
	f.t.Helper()
	rows, err := f.Pending(f.t.Context(), job, nil, 10)
	if err != nil || len(rows) != 1 {
		f.t.Fatalf("%d rows, %v", len(rows), err)
	}
	if reason != "" {
		err = f.Bury(f.t.Context(), rows[0], reason)
	} else {
		_, err = f.Apply(f.t.Context(), inbox.Change{Row: rows[0], Update: received("", rows[0].Event.Thread, "hello", noon).Update, Fulfils: &job.ID})
	}
	if err == nil {
		err = f.Finish(f.t.Context(), job.ID)
	}
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) drop(before time.Time, want ...store.Expired) {
	f.t.Helper()
	got, err := f.DropExpired(f.t.Context(), store.LogTimes{Webhooks: before, Jobs: before})
	if err != nil {
		f.t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		f.t.Errorf("before %s (-want +got):\n%s", before, diff)
	}
}

func TestAMonthIsDroppedOnceAllOfItIsOldAndNothingIsOpen(t *testing.T) {
	f := setup(t)
	next := long.AddDate(0, 1, 0)
	f.month(long)
	f.month(next)
	done, waiting := f.logged(long.Add(time.Hour), "m1"), f.logged(next.Add(time.Hour), "m2")
	f.process(done, "")

	f.drop(next.Add(-time.Millisecond)) // its last row may be that young
	f.want(`SELECT (SELECT count(*) FROM webhook_logs), (SELECT count(*) FROM queue_logs)`, "2 2")
	f.drop(next, store.Expired{Partition: "webhook_logs_2021_02", Outcome: store.OutcomeDropped}, store.Expired{Partition: "queue_logs_2021_02", Outcome: store.OutcomeDropped})
	f.want(`SELECT to_regclass('webhook_logs_2021_02') IS NULL, to_regclass('queue_logs_2021_02') IS NULL`, "true true")
	f.want(`SELECT (SELECT count(*) FROM webhook_logs), (SELECT count(*) FROM queue_logs), (SELECT count(*) FROM messages)`, "1 1 2")

	kept := []store.Expired{
		{Partition: "webhook_logs_2021_03", Outcome: store.OutcomeOpen, Rows: 1}, {Partition: "queue_logs_2021_03", Outcome: store.OutcomeOpen, Rows: 1},
	}
	f.drop(time.Now(), kept...)
	f.process(waiting, "cannot be read")
	f.drop(time.Now(), kept[0], store.Expired{Partition: "queue_logs_2021_03", Outcome: store.OutcomeDropped}) // a dead letter needs its webhook, but no job
	if _, err := f.db.Exec(t.Context(), `UPDATE messages SET state = 'processed'`); err != nil {
		t.Fatal(err)
	}
	f.drop(time.Now(), store.Expired{Partition: "webhook_logs_2021_03", Outcome: store.OutcomeDropped})
	f.drop(time.Now())
	f.want(`SELECT count(*) > 0 FROM pg_inherits WHERE inhparent = 'webhook_logs'::regclass`, "true") // this month's and those to come
}

func TestEventsKeepTheirWebhookToo(t *testing.T) {
	f := setup(t)
	f.month(long)
	_, err := f.Ingest(t.Context(), inbox.Webhook{
		ID: idOf(long), Channel: channel, CredentialAccount: "default", Body: []byte("{}"),
		Events: []channels.Event{
			{Kind: channels.KindReaction, Account: account, Thread: "a", ID: "r1", Raw: []byte("{}")},
			{Kind: channels.KindStatus, Account: account, Thread: "a", ID: "s1", Raw: []byte("{}")},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	open := store.Expired{Partition: "webhook_logs_2021_02", Outcome: store.OutcomeOpen, Rows: 2}
	dropped := store.Expired{Partition: "queue_logs_2021_02", Outcome: store.OutcomeDropped}
	f.drop(time.Now(), open, dropped)
	if _, err := f.db.Exec(t.Context(), `UPDATE message_events SET state = 'dead' WHERE key = 'r1'`); err != nil {
		t.Fatal(err)
	}
	f.drop(time.Now(), open)
}

func TestABusyLogIsTriedAgain(t *testing.T) {
	f := setup(t)
	f.month(long)
	reader, err := f.db.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reader.Exec(t.Context(), `SELECT count(*) FROM webhook_logs`); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	f.drop(time.Now(), store.Expired{Partition: "webhook_logs_2021_02", Outcome: store.OutcomeBusy}, store.Expired{Partition: "queue_logs_2021_02", Outcome: store.OutcomeDropped})
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it held the log up for %s", took)
	}
	if err := reader.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.drop(time.Now(), store.Expired{Partition: "webhook_logs_2021_02", Outcome: store.OutcomeDropped})
}

func TestOldRowsWithoutAPartitionAreDeletedWhenNobodyNeedsThem(t *testing.T) {
	f := setup(t)
	old, young := long.Add(time.Hour), time.Now().Add(-time.Hour).Truncate(time.Millisecond)
	done := f.logged(old, "m1")
	f.process(done, "")
	f.logged(old.Add(time.Hour), "m2")
	f.process(f.logged(old.Add(2*time.Hour), "m3"), "cannot be read")
	f.process(f.logged(young, "m4"), "")
	f.want(`SELECT (SELECT count(*) FROM webhook_logs_default), (SELECT count(*) FROM queue_logs_default)`, "3 3")

	f.drop(young,
		store.Expired{Partition: "webhook_logs_default", Outcome: store.OutcomeDeleted, Rows: 1},
		store.Expired{Partition: "queue_logs_default", Outcome: store.OutcomeDeleted, Rows: 2})
	f.want(`SELECT (SELECT count(*) FROM webhook_logs_default), (SELECT count(*) FROM queue_logs_default)`, "2 1")
	f.drop(young)

	// Far more than a batch; what was stored lately stays, however old its id is.
	if _, err := f.db.Exec(t.Context(), `INSERT INTO webhook_logs (id, channel, credential_account, request_id, headers, body, events, received_at)
		SELECT lpad(to_hex(n), 32, '0')::uuid, 'c', 'a', '', '{}', '', 0, CASE WHEN n = 1 THEN now() ELSE $1 END FROM generate_series(1, 2501) n`, old); err != nil {
		t.Fatal(err)
	}
	f.drop(young, store.Expired{Partition: "webhook_logs_default", Outcome: store.OutcomeDeleted, Rows: 2500})
}

func TestOnlyTheLogsCanBeDropped(t *testing.T) {
	f := setup(t)
	for _, statement := range []string{`SELECT drop_partitions('messages', now())`, `SELECT delete_strays('messages', now(), 1)`} {
		if _, err := f.db.Exec(t.Context(), statement); err == nil {
			t.Errorf("%s works", statement)
		}
	}
}

func TestOnlyTheSweeperMayDropThem(t *testing.T) {
	f := setup(t)
	f.month(long)
	for _, c := range []struct {
		role string
		may  bool
	}{{"omni_webhook", false}, {"omni_processor", false}, {"omni_sweeper", true}} {
		if _, err := f.db.Exec(t.Context(), "SET ROLE "+c.role); err != nil {
			t.Fatal(err)
		}
		for _, statement := range []string{`SELECT * FROM drop_partitions('webhook_logs', now())`, `SELECT delete_strays('webhook_logs', now(), 1)`} {
			if _, err := f.db.Exec(t.Context(), statement); (err == nil) != c.may {
				t.Errorf("%s as %s: %v", statement, c.role, err)
			}
		}
	}
	f.want(`SELECT to_regclass('webhook_logs_2021_02') IS NULL`, "true")
}
