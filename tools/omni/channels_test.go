package main

import (
	"strings"
	"testing"
	"time"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/store/storetest"
)

func TestChannels(t *testing.T) {
	t.Parallel()
	s, url := storetest.New(t)
	wanting(t, s) // makes an account
	health := inbox.News{Errand: inbox.ErrandHealth, Channel: "telegram", CredentialAccount: "support", At: time.Now(), State: inbox.AccountRefused, Detail: "a wrong token"}
	if _, _, err := s.RecordHealth(t.Context(), health); err != nil {
		t.Fatal(err)
	}
	listed := inbox.News{
		Errand: inbox.ErrandTemplates, Channel: "whatsapp", CredentialAccount: "shop", At: time.Now(), State: inbox.AccountOK, Total: 1,
		Templates: []channels.MessageTemplate{{Name: "order", Language: "de", Status: "approved"}},
	}
	if err := s.RecordTemplates(t.Context(), listed); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]string{
		"channels list":                         "telegram/support: a wrong token",
		"channels templates --account shop":     "order",
		"channels templates --account other":    "No such template is known.",
		"channels templates --channel telegram": "No such template is known.",
		"channels refresh":                      "no queue is known here",
		"channels refresh --help":               "Examples:",
		"channels list --help":                  "Examples:",
		"channels templates --help":             "Examples:",
		"channels --help":                       "Examples:",
		"channels templates --status approved":  "whatsapp/shop",
		"channels templates --status pending":   "No such template is known.",
		"channels refresh --wait soon":          "`omni channels refresh --help`",
	} {
		_, out, errs := omni(t, "", append(strings.Fields(args), "--database-url", url)...)
		if got := out + errs; !strings.Contains(got, want) {
			t.Errorf("%s: no %q in:\n%s", args, want, got)
		}
	}
}
