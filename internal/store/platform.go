package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"omni/channels"
	"omni/gen/db"
	"omni/internal/inbox"
)

// AskAccounts notes that the platforms are asked now about every credential account of which that was not done for a time, and returns these.
func (s *Store) AskAccounts(ctx context.Context, every time.Duration) ([]inbox.CredentialAccount, error) {
	rows, err := s.q.ChannelHealthAsk(ctx, every.Seconds())
	if err != nil {
		return nil, interpretError("looking for accounts to ask about", err)
	}
	accounts := make([]inbox.CredentialAccount, len(rows))
	for i, row := range rows {
		accounts[i] = inbox.CredentialAccount{Channel: row.Channel, Name: row.CredentialAccount}
	}
	return accounts, nil
}

// maxDetail is how much of what operators are told of a failure is kept.
const maxDetail = 1000

func detail(n inbox.News) *string {
	return optional(n.Detail[:min(len(n.Detail), maxDetail)])
}

// RecordHealth records how a platform found an account's credentials, and returns their state before; empty: it is not known. News is whether nothing
// later was known already.
func (s *Store) RecordHealth(ctx context.Context, n inbox.News) (before inbox.AccountState, news bool, err error) {
	state := string(n.State)
	found, err := s.q.ChannelHealthRecord(ctx, db.ChannelHealthRecordParams{
		Channel: n.Channel, CredentialAccount: n.CredentialAccount, State: &state, CheckedAt: optionalTime(n.At), Name: optional(n.Name),
		ExpiresAt: optionalTime(n.ExpiresAt), Lacks: cleanAll(n.Lacks), Detail: detail(n),
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return "", false, nil
	}
	return inbox.AccountState(found), true, interpretError("recording an account's health", err)
}

func cleanAll(texts []string) []string {
	all := make([]string, len(texts)) // not nil: that would be null
	for i, text := range texts {
		all[i] = clean(text)
	}
	return all
}

// RecordTemplates records templates that a platform listed, or why it did not. Once all of a list is there, what it does not have is deleted.
func (s *Store) RecordTemplates(ctx context.Context, n inbox.News) error {
	listed := db.ChannelHealthTemplatesParams{
		Channel: n.Channel, CredentialAccount: n.CredentialAccount, TemplatesAt: optionalTime(n.At), TemplatesDetail: detail(n),
	}
	see, err := seeTemplates(n)
	if err != nil {
		return interpretError("recording templates", err)
	}
	return s.inTransaction(ctx, "recording templates", func(tx *transaction) error {
		noted := func(q *db.Queries) error { return q.ChannelHealthTemplates(ctx, listed) }
		if n.State != inbox.AccountOK {
			return tx.conclude(ctx, noted)
		}
		return tx.conclude(ctx, noted,
			func(q *db.Queries) error { return q.TemplateSee(ctx, see) },
			func(q *db.Queries) error {
				_, err := q.TemplateForget(ctx, db.TemplateForgetParams{
					Channel: n.Channel, CredentialAccount: n.CredentialAccount, SeenAt: n.At, Total: int64(n.Total),
				})
				return err
			})
	})
}

func seeTemplates(n inbox.News) (db.TemplateSeeParams, error) {
	p := db.TemplateSeeParams{Channel: n.Channel, CredentialAccount: n.CredentialAccount, SeenAt: n.At}
	for _, t := range n.Templates {
		detail, err := document(t)
		if err != nil {
			return p, err
		}
		p.Names, p.Languages = append(p.Names, clean(t.Name)), append(p.Languages, clean(t.Language))
		p.Categories, p.Statuses = append(p.Categories, clean(t.Category)), append(p.Statuses, clean(t.Status))
		p.Details = append(p.Details, string(detail))
	}
	return p, nil
}

// Templates returns the templates of a name that an account has, and whether any template of the account is known at all.
func (s *Store) Templates(ctx context.Context, a inbox.CredentialAccount, name string) (named []channels.MessageTemplate, known bool, err error) {
	rows, err := s.q.TemplateNamed(ctx, db.TemplateNamedParams{Channel: a.Channel, CredentialAccount: a.Name, Name: clean(name)})
	if err != nil {
		return nil, false, interpretError("reading templates", err)
	}
	if len(rows) == 0 {
		first, err := s.q.TemplateFirst(ctx, db.TemplateFirstParams{Channel: a.Channel, CredentialAccount: a.Name})
		return nil, first != "", interpretError("reading templates", err)
	}
	for _, row := range rows {
		t, err := readTemplate(row)
		if err != nil {
			return nil, false, err
		}
		named = append(named, t)
	}
	return named, true, nil
}

func readTemplate(detail []byte) (channels.MessageTemplate, error) {
	var t channels.MessageTemplate
	if err := json.Unmarshal(detail, &t); err != nil {
		return t, fmt.Errorf("reading a stored template: %w", err)
	}
	return t, nil
}

// ListAccounts returns what is known of every credential account that has channel accounts.
func (s *Store) ListAccounts(ctx context.Context) ([]inbox.AccountHealth, error) {
	rows, err := s.q.ChannelHealthList(ctx)
	if err != nil {
		return nil, interpretError("listing accounts", err)
	}
	all := make([]inbox.AccountHealth, len(rows))
	for i, r := range rows {
		all[i] = inbox.AccountHealth{
			Channel: r.Channel, CredentialAccount: r.CredentialAccount, ChannelAccounts: r.Accounts, State: inbox.AccountState(value(r.State)),
			Since: timeValue(r.StateSince), Name: value(r.Name), ExpiresAt: timeValue(r.ExpiresAt), Lacks: r.Lacks, Detail: value(r.Detail),
			CheckedAt: timeValue(r.CheckedAt), TemplatesAt: timeValue(r.TemplatesAt), TemplatesDetail: value(r.TemplatesDetail),
		}
	}
	return all, nil
}

// ListTemplates returns the known templates; an empty channel or credential account stands for all.
func (s *Store) ListTemplates(ctx context.Context, a inbox.CredentialAccount) ([]inbox.KnownTemplate, error) {
	rows, err := s.q.TemplateList(ctx, db.TemplateListParams{Channel: a.Channel, CredentialAccount: a.Name})
	if err != nil {
		return nil, interpretError("listing templates", err)
	}
	all := make([]inbox.KnownTemplate, len(rows))
	for i, row := range rows {
		t, err := readTemplate(row.Detail)
		if err != nil {
			return nil, err
		}
		all[i] = inbox.KnownTemplate{Channel: row.Channel, CredentialAccount: row.CredentialAccount, SeenAt: row.SeenAt, MessageTemplate: t}
	}
	return all, nil
}
