package inbox

import (
	"errors"
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

// ErrSame means that somebody cannot be merged with themselves.
var ErrSame = errors.New("this is the same contact")

// ErrForbidden means that somebody may not do something.
var ErrForbidden = errors.New("this is for others to do")
