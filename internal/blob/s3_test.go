package blob_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"omni/internal/blob"
	"omni/internal/mototest"
)

// newClient makes the SDK's client, without its retries: a test wants to see every failure.
func newClient(url string) *s3.Client {
	return s3.New(s3.Options{
		BaseEndpoint: &url, UsePathStyle: true, Region: "us-east-1", RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("x", "x", ""),
	})
}

func createBucket(t *testing.T, client *s3.Client, name string) string {
	t.Helper()
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name}); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestS3KeepsTheContract(t *testing.T) {
	t.Parallel()
	client := newClient(mototest.Start(t, "S3"))
	bucket := createBucket(t, client, "contract")
	runContract(t, func(t *testing.T) blob.Store { return blob.NewS3(client, bucket, t.Name()) })

	t.Run("stores with different prefixes are apart", func(t *testing.T) {
		t.Parallel()
		one, other, all := blob.NewS3(client, bucket, "one/"), blob.NewS3(client, bucket, "other"), blob.NewS3(client, bucket, "")
		put(t, one, "a", []byte("1"))
		wantAbsent(t, other, "a")
		wantContent(t, all, "one/a", []byte("1"))
	})
	t.Run("a bucket that is not there is a failure", func(t *testing.T) {
		t.Parallel()
		store := blob.NewS3(client, "nowhere", "")
		if _, err := store.Get(t.Context(), "a"); err == nil || errors.Is(err, blob.ErrNotFound) {
			t.Errorf("got %v", err)
		}
		if err := store.Put(t.Context(), "a", nil); err == nil {
			t.Error("put into no bucket")
		}
	})
}

// The bodies are S3's: docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.
func TestS3Errors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		code   string
		status int
		absent bool
	}{
		{"NoSuchKey", http.StatusNotFound, true},
		{"NoSuchBucket", http.StatusNotFound, false},
		{"AccessDenied", http.StatusForbidden, false},
		{"InvalidObjectState", http.StatusForbidden, false},
		{"SlowDown", http.StatusServiceUnavailable, false},
		{"InternalError", http.StatusInternalServerError, false},
	} {
		t.Run(c.code, func(t *testing.T) {
			t.Parallel()
			store := answering(t, func(w http.ResponseWriter) {
				w.Header().Set("Content-Type", "application/xml")
				w.WriteHeader(c.status)
				fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>%s</Code><Message>m</Message></Error>`, c.code)
			})
			content, err := store.Get(t.Context(), "jobs/a")
			if content != nil || err == nil || errors.Is(err, blob.ErrNotFound) != c.absent {
				t.Errorf("Get: %q, %v", content, err)
			}
			if !strings.Contains(err.Error(), "reading s3://bucket/dev/jobs/a: ") || !strings.Contains(err.Error(), c.code) {
				t.Errorf("the error tells too little: %v", err)
			}
			for call, err := range map[string]error{"Put": store.Put(t.Context(), "a", nil), "Delete": store.Delete(t.Context(), "a")} {
				if err == nil || errors.Is(err, blob.ErrNotFound) {
					t.Errorf("%s: %v", call, err)
				}
			}
		})
	}
}

func TestS3ObjectsThatArriveDamaged(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(http.ResponseWriter){
		"cut off": func(w http.ResponseWriter) { w.Header().Set("Content-Length", "10"); fmt.Fprint(w, "half") },
		"checksum": func(w http.ResponseWriter) {
			w.Header().Set("x-amz-checksum-crc32", "AAAAAA==")
			fmt.Fprint(w, "altered")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			content, err := answering(t, answer).Get(t.Context(), "a")
			if content != nil || err == nil || errors.Is(err, blob.ErrNotFound) {
				t.Errorf("%q, %v", content, err)
			}
		})
	}
}

// answering is a store whose bucket gives one answer to everything.
func answering(t *testing.T, answer func(http.ResponseWriter)) *blob.S3 {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { answer(w) }))
	t.Cleanup(server.Close)
	return blob.NewS3(newClient(server.URL), "bucket", "dev/")
}
