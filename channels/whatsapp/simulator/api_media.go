package simulator

import (
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"omni/channels/internal/graph/graphsim"
	"omni/channels/simulate"
)

// mediaHost is where files lie.
const mediaHost = "lookaside.fbsbx.com"

const (
	kb = 1 << 10
	mb = 1 << 20
)

// mediaLimits are the sizes of uploads by type, and as what message each can be sent.
// Source: .../whatsapp/business-phone-numbers/media, "Supported media types".
var mediaLimits = []struct {
	message  string
	maxBytes int64
	types    []string
}{
	{"image", 5 * mb, []string{"image/jpeg", "image/png"}},
	{"audio", 16 * mb, []string{"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}},
	{"video", 16 * mb, []string{"video/mp4", "video/3gpp"}},
	{"sticker", 500 * kb, []string{"image/webp"}},
	{"document", 100 * mb, []string{"text/plain", "application/pdf", "application/msword", "application/vnd.ms-excel",
		"application/vnd.ms-powerpoint", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"application/vnd.openxmlformats-officedocument.presentationml.presentation"}},
}

// upload takes a file, of which only the size is kept.
func (a *api) upload(w http.ResponseWriter, r *http.Request, account string) {
	form, err := r.MultipartReader()
	if err != nil {
		answer(w, http.StatusBadRequest, refuse(100, "Invalid parameter", "The body must be a form"))
		return
	}
	given, fields, err := readForm(form)
	given.account = account
	refused := first(checkForm(err, given, fields), checkUpload(given))
	if refused != nil {
		answer(w, http.StatusBadRequest, refused)
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	id := graphsim.Digits(16, "upload", account, strconv.Itoa(len(a.uploads)))
	a.uploads[id] = given
	answer(w, http.StatusOK, m{"id": id})
}

// readForm reads the parts of a form as they come.
func readForm(form *multipart.Reader) (file upload, fields map[string]string, err error) {
	fields = map[string]string{}
	err = simulate.ReadParts(form, func(part *multipart.Part) (err error) {
		if part.FormName() == "file" {
			file.mime, file.name = part.Header.Get("Content-Type"), part.FileName()
			file.bytes, err = io.Copy(io.Discard, part)
			return err
		}
		value, err := io.ReadAll(io.LimitReader(part, kb))
		fields[part.FormName()] = string(value)
		return err
	})
	return file, fields, err
}

func checkForm(err error, file upload, fields map[string]string) m {
	switch {
	case err != nil:
		return refuse(131053, "Media upload error", "The form cannot be read: "+err.Error())
	case fields["messaging_product"] != "whatsapp" || len(fields) > 2:
		return refuse(100, "Invalid parameter", fmt.Sprintf("messaging_product must be whatsapp, in %v", fields))
	case fields["type"] != file.mime || file.name == "" || file.bytes == 0:
		return refuse(100, "Invalid parameter", "type must be the file's, and the file must have a name and a content")
	}
	return nil
}

func checkUpload(file upload) m {
	for _, limit := range mediaLimits {
		if !slices.Contains(limit.types, bare(file.mime)) {
			continue
		}
		if file.bytes > limit.maxBytes {
			return refuse(131053, "Media upload error", fmt.Sprintf("%d bytes are too many for %s", file.bytes, file.mime))
		}
		return nil
	}
	return refuse(100, "Param file must be a file with one of the following types", "Received file of type "+file.mime)
}

// bare is a MIME type without its parameters.
func bare(mime string) string {
	mime, _, _ = strings.Cut(mime, ";")
	return strings.TrimSpace(mime)
}

// checkFile holds a message that is a file to what its type can have.
func (a *api) checkFile(account string, r request) m {
	file := r.file()
	if file == nil {
		return nil
	}
	switch {
	case file.Caption != "" && (r.Audio != nil || r.Sticker != nil):
		return refuse(100, "Invalid parameter", "Unexpected key caption")
	case file.Filename != "" && r.Document == nil, file.Voice && r.Audio == nil:
		return refuse(100, "Invalid parameter", "Unexpected key filename or voice")
	}
	return first(a.checkReferred(account, r.Type, *file), limit("caption", file.Caption, 0, 1024))
}

// checkReferred holds the file of a message, or of a template's header, to what was uploaded. Documents can be anything that can be.
func (a *api) checkReferred(account, message string, file filePart) m {
	if (file.ID == "") == (file.Link == "") {
		return refuse(131008, "Required parameter is missing", "either id or link")
	}
	if file.Link != "" {
		if !strings.HasPrefix(file.Link, "https://") {
			return invalid("link")
		}
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	given, known := a.uploads[file.ID]
	if !known || given.account != account {
		return invalid("no media has the id " + file.ID)
	}
	for _, limit := range mediaLimits {
		if limit.message == message && message != "document" && !slices.Contains(limit.types, bare(given.mime)) {
			return refuse(131053, "Media upload error", given.mime+" cannot be sent as "+message)
		}
	}
	return nil
}

// locate tells where a file lies, whatever its id. An id that ends in 0000 has expired.
func locate(w http.ResponseWriter, id string) {
	if strings.HasSuffix(id, "0000") {
		e := refuse(100, "Unsupported get request. Object with ID '"+id+"' does not exist", "")
		e["error"].(m)["error_subcode"] = 33
		answer(w, http.StatusBadRequest, e)
		return
	}
	answer(w, http.StatusOK, m{"messaging_product": "whatsapp", "id": id, "mime_type": "image/jpeg", "file_size": len(simulate.Picture(id)),
		"url": "https://" + mediaHost + "/whatsapp_business/attachments/?mid=" + id + "&ext=" + strconv.FormatInt(time.Now().Unix()+300, 10)})
}

// download gives out a picture, whatever the customer sent.
func download(w http.ResponseWriter, r *http.Request, authorized bool) {
	if !authorized {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	simulate.ServePicture(w, r.URL.Query().Get("mid"), "image/jpeg")
}
