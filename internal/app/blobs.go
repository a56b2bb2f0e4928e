package app

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"omni/internal/blob"
	"omni/internal/queue"
)

// openBlobs returns the object storage that BLOBS names.
func openBlobs(config aws.Config, location string) (queue.Blobs, error) {
	kind, where, _ := strings.Cut(location, ":")
	switch {
	case location == "":
		return noBlobs{}, nil
	case kind == "file" && where != "":
		return blob.NewFolder(where), nil
	case kind == "s3" && where != "":
		bucket, prefix, _ := strings.Cut(where, "/")
		return blob.NewS3(s3.NewFromConfig(config), bucket, prefix), nil
	}
	return nil, fmt.Errorf("BLOBS=%q: want file:FOLDER or s3:BUCKET/PREFIX", location)
}

// noBlobs refuses what is too large for a queue.
type noBlobs struct{}

var errNoBlobs = errors.New("there is no object storage: set BLOBS to s3:BUCKET/PREFIX or file:FOLDER")

func (noBlobs) Put(context.Context, string, []byte) error   { return errNoBlobs }
func (noBlobs) Get(context.Context, string) ([]byte, error) { return nil, errNoBlobs }
