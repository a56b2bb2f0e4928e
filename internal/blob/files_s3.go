package blob

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// Presigner makes the links of an [S3Files], as [s3.PresignClient] does.
type Presigner interface {
	PresignGetObject(context.Context, *s3.GetObjectInput, ...func(*s3.PresignOptions)) (*v4.PresignedHTTPRequest, error)
	PresignPutObject(context.Context, *s3.PutObjectInput, ...func(*s3.PresignOptions)) (*v4.PresignedHTTPRequest, error)
}

// S3Files are Files in a bucket. A checksum goes with each, as with the objects of [S3].
type S3Files struct {
	objects *S3
	links   Presigner
}

// NewS3Files makes files of the objects under prefix in the bucket.
func NewS3Files(api S3API, links Presigner, bucket, prefix string) *S3Files {
	return &S3Files{objects: NewS3(api, bucket, prefix), links: links}
}

// Put writes the file to the disk first: S3 wants to know beforehand how long it is, and its type is known only then. So it takes as much room in
// the temporary folder as the largest file.
func (f *S3Files) Put(ctx context.Context, key string, u Upload) (File, error) {
	var file File
	err := f.objects.do("writing", key, func(name *string) error {
		spool, err := newSpool()
		if err != nil {
			return err
		}
		defer spool.remove()
		if file, err = u.copyTo(spool); err != nil {
			return err
		}
		return f.upload(ctx, name, spool, file)
	})
	if err != nil {
		return File{}, err
	}
	return file, nil
}

func (f *S3Files) upload(ctx context.Context, name *string, content spool, file File) error {
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return err
	}
	raw, err := hex.DecodeString(file.SHA256)
	if err != nil {
		return err
	}
	sum, disposition := base64.StdEncoding.EncodeToString(raw), Disposition(file.MIME)
	_, err = f.objects.api.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &f.objects.bucket, Key: name, Body: content, ContentLength: &file.Bytes,
		ContentType: &file.MIME, ContentDisposition: &disposition, ChecksumAlgorithm: types.ChecksumAlgorithmSha256, ChecksumSHA256: &sum,
	})
	return err
}

// Open starts to download the file.
func (f *S3Files) Open(ctx context.Context, key string) (body io.ReadCloser, err error) {
	err = f.objects.do("reading", key, func(name *string) error {
		out, err := f.objects.api.GetObject(ctx, &s3.GetObjectInput{
			Bucket: &f.objects.bucket, Key: name, ChecksumMode: types.ChecksumModeEnabled,
		})
		if err != nil {
			return interpret(err)
		}
		body = out.Body
		return nil
	})
	return body, err
}

// Link presigns a download. It calls nobody.
func (f *S3Files) Link(ctx context.Context, key string) (link string, err error) {
	err = f.objects.do("linking to", key, func(name *string) error {
		signed, err := f.links.PresignGetObject(ctx, &s3.GetObjectInput{Bucket: &f.objects.bucket, Key: name}, s3.WithPresignExpires(linkTime))
		if err != nil {
			return err
		}
		link = signed.URL
		return nil
	})
	return link, err
}

// Slot presigns an upload. It calls nobody. The file will be served as what it is said to be, unless a browser could run that. No checksum goes with it:
// whoever signs does not know the bytes.
func (f *S3Files) Slot(ctx context.Context, key, mime string, bytes int64) (slot Slot, err error) {
	err = f.objects.do("opening a slot for", key, func(name *string) error {
		kind := ContentType(mime, nil)
		disposition := Disposition(kind)
		slot = Slot{Headers: map[string]string{"Content-Type": kind, "Content-Disposition": disposition}, Until: time.Now().Add(slotTime)}
		signed, err := f.links.PresignPutObject(ctx, &s3.PutObjectInput{
			Bucket: &f.objects.bucket, Key: name, ContentLength: &bytes, ContentType: &kind, ContentDisposition: &disposition,
		}, s3.WithPresignExpires(slotTime), s3.WithPresignClientFromClientOptions(func(o *s3.Options) {
			o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
		}))
		if err != nil {
			return err
		}
		slot.URL = signed.URL
		return nil
	})
	return slot, err
}

// Size asks for what is known of the file.
func (f *S3Files) Size(ctx context.Context, key string) (bytes int64, err error) {
	err = f.objects.do("looking for", key, func(name *string) error {
		out, err := f.objects.api.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &f.objects.bucket, Key: name})
		if err != nil {
			return interpret(err)
		}
		bytes = aws.ToInt64(out.ContentLength)
		return nil
	})
	return bytes, err
}

// Delete removes the file.
func (f *S3Files) Delete(ctx context.Context, key string) error { return f.objects.Delete(ctx, key) }

// spool is a file that exists as long as it is worked on.
type spool struct{ *os.File }

func newSpool() (spool, error) {
	file, err := os.CreateTemp("", "omni-file-")
	return spool{file}, err
}

func (s spool) remove() {
	_ = errors.Join(s.Close(), os.Remove(s.Name())) // nothing depends on it
}

var _ Files = (*S3Files)(nil)
