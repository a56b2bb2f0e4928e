package agents

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/channels/simulate"
	_ "omni/gen/dispatch"
	"omni/internal/inbox"
	"omni/internal/store/storetest"
	"omni/tools/omni/desk"
	"omni/tools/omni/platforms"
)

// bureau is a database with one WhatsApp conversation, and agents who said two things in it.
type bureau struct {
	*Agents
	desk     *desk.Desk
	messages []uuid.UUID
}

const (
	account = "100200300400500"
	thread  = "4915901234567"
)

func newBureau(t *testing.T) *bureau {
	t.Helper()
	_, url := storetest.New(t)
	opened, err := desk.Open(t.Context(), url, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(opened.Close)
	b := &bureau{desk: opened, Agents: New(Options{Run: "run", Desk: func(context.Context) (*desk.Desk, error) { return opened, nil }})}
	conversation := uuid.New()
	b.exec(t, `INSERT INTO channel_accounts (id, channel, external_id, credential_account) VALUES ($1, 'whatsapp', '`+account+`', 'default')`,
		inbox.AccountID("whatsapp", account))
	b.exec(t, `INSERT INTO conversations (id, channel_account_id, thread, status, last_inbound_at, window_expires_at)
		VALUES ($1, $2, '`+thread+`', 'open', now(), now() + interval '1 day')`, conversation, inbox.AccountID("whatsapp", account))
	for n := range 2 {
		one := b.think(question{message: message{channel: "whatsapp"}, conversation: conversation})
		one.draft.Content, one.draft.ReplyTo = channels.Content{Text: said(n)}, uuid.Nil
		composed, err := b.compose(t.Context(), one.draft)
		if err != nil {
			t.Fatal(err)
		}
		b.done(one, composed.Messages)
		b.messages = append(b.messages, composed.Messages...)
	}
	return b
}

func (b *bureau) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	if _, err := b.desk.DB.Exec(t.Context(), query, args...); err != nil {
		t.Fatal(err)
	}
}

func said(n int) string { return fmt.Sprintf("Hello. [run/%d]", n) }

// end ends the way of both messages.
func (b *bureau) end(t *testing.T, status string) {
	t.Helper()
	for n, message := range b.messages {
		b.exec(t, `UPDATE messages SET status = $2, external_id = $3 WHERE id = $1`, message, status, fmt.Sprint("wamid.", n))
	}
	b.exec(t, `UPDATE sends SET state = 'done'`)
}

// took is what the platform says of the n-th message.
func (b *bureau) took(n int, change func(*platforms.Taken)) platforms.Taken {
	one := platforms.Taken{Channel: "whatsapp", CredentialAccount: "default", State: channels.Read, Delivery: simulate.Delivery{
		Account: account, Thread: thread, ID: fmt.Sprint("wamid.", n), Handle: b.messages[n].String(), At: time.Now(),
		Content: channels.Content{Text: said(n)},
	}}
	if change != nil {
		change(&one)
	}
	return one
}

func TestTheLedgerFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	noHandle := func(one *platforms.Taken) { one.Handle = "" }
	noName := func(one *platforms.Taken) { one.Handle, one.ID = "", "another" }
	for name, c := range map[string]struct {
		status string
		change string // of the database, then
		taken  func(*bureau) []platforms.Taken
		want   string // empty: nothing is wrong
	}{
		"all is well": {"read", "", func(b *bureau) []platforms.Taken { return []platforms.Taken{b.took(0, nil), b.took(1, nil)} }, ""},
		"known by the platform's id": {"read", "",
			func(b *bureau) []platforms.Taken { return []platforms.Taken{b.took(0, noHandle), b.took(1, nil)} }, ""},
		"lost": {"read", "", func(b *bureau) []platforms.Taken { return []platforms.Taken{b.took(0, nil)} }, "the platform took it 0 times"},
		"doubled": {"read", "",
			func(b *bureau) []platforms.Taken {
				return []platforms.Taken{b.took(0, nil), b.took(0, noName), b.took(1, nil)}
			}, "took it 2 times"},
		"another id": {"read", "", func(b *bureau) []platforms.Taken {
			return []platforms.Taken{b.took(0, nil), b.took(1, func(one *platforms.Taken) { one.ID = "another" })}
		}, `which the platform calls "another"`},
		"out of order": {"read", "", func(b *bureau) []platforms.Taken { return []platforms.Taken{b.took(1, nil), b.took(0, nil)} }, "took later"},
		"behind the platform": {"delivered", "",
			func(b *bureau) []platforms.Taken { return []platforms.Taken{b.took(0, nil), b.took(1, nil)} }, "the platform said read"},
		"ahead of the platform": {"read", "", func(b *bureau) []platforms.Taken {
			sent := func(one *platforms.Taken) { one.State = channels.Sent }
			return []platforms.Taken{b.took(0, sent), b.took(1, sent)}
		}, "said no more than sent"},
		"made up": {"read", "", func(b *bureau) []platforms.Taken {
			return []platforms.Taken{b.took(0, nil), b.took(1, nil), b.took(1, func(one *platforms.Taken) {
				one.Handle, one.ID, one.Content.Text = "", "x", "[run/7]"
			})}
		}, "what nobody composed"},
		"failed and delivered": {"failed", `UPDATE messages SET error_code = '1', error_reason = 'No.'`,
			func(b *bureau) []platforms.Taken { return []platforms.Taken{b.took(0, nil)} }, "the platform took it 1 times (1: No.)"},
		"failed without a reason": {"failed", "", func(*bureau) []platforms.Taken { return nil }, "without a reason"},
		"uncertain": {"unknown", `UPDATE messages SET error_code = 'unknown', error_reason = 'Look.', external_id = NULL`,
			func(b *bureau) []platforms.Taken { return []platforms.Taken{b.took(0, noName)} }, ""},
		"uncertain and doubled": {"unknown", `UPDATE messages SET error_code = 'unknown', error_reason = 'Look.', external_id = NULL`,
			func(b *bureau) []platforms.Taken { return []platforms.Taken{b.took(0, noName), b.took(0, noName)} }, "took it 2 times"},
		"a reaction that was sent again": {"sent", "", func(b *bureau) []platforms.Taken {
			b.answers[1].target, b.answers[1].draft.Content = "wamid.x", channels.Content{Reaction: &channels.SentReaction{Emoji: "👍"}}
			reacts := func(one *platforms.Taken) {
				one.Handle, one.ID, one.State = "", "", ""
				one.Content = channels.Content{Reaction: &channels.SentReaction{Target: "wamid.x", Emoji: "👍"}}
			}
			sent := func(one *platforms.Taken) { one.State = channels.Sent }
			return []platforms.Taken{b.took(0, sent), b.took(1, reacts), b.took(1, reacts)}
		}, ""},
		"never sent": {"queued", `UPDATE sends SET state = 'under_way'`, func(*bureau) []platforms.Taken { return nil }, "its send is under_way"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBureau(t)
			b.end(t, c.status)
			if c.change != "" {
				b.exec(t, c.change)
			}
			l, err := b.Ledger(t.Context(), b.desk.DB, c.taken(b))
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(l.Complaints); (c.want == "") != (len(l.Complaints) == 0) || !strings.Contains(got, c.want) {
				t.Errorf("complaints %s, want %q", got, c.want)
			}
			if sum := l.Total(); sum.Messages != 2 || sum.Sent+sum.Delivered+sum.Read+sum.Failed+sum.Uncertain+sum.Open != 2 {
				t.Errorf("%+v", sum)
			}
		})
	}
}

func TestAskingAgainFindsWhatWasComposed(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	b.repeat(t.Context(), b.answers[0])
	if got := b.Counts(); got.Repeated != 1 || got.Asked != 3 || len(b.complaints) > 0 {
		t.Errorf("%+v, %v", got, b.complaints)
	}
	b.answers[0].messages = []uuid.UUID{uuid.New()}
	b.repeat(t.Context(), b.answers[0])
	b.answers[1].draft.Key = "another"
	b.repeat(t.Context(), b.answers[1])
	if got := strings.Join(b.complaints, "\n"); !strings.Contains(got, "and then") || !strings.Contains(got, "composed twice") {
		t.Errorf("complaints:\n%s", got)
	}
}

func TestHeardTwiceIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	a := New(Options{Share: 1})
	w := simulate.Webhook{Events: []simulate.Event{{Expect: []simulate.Expected{
		{Kind: channels.KindMessage, ID: "1"}, {Kind: channels.KindStatus, ID: "2"}, {Kind: channels.KindMessage, ID: "3", Account: "other"},
	}}}}
	a.Heard("whatsapp", account, w)
	a.Heard("whatsapp", account, w)
	if got := fmt.Sprint(a.listen()); got != "[{whatsapp "+account+" 1} {whatsapp other 3}]" {
		t.Errorf("heard %s", got)
	}
}
