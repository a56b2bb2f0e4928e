package channels

import (
	"errors"
	"strings"
	"time"
)

// Host is a Channel whose platform is this product: its customers are visitors of the company's own pages, which call us with tokens that the
// channel issues. What they write arrives as a webhook like any other; what they read is the conversation as we keep it. So [Sender.Send] of a
// host calls nobody: it only gives the message its id. Files of visitors are in our object storage already, under a key that their token
// names, and OpenMedia opens them by [Env.Files].
//
// Messages are known by [HostedID]. An event has no time of its own: a visitor's clock proves nothing, so what counts is when we received it.
type Host interface {
	// AllowsOrigin reports whether pages of an origin (https://shop.example) may use the account.
	AllowsOrigin(origin string) bool

	// Admit lets a page in. The error is [ErrOrigin] or [ErrIdentity].
	Admit(Visit) (Admission, error)

	// Visitor says who makes a request, by its token and the origin that it comes from. An error means 401. Verify asks it too.
	Visitor(*Request) (Visitor, error)

	// GrantFile makes the token by which a message of the visitor names an uploaded file. It is good for this visitor alone.
	GrantFile(Visitor, HostedFile) string
}

// The names that hosts have in common for secrets [ForPages].
const (
	OriginsSecret  = "origins"   // a list of the origins that the account's pages may have
	AskEmailSecret = "ask_email" // an [AskEmail]; none, or something else: [AskNever]
)

// IsHosted reports whether a registered channel is a [Host].
func IsHosted(name string) bool {
	channel, err := Open(name, Env{})
	_, hosted := channel.(Host)
	return err == nil && hosted
}

// Errors of [Host.Admit].
var (
	ErrOrigin   = errors.New("pages of this origin may not use the account")
	ErrIdentity = errors.New("the proof of the visitor's identity is wrong")
)

// Visit is a page that wants to be let in.
type Visit struct {
	Origin   string
	Token    string           // of an earlier visit, which may have expired; empty or not one of ours: a new visitor
	Identity *VisitorIdentity // who the company's own server says it is; nil: the visitor is anonymous
}

// VisitorIdentity is a person as the company's own server knows them.
type VisitorIdentity struct {
	ID    string // the company's, at most 128 bytes
	Proof string // the channel says how it is made
}

// Visitor is who calls.
type Visitor struct {
	Thread string    // the visitor's chat, as [Event.Thread] has it
	Known  bool      // the company's own server vouched for them
	Until  time.Time // when the token ends
}

// Admission is what a page that was let in gets.
type Admission struct {
	Visitor
	Token    string
	Settings HostSettings
}

// HostSettings are what an account's pages show.
type HostSettings struct {
	Title    string // of the chat; empty: the page's own
	AskEmail AskEmail
}

// AskEmail says when visitors are asked for their e-mail address.
type AskEmail string

// When visitors are asked for their e-mail address.
const (
	AskNever  AskEmail = "never"
	AskAway   AskEmail = "away" // when nobody is there to answer
	AskAlways AskEmail = "always"
)

// HostedFile is a file that a visitor uploads.
type HostedFile struct {
	Key   string // of our object storage
	Kind  AttachmentKind
	Name  string
	MIME  string
	Bytes int64
}

// HostedID is the [Event.ID] of a message of a host's chat. A page knows it by id alone, so it can name no message of another chat.
func HostedID(thread, id string) string { return thread + "/" + id }

// PageID is what a page knows a message by.
func PageID(thread, eventID string) string { return strings.TrimPrefix(eventID, thread+"/") }
