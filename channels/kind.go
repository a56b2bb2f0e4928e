package channels

import "strings"

// KindOf is the kind as which a file is best sent of which nobody has said so: what its type says, if the channel takes it as that, else a document.
func (s Spec) KindOf(mime string, bytes int64) AttachmentKind {
	family, _, _ := strings.Cut(mime, "/")
	kinds := map[string][]AttachmentKind{"image": {Image}, "video": {Video}, "audio": {Audio, Voice}}[family]
	if strings.HasPrefix(mime, "image/gif") {
		kinds = []AttachmentKind{Animation, Image}
	}
	for _, kind := range kinds {
		if s.checkFile(File{Kind: kind, MIME: mime, Bytes: bytes}, "") == nil {
			return kind
		}
	}
	return Document
}
