package send

import (
	"context"
	"fmt"
	"mime"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/blob"
	"omni/internal/inbox"
)

// maxUpload is more than any platform takes.
const maxUpload = 2 << 30

// Upload keeps a file of this machine where senders find it. The same idempotency key and path give it the same name.
func Upload(ctx context.Context, files blob.Files, key, path string) (*channels.File, error) {
	opened, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	name := inbox.OutgoingKey(uuid.NewSHA1(uuid.NameSpaceURL, []byte(key+"\x00"+path)))
	file, err := files.Put(ctx, name, blob.Upload{Body: opened, MIME: mime.TypeByExtension(filepath.Ext(path)), MaxBytes: maxUpload})
	if err != nil {
		return nil, fmt.Errorf("uploading %s: %w", path, err)
	}
	return &channels.File{Kind: kindOf(file.MIME), Key: name, MIME: file.MIME, Name: filepath.Base(path), Bytes: file.Bytes}, nil
}

// kindOf is what a file is shown as.
func kindOf(contentType string) channels.AttachmentKind {
	switch general, _, _ := strings.Cut(contentType, "/"); general {
	case "image":
		return channels.Image
	case "video":
		return channels.Video
	case "audio":
		return channels.Audio
	}
	return channels.Document
}
