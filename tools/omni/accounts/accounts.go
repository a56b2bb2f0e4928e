// Package accounts shows an operator what the platforms say of the company's accounts there, and has them asked anew.
package accounts

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"omni/channels"
	"omni/internal/inbox"
	"omni/tools/omni/terminal"
)

// Store knows what the platforms said.
type Store interface {
	ListAccounts(context.Context) ([]inbox.AccountHealth, error)
	ListTemplates(context.Context, inbox.CredentialAccount) ([]inbox.KnownTemplate, error)
}

// Asker has the platforms asked about all accounts of which that was not done for a time.
type Asker interface {
	Ask(ctx context.Context, every time.Duration) (int, error)
}

// soon is how long before its end a token is worth a word.
const soon = 7 * 24 * time.Hour

// List writes a table of the accounts, and what is wrong with them.
func List(ctx context.Context, s Store, w io.Writer) error {
	all, err := s.ListAccounts(ctx)
	if err != nil {
		return err
	}
	return write(w, all)
}

func write(w io.Writer, all []inbox.AccountHealth) error {
	if len(all) == 0 {
		_, err := fmt.Fprintln(w, "No account is known yet: the first webhook of a platform makes one.")
		return err
	}
	var out bytes.Buffer
	table := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ACCOUNT\tSTATE\tSINCE\tCHECKED\tWHOSE\tSERVES")
	for _, a := range all {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", name(a.Channel, a.CredentialAccount), cmp.Or(a.State, "not known"), moment(a.Since),
			moment(a.CheckedAt), cmp.Or(terminal.Line(a.Name, 0), "-"), terminal.Line(strings.Join(a.ChannelAccounts, ", "), 0))
	}
	table.Flush()
	for _, a := range all {
		for _, note := range notes(a) {
			fmt.Fprintf(&out, "\n%s: %s\n", name(a.Channel, a.CredentialAccount), terminal.Line(note, 0))
		}
	}
	_, err := w.Write(out.Bytes())
	return err
}

// notes are what an operator should know of an account besides its state.
func notes(a inbox.AccountHealth) []string {
	var all []string
	if a.State != inbox.AccountOK && a.Detail != "" {
		all = append(all, a.Detail)
	}
	if !a.ExpiresAt.IsZero() && time.Until(a.ExpiresAt) < soon {
		all = append(all, "the credentials end on "+moment(a.ExpiresAt)+": make new ones in time")
	}
	if len(a.Lacks) > 0 {
		all = append(all, "the credentials lack the permissions "+strings.Join(a.Lacks, ", "))
	}
	if a.TemplatesDetail != "" {
		all = append(all, "the templates could not be listed: "+a.TemplatesDetail)
	}
	return all
}

// Options say how long Refresh waits.
type Options struct {
	Wait  time.Duration // at most
	Every time.Duration // between two looks
}

// Refresh has the platforms asked about all accounts, waits for their answers and lists them.
func Refresh(ctx context.Context, s Store, asker Asker, w io.Writer, o Options) error {
	before, err := s.ListAccounts(ctx)
	if err != nil {
		return err
	}
	asked, err := asker.Ask(ctx, 0)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "Asking about %d accounts.\n\n", asked)
	all, err := answered(ctx, s, before, o)
	if err != nil {
		return err
	}
	if err := write(w, all); err != nil {
		return err
	}
	if silent := unheard(before, all); len(silent) > 0 {
		return fmt.Errorf("nothing was heard within %s of %s: is the sender running?", o.Wait, strings.Join(silent, ", "))
	}
	return nil
}

// answered waits until there is news of every account.
func answered(ctx context.Context, s Store, before []inbox.AccountHealth, o Options) ([]inbox.AccountHealth, error) {
	ctx, cancel := context.WithTimeout(ctx, o.Wait)
	defer cancel()
	for {
		all, err := s.ListAccounts(context.WithoutCancel(ctx))
		if err != nil || len(unheard(before, all)) == 0 {
			return all, err
		}
		select {
		case <-ctx.Done():
			if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return nil, ctx.Err()
			}
			return all, nil
		case <-time.After(o.Every):
		}
	}
}

// unheard names the accounts of which there is no news, as far as their channels can ask.
func unheard(before, now []inbox.AccountHealth) []string {
	var names []string
	for _, a := range now {
		i := slices.IndexFunc(before, func(b inbox.AccountHealth) bool {
			return b.Channel == a.Channel && b.CredentialAccount == a.CredentialAccount
		})
		health, templates := questions(a.Channel)
		if i >= 0 && (health && !a.CheckedAt.After(before[i].CheckedAt) || templates && !a.TemplatesAt.After(before[i].TemplatesAt)) {
			names = append(names, name(a.Channel, a.CredentialAccount))
		}
	}
	return names
}

// questions are what a channel can ask its platform.
func questions(channel string) (health, templates bool) {
	opened, err := channels.Open(channel, channels.Env{})
	if err != nil {
		return false, false
	}
	_, health = opened.(channels.HealthChecker)
	_, templates = opened.(channels.TemplateLister)
	return health, templates
}

func name(channel, account string) string { return channel + "/" + account }

func moment(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Local().Format(time.DateTime)
}
