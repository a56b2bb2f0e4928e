package inbox

import (
	"bytes"
	"crypto/pbkdf2"
	"crypto/sha256"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Erasure is the order to forget a contact with everything that came from them, and the receipt of it.
type Erasure struct {
	ID         uuid.UUID
	Contact    uuid.UUID // who is forgotten; nothing else has this id afterwards but the receipt
	State      ErasureState
	Step       ErasureStep // that comes next, or is under way
	Place      string      // how far a step has come that goes through a whole table
	Reason     string
	Agent      uuid.UUID // who asked; zero: an operator at the command line
	AgentName  string
	AskedAt    time.Time
	FinishedAt time.Time        // zero: it is under way
	Removed    map[string]int64 // how many are gone, by kind of thing
	Identities []ErasedIdentity
}

// ErasureState says whether an erasure is over.
type ErasureState string

// The states of erasures.
const (
	ErasureRunning ErasureState = "running"
	ErasureDone    ErasureState = "done"
)

// ErasureStep is a part of an erasure. Each is done in pieces, and doing a piece twice is harmless.
type ErasureStep string

// The steps, in their order. What other steps find by ids goes before the ids do.
const (
	EraseMessages ErasureStep = "messages" // with their attachments, files, receipts, attempts to send them
	EraseEvents   ErasureStep = "events"
	EraseGroups   ErasureStep = "groups"     // what the person did in groups besides writing
	EraseWebhooks ErasureStep = "webhooks"   // as they came
	EraseJobs     ErasureStep = "jobs"       // of the person's lanes
	EraseDeadJobs ErasureStep = "dead_jobs"  // that were given up
	EraseSpills   ErasureStep = "spills"     // jobs in object storage
	EraseTold     ErasureStep = "deliveries" // what subscribers are told
	EraseFeed     ErasureStep = "feed"
	EraseObjects  ErasureStep = "objects" // files in object storage
	EraseContact  ErasureStep = "contact" // conversations and the contact
)

// ErasureSteps are all of them.
var ErasureSteps = []ErasureStep{
	EraseMessages, EraseEvents, EraseGroups, EraseWebhooks, EraseJobs, EraseDeadJobs, EraseSpills, EraseTold, EraseFeed, EraseObjects, EraseContact,
}

// ErasedIdentity recognises one identity of somebody who is forgotten, when it is named, and says nothing of it otherwise.
type ErasedIdentity struct {
	Channel string `json:"channel"`
	Kind    string `json:"kind"`
	Salt    []byte `json:"salt"`
	Hash    []byte `json:"hash"`
}

// eraseRounds makes trying all phone numbers expensive, and naming one still quick.
const eraseRounds = 100_000

// HashIdentity makes the hash of an identity.
func HashIdentity(channel, kind, value string, salt []byte) (ErasedIdentity, error) {
	hash, err := pbkdf2.Key(sha256.New, channel+"\x00"+value, salt, eraseRounds, sha256.Size)
	return ErasedIdentity{Channel: channel, Kind: kind, Salt: salt, Hash: hash}, err
}

// Is reports whether this is the identity that has the value in the channel; the + of a phone number does not matter.
func (e ErasedIdentity) Is(channel, value string) bool {
	if e.Channel != channel {
		return false
	}
	named := []string{value}
	if bare, plus := strings.CutPrefix(value, "+"); plus {
		named = append(named, bare)
	}
	return slices.ContainsFunc(named, func(one string) bool {
		again, err := HashIdentity(channel, e.Kind, one, e.Salt)
		return err == nil && bytes.Equal(again.Hash, e.Hash)
	})
}

// The names by which something is known that is erased. Their hashes are the tombstones: what comes in later under one of them is dropped.

// ErasedEvent names an event that a platform may repeat.
func ErasedEvent(account uuid.UUID, kind, key string) string {
	return account.String() + "/" + kind + "/" + key
}

// ErasedThread names a chat.
func ErasedThread(account uuid.UUID, thread string) string {
	return account.String() + "/thread/" + thread
}

// ErasedPerson names a person by one of their identities.
func ErasedPerson(account uuid.UUID, value string) string { return account.String() + "/id/" + value }

// ErasedID names a contact, conversation or message by its own id.
func ErasedID(id uuid.UUID) string { return "/uuid/" + id.String() }

// ErasureJob does an erasure, or some of it.
func ErasureJob(erasure uuid.UUID, attempt int) Job {
	return Job{ID: erasure, Queue: LiveQueue, Account: erasure, Lane: "erasure", Attempt: attempt}
}
