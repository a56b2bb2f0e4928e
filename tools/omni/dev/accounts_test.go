package dev

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"omni/channels"
	"omni/internal/app"
	"omni/internal/inbox"
	"omni/internal/pipeline"
	"omni/internal/store"
	"omni/tools/omni/accounts"
	"omni/tools/omni/desk"
	"omni/tools/omni/send"
	"omni/tools/omni/simulate"
)

// TestPlatformsAreAskedAboutTheAccounts: all simulated platforms find the accounts in order, and what WhatsApp says of its templates decides
// about messages made of them.
func TestPlatformsAreAskedAboutTheAccounts(t *testing.T) {
	t.Parallel()
	folder, running, office := beginOffice(t)
	err := simulate.Run(t.Context(), simulate.Options{
		URL: running.URL, Kinds: []string{"text"}, Count: 12, Customers: 1, Concurrency: 1, Seed: 3, Wait: 20 * time.Second,
	}, simulate.Parts{
		Secrets: app.SecretsFile(folder.Secrets()), Ledger: simulate.NewDatabase(office.Desk.DB), Client: http.DefaultClient,
		Progress: simulate.NewProgress(io.Discard, false), Out: io.Discard,
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(running.DatabaseURL, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	queues, err := desk.LocalQueues(running)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	asker := &pipeline.Platforms{Store: s, Queue: queues, Log: slog.New(slog.DiscardHandler)}
	if err := accounts.Refresh(t.Context(), s, asker, &out, accounts.Options{Wait: 20 * time.Second, Every: time.Millisecond}); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	if strings.Count(out.String(), " ok ") != askable(t) || strings.Contains(out.String(), "lack") {
		t.Errorf("not all accounts are well:\n%s", out.String())
	}
	out.Reset()
	if err := accounts.Templates(t.Context(), s, &out, accounts.Filter{Status: "pending"}); err != nil || !strings.Contains(out.String(), "text: 1") {
		t.Errorf("%v\n%s", err, out.String())
	}

	var whatsapp string
	if err := office.Desk.DB.QueryRow(t.Context(), `SELECT thread FROM conversations c JOIN channel_accounts a ON a.id = c.channel_account_id
		WHERE a.channel = 'whatsapp' LIMIT 1`).Scan(&whatsapp); err != nil {
		t.Fatal(err)
	}
	customer, err := send.Find(t.Context(), office.Desk.DB, whatsapp)
	if err != nil {
		t.Fatal(err)
	}
	say := func(template string) error {
		draft := inbox.Draft{Conversation: customer.ID, Key: template, Author: "test", Human: true, Content: channels.Content{
			Template: &channels.TemplateMessage{Name: template, Language: "en_US", Body: []string{"Tuesday"}},
		}}
		return send.Run(t.Context(), office.Desk, office.Desk.DB, io.Discard, draft, send.Options{Watch: true, Wait: 20 * time.Second, Every: time.Millisecond})
	}
	if err := errors.Join(office.Desk.Typing(t.Context(), customer.ID), office.Desk.MarkRead(t.Context(), customer.ID), say("order_shipped")); err != nil {
		t.Error(err)
	}
	if err := say("winter"); err == nil || !strings.Contains(err.Error(), "it is pending") {
		t.Errorf("a template that is not approved: %v", err)
	}
}

// askable is how many channels have somebody to ask about their accounts.
func askable(t *testing.T) (n int) {
	t.Helper()
	for _, spec := range channels.Specs() {
		opened, err := channels.Open(spec.Name, channels.Env{})
		if err != nil {
			t.Fatal(err)
		}
		if _, can := opened.(channels.HealthChecker); can {
			n++
		}
	}
	return n
}
