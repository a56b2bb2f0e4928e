package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"omni/channels"
	"omni/internal/inbox"
)

// AccountStore keeps what platforms say of our accounts there.
type AccountStore interface {
	// AskAccounts notes that the platforms are asked now about every credential account of which that was not done for a time, and returns
	// these.
	AskAccounts(ctx context.Context, every time.Duration) ([]inbox.CredentialAccount, error)
	// RecordHealth records how credentials were found, and returns their state before, or that something later was known already.
	RecordHealth(context.Context, inbox.News) (before inbox.AccountState, news bool, err error)
	// RecordTemplates records templates that a platform listed, or why it did not.
	RecordTemplates(context.Context, inbox.News) error
}

// ErrandQueue takes errands durably.
type ErrandQueue interface {
	Errands(context.Context, []inbox.Errand) error
}

// Platforms is how the inside zone knows of the platforms: it sends errands to those who reach them, and records the news that these bring.
type Platforms struct {
	Store AccountStore
	Queue ErrandQueue // nil: nobody is asked
	Meter Meter
	Log   *slog.Logger
}

// AskEvery is how often a platform is asked about an account at most, unless somebody wants to know.
const AskEvery = 15 * time.Minute

// Ask sends for news of every account that has not been asked about for a time, and returns how many these are. A channel whose queue takes nothing
// keeps no other from being asked.
func (p *Platforms) Ask(ctx context.Context, every time.Duration) (int, error) {
	if p.Queue == nil {
		return 0, nil
	}
	accounts, err := p.Store.AskAccounts(ctx, every)
	if err != nil {
		return 0, err
	}
	asked := 0
	var failed error
	for _, account := range accounts {
		if err := p.ask(ctx, account); err != nil {
			failed = errors.Join(failed, fmt.Errorf("asking about account %s of channel %s: %w", account.Name, account.Channel, err))
			continue
		}
		asked++
	}
	return asked, failed
}

// AskNow sends for news of one account, whenever it was last asked about. asked is false if there is nobody to send, or nothing that its channel could ask.
func (p *Platforms) AskNow(ctx context.Context, account inbox.CredentialAccount) (asked bool, err error) {
	if p.Queue == nil || len(questions(account.Channel)) == 0 {
		return false, nil
	}
	return true, p.ask(ctx, account)
}

func (p *Platforms) ask(ctx context.Context, account inbox.CredentialAccount) error {
	var errands []inbox.Errand
	for _, kind := range questions(account.Channel) {
		errands = append(errands, inbox.AccountErrand(newID(), kind, account))
	}
	return p.Queue.Errands(ctx, errands)
}

// questions are what a channel can ask its platform.
func questions(name string) []inbox.ErrandKind {
	channel, err := channels.Open(name, channels.Env{})
	if err != nil {
		return nil // it was taken out of the build
	}
	var kinds []inbox.ErrandKind
	if _, can := channel.(channels.HealthChecker); can {
		kinds = append(kinds, inbox.ErrandHealth)
	}
	if _, can := channel.(channels.TemplateLister); can {
		kinds = append(kinds, inbox.ErrandTemplates)
	}
	return kinds
}

// Record records what came of an errand.
func (p *Platforms) Record(ctx context.Context, n inbox.News) error {
	if n.Errand == inbox.ErrandTemplates {
		return p.templates(ctx, n)
	}
	before, news, err := p.Store.RecordHealth(ctx, n)
	if err != nil || !news {
		return err
	}
	if n.State != inbox.AccountOK {
		p.Meter.Count(n.Channel, map[string]int{CountUnhealthy: 1})
	}
	if before == n.State || before == "" && n.State == inbox.AccountOK {
		return nil
	}
	level := slog.LevelInfo
	if n.State != inbox.AccountOK {
		level = slog.LevelError
	}
	p.Log.Log(ctx, level, "the state of an account turned", "channel", n.Channel, "account", n.CredentialAccount, "state", n.State, "before", before,
		"detail", n.Detail)
	return nil
}

func (p *Platforms) templates(ctx context.Context, n inbox.News) error {
	if n.State != inbox.AccountOK {
		p.Log.Warn("templates not listed: what is known of them stays", "channel", n.Channel, "account", n.CredentialAccount, "detail", n.Detail)
	}
	return p.Store.RecordTemplates(ctx, n)
}
