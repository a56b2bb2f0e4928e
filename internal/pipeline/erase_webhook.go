package pipeline

import (
	"bytes"
	"context"
	"slices"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

// leftoverBatch is how many webhooks are cleaned between two looks for more.
const leftoverBatch = 20

// Scrub takes what is erased out of the logged webhooks that are known to hold it, or may.
func (e *Erasures) Scrub(ctx context.Context) error {
	for {
		left, err := e.Store.ErasureLeftovers(ctx, leftoverBatch)
		if err != nil || len(left) == 0 {
			return err
		}
		for _, w := range left {
			if err := e.clean(ctx, w); err != nil {
				return err
			}
		}
	}
}

// clean takes what is erased out of a logged webhook. What cannot be read goes as a whole: nobody can say what else is in it.
func (e *Erasures) clean(ctx context.Context, logged inbox.LoggedWebhook) error {
	today := parseAgain(logged)
	if today.ParseError != "" {
		return e.Store.RewriteLeftover(ctx, logged, nil)
	}
	keep, clean, err := e.sift(ctx, today, logged.Body)
	if err != nil {
		return err
	}
	if clean {
		return e.Store.KeepLeftover(ctx, logged.ID)
	}
	return e.Store.RewriteLeftover(ctx, logged, keep)
}

// sift returns the events of a webhook that are not erased and do not mention anybody who is, and whether that is all that its body says.
func (e *Erasures) sift(ctx context.Context, w inbox.Webhook, body []byte) (keep []channels.Event, clean bool, err error) {
	accounts := []uuid.UUID{inbox.AccountID(w.Channel, inbox.Key(w.CredentialAccount))}
	names := make([][]string, len(w.Events))
	for i, event := range w.Events {
		account := inbox.AccountID(w.Channel, inbox.Key(event.Account))
		accounts = append(accounts, account)
		names[i] = append(eventNames(w, event, account), mentioned(account, event.Raw)...)
	}
	whole := mentions(accounts, body)
	erased, err := e.Store.Erased(ctx, w.ID, slices.Concat(append(names, whole)...))
	if err != nil {
		return nil, false, err
	}
	isErased := func(name string) bool { return erased[name] }
	for i, event := range w.Events {
		if !slices.ContainsFunc(names[i], isErased) {
			keep = append(keep, event)
		}
	}
	return keep, len(keep) == len(w.Events) && !slices.ContainsFunc(whole, isErased), nil
}

// eventNames are the names by which an event could be erased, and its person's.
func eventNames(w inbox.Webhook, e channels.Event, account uuid.UUID) []string {
	names := []string{inbox.ErasedEvent(account, string(e.Kind), inbox.Key(e.ID)), inbox.ErasedThread(account, inbox.Key(e.Thread))}
	change, err := understand(inbox.Row{Channel: w.Channel, ChannelAccount: account, CredentialAccount: w.CredentialAccount, Event: e})
	if err != nil || change.Update.Person == nil {
		return names
	}
	for _, identity := range change.Update.Person.Identities {
		names = append(names, inbox.ErasedPerson(account, inbox.Key(identity.Value)))
	}
	return names
}

// mentions are the names of everybody who could be mentioned in some bytes, as somebody of any of the accounts.
func mentions(accounts []uuid.UUID, raw []byte) []string {
	slices.SortFunc(accounts, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	var names []string
	for _, account := range slices.Compact(accounts) {
		names = append(names, mentioned(account, raw)...)
	}
	return names
}

// mentioned are the names of whatever in some bytes could be the id of a person or chat.
func mentioned(account uuid.UUID, raw []byte) []string {
	var names []string
	for word := range words(raw) {
		names = append(names, inbox.ErasedPerson(account, word), inbox.ErasedThread(account, word))
	}
	return names
}

// words are what lies between characters that ids do not have, each once.
func words(raw []byte) map[string]bool {
	found := map[string]bool{}
	for word := range bytes.FieldsFuncSeq(raw, func(r rune) bool { return !isOfID(r) }) {
		found[string(word)] = true
	}
	return found
}

func isOfID(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '.' || r == '-' || r == '_'
}
