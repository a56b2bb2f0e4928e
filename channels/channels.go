// Package channels is the contract between the platforms and the product: what a channel must do, and the words it says it in.
//
// # The life of a channel
//
// A channel is a package in a folder of this one: channels/whatsapp, channels/telegram. It is dropped in, not listed anywhere by hand.
//
//  1. `go generate ./...` finds the folder, checks its registration and links it into gen/dispatch.
//  2. At start its init calls [Register] with a [Spec] and a function that opens it. Nothing else happens in init.
//  3. The first webhook of a credential account opens one [Channel] value with that account's secrets ([Env]); it is kept.
//  4. For each webhook: Verify the raw bytes, then Parse them into events. The events are stored, then queued, then 200 is answered.
//  5. For each stored event, later and elsewhere: Normalize turns it into an [Update].
//  6. For each answer: [Spec.Split] and [Spec.Check] where it is accepted, Send where the internet is.
//
// A channel may do more than that; what more it can do is found by type assertion: [Handshaker], [Subscriber], [HealthChecker], [Typer],
// [ReadMarker], [MediaOpener], [TemplateLister], [Host].
//
// # What a channel must not do
//
// Parse and Normalize are pure functions of bytes: no I/O, no clock, no randomness, no state, so that anything stored can be replayed
// through today's code and compared. They never panic and never drop anything: what they do not know is an event of [KindUnknown].
// A channel imports this package and channels/internal/*, nothing else of the product, and exports nothing.
//
// The test in this package holds every linked channel to these rules.
package channels

//go:generate go run ../tools/channelgen

import (
	"context"
	"io"
	"net/http"
	"net/url"
)

// Channel speaks one platform's protocol for one credential account. Its methods are called concurrently.
type Channel interface {
	// Verify reports whether the platform sent these bytes. It compares in constant time and accepts any secret of a list, so that
	// secrets can be rotated. An error means 401: it says what was wrong with the signature and never contains a secret.
	Verify(*Request) error

	// Parse splits one webhook body into its events, in the order of the body. None is not an error: a platform may send an empty
	// batch. An error means the body as a whole cannot be read (not JSON, another product's object); the webhook is then kept
	// with the error as its reason and answered with 200, because sending it again would not help.
	// It is only called with a body that Verify accepted and that is not [Crowded], and with the Raw of an event that it returned earlier: Parse of an
	// event's Raw returns that one event again, equal in every field.
	Parse(*Request) ([]Event, error)

	// Normalize says in our vocabulary what one event means. An error is final: it is a pure function, so trying again cannot
	// help; the event is kept as a dead letter with the error as its reason.
	Normalize(Event) (Update, error)

	// Send is the only one of these that calls the platform.
	Sender
}

// Handshaker is a Channel whose platform proves ownership of the URL with a GET before it sends webhooks.
type Handshaker interface {
	// Handshake returns the body to answer with. An error means 403.
	Handshake(*Request) (challenge []byte, err error)
}

// Request is one HTTP request of a platform, as it came: the body's transfer encoding undone and nothing else.
type Request struct {
	Header http.Header // canonical keys
	Query  url.Values
	Body   []byte // the exact bytes that were signed
}

// DefaultAccount is the credential account of a webhook URL that names none.
const DefaultAccount = "default"

// Env is what a channel is opened with.
type Env struct {
	// Account is the credential account: the last part of the webhook URL, or [DefaultAccount].
	Account string
	// Secrets holds this account's values by the names of [Spec.Secrets]. Those needed for Verify are present and not empty
	// whenever a webhook is handled; the generator and replays open channels with none.
	Secrets Secrets
	// HTTP makes the requests to the platform, through [Env.Call]. Requests name the platform's real hosts; who plays the platform
	// sends them elsewhere. Nil: a client of its own. Nothing that handles webhooks calls out.
	HTTP Doer
	// Files opens the files that are to be sent. Nil: none can be.
	Files Files
}

// Files opens files by their [File.Key].
type Files interface {
	Open(ctx context.Context, key string) (io.ReadCloser, error)
}

// Secrets are one credential account's values by name. Each has one value or, while a rotation lasts, several.
type Secrets map[string][]string
