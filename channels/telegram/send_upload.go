package telegram

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/textproto"
	"slices"
	"strings"
	"sync/atomic"

	"omni/channels"
)

// upload calls a method with a file. The file is read while it is sent.
func (c *channel) upload(ctx context.Context, d draft, result any) error {
	if c.env.Files == nil {
		return fmt.Errorf("calling %s: there are no files to send from", d.method)
	}
	if err := c.env.Secrets.Need(botToken); err != nil {
		return err
	}
	file, err := c.env.Files.Open(ctx, d.file.Key)
	if err != nil {
		return fmt.Errorf("opening the file to send: %w", err)
	}
	defer file.Close()
	form, err := newForm(d, file)
	if err != nil {
		return fmt.Errorf("calling %s: %w", d.method, err)
	}
	request, err := c.request(ctx, d.method, form.contentType, form)
	if err != nil {
		return err
	}
	request.ContentLength = form.length
	answer, err := c.env.Deliver(request)
	if err != nil {
		return fmt.Errorf("calling %s: %w", d.method, form.judge(err))
	}
	return delivered(c.read(d.method, answer, result))
}

// form is a request's body with the parameters and, after them, the file.
type form struct {
	parts       io.Reader
	end         *bytes.Buffer // the last of the parts
	contentType string
	length      int64 // -1: unknown
	complete    atomic.Bool
}

func newForm(d draft, file io.Reader) (*form, error) {
	var frame bytes.Buffer
	w := multipart.NewWriter(&frame)
	for _, name := range slices.Sorted(maps.Keys(d.params)) {
		value, err := text(d.params[name])
		if err != nil {
			return nil, err
		}
		_ = w.WriteField(name, value) // memory takes everything
	}
	_, _ = w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {multipart.FileContentDisposition(d.field, fileName(*d.file))},
		"Content-Type":        {d.file.MIME},
	})
	start := bytes.Clone(frame.Bytes())
	frame.Reset()
	_ = w.Close()
	f := &form{end: &frame, contentType: w.FormDataContentType(), length: -1}
	if size := d.file.Bytes; size > 0 {
		f.length = int64(len(start)) + size + int64(frame.Len())
		file = &exactly{file, size}
	}
	f.parts = io.MultiReader(bytes.NewReader(start), file, &frame)
	return f, nil
}

func (f *form) Read(p []byte) (int, error) {
	n, err := f.parts.Read(p)
	if f.end.Len() == 0 {
		f.complete.Store(true)
	}
	return n, err
}

// judge says of an error of the delivery whether Telegram can have the whole message: without its end it sends none.
func (f *form) judge(err error) error {
	var uncertain *channels.UncertainError
	if errors.As(err, &uncertain) && !f.complete.Load() {
		return uncertain.Err
	}
	return err
}

// exactly is a file that must have as many bytes as was said of it, because the request's length follows from that.
type exactly struct {
	file io.Reader
	left int64
}

func (e *exactly) Read(p []byte) (int, error) {
	if int64(len(p)) > e.left+1 {
		p = p[:e.left+1] // one more than there should be, to see whether it ends
	}
	n, err := e.file.Read(p)
	if e.left -= int64(n); e.left < 0 {
		return 0, errors.New("the file is longer than was said")
	}
	if errors.Is(err, io.EOF) && e.left > 0 {
		return n, errors.New("the file is shorter than was said")
	}
	return n, err
}

// endings are what Telegram knows the kinds of files by: the end of their names.
var endings = map[string]string{
	"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "video/mp4": ".mp4", "audio/mpeg": ".mp3",
	"audio/mp4": ".m4a", "audio/x-m4a": ".m4a", "audio/ogg": ".ogg", "application/pdf": ".pdf",
}

// fileName is a file's own name or, without one, its kind.
func fileName(f channels.File) string {
	if f.Name != "" {
		return f.Name
	}
	mime, _, _ := strings.Cut(f.MIME, ";")
	return string(f.Kind) + endings[strings.ToLower(strings.TrimSpace(mime))]
}
