package simulate

import (
	"io"
	"mime/multipart"
)

// ReadParts reads a form that a client uploads, part by part as they come, so that no file of it has to be in memory. A form that is cut off
// is an error.
func ReadParts(form *multipart.Reader, read func(*multipart.Part) error) error {
	for {
		part, err := form.NextPart()
		if err == io.EOF { // not errors.Is: a form that is cut off wraps it
			return nil
		}
		if err != nil {
			return err
		}
		if err := read(part); err != nil {
			return err
		}
	}
}
