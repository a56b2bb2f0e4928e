package whatsapp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"omni/channels"
	"omni/channels/internal/graph"
)

// documents are the types of document that Meta keeps for us, besides those of the other kinds of file.
// Source: .../whatsapp/business-phone-numbers/media, "Supported media types".
var documents = []string{
	"text/plain", "application/pdf", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"application/vnd.openxmlformats-officedocument.presentationml.presentation",
}

// uploadable reports whether Meta keeps a file of this type and size. A document of another type, or a picture that is only small enough
// for a document, goes by link.
func uploadable(f channels.File) bool {
	mime, _, _ := strings.Cut(f.MIME, ";")
	mime = strings.ToLower(strings.TrimSpace(mime))
	for _, limit := range media {
		if slices.Contains(limit.Types, mime) {
			return f.Bytes <= limit.MaxBytes
		}
	}
	return slices.Contains(documents, mime)
}

// file is a message that is a file. A voice note is an audio that is marked as one.
func (c channel) file(ctx context.Context, account string, f channels.File, caption string) (kind string, content dict, err error) {
	content, err = c.reference(ctx, account, f)
	if err != nil {
		return "", nil, err
	}
	kind = string(f.Kind)
	switch f.Kind {
	case channels.Voice:
		kind, content["voice"] = "audio", true
	case channels.Document:
		content["filename"] = f.Name
	}
	content["caption"] = caption
	return kind, filled(content), nil
}

// reference is the object by which a message names a file: the id of an upload or a link.
func (c channel) reference(ctx context.Context, account string, f channels.File) (dict, error) {
	if !uploadable(f) {
		if f.Link == "" {
			return nil, channels.Reject("media_type", "WhatsApp takes no file of this type and size: "+f.MIME+".", nil)
		}
		return dict{"link": f.Link}, nil
	}
	id, err := c.upload(ctx, account, f)
	return dict{"id": id}, err
}

// upload gives the file to Meta, which keeps it for 30 days.
func (c channel) upload(ctx context.Context, account string, f channels.File) (id string, err error) {
	if c.env.Files == nil {
		return "", errors.New("opening the file to send: there are no files here")
	}
	body, err := c.env.Files.Open(ctx, f.Key)
	if err != nil {
		return "", fmt.Errorf("opening the file to send: %w", err)
	}
	defer body.Close()
	params := url.Values{"messaging_product": {"whatsapp"}, "type": {f.MIME}}
	upload := graph.Upload{Name: cmp.Or(f.Name, "file"), MIME: f.MIME, Bytes: f.Bytes, Body: body}
	var uploaded struct {
		ID string `json:"id"`
	}
	if err := c.client().PostFile(ctx, account+"/media", params, upload, &uploaded); err != nil {
		return "", fmt.Errorf("uploading the file to send: %w", err)
	}
	if uploaded.ID == "" {
		return "", errors.New("uploading the file to send: the answer does not name it")
	}
	return uploaded.ID, nil
}
