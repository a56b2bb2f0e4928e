package inbox

import (
	"errors"
	"regexp"
	"time"

	"github.com/google/uuid"
)

// ContactView is a contact as agents see them: what agents wrote where they did, else what the platform shows. What is not known is empty.
type ContactView struct {
	ID         uuid.UUID
	MergedInto uuid.UUID // who they are by now; nil: themselves
	Name       string
	Username   string
	Phone      string
	Email      string
	Language   string
	About      string
	Edited     []string // what of this agents wrote: name, phone, ...
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// KnownIdentity is an id by which a channel account knows a contact.
type KnownIdentity struct {
	Channel     string
	Account     string // as the platform names it
	Kind        string
	Value       string
	FirstSeenAt time.Time
}

// ContactDetail is a contact with all that belongs to them.
type ContactDetail struct {
	ContactView
	Identities    []KnownIdentity
	Conversations []ConversationView // the latest first
}

// ContactEdit is what agents write of a contact. Nil: it stays; empty: what the platform shows counts again.
type ContactEdit struct {
	Name, Phone, Email, Language, About *string
}

// What can be written of a contact.
var (
	phoneForm    = regexp.MustCompile(`^\+[1-9][0-9]{5,14}$`)
	emailForm    = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
	languageForm = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$`)
)

// Mistake names what cannot be written as it is, and says so in a sentence; empty: nothing.
func (e ContactEdit) Mistake() (member, sentence string) {
	for _, check := range []struct {
		member   string
		text     *string
		form     *regexp.Regexp
		sentence string
	}{
		{"phone", e.Phone, phoneForm, "A phone number has a + and the country's code: +4915112345678."},
		{"email", e.Email, emailForm, "This is no email address."},
		{"language", e.Language, languageForm, "A language is a tag such as de or pt-BR."},
	} {
		if check.text != nil && *check.text != "" && !check.form.MatchString(*check.text) {
			return check.member, check.sentence
		}
	}
	return "", ""
}

// ErrSame means that somebody cannot be merged with themselves.
var ErrSame = errors.New("this is the same contact")

// ErrForbidden means that somebody may not do something.
var ErrForbidden = errors.New("this is for others to do")
