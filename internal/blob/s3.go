package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// S3API is what an S3 store calls.
type S3API interface {
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	DeleteObject(context.Context, *s3.DeleteObjectInput, ...func(*s3.Options)) (*s3.DeleteObjectOutput, error)
	HeadObject(context.Context, *s3.HeadObjectInput, ...func(*s3.Options)) (*s3.HeadObjectOutput, error)
	ListObjectsV2(context.Context, *s3.ListObjectsV2Input, ...func(*s3.Options)) (*s3.ListObjectsV2Output, error)
}

// S3 is a Store in a bucket. A checksum goes with each object, so one that was damaged on the way is an error in both directions.
type S3 struct {
	api            S3API
	bucket, prefix string
}

// NewS3 makes a store of the objects under prefix in the bucket. Without a prefix it is the whole bucket.
func NewS3(api S3API, bucket, prefix string) *S3 {
	if prefix != "" {
		prefix = strings.TrimSuffix(prefix, "/") + "/"
	}
	return &S3{api: api, bucket: bucket, prefix: prefix}
}

// Put uploads an object in one request, so at most 5 GB.
func (s *S3) Put(ctx context.Context, key string, content []byte) error {
	return s.do("writing", key, func(name *string) error {
		_, err := s.api.PutObject(ctx, &s3.PutObjectInput{
			Bucket: &s.bucket, Key: name, Body: bytes.NewReader(content), ChecksumAlgorithm: types.ChecksumAlgorithmCrc32,
		})
		return err
	})
}

// Get downloads an object.
func (s *S3) Get(ctx context.Context, key string) (content []byte, err error) {
	err = s.do("reading", key, func(name *string) error {
		out, err := s.api.GetObject(ctx, &s3.GetObjectInput{Bucket: &s.bucket, Key: name, ChecksumMode: types.ChecksumModeEnabled})
		if err != nil {
			return interpret(err)
		}
		defer out.Body.Close()
		content, err = io.ReadAll(out.Body)
		return err
	})
	if err != nil {
		return nil, err // and not what came before a connection broke
	}
	return content, nil
}

// Delete removes an object.
func (s *S3) Delete(ctx context.Context, key string) error {
	return s.do("deleting", key, func(name *string) error {
		_, err := s.api.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &s.bucket, Key: name})
		return err
	})
}

// Keys lists objects; one call gives a thousand at most.
func (s *S3) Keys(ctx context.Context, prefix, after string, most int) (keys []string, err error) {
	err = s.do("listing", strings.TrimSuffix(prefix, "/"), func(name *string) error {
		in := &s3.ListObjectsV2Input{Bucket: &s.bucket, Prefix: aws.String(*name + "/"), MaxKeys: aws.Int32(int32(min(most, 1000)))}
		if after != "" {
			in.StartAfter = aws.String(s.prefix + after)
		}
		out, err := s.api.ListObjectsV2(ctx, in)
		if err != nil {
			return err
		}
		for _, object := range out.Contents {
			keys = append(keys, strings.TrimPrefix(aws.ToString(object.Key), s.prefix))
		}
		return nil
	})
	return keys, err
}

// do calls the API with key's name in the bucket.
func (s *S3) do(doing, key string, call func(name *string) error) error {
	err := checkKey(key)
	if err == nil {
		name := s.prefix + key
		err = call(&name)
	}
	if err != nil {
		return fmt.Errorf("%s s3://%s/%s%s: %w", doing, s.bucket, s.prefix, key, err)
	}
	return nil
}

// interpret tells absence from failure. A bucket that is not there (NoSuchBucket, 404 too) is a failure: the configuration is wrong.
func interpret(err error) error {
	var absent *types.NoSuchKey
	var headless *types.NotFound // where only the head was asked for, which names no reason
	if errors.As(err, &absent) || errors.As(err, &headless) {
		return fmt.Errorf("%w (%w)", ErrNotFound, err)
	}
	return err
}
