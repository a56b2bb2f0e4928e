package blob

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path"
	"strconv"
	"strings"
	"time"
)

// FolderFiles are Files in a folder. Several processes may use one folder, but a link works only with the handler of the FolderFiles that
// made it.
type FolderFiles struct {
	folder  *Folder
	base    string
	signing []byte
	now     func() time.Time
}

// NewFolderFiles makes files of the folder at dir. base is the URL under which the files' own handler is reached; empty: it is not, and
// there are no links.
func NewFolderFiles(dir, base string, now func() time.Time) *FolderFiles {
	return &FolderFiles{folder: NewFolder(dir), base: strings.TrimSuffix(base, "/"), signing: []byte(rand.Text()), now: now}
}

// At is the same files with links that begin with another URL under which the handler is reached. A path makes links for pages of the handler's own
// server, whatever name they came by.
func (f *FolderFiles) At(base string) *FolderFiles {
	other := *f
	other.base = strings.TrimSuffix(base, "/")
	return &other
}

// Put writes the file, and its type into a hidden file beside it.
func (f *FolderFiles) Put(ctx context.Context, key string, u Upload) (File, error) {
	var file File
	err := f.folder.put(ctx, key, func(root *os.Root, content *os.File) (err error) {
		if file, err = u.copyTo(content); err != nil {
			return err
		}
		return root.WriteFile(typeFile(key), []byte(file.MIME), 0o600)
	})
	if err != nil {
		return File{}, err
	}
	return file, nil
}

// typeFile holds the type of the file at key. Its name is hidden, and so no key.
func typeFile(key string) string {
	dir, name := path.Split(key)
	return dir + "." + name + ".type"
}

// Open opens the file.
func (f *FolderFiles) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	file, err := f.open(ctx, key)
	if err != nil {
		return nil, err
	}
	return file, nil
}

func (f *FolderFiles) open(ctx context.Context, key string) (file *os.File, err error) {
	err = f.folder.do(ctx, "reading", key, func(root *os.Root) (err error) {
		file, err = root.Open(key)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w (%w)", ErrNotFound, err)
	}
	return file, err
}

var errNoLinks = errors.New("a folder has no links that a platform could follow")

// Link signs the key and the time until which the handler will serve it.
func (f *FolderFiles) Link(_ context.Context, key string) (string, error) {
	err := checkKey(key)
	if err == nil && f.base == "" {
		err = errNoLinks
	}
	if err != nil {
		return "", fmt.Errorf("linking to %s: %w", key, err)
	}
	return f.signed(key, url.Values{"until": {f.until(linkTime)}}), nil
}

// Slot signs what the handler will take.
func (f *FolderFiles) Slot(_ context.Context, key, mime string, bytes int64) (Slot, error) {
	err := checkKey(key)
	if err == nil && f.base == "" {
		err = errNoLinks
	}
	if err != nil {
		return Slot{}, fmt.Errorf("opening a slot for %s: %w", key, err)
	}
	kind := ContentType(mime, nil)
	return Slot{
		URL:     f.signed(key, url.Values{"until": {f.until(slotTime)}, "bytes": {strconv.FormatInt(bytes, 10)}, "type": {kind}}),
		Headers: map[string]string{"Content-Type": kind}, Until: f.now().Add(slotTime),
	}, nil
}

// Size asks the folder.
func (f *FolderFiles) Size(ctx context.Context, key string) (int64, error) {
	file, err := f.open(ctx, key)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return 0, fmt.Errorf("looking for %s: %w", key, err)
	}
	return info.Size(), nil
}

// Delete removes the file and what says its type.
func (f *FolderFiles) Delete(ctx context.Context, key string) error {
	if err := f.folder.Delete(ctx, key); err != nil {
		return err
	}
	err := f.folder.do(ctx, "deleting the type of", key, func(root *os.Root) error { return root.Remove(typeFile(key)) })
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (f *FolderFiles) until(life time.Duration) string {
	return strconv.FormatInt(f.now().Add(life).Unix(), 10)
}

// signed is the URL of a file with what it may be used for.
func (f *FolderFiles) signed(key string, rights url.Values) string {
	rights.Set("signature", f.sign(key, rights))
	return f.base + "/" + (&url.URL{Path: key}).EscapedPath() + "?" + rights.Encode()
}

func (f *FolderFiles) sign(key string, rights url.Values) string {
	mac := hmac.New(sha256.New, f.signing)
	fmt.Fprintf(mac, "%s\n%s\n%s\n%s", rights.Get("until"), rights.Get("bytes"), rights.Get("type"), key)
	return hex.EncodeToString(mac.Sum(nil))
}

// ServeHTTP serves the files to whoever has a link, and takes one from whoever has a slot. The request's path is the key: what base ends in was
// stripped.
func (f *FolderFiles) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key, rights := strings.TrimPrefix(r.URL.Path, "/"), r.URL.Query()
	until, err := strconv.ParseInt(rights.Get("until"), 10, 64)
	valid := hmac.Equal([]byte(rights.Get("signature")), []byte(f.sign(key, rights)))
	writes := rights.Get("bytes") != ""
	if err != nil || !valid || f.now().Unix() > until || writes != (r.Method == http.MethodPut) {
		http.Error(w, "this link does not work, or not any more", http.StatusForbidden)
		return
	}
	if writes {
		f.take(w, r, key, rights)
		return
	}
	f.serve(w, r, key)
}

// take puts the file of a slot, if it is as large as was said.
func (f *FolderFiles) take(w http.ResponseWriter, r *http.Request, key string, rights url.Values) {
	if rights.Get("bytes") != strconv.FormatInt(r.ContentLength, 10) || rights.Get("type") != r.Header.Get("Content-Type") {
		http.Error(w, "this slot is for another file", http.StatusForbidden)
		return
	}
	if _, err := f.Put(r.Context(), key, Upload{Body: r.Body, MIME: rights.Get("type"), MaxBytes: r.ContentLength}); err != nil {
		http.Error(w, "the file could not be kept", http.StatusInternalServerError)
	}
}

func (f *FolderFiles) serve(w http.ResponseWriter, r *http.Request, key string) {
	file, err := f.open(r.Context(), key)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer file.Close()
	kind := f.contentType(r.Context(), key)
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", Disposition(kind))
	w.Header().Set("X-Content-Type-Options", "nosniff")
	http.ServeContent(w, r, "", time.Time{}, file)
}

// contentType is what the file was put as.
func (f *FolderFiles) contentType(ctx context.Context, key string) string {
	kind := []byte(opaque)
	_ = f.folder.do(ctx, "reading the type of", key, func(root *os.Root) error { // a file without one is bytes
		said, err := root.ReadFile(typeFile(key))
		if err == nil {
			kind = said
		}
		return err
	})
	return string(kind)
}

var (
	_ Files        = (*FolderFiles)(nil)
	_ http.Handler = (*FolderFiles)(nil)
)
