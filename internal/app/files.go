package app

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"omni/internal/blob"
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
