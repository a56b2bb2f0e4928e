package app_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"github.com/google/uuid"

	"omni/channels"
	"omni/channels/channeltest"
	"omni/channels/simulate"
	"omni/internal/app"
	"omni/internal/edge"
	"omni/internal/inbox"
	"omni/internal/queue"
)

// shop is the secrets of one account at WhatsApp.
type shop channels.Secrets

func (s shop) Secrets(context.Context, string) (map[string]channels.Secrets, error) {
	return map[string]channels.Secrets{channels.DefaultAccount: channels.Secrets(s)}, nil
}

// The sweeper has the platforms asked, the sender asks, and the processor records; then a template is checked before it is sent.
func TestTheRolesSufficeToAskThePlatforms(t *testing.T) {
	s := hire(t)
	hello, _ := s.event("whatsapp", "text")
	s.take(s.webhook, "whatsapp", hello)
	s.hand(s.process)
	queues := queue.NewSender(s, app.Queues{Live: "live", Outbound: "outbound-{channel}"}.URLs(), nil)
	secrets := shop{"access_token": {"EAAG"}, "waba_id": {"2001"}}
	platform, _ := simulate.Lookup("whatsapp")
	api := platform.(simulate.API).API(map[string]channels.Secrets{"shop": channels.Secrets(secrets)}, nil)
	sender := app.OutsideParts{
		Secrets: secrets, HTTP: channeltest.Network(t, api), Queue: queues, Delayer: edge.QueueDelay{}, Log: slog.New(slog.DiscardHandler),
	}.Sender()

	s.sweeper.Errands = queues
	for _, asked := range []int{1, 0} { // and not again so soon
		if swept, err := s.sweeper.Sweep(t.Context()); err != nil || swept.Asked != asked {
			t.Fatalf("swept %+v, %v", swept, err)
		}
	}
	s.hand(sender)
	s.hand(s.process)
	if n := s.count(`SELECT count(*) FROM channel_health WHERE channel = 'whatsapp' AND state = 'ok' AND name <> '' AND templates_at IS NOT NULL`); n != 1 {
		t.Errorf("%d accounts are well, want 1", n)
	}
	if s.count(`SELECT count(*) FROM templates WHERE status = 'approved'`) == 0 || s.count(`SELECT count(*) FROM templates WHERE status = 'pending'`) == 0 {
		t.Error("templates are missing")
	}

	var conversation uuid.UUID
	if err := s.admin.QueryRow(t.Context(), `SELECT conversation_id FROM messages`).Scan(&conversation); err != nil {
		t.Fatal(err)
	}
	s.answers.Errands = queues
	for name, code := range map[string]string{"order_shipped": "", "winter": "template_not_approved", "christmas": "template_unknown"} {
		_, err := s.answers.Compose(t.Context(), inbox.Draft{
			Conversation: conversation, Key: name, Author: "agent:ada", Content: channels.Content{
				Template: &channels.TemplateMessage{Name: name, Language: "en_US", Body: []string{"Monday"}},
			},
		})
		var rejected *channels.RejectedError
		if errors.As(err, &rejected) != (code != "") || code == "" && err != nil || code != "" && rejected.Code != code {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.queued = nil
	if err := errors.Join(s.answers.Typing(t.Context(), conversation), s.answers.MarkRead(t.Context(), conversation)); err != nil || len(s.queued) != 2 {
		t.Fatalf("%d hints, %v", len(s.queued), err)
	}
	s.hand(sender)
	if len(s.queued) != 0 {
		t.Errorf("hints bring news: %+v", s.queued)
	}
}

// An errand that died is let go by the deadletter function, and refused by the processor.
func TestErrandsOnTheWrongWay(t *testing.T) {
	s := hire(t)
	queues := queue.NewSender(s, app.Queues{Live: "live", Outbound: "outbound-{channel}"}.URLs(), nil)
	errand := inbox.AccountErrand(uuid.Must(uuid.NewV7()), inbox.ErrandHealth, inbox.CredentialAccount{Channel: "whatsapp", Name: "shop"})
	send := func() {
		t.Helper()
		if err := queues.Errands(t.Context(), []inbox.Errand{errand}); err != nil {
			t.Fatal(err)
		}
	}
	send()
	s.hand(s.bury)
	if n := s.count(`SELECT count(*) FROM dead_jobs`); n != 0 || len(s.queued) != 0 {
		t.Errorf("%d jobs are kept, %d queued", n, len(s.queued))
	}
	send()
	s.hand(s.process)
	if n := s.count(`SELECT count(*) FROM dead_jobs`); n != 1 {
		t.Errorf("%d jobs are kept, want 1", n)
	}
}
