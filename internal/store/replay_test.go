package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

// replay writes what an event means today over a row, or adds it if there is none, as found in the last logged webhook.
func (f *fixture) replay(row string, h happened) bool {
	f.t.Helper()
	written, err := f.Replay(f.t.Context(), f.correction(row, h))
	if err != nil {
		f.t.Fatal(err)
	}
	return written
}

func (f *fixture) correction(row string, h happened) inbox.Correction {
	f.t.Helper()
	h.Account = account
	if h.Raw == nil {
		h.Raw = []byte("{}")
	}
	c := inbox.Correction{Change: inbox.Change{Update: h.Update, Window: 24 * time.Hour, Row: inbox.Row{
		Channel: channel, ChannelAccount: inbox.AccountID(channel, account), CredentialAccount: "default", ReceivedAt: noon.Add(time.Minute), Event: h.Event,
	}}}
	if row != "" {
		c.Row.ID = f.id(row)
	}
	if err := f.db.QueryRow(f.t.Context(), `SELECT coalesce((SELECT id FROM webhook_logs ORDER BY id DESC LIMIT 1), gen_random_uuid())`).Scan(&c.Webhook); err != nil {
		f.t.Fatal(err)
	}
	return c
}

// id is the row of a message's external id or an event's key.
func (f *fixture) id(key string) (id uuid.UUID) {
	f.t.Helper()
	query := `SELECT id FROM messages WHERE external_id = $1 UNION ALL SELECT id FROM message_events WHERE key = $1`
	if err := f.db.QueryRow(f.t.Context(), query, key).Scan(&id); err != nil {
		f.t.Fatal(key, err)
	}
	return id
}

func reacted(id, target, emoji string) happened {
	return told(channels.KindReaction, id, "4912", noon, channels.Update{
		Reaction: &channels.Reaction{Target: target, Actor: "4912", Emojis: []string{emoji}},
	})
}

func TestAMissingMessageIsDatedButDisturbsNobody(t *testing.T) {
	f := setup(t)
	f.take(received("m1", "4912", "hello", noon))
	f.text(`UPDATE conversations SET status = 'resolved', unread_count = 0`)
	missing := received("m2", "4912", "are you there?", noon.Add(time.Hour))
	if !f.replay("", missing) {
		t.Error("not written")
	}
	f.want(`SELECT m.text, m.state, m.redriven_at IS NOT NULL, m.received_at = '2026-11-22 12:01Z', m.raw IS NULL, m.webhook_log_id = w.id
		FROM messages m, webhook_logs w WHERE external_id = 'm2'`, "are you there? processed true true true true")
	f.want(`SELECT status, unread_count, last_inbound_at = '2026-11-22 13:00Z', window_expires_at = '2026-11-23 13:00Z' FROM conversations`,
		"resolved 0 true true")
	if f.replay("", missing) {
		t.Error("written twice")
	}
	f.replay("", received("m3", "5555", "who is this?", noon))
	f.want(`SELECT status, unread_count FROM conversations WHERE thread = '5555'`, "resolved 0")
	f.replay("", told(channels.KindSystem, "s1", "4912", noon, channels.Update{System: &channels.System{Type: "call"}}))
	f.want(`SELECT kind FROM feed ORDER BY xid, seq`,
		"conversation.created", "message.created", "message.updated", "conversation.updated", "message.updated", "event.updated")
}

func TestAMissingEventThatIsNotUnderstoodIsDead(t *testing.T) {
	f := setup(t)
	for _, h := range []happened{received("m1", "4912", "", noon), reacted("r1", "m1", "👍")} {
		h.Raw = []byte("bytes")
		c := f.correction("", h)
		c.Dead = "nobody understands this"
		if written, err := f.Replay(t.Context(), c); err != nil || !written {
			t.Error(written, err)
		}
	}
	const columns = `state, reason, convert_from(raw, 'UTF8')`
	f.want(`SELECT `+columns+` FROM messages`, "dead nobody understands this bytes")
	f.want(`SELECT `+columns+` FROM message_events`, "dead nobody understands this bytes")
}

func TestACorrectedMessageKeepsWhatWasToldAboutIt(t *testing.T) {
	f := setup(t)
	wrong := received("m1", "4912", "helo", noon)
	wrong.Message.Attachments = []channels.Attachment{{Kind: channels.Image, MediaID: "a"}, {Kind: channels.Image, MediaID: "b"}}
	f.take(wrong, reacted("r1", "m1", "❤"))
	right := received("m1", "4912", "hello", noon.Add(time.Second))
	right.Message.ReplyTo = "m0"
	if !f.replay("m1", right) {
		t.Error("not written")
	}
	f.want(`SELECT text, content ->> 'text', reply_to, reactions, occurred_at = '2026-11-22 12:00:01Z', state, raw IS NULL FROM messages`,
		"hello hello m0 map[4912:[❤]] true processed true")
	f.want(`SELECT count(*) FROM attachments`, "0")
	f.want(`SELECT unread_count FROM conversations`, "1")
}

func TestAReplayKeepsWhatIsKnownSince(t *testing.T) {
	f := setup(t)
	first := received("m1", "4912", "one", noon)
	later := received("m2", "US.77", "two", noon.Add(time.Hour))
	later.Person = person("phone:4912", "bsuid:US.77")
	later.Person.Name, later.Aliases = "Ada Lovelace", []string{"4912"}
	f.take(first, later)
	first.Person.Username = "ada"
	f.replay("m1", first)
	f.want(`SELECT name, username FROM contacts`, "Ada Lovelace ada")
	f.want(`SELECT thread FROM conversations WHERE merged_into IS NULL`, "US.77")
	f.replay("", received("m3", "4912", "three, by the old name", noon.Add(time.Minute)))
	f.want(`SELECT thread FROM conversations WHERE merged_into IS NULL`, "US.77")

	for n, title := range []string{"Gardeners", "Gardeners of Graz"} {
		said := received(fmt.Sprint("g", n), "group-1", "hello", noon)
		said.Group = &channels.Group{Kind: "group", Title: title}
		f.take(said)
		said.Group.Title = "Gardeners"
		f.replay(said.ID, said)
	}
	f.want(`SELECT title FROM conversations WHERE thread = 'group-1'`, "Gardeners of Graz")
}

func TestAMoveThatIsUnderstoodLateMakesOneConversation(t *testing.T) {
	f := setup(t)
	moved := told(channels.KindSystem, "s1", "group-1", noon.Add(time.Minute), channels.Update{System: &channels.System{Type: "service", Moved: "group-2"}})
	f.take(received("m1", "group-1", "hello", noon))
	f.take(received("m2", "group-2", "still here", noon.Add(time.Hour)))
	f.replay("", moved)
	f.want(`SELECT thread, (SELECT count(*) FROM messages WHERE conversation_id = c.id) FROM conversations c WHERE merged_into IS NULL`, "group-2 2")

	f.take(received("m3", "group-3", "hello", noon))
	moved.ID, moved.Thread, moved.System.Moved = "s2", "group-3", "group-4"
	f.replay("", moved)
	f.want(`SELECT thread FROM conversations WHERE id = (SELECT conversation_id FROM messages WHERE external_id = 'm3')`, "group-4")
}

func TestACorrectedFactLeavesTheMessageItWasAbout(t *testing.T) {
	f := setup(t)
	f.take(received("m1", "4912", "one", noon), received("m2", "4912", "two", noon), reacted("r1", "m1", "❤"))
	f.replay("r1", reacted("r1", "m2", "👍"))
	f.want(`SELECT external_id, reactions FROM messages ORDER BY 1`, "m1 <nil>", "m2 map[4912:[👍]]")
	f.want(`SELECT target, state FROM message_events`, "m2 processed")
	f.want(`SELECT count(*) FROM (SELECT kind FROM feed ORDER BY xid, seq OFFSET 4) AS later WHERE kind = 'message.updated'`, "2")
}

func TestACorrectedReceiptMayTakeBackWhatNoWatermarkSays(t *testing.T) {
	f := setup(t)
	f.take(echoed("m1", "4912", "one", noon), echoed("m2", "4912", "two", noon.Add(time.Hour)))
	f.take(told(channels.KindRead, "w1", "4912", noon, channels.Update{Watermark: &channels.Watermark{State: channels.Delivered, Until: noon}}))
	f.take(status("s1", "4912", "m1", channels.Read, noon), status("s2", "4912", "m2", channels.Failed, noon))
	f.replay("s1", status("s1", "4912", "m1", channels.Sent, noon))
	f.replay("s2", status("s2", "4912", "m2", channels.Sent, noon))
	f.want(`SELECT external_id, status FROM messages ORDER BY 1`, "m1 delivered", "m2 sent")
	f.want(`SELECT status FROM message_statuses`, "sent", "sent")
}

func TestADeadRowIsRevivedOrStaysAsItIs(t *testing.T) {
	f := setup(t)
	job := f.ingest(channels.Event{Kind: channels.KindMessage, ID: "m1", Raw: []byte("raw")}).Jobs[0]
	rows, err := f.Pending(t.Context(), job, nil, 10)
	if err != nil {
		t.Fatal(err)
	}
	if f.replay("m1", received("m1", "4912", "hello", noon)) {
		t.Error("a row that waits to be processed was written over")
	}
	if err := f.Bury(t.Context(), rows[0], "names nobody"); err != nil {
		t.Fatal(err)
	}
	impossible := received("m1", "4912", "hello", noon)
	impossible.Message.Direction = "sideways"
	if _, err := f.Replay(t.Context(), f.correction("m1", impossible)); !errors.Is(err, inbox.ErrUnstorable) {
		t.Errorf("ErrUnstorable wanted, got %v", err)
	}
	f.want(`SELECT state, reason, convert_from(raw, 'UTF8') FROM messages`, "dead names nobody raw")
	f.replay("m1", received("m1", "4912", "hello", noon))
	f.want(`SELECT state, reason, text, thread, redriven_at IS NOT NULL FROM messages`, "processed <nil> hello 4912 true")
}

func TestLoggedWebhooksAreReadInOrder(t *testing.T) {
	f := setup(t)
	ids := make([]uuid.UUID, 5)
	for n := range ids {
		ids[n] = uuid.Must(uuid.NewV7())
		day := noon.AddDate(0, 0, n).UnixMilli()
		for i := range 6 {
			ids[n][i] = byte(day >> (8 * (5 - i)))
		}
		w := inbox.Webhook{ID: ids[n], Channel: fmt.Sprint("chat-", n%2), CredentialAccount: "shop", Headers: map[string]string{"User-Agent": "x"}, Body: []byte{byte(n)}}
		if n == 4 {
			w.ParseError = "no JSON"
		}
		if _, err := f.Ingest(t.Context(), w); err != nil {
			t.Fatal(err)
		}
	}
	for name, test := range map[string]struct {
		give  inbox.WebhookSelection
		after uuid.UUID
		most  int
		want  string
	}{
		"all":     {inbox.WebhookSelection{}, uuid.Nil, 10, "[0][1][2][3][4]"},
		"a page":  {inbox.WebhookSelection{}, ids[1], 2, "[2][3]"},
		"channel": {inbox.WebhookSelection{Channel: "chat-1"}, uuid.Nil, 10, "[1][3]"},
		"period":  {inbox.WebhookSelection{Since: noon.AddDate(0, 0, 1), Until: noon.AddDate(0, 0, 3)}, uuid.Nil, 10, "[1][2]"},
		"the rest of a period": {
			inbox.WebhookSelection{Since: noon.AddDate(0, 0, 1), Until: noon.AddDate(0, 0, 3)}, ids[1], 10, "[2]",
		},
		"by id": {inbox.WebhookSelection{IDs: []uuid.UUID{ids[4], ids[0], uuid.Max}}, uuid.Nil, 10, "[0][4]"},
	} {
		got := ""
		webhooks, err := f.Webhooks(t.Context(), test.give, test.after, test.most)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range webhooks {
			got += fmt.Sprint(w.Body)
		}
		if got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
	webhooks, err := f.Webhooks(t.Context(), inbox.WebhookSelection{IDs: ids[4:]}, uuid.Nil, 1)
	if err != nil || len(webhooks) != 1 {
		t.Fatal(webhooks, err)
	}
	if w := webhooks[0]; w.CredentialAccount != "shop" || w.Headers["User-Agent"] != "x" || w.ParseError != "no JSON" || w.ReceivedAt.IsZero() {
		t.Errorf("got %+v", w)
	}
	if err := f.Readable(t.Context(), ids[4], 3); err != nil {
		t.Fatal(err)
	}
	f.want(`SELECT events, parse_error FROM webhook_logs ORDER BY id DESC LIMIT 1`, "3 <nil>")
}

func TestWhatIsKeptOfAWebhook(t *testing.T) {
	f := setup(t)
	edit := told(channels.KindEdit, "e1", "4912", noon, channels.Update{
		Edit: &channels.Edit{Target: "m1", Content: &channels.Message{Direction: channels.In, Type: channels.TypeText, Text: "two"}},
	})
	f.take(received("m1", "4912", "one", noon))
	f.take(received("m1", "4912", "one again", noon), edit, reacted("r1", "m1", "❤"))
	var ids []uuid.UUID
	for _, w := range []string{"first", "second"} {
		var id uuid.UUID
		if err := f.db.QueryRow(t.Context(), `SELECT id FROM webhook_logs ORDER BY id OFFSET $1`, len(ids)).Scan(&id); err != nil {
			t.Fatal(w, err)
		}
		ids = append(ids, id)
	}
	event := func(kind channels.Kind, id string) channels.Event {
		return channels.Event{Kind: kind, Account: account, Thread: "4912", ID: id, At: noon.Add(1)}
	}
	kept, err := f.Kept(t.Context(), []inbox.Webhook{
		{ID: ids[0], Channel: channel, Events: []channels.Event{event(channels.KindMessage, "m1"), event(channels.KindMessage, "m2")}},
		{ID: ids[1], Channel: channel, Events: []channels.Event{event(channels.KindMessage, "m1"), event(channels.KindEdit, "e1")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	first, second := kept[0], kept[1]
	if m := first.Rows[0]; m == nil || m.State != inbox.StateProcessed || !m.Folded || m.Reading.Text != "" || m.Reading.Type != "text" || m.Webhook != ids[0] {
		t.Errorf("the message: %+v", m)
	}
	if first.Rows[1] != nil || len(first.Others) != 0 || !first.Events[0].At.Equal(noon) {
		t.Errorf("the first webhook: %+v", first)
	}
	if again := second.Rows[0]; again == nil || again.ID != first.Rows[0].ID || again.Webhook != ids[0] {
		t.Errorf("the message that came again: %+v", again)
	}
	if len(second.Others) != 1 || second.Others[0].Key != "r1" || second.Others[0].Kind != "reaction" {
		t.Errorf("others: %+v", second.Others)
	}
}

func TestAReadingIsWhatIsKept(t *testing.T) {
	f := setup(t)
	said := received("m1", "4912", "a\x00b", noon)
	note := told(channels.KindSystem, "s1", "", noon, channels.Update{System: &channels.System{Type: "account", Text: "<&>"}})
	f.take(said, note)
	for _, h := range []happened{said, note} {
		reading, err := f.Reading(f.correction("", h).Change)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := f.Kept(t.Context(), []inbox.Webhook{{ID: f.correction("", h).Webhook, Channel: channel, Events: []channels.Event{f.correction("", h).Row.Event}}})
		if err != nil {
			t.Fatal(err)
		}
		stored := kept[0].Rows[0].Reading
		if stored.Text != reading.Text || stored.Type != reading.Type || stored.Thread != reading.Thread || !stored.At.Equal(reading.At) ||
			string(stored.Content) != string(reading.Content) {
			t.Errorf("stored %+v, read %+v", stored, reading)
		}
	}
}
