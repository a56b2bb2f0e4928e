package inbox

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"omni/channels"
)

// How far a message of ours got before the platform has a word for it.
const (
	Queued  channels.DeliveryState = "queued"  // nobody has tried yet, or the platform did not take it yet
	Unknown channels.DeliveryState = "unknown" // tried, and nobody knows whether the platform took it
)

// OutboundQueue names the queue of a channel's answers.
func OutboundQueue(channel string) string { return "outbound-" + channel }

// Draft is an answer that somebody wants to send.
type Draft struct {
	Conversation uuid.UUID
	Key          string           // idempotency key: asking twice with the same one sends once
	Author       string           // who wrote it; not empty
	Agent        uuid.UUID        `json:",omitzero"` // the agent who did; nil: somebody else
	RetryOf      uuid.UUID        `json:",omitzero"` // the message of ours that failed and is tried again with it; nil: none
	Human        bool             // a person wrote it, not a program
	ReplyTo      uuid.UUID        // the message that it answers; nil: none in particular
	Tag          string           // see [channels.Outgoing.Tag]
	Content      channels.Content // of a reaction, Target is empty: ReplyTo says what it is about
	// TemplateWords is what the customer reads of the template in Content; empty: that is not known. It is no part of what was asked for.
	TemplateWords string `json:"-"`
	// ReadUpTo is the message that came in last of those that the agent had seen: what came in after it stays unread; nil: nothing does.
	ReadUpTo uuid.UUID `json:"-"`
}

// Limits of a draft.
const (
	maxIdempotencyKey = 255
	maxAuthor         = 255
)

// Check reports what is wrong with a draft on any channel.
func (d Draft) Check() error {
	switch {
	case d.Key == "":
		return channels.Reject("idempotency_key", "The request has no idempotency key.", nil)
	case len(d.Key) > maxIdempotencyKey:
		return channels.Reject("idempotency_key", fmt.Sprintf("The idempotency key is longer than %d bytes.", maxIdempotencyKey), nil)
	case d.Author == "" || len(d.Author) > maxAuthor:
		return channels.Reject("author", fmt.Sprintf("The message needs an author, of at most %d bytes.", maxAuthor), nil)
	case d.Content.Reaction != nil && d.ReplyTo == uuid.Nil:
		return channels.Reject("reaction_target", "A reaction needs the message that it is about.", nil)
	}
	return nil
}

// Fingerprint tells drafts apart that have the same key. What an agent is called may change between two tries.
func (d Draft) Fingerprint() (string, error) {
	if d.Agent != uuid.Nil {
		d.Author = ""
	}
	rendered, err := json.Marshal(d)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrUnstorable, err)
	}
	sum := sha256.Sum256(rendered)
	return hex.EncodeToString(sum[:16]), nil
}

// ErrKeyReused means that an idempotency key was used for another request before.
var ErrKeyReused = errors.New("the idempotency key was used for another request")

// ErrNotFailed means that a message did not fail, or was tried again already.
var ErrNotFailed = errors.New("the message did not fail, or was tried again already")

// Chat is what has to be known of a conversation to answer in it.
type Chat struct {
	Conversation
	Channel           string
	Account           string // the channel account, as the platform names it
	CredentialAccount string
	Topic             string // the forum topic that the message answered lies in; empty: none
	ReplyTo           string // the platform's id of the message answered; empty: none, or it has none yet
}

// FailedMessage is what was to be sent with a message of ours.
type FailedMessage struct {
	Conversation uuid.UUID
	Status       channels.DeliveryState
	ReplyTo      uuid.UUID // the message that it answers; nil: none, or it is not here
	Tag          string
	Content      channels.Content
}

// Composed is what became of a draft.
type Composed struct {
	Messages []uuid.UUID // in the order in which they are sent
	Repeated bool        // they were there already
	Read     bool        // there was something unread, which the agent who answers has read
	Sends    []Send      // to be queued now
	Told     []uuid.UUID // subscriptions of which deliveries can go
}

// Send is one attempt to deliver a message, with everything that it takes.
type Send struct {
	Job               Job               `json:"job"` // its ID is the message's
	Channel           string            `json:"channel"`
	CredentialAccount string            `json:"credential_account"`
	Outgoing          channels.Outgoing `json:"outgoing"`
	NotBefore         time.Time         `json:"not_before,omitzero"`
}

// Result is how an attempt to deliver a message ended.
type Result string

// The results of attempts.
const (
	ResultSent      Result = "sent"
	ResultRejected  Result = "rejected"  // never again
	ResultThrottled Result = "throttled" // not for a while
	ResultRefused   Result = "refused"   // the platform refuses our credentials, or we have none
	ResultFailed    Result = "failed"    // nothing was delivered
	ResultUnknown   Result = "unknown"   // it may have been delivered
	ResultOverdue   Result = "overdue"   // nobody knows whether the attempt reached its queue
	ResultSilent    Result = "silent"    // after [ResultUnknown]: the time is over in which the platform would have told of it
)

// Outcome is what is known after an attempt to deliver a message.
type Outcome struct {
	Message uuid.UUID        `json:"message"`
	Account uuid.UUID        `json:"account"` // channel account
	Attempt int              `json:"attempt"`
	Result  Result           `json:"result"`
	At      time.Time        `json:"at"`                // when the attempt began, or when it was found overdue
	Receipt channels.Receipt `json:"receipt,omitzero"`  // ResultSent
	Code    string           `json:"code,omitempty"`    // ResultRejected: the platform's, or a word of ours
	Reason  string           `json:"reason,omitempty"`  // ResultRejected: a sentence for people
	After   time.Duration    `json:"after_ns,omitzero"` // ResultThrottled: how long the platform wants to be left alone; ResultOverdue: for how long it was so at At
	Detail  string           `json:"detail,omitempty"`  // for operators
}

// Interrupted is what is known of an attempt that may have begun and came to no end.
func Interrupted(job Job, at time.Time) Outcome {
	return Outcome{Message: job.ID, Account: job.Account, Attempt: job.Attempt, At: at, Result: ResultUnknown, Detail: "the attempt was interrupted"}
}

// MayHaveDelivered reports whether the platform may have the message, for all that is known.
func (o Outcome) MayHaveDelivered() bool {
	return o.Result == ResultUnknown || o.Result == ResultOverdue || o.Result == ResultSilent
}

// Concluded is what follows from an outcome.
type Concluded struct {
	Channel string
	News    Verdict // nothing: the outcome told nothing new
	Sends   []Send  // to be queued now, or when they say
	// Listen is when silence means that the platform did not take the message; zero: nobody waits for its word.
	Listen time.Time
	Job    Job         // of the message
	Told   []uuid.UUID // subscriptions of which deliveries can go
}

// Overdue is a message on its way that nobody is known to look after.
type Overdue struct {
	Job         Job           // of its present attempt; without a queue
	Unconfirmed bool          // the platform did not tell of it in time
	Late        time.Duration // since it was to be looked after
}

// FollowUp is what has to be done after a change was written. It is written with the change, so what is not done is found as overdue.
type FollowUp struct {
	Sends   []Send      // to be queued
	Fetches []Fetch     // to be queued
	Told    []uuid.UUID // subscriptions of which deliveries can go
	Erased  bool        // the row was one that an erasure had removed: it is gone again
}

// Shown is a message of ours as it is shown in the conversation.
func Shown(o channels.Outgoing) channels.Message {
	m := channels.Message{Direction: channels.Out, Type: o.Type(), Text: o.Text, ReplyTo: o.ReplyTo, Topic: o.Topic}
	switch {
	case o.File != nil:
		m.Attachments = []channels.Attachment{{Kind: o.File.Kind, MIME: o.File.MIME, Name: o.File.Name, Bytes: o.File.Bytes}}
	case o.Choices != nil:
		m.Choices = o.Choices
	case o.Place != nil:
		m.Attachments = []channels.Attachment{{Kind: channels.Location, Place: o.Place}}
	case o.Card != nil:
		m.Attachments = []channels.Attachment{{Kind: channels.ContactCard, Card: o.Card}}
	case o.Template != nil:
		m.Attachments = []channels.Attachment{{Kind: channels.Template, Title: o.Template.Name}}
	case o.Reaction != nil:
		m.Type, m.Text = TypeReaction, o.Reaction.Emoji
	}
	return m
}

// TypeReaction is the type of a reaction that we send. It is no message that anybody is shown: once the platform took it, it is a fact about the
// message that it is about.
const TypeReaction channels.MessageType = "reaction"
