package inbox

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"omni/channels"
)

// SubscriptionState says whether a subscription is delivered to.
type SubscriptionState string

// The states of subscriptions.
const (
	SubscriptionActive SubscriptionState = "active"
	SubscriptionOff    SubscriptionState = "disabled" // events are kept for it
)

// Subscription is an endpoint of the company that is told of changes.
type Subscription struct {
	ID          uuid.UUID
	URL         string
	Description string
	Types       []string // of events, or families of them such as message.*; none: all
	Channels    []string // none: all
	Secret      string   // signs deliveries
	OldSecret   string   // signs besides until OldUntil; empty: none
	OldUntil    time.Time
	State       SubscriptionState
	Reason      string    // why it is disabled
	Since       time.Time // of State
	// FailingSince is when the first attempt failed after the last that succeeded; zero: the latest one succeeded.
	FailingSince time.Time
	CreatedAt    time.Time
	Open, Held   int // deliveries that are on their way, and that are kept because it was disabled
}

// maxSubscriptionURL is the longest URL of an endpoint.
const maxSubscriptionURL = 2048

// FieldError is something wrong with one field of what somebody has filled in.
type FieldError struct {
	Field string // its name in the API: url, types, channels
	Err   error
}

// Error is a sentence for who filled it in.
func (e *FieldError) Error() string { return e.Err.Error() }

// Unwrap returns what is wrong.
func (e *FieldError) Unwrap() error { return e.Err }

// Check reports what is wrong with a subscription, as a [FieldError]. local allows an endpoint on this machine, without TLS.
func (s Subscription) Check(local bool) error {
	if err := checkEndpoint(s.URL, local); err != nil {
		return &FieldError{"url", err}
	}
	for _, filter := range s.Types {
		if !isEventFilter(filter) {
			return &FieldError{"types", fmt.Errorf("there is no event type %q; there are %s, and families such as message.*", filter, listEventTypes())}
		}
	}
	for _, channel := range s.Channels {
		if _, ok := channels.Lookup(channel); !ok {
			return &FieldError{"channels", fmt.Errorf("there is no channel %q", channel)}
		}
	}
	return nil
}

func listEventTypes() string {
	var names []string
	for _, t := range EventTypes() {
		names = append(names, string(t))
	}
	return strings.Join(names, ", ")
}

func checkEndpoint(given string, local bool) error {
	u, err := url.Parse(given)
	switch {
	case err != nil || u.Host == "" || len(given) > maxSubscriptionURL:
		return fmt.Errorf("%q is no URL of an endpoint", given)
	case u.User != nil || u.Fragment != "":
		return fmt.Errorf("the URL of an endpoint has neither a user nor a fragment: signatures show who calls")
	case u.Scheme == "https":
		return nil
	case u.Scheme != "http":
		return fmt.Errorf("the URL of an endpoint begins with https://")
	case local && isLoopback(u.Hostname()):
		return nil
	}
	return fmt.Errorf("the URL of an endpoint begins with https://; http is for 127.0.0.1 beside `omni dev` alone")
}

func isLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

// The form of secrets by the scheme of Standard Webhooks (github.com/standard-webhooks/standard-webhooks, "Symmetric signatures"): 24 to 64 random
// bytes in Base64 behind a prefix.
const (
	secretPrefix = "whsec_"
	secretBytes  = 32
)

// NewSubscriptionSecret makes a secret.
func NewSubscriptionSecret() string {
	secret := make([]byte, secretBytes)
	rand.Read(secret) // never fails
	return secretPrefix + base64.StdEncoding.EncodeToString(secret)
}

// The headers of a delivery.
const (
	HeaderWebhookID        = "webhook-id"
	HeaderWebhookTimestamp = "webhook-timestamp"
	HeaderWebhookSignature = "webhook-signature"
)

// Sign renders the header webhook-signature of a body that is delivered at a time: a signature for each secret, since receivers accept any.
func Sign(id string, at time.Time, body []byte, secrets ...string) (string, error) {
	signatures := make([]string, len(secrets))
	for i, secret := range secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
		if err != nil {
			return "", fmt.Errorf("reading a signing secret: %w", err)
		}
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "."))
		mac.Write(body)
		signatures[i] = "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return strings.Join(signatures, " "), nil
}

// Secrets are those that sign at a time.
func (s Subscription) Secrets(at time.Time) []string {
	if s.OldSecret != "" && at.Before(s.OldUntil) {
		return []string{s.Secret, s.OldSecret}
	}
	return []string{s.Secret}
}
