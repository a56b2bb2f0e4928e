package graph

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/textproto"
	"net/url"
	"slices"
)

// Upload is a file on its way to Meta.
type Upload struct {
	Name  string
	MIME  string
	Bytes int64 // 0: unknown; a file of another length is not taken
	Body  io.Reader
}

// PostFile sends a file and parameters as a form. The file passes through and is never in memory as a whole.
func (c Client) PostFile(ctx context.Context, path string, params url.Values, file Upload, into any) error {
	body, contentType, err := form(params, file)
	if err != nil {
		return fmt.Errorf("uploading a file: %w", err)
	}
	request, err := c.post(ctx, path, contentType, body)
	if err != nil {
		return err
	}
	request.ContentLength = body.length
	answer, err := c.env.Call(request)
	if err != nil {
		return err
	}
	return c.read(answer, into)
}

// sized is a body of which the length may be known.
type sized struct {
	io.Reader
	length int64 // -1: unknown
}

// form puts the file between the beginning and the end of a form.
func form(params url.Values, file Upload) (body sized, contentType string, err error) {
	var frame bytes.Buffer
	writer := multipart.NewWriter(&frame)
	for _, name := range slices.Sorted(maps.Keys(params)) {
		if err := writer.WriteField(name, params.Get(name)); err != nil {
			return sized{}, "", err
		}
	}
	disposition := mime.FormatMediaType("form-data", map[string]string{"name": "file", "filename": file.Name})
	header := textproto.MIMEHeader{"Content-Disposition": {disposition}, "Content-Type": {file.MIME}}
	if _, err := writer.CreatePart(header); err != nil {
		return sized{}, "", err
	}
	start := frame.Len()
	if err := writer.Close(); err != nil {
		return sized{}, "", err
	}
	body = sized{io.MultiReader(bytes.NewReader(frame.Bytes()[:start]), file.Body, bytes.NewReader(frame.Bytes()[start:])), -1}
	if file.Bytes > 0 {
		body.length = int64(frame.Len()) + file.Bytes
	}
	return body, writer.FormDataContentType(), nil
}
