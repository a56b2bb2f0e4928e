package inbox

import (
	"time"

	"github.com/google/uuid"

	"omni/channels"
)

// ErrandKind is what an [Errand] is for.
type ErrandKind string

// The kinds of errands. The first two bring back news of a credential account, the others are hints to a customer, of which nobody hears again.
const (
	ErrandHealth    ErrandKind = "health"    // whether the account's credentials work
	ErrandTemplates ErrandKind = "templates" // which templates the account has
	ErrandTyping    ErrandKind = "typing"    // somebody is writing an answer
	ErrandRead      ErrandKind = "read"      // what the customer wrote was read
)

// Errand is something to do at a platform that is no message, with everything that it takes. Nothing depends on it: one that is lost is asked for
// again, or not missed.
type Errand struct {
	Job               Job           `json:"job"` // its ID is the errand's
	Kind              ErrandKind    `json:"kind"`
	Channel           string        `json:"channel"`
	CredentialAccount string        `json:"credential_account"`
	Chat              channels.Chat `json:"chat,omitzero"`  // of a hint: where it is shown
	Until             time.Time     `json:"until,omitzero"` // of a hint: after this it is worth nothing
}

// IsHint reports whether a customer is shown something and nobody waits for news.
func (e Errand) IsHint() bool { return e.Kind == ErrandTyping || e.Kind == ErrandRead }

// CredentialAccount is one credential account of a channel.
type CredentialAccount struct {
	Channel string
	Name    string
}

// AccountErrand asks a platform about a credential account. Errands for one account come after each other.
func AccountErrand(id uuid.UUID, kind ErrandKind, a CredentialAccount) Errand {
	return Errand{
		Job:  Job{ID: id, Queue: OutboundQueue(a.Channel), Account: AccountID(a.Channel, a.Name), Lane: "platform", Attempt: 1},
		Kind: kind, Channel: a.Channel, CredentialAccount: a.Name,
	}
}

// Presence is what has to be known of a conversation to show the customer that we are there.
type Presence struct {
	Chat
	To      []channels.Identity // the customer's ids in the channel account; none in a group
	Message string              // the platform's id of the customer's latest message; empty: there is none
	Pressed string              // the platform's id of the button that the customer pressed after it; empty: there is none
}

// For how long a hint is worth something.
const (
	typingLasts = 10 * time.Second // platforms show it for 5 to 25 seconds
	readLasts   = 5 * time.Minute
)

// Hint shows something to the customer, who last wrote or pressed what has the id. It comes in the order of the messages that we send there, so that
// an answer ends what announced it.
func (p Presence) Hint(id uuid.UUID, kind ErrandKind, last string, now time.Time) Errand {
	lasts := readLasts
	if kind == ErrandTyping {
		lasts = typingLasts
	}
	return Errand{
		Job:  Job{ID: id, Queue: OutboundQueue(p.Channel), Account: p.ChannelAccount, Lane: LiveLane(p.Thread), Attempt: 1},
		Kind: kind, Channel: p.Channel, CredentialAccount: p.CredentialAccount,
		Chat: channels.Chat{Account: p.Account, Thread: p.Thread, To: p.To, Last: last}, Until: now.Add(lasts),
	}
}

// AccountState is how a credential account was found when its platform was last asked.
type AccountState string

// The states of credential accounts.
const (
	AccountOK             AccountState = "ok"
	AccountRefused        AccountState = "refused"         // the platform refuses the credentials
	AccountMissingSecrets AccountState = "missing_secrets" // there are none to ask with
	AccountUnreachable    AccountState = "unreachable"     // the platform gave no answer that says either
)

// News is what came of an errand. A long list of templates comes in several.
type News struct {
	Errand            ErrandKind   `json:"errand"`
	Channel           string       `json:"channel"`
	CredentialAccount string       `json:"credential_account"`
	At                time.Time    `json:"at"` // when the platform was asked
	State             AccountState `json:"state"`
	Detail            string       `json:"detail,omitempty"` // why it is not AccountOK, for operators

	Name      string    `json:"name,omitempty"` // ErrandHealth: see [channels.Health], as the next two
	ExpiresAt time.Time `json:"expires_at,omitzero"`
	Lacks     []string  `json:"lacks,omitempty"`

	Templates []channels.MessageTemplate `json:"templates,omitempty"` // ErrandTemplates
	Total     int                        `json:"total,omitempty"`     // how many templates there are, in all News of this errand together
}

// Job is the job of who records the news. It takes its turn among those of the account.
func (n News) Job(id uuid.UUID) Job {
	job := AccountErrand(id, n.Errand, CredentialAccount{n.Channel, n.CredentialAccount}).Job
	job.Queue = LiveQueue
	return job
}

// AccountHealth is what is known of a credential account.
type AccountHealth struct {
	Channel           string
	CredentialAccount string
	ChannelAccounts   []string     // that it serves, as the platform names them
	State             AccountState // empty: nobody has answered yet
	Since             time.Time    // of the state
	Name              string       // whose the credentials are
	ExpiresAt         time.Time    // zero: never, or the platform does not say
	Lacks             []string     // permissions that the credentials do not have
	Detail            string       // why the state is not AccountOK
	CheckedAt         time.Time
	TemplatesAt       time.Time // when the templates were last asked for; zero: never
	TemplatesDetail   string    // why they could not be listed then
}

// KnownTemplate is a template of a credential account.
type KnownTemplate struct {
	Channel           string
	CredentialAccount string
	SeenAt            time.Time
	channels.MessageTemplate
}
