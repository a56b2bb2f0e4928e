package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"omni/internal/blob"
)

// openFiles returns the files that FILES names.
func openFiles(config aws.Config, location string) (blob.Files, error) {
	kind, where, _ := strings.Cut(location, ":")
	switch {
	case location == "":
		return noFiles{}, nil
	case kind == "file" && where != "":
		return blob.NewFolderFiles(where, "", time.Now), nil
	case kind == "s3" && where != "":
		bucket, prefix, _ := strings.Cut(where, "/")
		client := s3.NewFromConfig(config)
		return blob.NewS3Files(client, s3.NewPresignClient(client), bucket, prefix), nil
	}
	return nil, fmt.Errorf("FILES=%q: want file:FOLDER or s3:BUCKET/PREFIX", location)
}

// noFiles has none.
type noFiles struct{}

var errNoFiles = errors.New("there are no files: set FILES to s3:BUCKET/PREFIX or file:FOLDER")

func (noFiles) Put(context.Context, string, blob.Upload) (blob.File, error) {
	return blob.File{}, errNoFiles
}
func (noFiles) Open(context.Context, string) (io.ReadCloser, error) { return nil, errNoFiles }
func (noFiles) Link(context.Context, string) (string, error)        { return "", errNoFiles }
