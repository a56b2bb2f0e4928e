package channels

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Spec describes a channel as plain data. Routes, secrets, alarms, documentation and the dashboard follow from it.
type Spec struct {
	Name    string        `json:"name"`           // the folder's name: lower-case letters and digits, at most 20
	Title   string        `json:"title"`          // as people write it: "WhatsApp"
	Docs    string        `json:"docs"`           // https link to the platform's own documentation of its webhooks
	Account AccountSource `json:"account_source"` // where a webhook URL names its credential account
	Secrets []Secret      `json:"secrets"`        // every value that an operator has to enter
	Text    TextLimit     `json:"text"`           // longest text of one outgoing message
	Media   []MediaLimit  `json:"media"`          // outgoing kinds of file; a kind not listed cannot be sent
	Sends   Abilities     `json:"sends"`          // what else can be sent
	Window  time.Duration `json:"window_ns"`      // after a customer's message, how long free-form answers are allowed; 0: no limit
	Tag     *ReplyTag     `json:"tag,omitempty"`  // longer window for an answer that a human wrote; nil: none
	// Rate is how many messages a second one channel account may send without being throttled or losing something. 0: the platform does not say.
	Rate float64 `json:"rate,omitempty"`
	// Confirms is how soon the platform has reported every message that it took with its [Outgoing.Handle], in a status or an echo. 0: it
	// takes no handle, so nothing can be concluded from silence.
	Confirms time.Duration `json:"confirms_ns,omitempty"`
	Extras   []string      `json:"extras,omitempty"` // what else the platform has, in a word or two each, for CHANNELS.md
}

// AccountSource says how a webhook URL names the credential account whose secrets verify it.
type AccountSource string

// Where a webhook URL may name its credential account.
const (
	// AccountOptional means that /webhooks/{channel} is the account "default" and
	// /webhooks/{channel}/{account} any other.
	AccountOptional AccountSource = "optional"
	// AccountRequired means that only /webhooks/{channel}/{account} exists, because the body does not say whom it is for.
	AccountRequired AccountSource = "required"
)

// Secret is one value that an operator enters for a credential account.
type Secret struct {
	Name    string  `json:"name"`    // key in the secrets document, lower_snake_case
	Meaning string  `json:"meaning"` // one sentence: what it is and where the platform shows it
	For     Purpose `json:"for"`
}

// Purpose says what a secret is needed for.
type Purpose string

// The purposes of secrets.
const (
	ForVerify Purpose = "verify" // a webhook is refused without it
	ForSend   Purpose = "send"   // an answer cannot be sent without it
	// ForSubscribe is what `omni subscribe` needs, to register the webhook with the platform, and what else is asked about the account. It is
	// no secret but an id, and sending does without.
	ForSubscribe Purpose = "subscribe"
	// ForPages is what the pages of a [Host] are held to, or show. Each may be left out.
	ForPages Purpose = "pages"
)

// TextLimit is the length of the longest outgoing text.
type TextLimit struct {
	Max  int      `json:"max"`
	Unit TextUnit `json:"unit"`
}

// TextUnit is what a platform counts.
type TextUnit string

// The units of text limits.
const (
	Characters TextUnit = "characters" // Unicode code points
	UTF16Units TextUnit = "utf16"      // UTF-16 code units
	Bytes      TextUnit = "bytes"      // UTF-8 bytes
)

// MediaLimit is one kind of file that can be sent.
type MediaLimit struct {
	Kind     AttachmentKind `json:"kind"`
	MaxBytes int64          `json:"max_bytes"`
	Types    []string       `json:"types,omitempty"` // MIME types; empty: any
}

// ReplyTag is a platform's extended reply window.
type ReplyTag struct {
	Name   string        `json:"name"`
	Window time.Duration `json:"window_ns"`
}

// VerifySecrets names the secrets without which webhooks are refused, sorted.
func (s Spec) VerifySecrets() []string { return s.secretsFor(ForVerify) }

func (s Spec) secretsFor(purpose Purpose) []string {
	var names []string
	for _, secret := range s.Secrets {
		if secret.For == purpose {
			names = append(names, secret.Name)
		}
	}
	slices.Sort(names)
	return names
}

// Missing names the secrets needed for Verify that the given ones lack.
func (s Spec) Missing(given Secrets) []string { return s.MissingFor(ForVerify, given) }

// MissingFor names the secrets needed for a purpose that the given ones lack, sorted.
func (s Spec) MissingFor(purpose Purpose, given Secrets) []string {
	return slices.DeleteFunc(s.secretsFor(purpose), func(name string) bool {
		values := given[name]
		return len(values) > 0 && !slices.Contains(values, "")
	})
}

// WebhookPath is the path of one credential account's webhook.
func (s Spec) WebhookPath(account string) string {
	paths := s.WebhookPaths()
	if account == DefaultAccount {
		return strings.ReplaceAll(paths[0], "{account}", account)
	}
	return strings.ReplaceAll(paths[len(paths)-1], "{account}", url.PathEscape(account))
}

// WebhookPaths are the paths under which the platform's webhooks arrive, with {account} as the placeholder of the credential account.
func (s Spec) WebhookPaths() []string {
	own := "/webhooks/" + s.Name
	if s.Account == AccountRequired {
		return []string{own + "/{account}"}
	}
	return []string{own, own + "/{account}"}
}

var (
	nameForm   = regexp.MustCompile(`^[a-z][a-z0-9]{0,19}$`)
	secretForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
)

// Validate reports everything that is wrong with the spec, joined into one error.
func (s Spec) Validate() error {
	var wrong []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Errorf(format, args...))
		}
	}
	check(nameForm.MatchString(s.Name), "name %q: want lower-case letters and digits, at most 20, a letter first", s.Name)
	check(s.Title != "", "title is empty")
	docs, err := url.Parse(s.Docs)
	check(err == nil && docs.Scheme == "https" && docs.Host != "", "docs %q: want an https link", s.Docs)
	check(s.Account == AccountOptional || s.Account == AccountRequired, "account %q: want AccountOptional or AccountRequired", s.Account)
	check(s.Text.Max > 0, "text limit %d: want more than 0", s.Text.Max)
	check(slices.Contains([]TextUnit{Characters, UTF16Units, Bytes}, s.Text.Unit), "text unit %q: want Characters, UTF16Units or Bytes", s.Text.Unit)
	check(s.Window >= 0, "window %s: want 0 or more", s.Window)
	check(s.Tag == nil || s.Tag.Name != "" && s.Tag.Window > s.Window, "tag: want a name and a window longer than %s", s.Window)
	check(s.Rate >= 0, "rate %g: want 0 or more", s.Rate)
	check(s.Confirms >= 0, "confirms %s: want 0 or more", s.Confirms)
	check(len(s.VerifySecrets()) > 0, "no secret is for Verify: a webhook that anyone can forge is not accepted")
	seen := map[string]bool{}
	for _, secret := range s.Secrets {
		check(secretForm.MatchString(secret.Name), "secret %q: want lower_snake_case", secret.Name)
		check(!seen[secret.Name], "secret %q is listed twice", secret.Name)
		check(secret.Meaning != "", "secret %q has no meaning", secret.Name)
		check(slices.Contains([]Purpose{ForVerify, ForSend, ForSubscribe, ForPages}, secret.For),
			"secret %q: want ForVerify, ForSend, ForSubscribe or ForPages, not %q", secret.Name, secret.For)
		seen[secret.Name] = true
	}
	for _, media := range s.Media {
		check(media.Kind != "", "a media limit has no kind")
		check(media.MaxBytes > 0, "media %q: want a size above 0", media.Kind)
	}
	return errors.Join(wrong...)
}
