package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

// pictured is a message with attachments.
func pictured(id, thread string, attachments ...channels.Attachment) happened {
	h := received(id, thread, "look", noon)
	h.Message.Type, h.Message.Attachments = channels.MessageType(channels.Image), attachments
	return h
}

func image(mediaID string) channels.Attachment {
	return channels.Attachment{Kind: channels.Image, MediaID: mediaID, MIME: "image/png", Name: mediaID + ".png"}
}

// fetched returns the files that came with what was taken since it was last called.
func (f *fixture) fetched(want int) []inbox.Fetch {
	f.t.Helper()
	fetches := f.fetches
	f.fetches = nil
	if len(fetches) != want {
		f.t.Fatalf("%d files are to be fetched, want %d: %+v", len(fetches), want, fetches)
	}
	return fetches
}

// record records an outcome of an attempt at a file, which is to become that.
func (f *fixture) record(fetch inbox.Fetch, result inbox.FetchResult, state inbox.FileState) inbox.Recorded {
	f.t.Helper()
	o := inbox.FetchOutcome{File: fetch.Job.ID, Attempt: fetch.Job.Attempt, Result: result}
	if result == inbox.FetchStored {
		o.Bytes, o.MIME, o.SHA256 = 7, "image/png", "abc"
	}
	done, err := f.RecordFile(f.t.Context(), o, func(time.Time) inbox.FileDecision {
		decision := inbox.FileDecision{State: state, At: noon.Add(time.Hour), Reason: "Because."}
		if state == inbox.FileStored {
			decision.Reason = ""
		}
		return decision
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return done
}

const files = `SELECT position, state, coalesce(key LIKE 'incoming/%', false), coalesce(bytes, 0), coalesce(mime, '-'), coalesce(reason, '-'), attempt
	FROM files ORDER BY position`

func TestAMessagesFilesAreWanted(t *testing.T) {
	f := setup(t)
	f.take(pictured("m1", "4912", image("file-1"), channels.Attachment{Kind: channels.Location, URL: "https://maps.example/"},
		channels.Attachment{Kind: channels.Voice, URL: "https://cdn.example/v"}))
	fetches := f.fetched(2)
	first := fetches[0]
	if first.Channel != channel || first.CredentialAccount != "default" || first.Attachment.MediaID != "file-1" || !first.NotBefore.IsZero() ||
		first.Job.Queue != inbox.MediaQueue || first.Job.Attempt != 1 || first.Job.Lane != "live/4912" || fetches[1].Attachment.Kind != channels.Voice {
		t.Errorf("%+v", fetches)
	}
	f.want(files, "0 waiting false 0 - - 1", "2 waiting false 0 - - 1")
	f.want(`SELECT state FROM messages`, "processed")
	done := f.record(first, inbox.FetchStored, inbox.FileStored)
	if done.News != inbox.FileStored || done.Channel != channel || done.Next != nil {
		t.Errorf("%+v", done)
	}
	f.want(files, "0 stored true 7 image/png - 1", "2 waiting false 0 - - 1")
	f.want(`SELECT kind, message_id IS NOT NULL AND conversation_id IS NOT NULL FROM feed ORDER BY xid, seq`,
		"conversation.created true", "message.created true", "message.updated true")
	if key := f.text(`SELECT key FROM files WHERE position = 0`)[0]; key != inbox.FileKey(first.Job.ID) {
		t.Errorf("it is kept as %s", key)
	}
}

func TestAChannelThatFetchesNothingWantsNothing(t *testing.T) {
	f := setup(t)
	h := pictured("m1", "4912", image("file-1"))
	job := f.ingest(h.Event).Jobs[0]
	rows, err := f.Pending(t.Context(), job, nil, 10)
	if err != nil {
		t.Fatal(err)
	}
	next, err := f.Apply(t.Context(), inbox.Change{Row: rows[0], Update: h.Update, Fulfils: &job.ID})
	if err != nil || len(next.Fetches) != 0 {
		t.Errorf("%+v, %v", next, err)
	}
	f.want(`SELECT count(*) FROM files`, "0")
}

func TestFilesOfHistoryWait(t *testing.T) {
	f := setup(t)
	h := pictured("m1", "4912", image("file-1"))
	h.Event.History = true
	f.take(h)
	if wait := time.Until(f.fetched(1)[0].NotBefore); wait < -time.Minute || wait > inbox.HistoryFetch {
		t.Errorf("it waits for %s", wait)
	}
	f.want(`SELECT due_at > now() + interval '15 minutes' FROM files`, "true")
}

func TestAnotherAttemptAtAFile(t *testing.T) {
	f := setup(t)
	f.take(pictured("m1", "4912", image("file-1")))
	first := f.fetched(1)[0]
	done := f.record(first, inbox.FetchFailed, inbox.FileWaiting)
	if done.Next == nil || done.Next.Job.Attempt != 2 || !done.Next.NotBefore.Equal(noon.Add(time.Hour)) ||
		done.Next.Attachment.MediaID != "file-1" {
		t.Fatalf("%+v", done)
	}
	f.want(files, "0 waiting false 0 - Because. 2")
	f.want(`SELECT due_at FROM files`, noon.Add(time.Hour+10*time.Minute).Local().String())
	f.want(`SELECT count(*) FROM feed WHERE kind = 'message.updated'`, "0")

	for _, result := range []inbox.FetchResult{inbox.FetchFailed, inbox.FetchGone, inbox.FetchRejected} {
		if stale := f.record(first, result, inbox.FileGone); stale.News != "" {
			t.Errorf("%s of the first attempt: %+v", result, stale)
		}
	}
	if gone := f.record(*done.Next, inbox.FetchGone, inbox.FileGone); gone.News != inbox.FileGone {
		t.Errorf("%+v", gone)
	}
	f.want(files, "0 gone false 0 - Because. 2")
	if late := f.record(*done.Next, inbox.FetchFailed, inbox.FileWaiting); late.News != "" {
		t.Errorf("after the end: %+v", late)
	}
	if stored := f.record(first, inbox.FetchStored, inbox.FileStored); stored.News != inbox.FileStored {
		t.Errorf("it is there after all: %+v", stored)
	}
	f.want(files, "0 stored true 7 image/png - 2")
	for _, result := range []inbox.FetchResult{inbox.FetchStored, inbox.FetchGone} {
		if again := f.record(*done.Next, result, inbox.FileGone); again.News != "" {
			t.Errorf("%s of a file that is stored: %+v", result, again)
		}
	}
}

func TestAnOutcomeOfNoFileTellsNothing(t *testing.T) {
	f := setup(t)
	if done := f.record(inbox.Fetch{Job: inbox.Job{ID: uuid.Max, Attempt: 1}}, inbox.FetchStored, inbox.FileStored); done.News != "" {
		t.Errorf("%+v", done)
	}
}

// edit replaces the content of a message.
func edit(id, target string, attachments ...channels.Attachment) happened {
	return told(channels.KindEdit, id, "4912", noon.Add(time.Minute), channels.Update{
		Edit: &channels.Edit{Target: target, Content: &channels.Message{Type: channels.TypeText, Text: "edited", Attachments: attachments}},
	})
}

func TestAnEditBringsNewFiles(t *testing.T) {
	f := setup(t)
	f.take(pictured("m1", "4912", image("file-1"), image("file-2")))
	first := f.fetched(2)
	for _, fetch := range first {
		f.record(fetch, inbox.FetchStored, inbox.FileStored)
	}
	f.take(edit("e1", "m1")) // a caption
	f.take(status("s1", "4912", "m1", channels.Read, noon))
	f.fetched(0)
	f.want(`SELECT position, source, state FROM files ORDER BY position`, "0 file-1 stored", "1 file-2 stored")

	f.take(edit("e2", "m1", image("file-1"), image("file-3")))
	second := f.fetched(1)[0]
	if second.Attachment.MediaID != "file-3" || second.Job.ID == first[1].Job.ID {
		t.Errorf("%+v", second)
	}
	f.want(`SELECT position, source, state, key IS NULL, sha256 IS NULL FROM files ORDER BY position`,
		"0 file-1 stored false false", "1 file-3 waiting true true")
	if late := f.record(first[1], inbox.FetchStored, inbox.FileStored); late.News != "" {
		t.Errorf("the file that is not there any more: %+v", late)
	}
	f.take(edit("e3", "m1", channels.Attachment{Kind: channels.Location}, image("file-3")))
	f.fetched(0)
	f.want(`SELECT position, source, state FROM files`, "1 file-3 waiting")
	f.take(edit("e4", "m1", channels.Attachment{Kind: channels.Location}))
	f.want(`SELECT count(*) FROM files`, "0")
}

func TestOverdueFiles(t *testing.T) {
	f := setup(t)
	f.take(pictured("m1", "4912", image("file-1"), image("file-2")))
	first := f.fetched(2)
	f.record(first[1], inbox.FetchStored, inbox.FileStored)
	overdue := func() []inbox.OverdueFile {
		t.Helper()
		found, err := f.OverdueFiles(t.Context(), 10)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	if early := overdue(); len(early) != 0 {
		t.Errorf("%+v", early)
	}
	f.text(`UPDATE files SET due_at = now() - interval '1 second' RETURNING 1`)
	got := overdue()
	if len(got) != 1 || got[0].Job.ID != first[0].Job.ID || got[0].Job.Attempt != 2 || got[0].Attachment.MediaID != "file-1" || got[0].Channel != channel ||
		got[0].Job.Lane != first[0].Job.Lane || got[0].Job.Account != first[0].Job.Account || time.Since(got[0].Wanted) > time.Hour {
		t.Errorf("%+v", got)
	}
	if again := overdue(); len(again) != 0 {
		t.Errorf("taken twice: %+v", again)
	}
	f.want(`SELECT due_at - now() BETWEEN interval '19 minutes' AND interval '20 minutes' FROM files WHERE state = 'waiting'`, "true")
}

func TestAFileIsWantedAgainByHand(t *testing.T) {
	f := setup(t)
	f.take(pictured("m1", "4912", image("file-1"), image("file-2")))
	fetches := f.fetched(2)
	f.record(fetches[0], inbox.FetchGone, inbox.FileGone)
	f.record(fetches[1], inbox.FetchStored, inbox.FileStored)
	f.text(`UPDATE files SET wanted_at = now() - interval '7 days' RETURNING 1`)

	missing, err := f.MissingFiles(t.Context(), inbox.FileFilter{}, 0)
	if err != nil || len(missing) != 1 || missing[0].ID != fetches[0].Job.ID || missing[0].State != inbox.FileGone || missing[0].Reason != "Because." ||
		missing[0].Kind != channels.Image || missing[0].Name != "file-1.png" || missing[0].Channel != channel {
		t.Errorf("%+v, %v", missing, err)
	}
	for name, filter := range map[string]inbox.FileFilter{
		"state": {State: inbox.FileFailed}, "channel": {Channel: "pigeon"}, "since": {Since: time.Now().Add(-time.Hour)}, "reason": {Reason: "nothing"},
	} {
		if found, err := f.MissingFiles(t.Context(), filter, 10); err != nil || len(found) != 0 {
			t.Errorf("by another %s: %+v, %v", name, found, err)
		}
	}
	if found, err := f.MissingFiles(t.Context(), inbox.FileFilter{State: inbox.FileGone, Channel: channel, Reason: "BECAUSE"}, 10); err != nil || len(found) != 1 {
		t.Errorf("by what it is: %+v, %v", found, err)
	}

	again, err := f.RetryFile(t.Context(), fetches[0].Job.ID)
	if err != nil || again == nil || again.Job.Attempt != 2 || again.Attachment.MediaID != "file-1" {
		t.Fatalf("%+v, %v", again, err)
	}
	f.want(`SELECT state, coalesce(reason, '-'), settled_at IS NULL, wanted_at > now() - interval '1 minute' FROM files WHERE position = 0`,
		"waiting - true true")
	f.record(*again, inbox.FetchStored, inbox.FileStored)
	if stored, err := f.RetryFile(t.Context(), fetches[0].Job.ID); stored != nil || err != nil {
		t.Errorf("of a file that we have: %+v, %v", stored, err)
	}
	if _, err := f.RetryFile(t.Context(), uuid.Max); !errors.Is(err, inbox.ErrNotFound) {
		t.Errorf("of no file: %v", err)
	}
}

func TestOurOwnFilesAreKnownByTheirKeys(t *testing.T) {
	f := setup(t)
	chat := f.writes("4912")
	d := draft(chat, "k1")
	d.Content = channels.Content{File: &channels.File{Kind: channels.Document, Key: "outgoing/7", MIME: "application/pdf", Name: "price.pdf", Bytes: 9}}
	composed, err := f.Compose(t.Context(), chat, d, []channels.Outgoing{{Content: d.Content}})
	if err != nil {
		t.Fatal(err)
	}
	const own = `SELECT a.kind, a.name, f.state, f.key, f.bytes, f.mime FROM files f JOIN attachments a USING (message_id, position)`
	f.want(own, "document price.pdf stored outgoing/7 9 application/pdf")
	if again, err := f.Compose(t.Context(), chat, d, []channels.Outgoing{{Content: d.Content}}); err != nil || !again.Repeated {
		t.Fatalf("%+v, %v", again, err)
	}
	f.conclude(composed.Sends[0], inbox.ResultSent, "out1")
	f.take(status("s1", "4912", "out1", channels.Delivered, noon)) // folds the message anew
	f.fetched(0)
	f.want(own, "document price.pdf stored outgoing/7 9 application/pdf")
}

func TestFilesOfAReplayedMessageAreOverdueAtOnce(t *testing.T) {
	f := setup(t)
	h := pictured("m1", "4912")
	f.take(h)
	h.Message.Attachments = []channels.Attachment{image("file-1")} // as a later version understands it
	correction := f.correction("m1", h)
	correction.Change.Files = true
	if written, err := f.Replay(t.Context(), correction); !written || err != nil {
		t.Fatal(written, err)
	}
	overdue, err := f.OverdueFiles(t.Context(), 10)
	if err != nil || len(overdue) != 1 || overdue[0].Attachment.MediaID != "file-1" {
		t.Errorf("%+v, %v", overdue, err)
	}
}

func TestNothingHostileBreaksAFile(t *testing.T) {
	f := setup(t)
	f.take(pictured("m1", "4912", channels.Attachment{Kind: channels.Image, MediaID: "a\x00b\xff" + strings.Repeat("x", 9000)}))
	fetch := f.fetched(1)[0]
	o := inbox.FetchOutcome{File: fetch.Job.ID, Attempt: 1, Result: inbox.FetchRejected}
	_, err := f.RecordFile(t.Context(), o, func(time.Time) inbox.FileDecision {
		return inbox.FileDecision{State: inbox.FileRefused, Reason: "a\x00\xff"}
	})
	if err != nil {
		t.Error(err)
	}
}

// toDelete are the keys that are to be deleted now.
func (f *fixture) toDelete() []string {
	f.t.Helper()
	keys, err := f.DoomedObjects(f.t.Context(), 10)
	if err != nil {
		f.t.Fatal(err)
	}
	return keys
}

func TestAFileThatNoMessageHasIsDeleted(t *testing.T) {
	f := setup(t)
	f.take(pictured("m1", "4912", image("file-1")), pictured("m2", "4912", image("file-2")))
	fetches := f.fetched(2)
	f.record(fetches[0], inbox.FetchStored, inbox.FileStored)
	if keys := f.toDelete(); len(keys) != 0 {
		t.Errorf("%v are to be deleted", keys)
	}
	f.execute(`DELETE FROM attachments`) // with their files
	f.record(fetches[1], inbox.FetchFailed, inbox.FileFailed)
	if keys := f.toDelete(); len(keys) != 0 {
		t.Errorf("%v are to be deleted that nobody stored", keys)
	}
	f.record(fetches[1], inbox.FetchStored, inbox.FileStored) // late
	if keys := f.toDelete(); !slices.Equal(keys, []string{inbox.FileKey(fetches[1].Job.ID)}) {
		t.Errorf("%v are to be deleted", keys)
	}
}

func TestAFileThatIsReplacedIsDeleted(t *testing.T) {
	f := setup(t)
	f.take(pictured("m1", "4912", image("file-1"), image("file-2")))
	fetches := f.fetched(2)
	for _, fetch := range fetches {
		f.record(fetch, inbox.FetchStored, inbox.FileStored)
	}
	f.take(edit("e1", "m1", image("file-1"), image("file-3")))
	f.fetched(1)
	if keys := f.toDelete(); !slices.Equal(keys, []string{inbox.FileKey(fetches[1].Job.ID)}) {
		t.Errorf("%v are to be deleted", keys)
	}
}

func TestAFileThatIsFetchedAgainStays(t *testing.T) {
	f := setup(t)
	f.take(pictured("m1", "4912", image("file-1")))
	fetch := f.fetched(1)[0]
	f.record(fetch, inbox.FetchStored, inbox.FileStored)
	f.aged(10)
	f.expire(inbox.KeptFiles, 9, map[string]int{"files": 1})
	keys := f.toDelete()
	if err := f.ObjectsDeleted(t.Context(), keys); err != nil || len(keys) != 1 {
		t.Fatalf("%v, %v", keys, err)
	}
	f.execute(`UPDATE doomed_objects SET due_at = now()`) // for the second time
	f.execute(`UPDATE files SET state = 'stored', key = $1`, keys[0])
	if keys := f.toDelete(); len(keys) != 0 {
		t.Errorf("%v are to be deleted", keys)
	}
}
