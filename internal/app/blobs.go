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
	place, err := readPlace("BLOBS", location)
	switch {
	case err != nil:
		return nil, err
	case place.folder != "":
		return blob.NewFolder(place.folder), nil
	case place.bucket != "":
		return blob.NewS3(s3.NewFromConfig(config), place.bucket, place.prefix), nil
	}
	return noBlobs{}, nil
}

// place is where objects are kept: in a folder or in a bucket, or, if it has neither, nowhere.
type place struct{ folder, bucket, prefix string }

// readPlace reads a place from the value of an environment variable.
func readPlace(variable, value string) (place, error) {
	kind, where, _ := strings.Cut(value, ":")
	bucket, prefix, _ := strings.Cut(where, "/")
	switch {
	case value == "":
		return place{}, nil
	case kind == "file" && where != "":
		return place{folder: where}, nil
	case kind == "s3" && bucket != "":
		return place{bucket: bucket, prefix: prefix}, nil
	}
	return place{}, fmt.Errorf("%s=%q: want file:FOLDER or s3:BUCKET/PREFIX", variable, value)
}

// noBlobs refuses what is too large for a queue.
type noBlobs struct{}

var errNoBlobs = errors.New("there is no object storage: set BLOBS to s3:BUCKET/PREFIX or file:FOLDER")

func (noBlobs) Put(context.Context, string, []byte) error   { return errNoBlobs }
func (noBlobs) Get(context.Context, string) ([]byte, error) { return nil, errNoBlobs }
