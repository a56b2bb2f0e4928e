package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"omni/channels"
	"omni/internal/blob"
	"omni/internal/inbox"
)

// openFiles returns the files that FILES names.
func openFiles(config aws.Config, location string) (blob.Files, error) {
	place, err := readPlace("FILES", location)
	switch {
	case err != nil:
		return nil, err
	case place.folder != "":
		return blob.NewFolderFiles(place.folder, "", time.Now), nil
	case place.bucket != "":
		client := s3.NewFromConfig(config)
		return blob.NewS3Files(client, s3.NewPresignClient(client), place.bucket, place.prefix), nil
	}
	return noFiles{}, nil
}

// noFiles has none.
type noFiles struct{}

var errNoFiles = errors.New("there are no files: set FILES to s3:BUCKET/PREFIX or file:FOLDER")

func (noFiles) Put(context.Context, string, blob.Upload) (blob.File, error) {
	return blob.File{}, errNoFiles
}
func (noFiles) Open(context.Context, string) (io.ReadCloser, error) { return nil, errNoFiles }
func (noFiles) Link(context.Context, string) (string, error)        { return "", errNoFiles }
func (noFiles) Size(context.Context, string) (int64, error)         { return 0, errNoFiles }
func (noFiles) Delete(context.Context, string) error                { return errNoFiles }
func (noFiles) Slot(context.Context, string, string, int64) (blob.Slot, error) {
	return blob.Slot{}, errNoFiles
}

// apiFiles are the files as the API needs them.
type apiFiles struct{ blob.Files }

// Upload opens a slot.
func (f apiFiles) Upload(ctx context.Context, key, mime string, bytes int64) (inbox.UploadLink, error) {
	slot, err := f.Slot(ctx, key, mime, bytes)
	return inbox.UploadLink(slot), err
}

// Size says in the domain's words that there is no such file.
func (f apiFiles) Size(ctx context.Context, key string) (int64, error) {
	bytes, err := f.Files.Size(ctx, key)
	if errors.Is(err, blob.ErrNotFound) {
		return 0, fmt.Errorf("%w: %w", inbox.ErrNotFound, err)
	}
	return bytes, err
}

// uploaded are the files of visitors, as the channel that hosts them opens them.
type uploaded struct{ blob.Files }

// Open says in the channels' words that a visitor never put the file there, or too long ago.
func (f uploaded) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	file, err := f.Files.Open(ctx, key)
	if errors.Is(err, blob.ErrNotFound) {
		return nil, fmt.Errorf("%w: %w", channels.ErrGone, err)
	}
	return file, err
}
