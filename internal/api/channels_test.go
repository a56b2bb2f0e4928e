package api_test

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"omni/channels"
	"omni/internal/api"
	"omni/internal/api/apitest"
	"omni/internal/inbox"
)

// messenger remembers which accounts were to be asked about.
type messenger struct{ asked []inbox.CredentialAccount }

func (m *messenger) AskNow(_ context.Context, account inbox.CredentialAccount) (bool, error) {
	m.asked = append(m.asked, account)
	return account.Channel != "telegram", nil
}

func execute(t *testing.T, d *apitest.Desk, statements ...string) {
	t.Helper()
	db, err := pgx.Connect(t.Context(), d.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(t.Context())
	for _, statement := range statements {
		if _, err := db.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// business is two channel accounts that one credential account serves, and one of which nobody knows anything. On the first somebody wrote twice, was
// answered, and then was not.
const business = `
	INSERT INTO channel_accounts (id, channel, external_id, credential_account) VALUES
		('00000000-0000-0000-0000-000000000001', 'whatsapp', '111', 'shop'), ('00000000-0000-0000-0000-000000000002', 'whatsapp', '222', 'shop'),
		('00000000-0000-0000-0000-000000000003', 'telegram', '333', 'bot');
	INSERT INTO conversations (id, channel_account_id, thread, status, last_message_at, last_inbound_at) VALUES
		('00000000-0000-0000-0000-00000000000a', '00000000-0000-0000-0000-000000000001', 'a', 'open', '2026-11-01 10:00Z', '2026-11-01 09:00Z'),
		('00000000-0000-0000-0000-00000000000b', '00000000-0000-0000-0000-000000000001', 'b', 'resolved', '2026-11-01 09:30Z', '2026-11-01 09:30Z');
	INSERT INTO messages (id, channel_account_id, thread, lane, state, conversation_id, direction, type, status, error_code, error_reason, occurred_at)
	SELECT gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 'a', 'live/a', 'processed', '00000000-0000-0000-0000-00000000000a', 'out', 'text',
		given.status, given.code, given.reason, given.at
	FROM (VALUES ('sent', NULL, NULL, timestamptz '2026-11-01 08:00Z'), ('failed', '131047', 'The window is closed.', '2026-11-01 09:50Z'),
		('failed', '131047', 'The window is closed.', '2026-11-01 09:55Z'), ('failed', '470', 'No.', '2026-11-01 10:00Z'),
		('failed', '1', 'It was long ago.', '2026-10-01 10:00Z')) AS given (status, code, reason, at);
	INSERT INTO sends (message_id, conversation_id, idempotency_key, part, fingerprint, human, outgoing, state, created_at)
	SELECT id, conversation_id, id::text, 0, '', true, '{}', 'done', CASE error_code WHEN '1' THEN now() - interval '25 hours' ELSE now() END FROM messages`

func TestChannels(t *testing.T) {
	t.Parallel()
	d := apitest.New(t)
	ada := d.Agent("ada")
	execute(t, d, business)
	at := time.Now().Add(-time.Hour)
	for _, n := range []inbox.News{
		{Channel: "whatsapp", CredentialAccount: "shop", State: inbox.AccountOK, Name: "The shop", At: at},
		{Channel: "whatsapp", CredentialAccount: "shop", State: inbox.AccountRefused, Detail: "The token has expired.", Lacks: []string{"reading"}, At: at.Add(time.Minute)},
		{Channel: "whatsapp", CredentialAccount: "shop", State: inbox.AccountRefused, Detail: "The token has expired.", Lacks: []string{"reading"}, At: at.Add(2 * time.Minute)},
	} {
		if _, _, err := d.Store.RecordHealth(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	var list api.List[api.Channel]
	ada.Want(http.StatusOK, http.MethodGet, "/v1/channels", nil, &list)
	of := map[string]api.Channel{}
	for _, channel := range list.Items {
		of[channel.Name] = channel
		spec, _ := channels.Lookup(channel.Name)
		if channel.Title != spec.Title || channel.Text != spec.Text || len(channel.Media) != len(spec.Media) || !cmp.Equal(channel.Sends, spec.Sends) ||
			(channel.WindowSeconds == nil) != (spec.Window == 0) || (channel.Tag == nil) != (spec.Tag == nil) {
			t.Errorf("%s: %+v", channel.Name, channel)
		}
	}
	if len(of) != len(channels.Specs()) || len(of["messenger"].Accounts) != 0 || len(of["whatsapp"].Accounts) != 2 || len(of["telegram"].Accounts) != 1 {
		t.Fatalf("accounts: %+v", of)
	}
	shop := of["whatsapp"].Accounts[0]
	if shop.Health == nil || shop.Health.State != inbox.AccountRefused || *shop.Name != "The shop" || shop.Health.Lacks[0] != "reading" ||
		!time.Time(shop.Health.Since).Equal(at.Add(time.Minute).Truncate(time.Millisecond)) {
		t.Errorf("health: %+v", shop.Health)
	}
	if time.Time(*shop.LastInboundAt).Format(time.TimeOnly) != "09:30:00" || time.Time(*shop.LastOutboundAt).Format(time.TimeOnly) != "10:00:00" {
		t.Errorf("last in %v, out %v", shop.LastInboundAt, shop.LastOutboundAt)
	}
	failures := []api.SendFailure{{Code: "131047", Reason: "The window is closed.", Count: 2}, {Code: "470", Reason: "No.", Count: 1}}
	if diff := cmp.Diff(failures, shop.Failures); diff != "" {
		t.Errorf("failures (-want +got):\n%s", diff)
	}
	if other := of["whatsapp"].Accounts[1]; other.LastInboundAt != nil || len(other.Failures) != 0 || other.Health == nil {
		t.Errorf("%+v", other)
	}
	if bot := of["telegram"].Accounts[0]; bot.Health != nil || bot.Name != nil || bot.CredentialAccount != "bot" {
		t.Errorf("%+v", bot)
	}
	want(t, slices.DeleteFunc(feed(t, d), func(kind string) bool { return kind != "channels.updated" }), "channels.updated", "channels.updated")
}

func TestAnAccountIsCheckedNow(t *testing.T) {
	t.Parallel()
	m := &messenger{}
	d := apitest.New(t, func(o *api.Options) { o.Platforms = m })
	boss := d.Admin("boss")
	execute(t, d, business)
	boss.Want(http.StatusAccepted, http.MethodPost, "/v1/channels/whatsapp/accounts/shop/check", nil, nil)
	boss.WantProblem(http.StatusConflict, "nothing_to_ask", http.MethodPost, "/v1/channels/telegram/accounts/bot/check", nil)
	boss.WantProblem(http.StatusNotFound, "not_found", http.MethodPost, "/v1/channels/whatsapp/accounts/111/check", nil)
	if diff := cmp.Diff([]inbox.CredentialAccount{{Channel: "whatsapp", Name: "shop"}, {Channel: "telegram", Name: "bot"}}, m.asked); diff != "" {
		t.Error(diff)
	}
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	d := apitest.New(t)
	ada := d.Agent("ada")
	execute(t, d, business)
	const path = "/v1/channels/whatsapp/accounts/shop/templates"
	var none api.Templates
	ada.Want(http.StatusOK, http.MethodGet, path, nil, &none)
	if len(none.Items) != 0 || none.ListedAt != nil || none.Error != nil {
		t.Errorf("%+v", none)
	}
	listed := []channels.MessageTemplate{
		{Name: "billing", Language: "de", Status: "rejected", Body: channels.TemplateText{Text: "Rechnung"}},
		{Name: "order", Language: "de", Status: channels.TemplateApproved, Category: "utility", Body: channels.TemplateText{Text: "Am {{1}}", Gaps: []string{"1"}}},
	}
	at := time.Now()
	for _, n := range []inbox.News{
		{Errand: inbox.ErrandTemplates, Channel: "whatsapp", CredentialAccount: "shop", State: inbox.AccountOK, At: at, Templates: listed, Total: 2},
		{Errand: inbox.ErrandTemplates, Channel: "whatsapp", CredentialAccount: "shop", State: inbox.AccountRefused, At: at.Add(time.Second), Detail: "The token has expired."},
	} {
		if err := d.Store.RecordTemplates(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	for query, names := range map[string][]string{"": {"order", "billing"}, "?q=ORDER": {"order"}, "?q=rechnung": {"billing"}, "?q=nothing": nil} {
		var got api.Templates
		ada.Want(http.StatusOK, http.MethodGet, path+query, nil, &got)
		var found []string
		for _, template := range got.Items {
			found = append(found, template.Name)
			if template.Name == "order" && (template.Status != "approved" || template.Category != "utility" || !cmp.Equal(template.Detail, listed[1])) {
				t.Errorf("%+v", template)
			}
		}
		want(t, found, names...)
		if got.Error == nil || *got.Error != "The token has expired." || got.ListedAt == nil {
			t.Errorf("%+v", got)
		}
	}
	ada.WantProblem(http.StatusNotFound, "not_found", http.MethodGet, "/v1/channels/whatsapp/accounts/other/templates", nil)
}
