// Package blob keeps what is too large for a queue message ([Store]), and the files of messages ([Files]): in Amazon S3, or in a folder on a laptop.
//
// # Who deletes what
//
// Objects under jobs/ are bodies of queue messages. Whoever puts one never deletes it, and neither does who reads it: a job may be
// delivered again, come back from the dead letters or be kept as evidence. A lifecycle rule of the bucket ends them, at an age above the
// fourteen days that a queue may keep a message, twice: once on the queue, once on its dead letter queue. The bucket also ends uploads that
// were never completed. A folder has no such rule: it goes when the data of the laptop's server is thrown away.
//
// The files of messages go with their messages, when those are past their retention or a contact is erased: those under incoming/ came from customers, those
// under outgoing/ are sent to them. A lifecycle rule of their bucket may end them at an age. A file whose attachment an edit replaced stays there until
// then, as does one that was uploaded and never sent.
//
// # Rights
//
// A function needs s3:PutObject, s3:GetObject or s3:DeleteObject on its prefix, as it calls them, and s3:ListBucket on the bucket. Without
// the last one S3 answers a Get of an absent object with 403 and not 404, and [ErrNotFound] is never seen
// (docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html).
package blob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// ErrNotFound means that there is no object of that key.
var ErrNotFound = errors.New("no such object")

// Store keeps objects by their keys. Many goroutines may use it.
//
// A key is one or more names with slashes between; no name is empty or begins with a dot, and no key is the folder of another (a and a/b).
type Store interface {
	// Put keeps content under key, in place of what was there. Nil means that it outlives a crash. A reader sees the old content or the
	// new, never a part.
	Put(ctx context.Context, key string, content []byte) error

	// Get returns what is under key, whole, or an error that wraps ErrNotFound.
	Get(ctx context.Context, key string) ([]byte, error)

	// Delete removes what is under key. That nothing is there is fine.
	Delete(ctx context.Context, key string) error

	// Keys returns the keys that begin with prefix, which ends with a slash, and come behind another, in their order, at most so many.
	Keys(ctx context.Context, prefix, after string, most int) ([]string, error)
}

// checkKey refuses keys that could name something else than an object: a file outside of the folder, or one that is being written.
func checkKey(key string) error {
	if !fs.ValidPath(key) || strings.HasPrefix(key, ".") || strings.Contains(key, "/.") {
		return fmt.Errorf("%q is no key of an object", key)
	}
	return nil
}
