package doctor

import (
	"context"
	"errors"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"omni/channels"
	"omni/tools/omni/secrets"
	"omni/tools/omni/subscribe"
)

// Platforms is what a look at the channels works with.
type Platforms struct {
	Store secrets.Store
	HTTP  channels.Doer // nil: the channels' own
	URL   string        // address of the API; empty: not known here
	Now   time.Time
}

const (
	perAccount = time.Minute
	atOnce     = 4

	soon    = 7 * 24 * time.Hour // a token that ends sooner is worth a warning
	recent  = time.Hour          // an older failure of a webhook is history
	backlog = 100                // waiting webhooks that one failure does not explain
)

// Channels looks at every credential account of the channels: whether its secrets are complete, its token is accepted and its webhook is
// registered. A channel without an account is not used.
func Channels(ctx context.Context, specs []channels.Spec, p Platforms) []Finding {
	reports, err := secrets.Check(ctx, p.Store, specs)
	if err != nil {
		return []Finding{found(Problem, "secrets", "Make them readable from here.", "%v", err)}
	}
	var accounts []account
	var unused []string
	for _, report := range reports {
		for _, a := range report.Accounts {
			accounts = append(accounts, account{Target: secrets.Target{Spec: report.Spec, Account: a.Name}, secrets: a, platforms: p})
		}
		if len(report.Accounts) == 0 {
			unused = append(unused, report.Spec.Name)
		}
	}
	findings := each(ctx, accounts)
	if len(unused) > 0 {
		findings = append(findings, found(Skipped, "not used", "", "%s: no secrets, so their webhooks are refused", strings.Join(unused, ", ")))
	}
	return findings
}

// each looks at several accounts at once and keeps their order.
func each(ctx context.Context, accounts []account) (all []Finding) {
	findings := make([][]Finding, len(accounts))
	var group errgroup.Group
	group.SetLimit(atOnce)
	for i, a := range accounts {
		group.Go(func() error {
			ctx, cancel := context.WithTimeout(ctx, perAccount)
			defer cancel()
			findings[i] = a.examine(ctx)
			return nil
		})
	}
	_ = group.Wait() // no look returns an error
	for _, some := range findings {
		all = append(all, some...)
	}
	return all
}

// account is one credential account that is looked at.
type account struct {
	secrets.Target
	secrets   secrets.AccountReport
	platforms Platforms
}

func (a account) examine(ctx context.Context) []Finding {
	findings := []Finding{a.complete()}
	channel, err := subscribe.Open(ctx, a.platforms.Store, a.Target, a.platforms.HTTP)
	if err != nil {
		return append(findings, found(Problem, a.String(), a.enter(), "the secrets cannot be used: %v", err))
	}
	if checker, ok := channel.(channels.HealthChecker); ok && a.lacks(channels.ForSend) == "" {
		token := a.token(ctx, checker)
		findings = append(findings, token)
		if token.Level == Problem {
			return findings // whatever else is asked with it would fail in the same way
		}
	}
	if subscriber, ok := channel.(channels.Subscriber); ok {
		findings = append(findings, a.webhook(ctx, subscriber)...)
	}
	return findings
}

// lacks names the missing secrets for a purpose.
func (a account) lacks(purpose channels.Purpose) string {
	return strings.Join(a.secrets.Missing(a.Spec, purpose), ", ")
}

// enter says how the account's secrets are entered.
func (a account) enter() string {
	return "Enter them with `" + secrets.SetCommand(a.platforms.Store, a.Spec, a.Account) + "`."
}

func (a account) complete() Finding {
	about := a.String()
	switch verify, send := a.lacks(channels.ForVerify), a.lacks(channels.ForSend); {
	case verify != "":
		return found(Problem, about, a.enter(), "webhooks are refused without the secrets %s", verify)
	case len(a.secrets.Unknown) > 0:
		return found(Warning, about, "Take them out, or give them their right names.", "nothing reads the secrets %s",
			strings.Join(a.secrets.Unknown, ", "))
	case send != "":
		return found(Warning, about, a.enter(), "webhooks are accepted, and nothing can be sent without the secrets %s", send)
	}
	return ok(about, "webhooks are accepted, answers can be sent")
}

func (a account) token(ctx context.Context, checker channels.HealthChecker) Finding {
	about := a.String() + " token"
	health, err := checker.Health(ctx)
	switch left := health.Expires.Sub(a.platforms.Now); {
	case err != nil:
		return a.unanswered(about, err)
	case !health.Expires.IsZero() && left < soon:
		return found(Warning, about, "Make a token without an end, or a new one in time. "+a.enter(), "%s; it ends on %s",
			health.Name, health.Expires.Local().Format(time.DateTime))
	case len(health.Lacks) > 0:
		return found(Warning, about, "Make a token with these permissions. "+a.enter(), "%s; it lacks the permissions %s",
			health.Name, strings.Join(health.Lacks, ", "))
	}
	return ok(about, "accepted, %s", health.Name)
}

// unanswered is a question that a platform did not answer.
func (a account) unanswered(about string, err error) Finding {
	var throttled *channels.ThrottledError
	switch {
	case errors.As(err, &throttled):
		return found(Warning, about, "Look again later.", "%v", err)
	case errors.Is(err, channels.ErrCredentials):
		return found(Problem, about, "Make a new token at the platform. "+a.enter(), "%v", err)
	}
	return found(Warning, about, "Look whether this machine reaches the platform, and at the platform's own status page.", "%v", err)
}
