package secrets

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"omni/channels"
)

// Report says of one channel which secrets are there. It holds no values.
type Report struct {
	Spec     channels.Spec
	Accounts []AccountReport // sorted by name; empty: the channel refuses every webhook
}

// AccountReport says of one credential account which secrets are there.
type AccountReport struct {
	Name    string
	Counts  map[string]int // how many values each secret of the spec has: 2 while a rotation lasts
	Empty   []string       // names with an empty value, which counts as missing
	Unknown []string       // names that the channel does not know
}

// Check looks at the channels' secrets.
func Check(ctx context.Context, store Store, specs []channels.Spec) ([]Report, error) {
	reports := make([]Report, 0, len(specs))
	for _, spec := range specs {
		accounts, _, err := store.Read(ctx, spec.Name)
		if err != nil {
			return nil, err
		}
		report := Report{Spec: spec}
		for _, name := range slices.Sorted(maps.Keys(accounts)) {
			report.Accounts = append(report.Accounts, examine(spec, name, accounts[name]))
		}
		reports = append(reports, report)
	}
	return reports, nil
}

func examine(spec channels.Spec, account string, stored map[string]Values) AccountReport {
	report := AccountReport{Name: account, Counts: map[string]int{}}
	for _, name := range slices.Sorted(maps.Keys(stored)) {
		switch values := stored[name]; {
		case !slices.ContainsFunc(spec.Secrets, func(s channels.Secret) bool { return s.Name == name }):
			report.Unknown = append(report.Unknown, name)
		case len(values) == 0 || slices.Contains(values, ""):
			report.Empty = append(report.Empty, name)
		default:
			report.Counts[name] = len(values)
		}
	}
	return report
}

// Missing are the secrets that an account lacks for a purpose.
func (a AccountReport) Missing(spec channels.Spec, purpose channels.Purpose) (names []string) {
	for _, secret := range spec.Secrets {
		if secret.For == purpose && a.Counts[secret.Name] == 0 {
			names = append(names, secret.Name)
		}
	}
	return names
}

// Wrong tells whether an account that exists would not work: it lacks what verifies webhooks, or has a name that nothing reads.
func (r Report) Wrong() bool {
	return slices.ContainsFunc(r.Accounts, func(a AccountReport) bool {
		return len(a.Unknown) > 0 || len(a.Missing(r.Spec, channels.ForVerify)) > 0
	})
}

// SetCommand is what enters a channel's secrets into the store. account may be empty.
func SetCommand(store Store, spec channels.Spec, account string) string {
	target := spec.Name
	switch {
	case account != "" && account != channels.DefaultAccount:
		target += "/" + account
	case spec.Account == channels.AccountRequired:
		target += "/ACCOUNT"
	}
	return "omni secrets set " + target + store.Flags()
}

// Print writes the reports for people.
func Print(out io.Writer, store Store, reports []Report) {
	for _, report := range reports {
		if len(report.Accounts) == 0 {
			fmt.Fprintf(out, "%-28s no secrets: it refuses every webhook\n    %s\n", report.Spec.Name, SetCommand(store, report.Spec, ""))
		}
		for _, account := range report.Accounts {
			account.print(out, store, report.Spec)
		}
	}
}

func (a AccountReport) print(out io.Writer, store Store, spec channels.Spec) {
	fmt.Fprintf(out, "%-28s %s\n", spec.Name+"/"+a.Name, a.verdict(spec))
	for _, secret := range spec.Secrets {
		switch count := a.Counts[secret.Name]; {
		case count == 0 && slices.Contains(a.Empty, secret.Name):
			fmt.Fprintf(out, "    %-16s empty    needed %s: %s\n", secret.Name, needed(secret), secret.Meaning)
		case count == 0:
			fmt.Fprintf(out, "    %-16s missing  needed %s: %s\n", secret.Name, needed(secret), secret.Meaning)
		case count == 1:
			fmt.Fprintf(out, "    %-16s set\n", secret.Name)
		default:
			fmt.Fprintf(out, "    %-16s set      %d values are accepted: a rotation is not finished\n", secret.Name, count)
		}
	}
	for _, name := range a.Unknown {
		fmt.Fprintf(out, "    %-16s unknown  %s has no secret of this name\n", name, spec.Title)
	}
	if len(a.Counts) < len(spec.Secrets) {
		fmt.Fprintf(out, "    %s\n", SetCommand(store, spec, a.Name))
	}
}

func (a AccountReport) verdict(spec channels.Spec) string {
	switch {
	case len(a.Missing(spec, channels.ForVerify)) > 0:
		return "refuses webhooks"
	case len(a.Missing(spec, channels.ForSend)) > 0:
		return "accepts webhooks, cannot answer"
	}
	return "accepts webhooks, can answer"
}

// needed says what a secret is for.
func needed(secret channels.Secret) string {
	switch secret.For {
	case channels.ForVerify:
		return "to accept webhooks"
	case channels.ForSubscribe:
		return "only by 'omni subscribe'"
	case channels.ForPages:
		return "only by the pages, if at all"
	}
	return "to answer"
}
