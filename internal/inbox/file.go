package inbox

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"omni/channels"
)

// MediaQueue names the queue of files that are to be fetched. It is a standard queue: files have no order.
const MediaQueue = "media"

// The states of an attachment's file.
const (
	FileWaiting FileState = "waiting" // an attempt to fetch it is under way or to come
	FileStored  FileState = "stored"
	FileGone    FileState = "gone"    // the platform no longer has it
	FileRefused FileState = "refused" // it is too large, or not one that the channel may fetch
	FileFailed  FileState = "failed"  // given up
)

// FileState is what became of an attachment's file.
type FileState string

// fileKinds are the kinds of attachments that are a file of the platform's, if they come with an id or a link. What is shared may be a link to
// somewhere else instead: the channel refuses to fetch that.
var fileKinds = []channels.AttachmentKind{
	channels.Image, channels.Video, channels.Audio, channels.Voice, channels.Document, channels.Sticker, channels.Animation, channels.VideoNote,
	channels.LivePhoto, channels.PaidMedia, channels.StoryShare, channels.StoryMention, channels.Share, channels.Post, channels.Reel, channels.Unsupported,
}

// FileSource tells the file behind an attachment from any other that the platform has; empty: there is none.
func FileSource(a channels.Attachment) string {
	if !slices.Contains(fileKinds, a.Kind) {
		return ""
	}
	return cmp.Or(a.MediaID, a.URL)
}

// FileKey is the key of a customer's file.
func FileKey(id uuid.UUID) string { return "incoming/" + id.String() }

// OutgoingKey is the key of a file that is to be sent: it is kept under it before the message is composed, as [channels.File.Key].
func OutgoingKey(id uuid.UUID) string { return outgoingPrefix + id.String() }

const outgoingPrefix = "outgoing/"

// UploadedKey is the key of a file that a visitor uploads, until it is fetched from there as from any other platform.
func UploadedKey(id uuid.UUID) string { return "uploaded/" + id.String() }

// IsOutgoingKey reports whether a key is one that [OutgoingKey] makes.
func IsOutgoingKey(key string) bool {
	name, ours := strings.CutPrefix(key, outgoingPrefix)
	id, err := uuid.Parse(name)
	return ours && err == nil && OutgoingKey(id) == key
}

// Fetch is one attempt to fetch the file of an attachment, with everything that it takes. Making it twice is harmless.
type Fetch struct {
	Job               Job                 `json:"job"` // its ID is the file's
	Channel           string              `json:"channel"`
	CredentialAccount string              `json:"credential_account"`
	Attachment        channels.Attachment `json:"attachment"`
	NotBefore         time.Time           `json:"not_before,omitzero"`
}

// FetchResult is how an attempt to fetch a file ended.
type FetchResult string

// The results of attempts to fetch.
const (
	FetchStored    FetchResult = "stored"
	FetchGone      FetchResult = "gone"      // never again: the platform no longer has it
	FetchRejected  FetchResult = "rejected"  // never again: it is too large, or not one that the channel may fetch
	FetchThrottled FetchResult = "throttled" // not for a while
	FetchRefused   FetchResult = "refused"   // the platform refuses our credentials, or we have none
	FetchFailed    FetchResult = "failed"    // trying again may help
)

// FetchOutcome is what is known after an attempt to fetch a file.
type FetchOutcome struct {
	File    uuid.UUID     `json:"file"`
	Attempt int           `json:"attempt"`
	Result  FetchResult   `json:"result"`
	Bytes   int64         `json:"bytes,omitempty"`   // FetchStored
	MIME    string        `json:"mime,omitempty"`    // FetchStored: what it is served as
	SHA256  string        `json:"sha256,omitempty"`  // FetchStored: lower-case hex
	Reason  string        `json:"reason,omitempty"`  // of the others: a sentence for people
	After   time.Duration `json:"after_ns,omitzero"` // FetchThrottled: how long the platform wants to be left alone
	Detail  string        `json:"detail,omitempty"`  // for operators
}

// FileDecision is what becomes of a file after an attempt to fetch it.
type FileDecision struct {
	State  FileState // FileWaiting: there is another attempt
	At     time.Time // of that
	Reason string    // why it is not stored, for people
}

// Limits of trying again to fetch a file. Links and ids of files last for a day on some platforms, so there is no point in trying for longer.
const (
	firstFetchPause  = 5 * time.Second
	longFetchPause   = 30 * time.Minute // the longest that the platform does not ask for
	refusedFetch     = 10 * time.Minute // the shortest while credentials are refused: an operator has to act
	giveUpFetchAfter = 24 * time.Hour   // since the file was wanted
)

// DecideFile says what becomes of a file that has been wanted since a time.
func DecideFile(wanted time.Time, o FetchOutcome, now time.Time) FileDecision {
	wait := fetchPause(o.Attempt)
	switch o.Result {
	case FetchStored:
		return FileDecision{State: FileStored}
	case FetchGone:
		return FileDecision{State: FileGone, Reason: o.Reason}
	case FetchRejected:
		return FileDecision{State: FileRefused, Reason: o.Reason}
	case FetchThrottled:
		wait = max(wait, o.After)
	case FetchRefused:
		wait = max(wait, refusedFetch)
	}
	at := now.Add(wait)
	if at.Sub(wanted) > giveUpFetchAfter {
		return FileDecision{State: FileFailed, Reason: "It could not be fetched for a day. The last attempt: " + o.Reason}
	}
	return FileDecision{State: FileWaiting, At: at, Reason: o.Reason}
}

// fetchPause is how long to wait after the n-th attempt: 5, 10, 20, ... seconds, at most half an hour.
func fetchPause(n int) time.Duration { return doubled(firstFetchPause, n, longFetchPause) }

// HistoryFetch is the time over which the files of history are spread. They are many, and come at once; those of customers who write now overtake
// them.
const HistoryFetch = 15 * time.Minute

// FetchTime is when to fetch a file for the first time; zero: now. Those of history are spread by their random ids.
func FetchTime(history bool, file uuid.UUID, now time.Time) time.Time {
	if !history {
		return time.Time{}
	}
	return now.Add(HistoryFetch * time.Duration(file[15]) / 256)
}

// Recorded is what follows from what is known after an attempt to fetch a file.
type Recorded struct {
	Channel string
	News    FileState   // empty: the outcome told nothing new
	Next    *Fetch      // another attempt; nil: none
	Told    []uuid.UUID // subscriptions of which deliveries can go
}

// OverdueFile is a file of which nothing was heard in time, with a new attempt at it.
type OverdueFile struct {
	Fetch
	Wanted time.Time // since when
}

// MissingFile is an attachment whose file we do not have.
type MissingFile struct {
	ID      uuid.UUID
	Message uuid.UUID
	Channel string
	Kind    channels.AttachmentKind
	Name    string // empty: the platform gives none
	State   FileState
	Reason  string // empty: the first attempt has not ended
	Attempt int
	Wanted  time.Time // since when
	Due     time.Time // FileWaiting: when the next attempt is looked after at the latest
}

// FileFilter says which missing files are meant. What is empty does not count.
type FileFilter struct {
	Channel string
	State   FileState
	Since   time.Time // wanted since then
	Reason  string    // part of it, in any case
}
