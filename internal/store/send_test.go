package store_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

// writes makes a customer write, so that there is a conversation to answer in.
func (f *fixture) writes(thread string) inbox.Chat {
	f.t.Helper()
	f.take(received("hello "+thread, thread, "hello", noon))
	var id uuid.UUID
	if err := f.db.QueryRow(f.t.Context(), `SELECT id FROM conversations WHERE thread = $1`, thread).Scan(&id); err != nil {
		f.t.Fatal(err)
	}
	chat, err := f.Chat(f.t.Context(), id, uuid.Nil)
	if err != nil {
		f.t.Fatal(err)
	}
	return chat
}

func draft(chat inbox.Chat, key string) inbox.Draft {
	return inbox.Draft{Conversation: chat.ID, Key: key, Author: "agent:ada", Human: true, Content: channels.Content{Text: key}}
}

// compose writes one message for each text.
func (f *fixture) compose(chat inbox.Chat, key string, texts ...string) inbox.Composed {
	f.t.Helper()
	var parts []channels.Outgoing
	for _, text := range texts {
		parts = append(parts, channels.Outgoing{Content: channels.Content{Text: text}})
	}
	composed, err := f.Compose(f.t.Context(), chat, draft(chat, key), parts)
	if err != nil {
		f.t.Fatal(err)
	}
	return composed
}

// conclude records an outcome of a send, decided by its result alone.
func (f *fixture) conclude(send inbox.Send, result inbox.Result, id string) inbox.Concluded {
	f.t.Helper()
	o := inbox.Outcome{
		Message: send.Job.ID, Account: send.Job.Account, Attempt: send.Job.Attempt, Result: result, At: noon.Add(time.Minute),
		Receipt: channels.Receipt{ID: id},
	}
	verdicts := map[inbox.Result]inbox.Verdict{
		inbox.ResultSent: inbox.VerdictSent, inbox.ResultRejected: inbox.VerdictFailed, inbox.ResultFailed: inbox.VerdictRetry,
		inbox.ResultUnknown: inbox.VerdictListen, inbox.ResultSilent: inbox.VerdictRetry, inbox.ResultOverdue: inbox.VerdictRequeue,
	}
	decide := func(inbox.Attempted) inbox.Decision {
		return inbox.Decision{Verdict: verdicts[result], At: noon.Add(time.Hour), Code: "code", Reason: "reason"}
	}
	done, err := f.Conclude(f.t.Context(), o, decide)
	if err != nil {
		f.t.Fatal(err)
	}
	return done
}

const sentMessages = `SELECT text, status, coalesce(external_id, '-'), coalesce(error_code, '-') FROM messages WHERE direction = 'out' ORDER BY seq`

func TestMessagesOfAConversationGoOneAtATime(t *testing.T) {
	f := setup(t)
	chat := f.writes("4912")
	first := f.compose(chat, "k1", "one", "two")
	second := f.compose(chat, "k2", "three")
	if len(first.Messages) != 2 || len(first.Sends) != 1 || len(second.Messages) != 1 || len(second.Sends) != 0 {
		t.Fatalf("%+v, %+v", first, second)
	}
	send := first.Sends[0]
	if send.Channel != channel || send.Job.Attempt != 1 || send.Job.Queue != "outbound-testchat" || send.CredentialAccount != "default" {
		t.Errorf("%+v", send)
	}
	out := send.Outgoing
	if out.Text != "one" || out.Thread != "4912" || out.Account != account || out.Handle != first.Messages[0].String() || len(out.To) == 0 {
		t.Errorf("%+v", out)
	}
	done := f.conclude(send, inbox.ResultSent, "out1")
	if len(done.Sends) != 1 || done.Sends[0].Outgoing.Text != "two" {
		t.Fatalf("%+v", done)
	}
	done = f.conclude(done.Sends[0], inbox.ResultSent, "out2")
	f.conclude(done.Sends[0], inbox.ResultSent, "out3")
	f.want(sentMessages, "one sent out1 -", "two sent out2 -", "three sent out3 -")
	f.want(`SELECT DISTINCT state FROM sends`, "done")
}

func TestATemplateIsKeptWithTheWordsThatTheCustomerReads(t *testing.T) {
	f := setup(t)
	chat := f.writes("4912")
	d := draft(chat, "k1")
	d.Content = channels.Content{Template: &channels.TemplateMessage{Name: "delayed", Language: "en", Body: []string{"Friday"}}}
	d.TemplateWords = "It comes on Friday."
	parts := []channels.Outgoing{{Content: d.Content}}
	if _, err := f.Compose(t.Context(), chat, d, parts); err != nil {
		t.Fatal(err)
	}
	f.want(`SELECT type, text, content ->> 'text', content -> 'attachments' -> 0 ->> 'title' FROM messages WHERE direction = 'out'`,
		"template It comes on Friday. It comes on Friday. delayed")
	f.want(`SELECT coalesce(outgoing ->> 'text', '-') FROM sends`, "-")
	d.TemplateWords = "It comes on Friday" // the platform lists it otherwise now: that asks for nothing else
	if again, err := f.Compose(t.Context(), chat, d, parts); err != nil || !again.Repeated {
		t.Errorf("%+v, %v", again, err)
	}
}

func TestAskingTwiceSendsOnce(t *testing.T) {
	f := setup(t)
	chat := f.writes("4912")
	first, again := f.compose(chat, "k1", "one"), f.compose(chat, "k1", "one")
	if again.Messages[0] != first.Messages[0] || !again.Repeated || len(again.Sends) != 0 {
		t.Errorf("%+v, then %+v", first, again)
	}
	other := draft(chat, "k1")
	other.Content.Text = "another text"
	if _, err := f.Compose(t.Context(), chat, other, []channels.Outgoing{{Content: other.Content}}); !errors.Is(err, inbox.ErrKeyReused) {
		t.Errorf("ErrKeyReused wanted, got %v", err)
	}
	f.want(`SELECT count(*) FROM sends`, "1")
}

func TestOneKeyInManyConversationsAtOnceIsUsedOnce(t *testing.T) {
	f := setup(t)
	var chats []inbox.Chat
	for n := range 8 {
		chats = append(chats, f.writes(fmt.Sprint(4912, n)))
	}
	var taken, refused atomic.Int64
	var wg sync.WaitGroup
	for _, chat := range chats {
		wg.Go(func() {
			switch _, err := f.Compose(t.Context(), chat, draft(chat, "k1"), []channels.Outgoing{{Content: channels.Content{Text: "k1"}}}); {
			case err == nil:
				taken.Add(1)
			case errors.Is(err, inbox.ErrKeyReused):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if taken.Load() != 1 || refused.Load() != 7 {
		t.Errorf("%d were taken and %d refused", taken.Load(), refused.Load())
	}
}

func TestAnotherAttemptHasItsOwnNumberAndWhatIsKnownOfTheFirstIsStale(t *testing.T) {
	f := setup(t)
	send := f.compose(f.writes("4912"), "k1", "one").Sends[0]
	again := f.conclude(send, inbox.ResultFailed, "").Sends[0]
	if again.Job.Attempt != 2 || !again.NotBefore.Equal(noon.Add(time.Hour)) {
		t.Errorf("%+v", again)
	}
	for _, result := range []inbox.Result{inbox.ResultFailed, inbox.ResultUnknown, inbox.ResultRejected} {
		if done := f.conclude(send, result, ""); done.News != "" || len(done.Sends) != 0 {
			t.Errorf("%s of the first attempt: %+v", result, done)
		}
	}
	f.conclude(send, inbox.ResultSent, "out1") // the first attempt was not as hopeless as it seemed
	f.want(sentMessages, "one sent out1 -")
	if done := f.conclude(again, inbox.ResultRejected, ""); done.News != "" {
		t.Errorf("%+v", done)
	}
	f.want(sentMessages, "one sent out1 -")
}

func TestAnOverdueAttemptIsQueuedAgainAsItIs(t *testing.T) {
	f := setup(t)
	send := f.compose(f.writes("4912"), "k1", "one").Sends[0]
	if again := f.conclude(send, inbox.ResultOverdue, "").Sends; len(again) != 1 || again[0].Job != send.Job {
		t.Errorf("%+v, want %+v", again, send)
	}
	f.want(sentMessages, "one queued - -")
	f.conclude(send, inbox.ResultSent, "out1")
	if done := f.conclude(send, inbox.ResultOverdue, ""); done.News != "" || len(done.Sends) != 0 {
		t.Errorf("%+v", done)
	}
}

func TestAPartThatFailsTakesTheLaterOnesWithIt(t *testing.T) {
	f := setup(t)
	chat := f.writes("4912")
	send := f.compose(chat, "k1", "one", "two", "three").Sends[0]
	f.compose(chat, "k2", "four")
	next := f.conclude(f.conclude(send, inbox.ResultSent, "out1").Sends[0], inbox.ResultRejected, "")
	if len(next.Sends) != 1 || next.Sends[0].Outgoing.Text != "four" {
		t.Errorf("%+v", next)
	}
	f.want(sentMessages, "one sent out1 -", "two failed - code", "three failed - earlier_part", "four queued - -")
}

func TestSentBeatsUnknownInAnyOrder(t *testing.T) {
	for _, order := range [][]inbox.Result{
		{inbox.ResultUnknown, inbox.ResultSent}, {inbox.ResultSent, inbox.ResultUnknown}, {inbox.ResultUnknown, inbox.ResultSent, inbox.ResultSilent},
		{inbox.ResultUnknown, inbox.ResultUnknown, inbox.ResultSent},
	} {
		t.Run("", func(t *testing.T) {
			f := setup(t)
			send := f.compose(f.writes("4912"), "k1", "one").Sends[0]
			for _, result := range order {
				f.conclude(send, result, "out1")
			}
			f.want(sentMessages, "one sent out1 -")
			f.want(`SELECT state FROM sends`, "done")
		})
	}
}

func TestSilenceMeansThatItWasNotTaken(t *testing.T) {
	f := setup(t)
	send := f.compose(f.writes("4912"), "k1", "one").Sends[0]
	if done := f.conclude(send, inbox.ResultSilent, ""); done.News != "" {
		t.Errorf("silence before anything was uncertain: %+v", done)
	}
	if done := f.conclude(send, inbox.ResultUnknown, ""); !done.Listen.Equal(noon.Add(time.Hour)) {
		t.Errorf("%+v", done)
	}
	f.want(sentMessages, "one unknown - -")
	again := f.conclude(send, inbox.ResultSilent, "").Sends
	if len(again) != 1 || again[0].Job.Attempt != 2 {
		t.Errorf("%+v", again)
	}
	f.want(sentMessages, "one queued - -")
}

// How long the platform's word was waited for is the database's to say, and so is whether an attempt before may have delivered.
func TestAnAttemptIsJudgedByTheDatabasesClock(t *testing.T) {
	f := setup(t)
	send := f.compose(f.writes("4912"), "k1", "one").Sends[0]
	f.conclude(send, inbox.ResultUnknown, "")
	f.execute(`UPDATE sends SET created_at = created_at - interval '1 hour', listening_since = listening_since - interval '1 minute'`)
	about := func(result inbox.Result, attempt int, verdict inbox.Verdict) (known inbox.Attempted) {
		t.Helper()
		o := inbox.Outcome{Message: send.Job.ID, Account: send.Job.Account, Attempt: attempt, Result: result, At: noon}
		_, err := f.Conclude(t.Context(), o, func(a inbox.Attempted) inbox.Decision {
			known = a
			return inbox.Decision{Verdict: verdict, At: noon.Add(time.Hour)}
		})
		if err != nil {
			t.Fatal(err)
		}
		return known
	}
	near := func(got, want time.Duration) bool { return got >= want && got < want+time.Minute/2 }
	for range 2 { // it has time yet: the beginning stays
		if a := about(inbox.ResultSilent, 1, inbox.VerdictListen); !near(a.Listened, time.Minute) || !near(a.Age, time.Hour) || a.Doubtful {
			t.Errorf("while it may tell: %+v", a)
		}
	}
	about(inbox.ResultSilent, 1, inbox.VerdictRetry)
	if a := about(inbox.ResultThrottled, 2, inbox.VerdictRetry); a.Listened != 0 || !a.Doubtful {
		t.Errorf("after it told nothing: %+v", a)
	}
	if a := about(inbox.ResultRejected, 3, inbox.VerdictFailed); !a.Doubtful {
		t.Errorf("an attempt that did not deliver has taken the doubt away: %+v", a)
	}
}

// echo is what a platform shows of a message of ours.
func echo(id, thread, handle string) happened {
	return happened{
		Event: channels.Event{Kind: channels.KindMessage, ID: id, Thread: thread, At: noon.Add(time.Minute)},
		Update: channels.Update{Message: &channels.Message{
			Direction: channels.Out, Type: channels.TypeText, Text: "as the platform shows it", Handle: handle,
		}},
	}
}

func TestAnEchoIsTheMessageItself(t *testing.T) {
	const all = `SELECT text, status, external_id FROM messages WHERE direction = 'out' AND merged_into IS NULL`
	t.Run("with our handle, before the outcome", func(t *testing.T) {
		f := setup(t)
		chat := f.writes("4912")
		composed := f.compose(chat, "k1", "one", "two")
		f.take(echo("out1", "4912", composed.Messages[0].String()))
		if len(f.sends) != 1 || f.sends[0].Outgoing.Text != "two" {
			t.Errorf("the next one may go: %+v", f.sends)
		}
		f.want(all+` AND external_id IS NOT NULL`, "one sent out1")
		if done := f.conclude(composed.Sends[0], inbox.ResultSent, "out1"); done.News != "" || len(done.Sends) != 0 {
			t.Errorf("%+v", done)
		}
		f.want(`SELECT count(*) FROM queue_logs WHERE closed_at IS NULL`, "0")
	})
	t.Run("without a handle, before the outcome", func(t *testing.T) {
		f := setup(t)
		send := f.compose(f.writes("4912"), "k1", "one").Sends[0]
		f.take(echo("out1", "4912", ""))
		f.want(`SELECT count(*) FROM messages WHERE direction = 'out'`, "2")
		f.conclude(send, inbox.ResultSent, "out1")
		f.want(all, "one sent out1")
		f.want(`SELECT kind FROM feed WHERE kind = 'message.merged'`, "message.merged")
	})
	t.Run("stored and not processed, before the outcome", func(t *testing.T) {
		f := setup(t)
		send := f.compose(f.writes("4912"), "k1", "one").Sends[0]
		job := f.ingest(echo("out1", "4912", "").Event).Jobs[0]
		f.conclude(send, inbox.ResultSent, "out1")
		rows, err := f.Pending(t.Context(), job, nil, 10)
		if err != nil || len(rows) != 0 {
			t.Errorf("%d rows, %v", len(rows), err)
		}
		f.want(all, "one sent out1")
	})
	t.Run("after the outcome", func(t *testing.T) {
		f := setup(t)
		send := f.compose(f.writes("4912"), "k1", "one").Sends[0]
		f.conclude(send, inbox.ResultSent, "out1")
		if stored := f.ingest(echo("out1", "4912", "").Event); stored.New != 0 || len(stored.Jobs) != 0 {
			t.Errorf("%+v", stored)
		}
		f.want(all, "one sent out1")
	})
	t.Run("of somebody else, with a handle that looks like ours", func(t *testing.T) {
		f := setup(t)
		f.writes("4912")
		f.take(echo("out1", "4912", uuid.NewString()))
		f.want(all, "as the platform shows it sent out1")
	})
}

// receipt is a status of a message of ours.
func receipt(id, target, handle string, state channels.DeliveryState) happened {
	return happened{
		Event:  channels.Event{Kind: channels.KindStatus, ID: id, Thread: "4912", At: noon.Add(2 * time.Minute)},
		Update: channels.Update{Status: &channels.Status{Target: target, State: state, Handle: handle}},
	}
}

func TestAStatusWithOurHandleSaysThatAnUncertainMessageWasTaken(t *testing.T) {
	f := setup(t)
	composed := f.compose(f.writes("4912"), "k1", "one")
	f.conclude(composed.Sends[0], inbox.ResultUnknown, "")
	f.take(receipt("s1", "out1", composed.Messages[0].String(), channels.Delivered))
	f.want(sentMessages, "one delivered out1 -")
	f.want(`SELECT state FROM sends`, "done")
	if done := f.conclude(composed.Sends[0], inbox.ResultSilent, ""); done.News != "" {
		t.Errorf("%+v", done)
	}
}

func TestWhatWasToldBeforeTheOutcomeCounts(t *testing.T) {
	f := setup(t)
	send := f.compose(f.writes("4912"), "k1", "one").Sends[0]
	f.take(receipt("s1", "out1", "", channels.Read),
		happened{channels.Event{Kind: channels.KindReaction, ID: "r1", Thread: "4912", At: noon.Add(3 * time.Minute)},
			channels.Update{Reaction: &channels.Reaction{Target: "out1", Actor: "4912", Emojis: []string{"👍"}}}})
	f.want(sentMessages, "one queued - -")
	f.conclude(send, inbox.ResultSent, "out1")
	f.want(sentMessages, "one read out1 -")
	f.want(`SELECT reactions::text FROM messages WHERE direction = 'out'`, `{"4912":["👍"]}`)
}

func TestAFailureCarriesThePlatformsCodeAndASentence(t *testing.T) {
	failed := receipt("s1", "out1", "", channels.Failed)
	failed.Status.Errors = []channels.Error{{Code: 131047, Title: "Re-engagement message", Reason: "Send a template."}}
	for name, before := range map[string]bool{"before the outcome": true, "after it": false} {
		t.Run(name, func(t *testing.T) {
			f := setup(t)
			send := f.compose(f.writes("4912"), "k1", "one").Sends[0]
			if before {
				f.take(failed)
			}
			f.conclude(send, inbox.ResultSent, "out1")
			if !before {
				f.take(failed)
			}
			f.take(receipt("s2", "out1", "", channels.Delivered)) // too late
			f.want(`SELECT status, error_code, error_reason FROM messages WHERE direction = 'out'`, "failed 131047 Send a template.")
		})
	}
}

func TestAWatermarkIsAboutWhatThePlatformTookOnly(t *testing.T) {
	f := setup(t)
	chat := f.writes("4912")
	send := f.compose(chat, "k1", "one").Sends[0]
	f.compose(chat, "k2", "two")
	f.take(happened{channels.Event{Kind: channels.KindRead, ID: "w1", Thread: "4912", At: noon},
		channels.Update{Watermark: &channels.Watermark{State: channels.Read, Until: time.Now().Add(time.Hour)}}})
	f.want(sentMessages, "one queued - -", "two queued - -")
	f.conclude(send, inbox.ResultSent, "out1")
	f.want(sentMessages, "one read out1 -", "two queued - -")
}

func TestAReactionOfOursIsAFactOnceItWasTaken(t *testing.T) {
	f := setup(t)
	chat := f.writes("4912")
	var hello uuid.UUID
	if err := f.db.QueryRow(t.Context(), `SELECT id FROM messages`).Scan(&hello); err != nil {
		t.Fatal(err)
	}
	d := draft(chat, "k1")
	d.ReplyTo, d.Content = hello, channels.Content{Reaction: &channels.SentReaction{Emoji: "❤"}}
	chat, err := f.Chat(t.Context(), chat.ID, hello)
	if err != nil || chat.ReplyTo != "hello 4912" {
		t.Fatalf("%+v, %v", chat, err)
	}
	out := channels.Outgoing{Content: channels.Content{Reaction: &channels.SentReaction{Target: chat.ReplyTo, Emoji: "❤"}}}
	composed, err := f.Compose(t.Context(), chat, d, []channels.Outgoing{out})
	if err != nil {
		t.Fatal(err)
	}
	f.want(`SELECT reactions IS NULL FROM messages WHERE direction = 'in'`, "true")
	for range 2 {
		f.conclude(composed.Sends[0], inbox.ResultSent, "hello 4912")
	}
	f.want(`SELECT reactions::text FROM messages WHERE direction = 'in'`, `{"business-1":["❤"]}`)
	f.want(`SELECT last_message_at = '2026-11-22 12:00+00' FROM conversations`, "true")
}

func TestNobodyLooksAfterASendUntilItIsOverdue(t *testing.T) {
	f := setup(t)
	chat := f.writes("4912")
	send := f.compose(chat, "k1", "one").Sends[0]
	overdue := func() []inbox.Overdue {
		t.Helper()
		all, err := f.OverdueSends(t.Context(), 10)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if all := overdue(); len(all) != 0 {
		t.Errorf("not yet: %+v", all)
	}
	f.text(`UPDATE sends SET due_at = now() - interval '1 minute' RETURNING 1`)
	if all := overdue(); len(all) != 1 || all[0].Job.ID != send.Job.ID || all[0].Job.Group() != send.Job.Group() || all[0].Late < time.Minute || all[0].Unconfirmed {
		t.Errorf("%+v, wanted %+v", all, send)
	}
	if all := overdue(); len(all) != 0 {
		t.Errorf("taken a moment ago: %+v", all)
	}
	if err := f.Queued(t.Context(), send); err != nil {
		t.Fatal(err)
	}
	f.want(`SELECT due_at = 'infinity' FROM sends`, "true")
	f.conclude(send, inbox.ResultUnknown, "")
	f.text(`UPDATE sends SET due_at = now() - interval '1 minute' RETURNING 1`)
	if all := overdue(); len(all) != 1 || !all[0].Unconfirmed {
		t.Errorf("%+v", all)
	}
}

func TestTheChatOfAConversationThatIsAnotherNow(t *testing.T) {
	f := setup(t)
	old := f.writes("4912")
	send := f.compose(old, "k1", "one").Sends[0]
	f.writes("id.7")
	f.take(happened{channels.Event{Kind: channels.KindMessage, ID: "m3", Thread: "id.7", At: noon.Add(time.Hour)},
		channels.Update{Aliases: []string{"4912"}, Message: &channels.Message{Direction: channels.In, Type: channels.TypeText, Text: "it is me"}}})
	chat, err := f.Chat(t.Context(), old.ID, uuid.Nil)
	if err != nil || chat.Thread != "id.7" {
		t.Errorf("%+v, %v", chat, err)
	}
	second := f.compose(chat, "k2", "two")
	if len(second.Sends) != 0 {
		t.Errorf("one of the conversation is under way: %+v", second)
	}
	if next := f.conclude(send, inbox.ResultSent, "out1").Sends; len(next) != 1 || next[0].Outgoing.Thread != "id.7" {
		t.Errorf("%+v", next)
	}
	if _, err := f.Chat(t.Context(), uuid.New(), uuid.Nil); !errors.Is(err, inbox.ErrNotFound) {
		t.Errorf("ErrNotFound wanted, got %v", err)
	}
}
