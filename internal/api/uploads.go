package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

// Files are the files of messages.
type Files interface {
	// Link returns a URL under which a file can be fetched for two hours.
	Link(ctx context.Context, key string) (string, error)
	// Upload returns where a file of exactly so many bytes may be put.
	Upload(ctx context.Context, key, mime string, bytes int64) (inbox.UploadLink, error)
	// Size returns how many bytes a file has, or [inbox.ErrNotFound].
	Size(ctx context.Context, key string) (int64, error)
}

// Upload is where a file is to be put that is to be sent.
type Upload struct {
	Key       string            `json:"key" doc:"By which a message names the file."`
	URL       string            `json:"url"`
	Method    string            `json:"method" enum:"PUT"`
	Headers   map[string]string `json:"headers" doc:"That the request has to have."`
	ExpiresAt Time              `json:"expires_at"`
}

type createUpload struct {
	Body struct {
		Name  string `json:"name" minLength:"1" maxLength:"255"`
		MIME  string `json:"mime" minLength:"1" maxLength:"255" pattern:"^[^/\\s]+/[^/\\s]+"`
		Bytes int64  `json:"bytes" minimum:"1" maximum:"2147483648"`
	} `nameHint:"NewUpload"`
}

func (a *API) uploads() {
	register(a, everybody, huma.Operation{
		OperationID: "createUpload", Method: http.MethodPost, Path: "/v1/uploads", Tags: conversationTags, DefaultStatus: http.StatusCreated,
		Summary:     "Get a place for a file",
		Description: "The file is put there with one request, which has to have exactly these headers and so many bytes. Then a message can name it by its key.",
	}, a.createUpload)
}

func (a *API) createUpload(ctx context.Context, in *createUpload) (*answer[Upload], error) {
	if a.Files == nil {
		return nil, errNoFiles
	}
	key := inbox.OutgoingKey(uuid.Must(uuid.NewV7()))
	link, err := a.Files.Upload(ctx, key, in.Body.MIME, in.Body.Bytes)
	if err != nil {
		return nil, err
	}
	return reply(Upload{Key: key, URL: link.URL, Method: http.MethodPut, Headers: link.Headers, ExpiresAt: Time(link.Until)}), nil
}

var errNoFiles = conflict("no_files", "This installation keeps no files.")

// haveFiles refuses a message with a file that is not where uploads go, or not as large as it says.
func (a *API) haveFiles(ctx context.Context, c channels.Content) error {
	if err := a.haveFile(ctx, "body.file", c.File); err != nil || c.Template == nil {
		return err
	}
	return a.haveFile(ctx, "body.template.header_file", c.Template.HeaderFile)
}

func (a *API) haveFile(ctx context.Context, location string, file *channels.File) error {
	if file == nil {
		return nil
	}
	if a.Files == nil {
		return errNoFiles
	}
	if !inbox.IsOutgoingKey(file.Key) {
		return invalid(location+".key", "This is no key of an upload.")
	}
	bytes, err := a.Files.Size(ctx, file.Key)
	switch {
	case errors.Is(err, inbox.ErrNotFound):
		return invalid(location+".key", "Nothing was uploaded there, or it is gone.")
	case err != nil:
		return err
	case bytes != file.Bytes:
		return invalid(location+".bytes", "The upload has another size.")
	}
	return nil
}
