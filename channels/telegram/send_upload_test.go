package telegram

import (
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"omni/channels"
	"omni/channels/channeltest"
)

// TestUploadErrors: without its end, Telegram sends no message.
func TestUploadErrors(t *testing.T) {
	t.Parallel()
	swallow := channeltest.DoerFunc(func(r *http.Request) (*http.Response, error) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return nil, err
		}
		return nil, io.ErrUnexpectedEOF
	})
	broken := io.MultiReader(strings.NewReader("ab"), doomed{})
	for name, test := range map[string]struct {
		have  files
		bytes int64
		want  string
	}{
		"no file":                      {files{}, 4, "again"},
		"nowhere to have files from":   {nil, 4, "again"},
		"a file that ends early":       {files{"k": strings.NewReader("abc")}, 4, "again"},
		"a file that goes on":          {files{"k": strings.NewReader("abcde")}, 4, "again"},
		"a file that breaks off":       {files{"k": broken}, 4, "again"},
		"no answer to a whole file":    {files{"k": strings.NewReader("abcd")}, 4, "uncertain"},
		"no answer, of unknown length": {files{"k": strings.NewReader("abcd")}, 0, "uncertain"},
	} {
		c := calling(t, swallow, rightToken, "new")
		if test.have != nil {
			c.env.Files = test.have
		}
		_, err := c.Send(t.Context(), channels.Outgoing{Thread: customer, Content: channels.Content{
			File: &channels.File{Kind: channels.Document, Key: "k", MIME: "text/plain", Bytes: test.bytes},
		}})
		if got := class(err); got != test.want {
			t.Errorf("%s: %s (%v), want %s", name, got, err, test.want)
		}
	}
}

// doomed is a file that cannot be read.
type doomed struct{}

func (doomed) Read([]byte) (int, error) { return 0, errors.New("the disk is gone") }

// zeros is a file without an end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// TestUploadStreams: a large file is never in memory. It counts all allocations, so nothing runs beside it.
func TestUploadStreams(t *testing.T) { //nolint:paralleltest // see above
	const size = 5 << 20
	var length, sent int64
	c := calling(t, channeltest.DoerFunc(func(r *http.Request) (*http.Response, error) {
		length = r.ContentLength
		sent, _ = io.Copy(io.Discard, r.Body)
		body := `{"ok":true,"result":{"message_id":5}}`
		return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(body))}, nil
	}), rightToken, "new")
	c.env.Files = files{"k": io.LimitReader(zeros{}, size)}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := c.Send(t.Context(), channels.Outgoing{Thread: customer, Content: channels.Content{
		File: &channels.File{Kind: channels.Document, Key: "k", MIME: "text/plain", Bytes: size},
	}})
	runtime.ReadMemStats(&after)
	if err != nil || sent < size || sent != length {
		t.Errorf("%d bytes are sent of %d announced: %v", sent, length, err)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 256<<10 {
		t.Errorf("sending %d bytes allocates %d", size, used)
	}
}
