package blob

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"
)

// Files keeps the files of messages by their keys, which are as those of a [Store]. Files may be large, so they are streamed in both
// directions. Many goroutines may use it.
type Files interface {
	// Put keeps a file under key, in place of what was there, and says what it is. Nil means that it outlives a crash; after an error
	// nothing is under key that was not there before. The errors of the upload's body are wrapped; too large a one is [ErrTooLarge].
	Put(ctx context.Context, key string, u Upload) (File, error)

	// Open returns what is under key, or an error that wraps [ErrNotFound]. The caller closes it. A file that is damaged ends with an error.
	Open(ctx context.Context, key string) (io.ReadCloser, error)

	// Link returns an https URL under which anybody who has it can fetch the file, for two hours. It does not look whether there is one. A link
	// that a Lambda function makes may end earlier, together with the function's credentials, which AWS renews in good time.
	Link(ctx context.Context, key string) (string, error)

	// Slot returns where whoever has it may put a file of exactly so many bytes under key, with one request, for a quarter of an hour.
	Slot(ctx context.Context, key, mime string, bytes int64) (Slot, error)

	// Size returns how many bytes a file has, or an error that wraps [ErrNotFound].
	Size(ctx context.Context, key string) (int64, error)

	// Delete removes what is under key. That nothing is there is fine.
	Delete(ctx context.Context, key string) error
}

// Slot is where a file can be put with a PUT request.
type Slot struct {
	URL     string
	Headers map[string]string // that the request has to have
	Until   time.Time
}

// slotTime is how long a slot is open.
const slotTime = 15 * time.Minute

// linkTime is how long a link works.
const linkTime = 2 * time.Hour

// Upload is a file to keep.
type Upload struct {
	Body     io.Reader
	MIME     string // as its source says; empty: it does not
	MaxBytes int64  // the most that it may have
}

// File is what is known of a file that is kept.
type File struct {
	Bytes  int64
	MIME   string // what it is served as: see [ContentType]
	SHA256 string // lower-case hex
}

// ErrTooLarge means that an upload has more bytes than it may.
var ErrTooLarge = errors.New("the file is too large")

// copyTo copies the upload and says what it is.
func (u Upload) copyTo(w io.Writer) (File, error) {
	body := bufio.NewReaderSize(u.Body, sniffed)
	head, _ := body.Peek(sniffed) // its error comes again where all is read
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, sum), io.LimitReader(body, u.MaxBytes+1))
	switch {
	case err != nil:
		return File{}, err
	case n > u.MaxBytes:
		return File{}, fmt.Errorf("%w: it has more than %d bytes", ErrTooLarge, u.MaxBytes)
	}
	return File{Bytes: n, MIME: ContentType(u.MIME, head), SHA256: hex.EncodeToString(sum.Sum(nil))}, nil
}
