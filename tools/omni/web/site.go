package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"os"
	"path"
	"strings"
	"time"
)

// The files that are pages: the dashboard's, and the simulator's, which is not in the deployment.
const (
	indexFile     = "index.html"
	simulatorFile = "simulator.html"
)

// Site serves the dashboard. It has the files in memory, so that a later build does not take them away from under open pages.
type Site struct {
	files map[string]file // by path
}

// file is one file, ready to be sent.
type file struct {
	content, zipped []byte // zipped: nil where that gains nothing
	kind, etag      string
	cache           string
}

// Open reads the files of a build.
func Open(dir string) (*Site, error) {
	site := &Site{files: map[string]file{}}
	root := os.DirFS(dir)
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(name, ".") {
			return err
		}
		content, err := fs.ReadFile(root, name)
		if err == nil {
			site.files[name], err = newFile(name, content)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the dashboard's files: %w", err)
	}
	if _, ok := site.files[indexFile]; !ok {
		return nil, fmt.Errorf("the dashboard's files in %s lack %s", dir, indexFile)
	}
	return site, nil
}

func newFile(name string, content []byte) (file, error) {
	sum := sha256.Sum256(content)
	f := file{content: content, kind: mime.TypeByExtension(path.Ext(name)), etag: hex.EncodeToString(sum[:12]), cache: cacheForOthers}
	if f.kind == "" {
		f.kind = http.DetectContentType(content)
	}
	if strings.HasPrefix(name, assetsFolder) {
		f.cache = cacheForAssets
	}
	var zipped bytes.Buffer
	w, err := gzip.NewWriterLevel(&zipped, gzip.BestCompression)
	if err != nil {
		return f, err
	}
	if _, err := w.Write(content); err != nil {
		return f, err
	}
	if err := w.Close(); err != nil {
		return f, err
	}
	if zipped.Len() < len(content)*9/10 {
		f.zipped = zipped.Bytes()
	}
	return f, nil
}

// ServeHTTP implements [http.Handler]. What is no file is a page of the dashboard if a browser goes there: it finds out itself what to show.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if refused(w, r) {
		return
	}
	for name, value := range Headers(Origins{WebSocket: "ws://" + r.Host}) {
		w.Header().Set(name, value)
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	f, ok := s.files[name]
	switch {
	case ok:
	case name == "simulator" || strings.HasPrefix(name, "simulator/"):
		f, ok = s.files[simulatorFile]
	case navigates(r) && !strings.HasPrefix(name, assetsFolder):
		f, ok = s.files[indexFile], true
	}
	if !ok {
		http.NotFound(w, r)
		return
	}
	f.send(w, r)
}

// Folder serves the files of one folder of the build, as they are: they belong to other pages than the dashboard's.
func (s *Site) Folder(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if refused(w, r) {
			return
		}
		asked := path.Clean(r.URL.Path)
		if strings.HasSuffix(r.URL.Path, "/") {
			asked = path.Join(asked, indexFile)
		}
		f, ok := s.files[path.Join(name, asked)]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("X-Content-Type-Options", "nosniff")
		f.send(w, r)
	})
}

// refused answers what is no request to read something.
func refused(w http.ResponseWriter, r *http.Request) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return false
	}
	w.Header().Set("Allow", "GET, HEAD")
	http.Error(w, "this is only to be read", http.StatusMethodNotAllowed)
	return true
}

// navigates reports whether a browser is going to a page, rather than fetching something for one.
func navigates(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "text/html")
}

func (f file) send(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", f.kind)
	w.Header().Set("Cache-Control", f.cache)
	w.Header().Set("Vary", "Accept-Encoding, Accept")
	content, etag := f.content, f.etag
	if f.zipped != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		content, etag = f.zipped, etag+"-gzip"
		w.Header().Set("Content-Encoding", "gzip")
	}
	w.Header().Set("ETag", `"`+etag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}
