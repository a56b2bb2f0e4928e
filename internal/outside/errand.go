package outside

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
	"omni/internal/roster"
)

// NewsReporter carries back what came of an errand.
type NewsReporter interface {
	ReportNews(ctx context.Context, errand uuid.UUID, news inbox.News) error
}

// Errands runs errands at platforms. It is safe for concurrent use.
type Errands struct {
	Roster *roster.Roster // opens channels for sending
	Report NewsReporter
	Log    *slog.Logger
	Now    func() time.Time
}

// Limits of one errand. What a customer is shown must not keep an answer waiting that comes after it.
const (
	hintTime   = 5 * time.Second
	errandTime = 90 * time.Second
)

// Run does an errand. receives is how often its job was received: what is shown to a customer is tried once. An error means that what came of it could
// not be reported, and that the job has to come again.
func (e *Errands) Run(ctx context.Context, errand inbox.Errand, receives int) error {
	if errand.IsHint() {
		e.hint(ctx, errand, receives)
		return nil
	}
	news := e.ask(ctx, errand)
	e.Log.Info("platform asked", "errand", errand.Kind, "channel", errand.Channel, "account", errand.CredentialAccount, "state", news.State,
		"templates", news.Total, "detail", news.Detail, "took_ms", e.Now().Sub(news.At).Milliseconds())
	if err := e.Report.ReportNews(ctx, errand.Job.ID, news); err != nil {
		return fmt.Errorf("reporting news of account %s of channel %s: %w", errand.CredentialAccount, errand.Channel, err)
	}
	return nil
}

// hint shows the customer something, unless it is too late for that.
func (e *Errands) hint(ctx context.Context, errand inbox.Errand, receives int) {
	log := e.Log.With("errand", errand.Kind, "channel", errand.Channel, "account", errand.CredentialAccount)
	if receives > 1 || e.Now().After(errand.Until) {
		log.Info("hint to a customer dropped", "receives", receives, "until", errand.Until)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, hintTime)
	defer cancel()
	err := e.with(ctx, errand, func(channel channels.Channel) error {
		if typer, can := channel.(channels.Typer); can && errand.Kind == inbox.ErrandTyping {
			return typer.Typing(ctx, errand.Chat)
		}
		if marker, can := channel.(channels.ReadMarker); can && errand.Kind == inbox.ErrandRead {
			return marker.MarkRead(ctx, errand.Chat)
		}
		return nil
	})
	if err != nil {
		log.Warn("hint to a customer not shown", "error", err.Error())
	}
}

// ask asks the platform about the account.
func (e *Errands) ask(ctx context.Context, errand inbox.Errand) inbox.News {
	ctx, cancel := context.WithTimeout(ctx, errandTime)
	defer cancel()
	news := inbox.News{Errand: errand.Kind, Channel: errand.Channel, CredentialAccount: errand.CredentialAccount, At: e.Now(), State: inbox.AccountOK}
	err := e.with(ctx, errand, func(channel channels.Channel) error {
		switch errand.Kind {
		case inbox.ErrandHealth:
			return health(ctx, channel, &news)
		case inbox.ErrandTemplates:
			return templates(ctx, channel, &news)
		}
		return fmt.Errorf("this build runs no errands of kind %q", errand.Kind)
	})
	if err != nil {
		news.State, news.Detail = stateOf(err), err.Error()
	}
	return news
}

func health(ctx context.Context, channel channels.Channel, news *inbox.News) error {
	checker, can := channel.(channels.HealthChecker)
	if !can {
		return errors.New("the channel cannot ask whether its credentials work")
	}
	found, err := checker.Health(ctx)
	news.Name, news.ExpiresAt, news.Lacks = found.Name, found.Expires, found.Lacks
	return err
}

// templates lists the account's templates, each once: a list that changes while its pages are turned may show one twice.
func templates(ctx context.Context, channel channels.Channel, news *inbox.News) error {
	lister, can := channel.(channels.TemplateLister)
	if !can {
		return errors.New("the channel has no templates")
	}
	listed, err := lister.Templates(ctx)
	if err != nil {
		return err
	}
	type key struct{ name, language string }
	seen := map[key]bool{}
	for _, template := range listed {
		if key := (key{template.Name, template.Language}); !seen[key] {
			seen[key] = true
			news.Templates = append(news.Templates, template)
		}
	}
	news.Total = len(news.Templates)
	return nil
}

// stateOf is how an account was found that a platform did not simply tell of.
func stateOf(err error) inbox.AccountState {
	switch {
	case errors.Is(err, channels.ErrCredentials):
		return inbox.AccountRefused
	case roster.LacksSecrets(err):
		return inbox.AccountMissingSecrets
	}
	return inbox.AccountUnreachable
}

// with opens the errand's channel and does something with it.
func (e *Errands) with(ctx context.Context, errand inbox.Errand, do func(channels.Channel) error) error {
	spec, err := channels.Find(errand.Channel)
	if err != nil {
		return err
	}
	return e.Roster.With(ctx, spec, errand.CredentialAccount, do)
}
