package channels

import (
	"context"
	"time"
)

// Subscriber is a Channel that can register its own webhook with the platform. It takes what the platform wants to be told (the verify
// token, the secret token) from [Env.Secrets], the first value of each. An error says what the platform refused, or which secrets are
// missing ([ErrMissingSecrets]), and never contains one.
type Subscriber interface {
	// Subscriptions reports what is registered now, from the general to the special: what a later one says of the URL prevails. There is
	// one for each place where the platform keeps a part of the registration, also where nothing is registered.
	Subscriptions(context.Context) ([]Subscription, error)

	// Subscribe registers the callback. Registering the same one again changes nothing. What others have registered for the same
	// account, such as further kinds of event, is kept where the platform allows it.
	Subscribe(context.Context, Callback) error

	// Unsubscribe ends the webhooks of this account and leaves alone what other accounts share with it. Without a registration there
	// is nothing to do.
	Unsubscribe(context.Context) error
}

// Callback is a webhook that is to be registered.
type Callback struct {
	// URL is the https address of the webhook.
	URL string
	// Events are the kinds of event that the platform is to send, in its own words. Nil: all that the channel understands.
	Events []string
	// OwnURL registers the URL for this account alone, where the platform otherwise keeps one for all accounts of an application. A
	// channel whose platform cannot do that refuses.
	OwnURL bool
}

// Subscription is one part of what a platform has registered.
type Subscription struct {
	On     string   // what it belongs to, by kind, name and id: "bot @support_bot (123)", "app 456"
	Active bool     // webhooks are sent, as far as this part is concerned
	URL    string   // where to; empty where this part has none of its own
	Events []string // the kinds of event that are sent, sorted; none: the platform's own choice, or this part has no say

	Waiting     int       // webhooks that the platform still has to deliver, if it says so
	LastError   string    // why the latest webhook that failed did, if the platform says so
	LastErrorAt time.Time // when that was; zero without one
}

// HealthChecker is a Channel that can ask its platform whether the account's credentials work.
type HealthChecker interface {
	// Health asks with the secrets that messages are sent with. An error that is [ErrCredentials] means that the platform refuses
	// them.
	Health(context.Context) (Health, error)
}

// Health is what a platform says of working credentials.
type Health struct {
	Name    string    // whose they are, as the platform shows it, with the id
	Expires time.Time // when they stop working; zero: never, or the platform does not say
	Lacks   []string  // permissions that the channel needs and the credentials do not have
}
