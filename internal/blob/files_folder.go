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
	until := strconv.FormatInt(f.now().Add(linkTime).Unix(), 10)
	query := url.Values{"until": {until}, "signature": {f.sign(key, until)}}
	return f.base + "/" + (&url.URL{Path: key}).EscapedPath() + "?" + query.Encode(), nil
}

func (f *FolderFiles) sign(key, until string) string {
	mac := hmac.New(sha256.New, f.signing)
	fmt.Fprintf(mac, "%s\n%s", until, key)
	return hex.EncodeToString(mac.Sum(nil))
}

// ServeHTTP serves the files to whoever has a link. The request's path is the key: what base ends in was stripped.
func (f *FolderFiles) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key, query := strings.TrimPrefix(r.URL.Path, "/"), r.URL.Query()
	until, err := strconv.ParseInt(query.Get("until"), 10, 64)
	valid := hmac.Equal([]byte(query.Get("signature")), []byte(f.sign(key, query.Get("until"))))
	if err != nil || !valid || f.now().Unix() > until {
		http.Error(w, "this link does not work, or not any more", http.StatusForbidden)
		return
	}
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
