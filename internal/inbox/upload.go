package inbox

import "time"

// UploadLink is where somebody may put one file, with one request, until a time.
type UploadLink struct {
	URL     string
	Headers map[string]string // that the request has to have
	Until   time.Time
}

// MaxUpload is the most bytes that a file may have that is to be sent: more than any channel takes.
const MaxUpload = 2 << 30
