package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func newSite(t *testing.T) *Site {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{
		"index.html": "<title>inbox</title>", "simulator.html": "<title>simulator</title>", "assets/main-1a2b.js": strings.Repeat("let x;", 500),
		"icon.svg": "<svg/>", ".vite/manifest.json": "{}",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	site, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(dir); err != nil { // as by a later build
		t.Fatal(err)
	}
	return site
}

const page = "text/html,application/xhtml+xml,*/*;q=0.8"

func TestSite(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	for _, c := range []struct {
		method, path, accept string
		status               int
		content, kind, cache string
	}{
		{"GET", "/", page, 200, "<title>inbox</title>", "text/html; charset=utf-8", "no-cache"},
		{"GET", "/index.html", "*/*", 200, "<title>inbox</title>", "text/html; charset=utf-8", "no-cache"},
		{"GET", "/inbox/0190-x", page, 200, "<title>inbox</title>", "text/html; charset=utf-8", "no-cache"},
		{"GET", "/simulator", page, 200, "<title>simulator</title>", "text/html; charset=utf-8", "no-cache"},
		{"GET", "/assets/main-1a2b.js", "*/*", 200, "let x;", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		{"GET", "/icon.svg", "*/*", 200, "<svg/>", "image/svg+xml", "no-cache"},
		{"GET", "/assets/main-0000.js", "*/*", 404, "", "", ""},
		{"GET", "/assets/main-0000.js", page, 404, "", "", ""},
		{"GET", "/missing.png", "image/*", 404, "", "", ""},
		{"GET", "/.vite/manifest.json", "*/*", 404, "", "", ""},
		{"GET", "/../../etc/passwd", "*/*", 404, "", "", ""},
		{"POST", "/", page, 405, "", "", ""},
		{"HEAD", "/", page, 200, "", "text/html; charset=utf-8", "no-cache"},
	} {
		r := httptest.NewRequest(c.method, c.path, nil)
		r.Header.Set("Accept", c.accept)
		w := httptest.NewRecorder()
		site.ServeHTTP(w, r)
		if w.Code != c.status || !strings.HasPrefix(w.Body.String(), c.content) {
			t.Errorf("%s %s: %d %.40q", c.method, c.path, w.Code, w.Body)
		}
		if c.kind != "" && (w.Header().Get("Content-Type") != c.kind || w.Header().Get("Cache-Control") != c.cache) {
			t.Errorf("%s %s: %v", c.method, c.path, w.Header())
		}
		if policy := w.Header().Get("Content-Security-Policy"); c.status == 200 && (!strings.Contains(policy, "script-src 'self';") || w.Header().Get("X-Content-Type-Options") != "nosniff") {
			t.Errorf("%s %s: security headers %v", c.method, c.path, w.Header())
		}
	}
}

func TestFilesAreZippedAndNotSentTwice(t *testing.T) {
	t.Parallel()
	site := newSite(t)
	ask := func(header, value string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", "/assets/main-1a2b.js", nil)
		r.Header.Set("Accept-Encoding", "gzip, br")
		r.Header.Set(header, value)
		w := httptest.NewRecorder()
		site.ServeHTTP(w, r)
		return w
	}
	first := ask("Accept", "*/*")
	unzipped, err := gzip.NewReader(first.Body)
	if err != nil || first.Header().Get("Content-Encoding") != "gzip" {
		t.Fatalf("%v, %v", err, first.Header())
	}
	if content, err := io.ReadAll(unzipped); err != nil || string(content) != strings.Repeat("let x;", 500) {
		t.Errorf("%d bytes, %v", len(content), err)
	}
	if again := ask("If-None-Match", first.Header().Get("ETag")); again.Code != http.StatusNotModified || again.Body.Len() > 0 {
		t.Errorf("%d with %d bytes", again.Code, again.Body.Len())
	}
	plain := ask("Accept-Encoding", "")
	if plain.Header().Get("Content-Encoding") != "" || plain.Header().Get("ETag") == first.Header().Get("ETag") {
		t.Errorf("not zipped: %v", plain.Header())
	}
}

func TestAFolderWithoutAPage(t *testing.T) {
	t.Parallel()
	if _, err := Open(t.TempDir()); err == nil || !strings.Contains(err.Error(), "index.html") {
		t.Errorf("%v", err)
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a folder that is not there was opened")
	}
}

func TestPagesMayTalkToWhatTheyAreTold(t *testing.T) {
	t.Parallel()
	policy := Headers(Origins{WebSocket: "wss://live.example", Files: "https://files.example", Issuer: "https://a.example https://b.example"})["Content-Security-Policy"]
	for _, want := range []string{
		"connect-src 'self' wss://live.example https://files.example https://a.example https://b.example;", "img-src 'self' data: blob: https://files.example;",
		"media-src 'self' data: blob: https://files.example;", "script-src 'self';", "frame-ancestors 'none'",
	} {
		if !strings.Contains(policy, want) {
			t.Errorf("no %q in %s", want, policy)
		}
	}
	for directive := range strings.SplitSeq(policy, "; ") {
		if strings.HasPrefix(directive, "script-src") && strings.Contains(directive, "unsafe") {
			t.Errorf("scripts may be anything: %s", directive)
		}
	}
}
