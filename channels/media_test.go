package channels_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"omni/channels"
	"omni/channels/channeltest"
)

// download asks the first of two hosts for a path, with a token.
func download(t *testing.T, url string) channels.Download {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer wholly-secret")
	return channels.Download{Request: request, Hosts: []string{"files.example", ".cdn.example"}, MaxBytes: 10}
}

// fileServer has every host, and answers by the path. Only files.example may see the token.
func fileServer(t *testing.T) channels.Env {
	t.Helper()
	redirects := map[string]string{
		"/to-cdn": "https://eu.cdn.example/ten", "/to-stranger": "https://evil.example/ten", "/to-http": "http://files.example/ten",
		"/to-port": "https://files.example:8443/ten", "/to-user": "https://a:b@files.example/ten", "/to-suffix": "https://evilcdn.example/ten",
		"/round": "/round", "/to-nowhere": "", "/to-relative": "ten?redirected",
	}
	return channels.Env{HTTP: channeltest.Network(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if token := r.Header.Get("Authorization"); token != "" && (r.Host != "files.example" || r.URL.RawQuery == "redirected") {
			t.Errorf("%s%s gets the token", r.Host, r.URL)
		}
		location, redirect := redirects[r.URL.Path]
		switch {
		case redirect:
			if location != "" {
				w.Header().Set("Location", location)
			}
			w.WriteHeader(http.StatusFound)
		case r.URL.Path == "/ten":
			w.Header().Set("Content-Type", "image/png")
			w.Write([]byte("0123456789"))
		case r.URL.Path == "/eleven":
			w.Write([]byte("0123456789a"))
		case r.URL.Path == "/endless": // of unknown length
			for range 100 {
				w.Write([]byte("0123456789"))
				w.(http.Flusher).Flush()
			}
		case r.URL.Path == "/busy":
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusTooManyRequests)
		case r.URL.Path == "/error":
			w.WriteHeader(http.StatusBadGateway)
		default:
			w.WriteHeader(http.StatusGone)
		}
	}))}
}

func TestFetch(t *testing.T) {
	t.Parallel()
	env := fileServer(t)
	for _, path := range []string{"/ten", "/to-cdn", "/to-relative"} {
		media, err := env.Fetch(download(t, "https://files.example"+path))
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		content, err := io.ReadAll(media.Body)
		if string(content) != "0123456789" || err != nil || media.MIME != "image/png" || media.Bytes != 10 {
			t.Errorf("%s: %q, %+v, %v", path, content, media, err)
		}
		if err := media.Body.Close(); err != nil {
			t.Errorf("%s: closing: %v", path, err)
		}
	}
}

func TestFetchRefuses(t *testing.T) {
	t.Parallel()
	env := fileServer(t)
	for url, want := range map[string]string{
		"https://files.example/eleven":       "too_large",
		"https://files.example/to-stranger":  "host",
		"https://files.example/to-suffix":    "host",
		"https://files.example/to-http":      "host",
		"https://files.example/to-port":      "host",
		"https://files.example/to-user":      "host",
		"http://files.example/ten":           "host",
		"https://elsewhere.example/ten":      "host",
		"https://cdn.example/ten":            "host", // .cdn.example is what lies below it
		"https://files.example/to-nowhere":   "it redirects to nowhere",
		"https://files.example/round":        "more than 3 redirects",
		"https://files.example/gone":         "files.example answers with 410 Gone",
		"https://files.example/error":        "files.example answers with 502 Bad Gateway",
		"https://files.example/busy?key=abc": "files.example answers with 429 Too Many Requests; the platform wants no calls for 7s",
	} {
		_, err := env.Fetch(download(t, url))
		var rejected *channels.RejectedError
		if errors.As(err, &rejected) {
			if rejected.Code != want {
				t.Errorf("%s: %v, want %s", url, err, want)
			}
		} else if err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", url, err, want)
		}
		if errors.Is(err, channels.ErrGone) != strings.HasSuffix(url, "/gone") {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// TestFetchLimitsWhatItReads: a server that does not say how large a file is can still not send too much.
func TestFetchLimitsWhatItReads(t *testing.T) {
	t.Parallel()
	media, err := fileServer(t).Fetch(download(t, "https://files.example/endless"))
	if err != nil || media.Bytes != -1 {
		t.Fatalf("%+v, %v", media, err)
	}
	defer media.Body.Close()
	content, err := io.ReadAll(media.Body)
	var rejected *channels.RejectedError
	if string(content) != "0123456789" || !errors.As(err, &rejected) || rejected.Code != "too_large" {
		t.Errorf("%q, %v", content, err)
	}
}

func TestFetchWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	broken := channels.Env{HTTP: channeltest.Network(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))}
	_, err := broken.Fetch(download(t, "https://files.example/ten?key=abc"))
	if err == nil || !strings.HasPrefix(err.Error(), "fetching from files.example: ") || strings.Contains(err.Error(), "key") {
		t.Errorf("%v", err)
	}
	var throttled *channels.ThrottledError
	if _, err := fileServer(t).Fetch(download(t, "https://files.example/busy")); !errors.As(err, &throttled) || throttled.After != 7*time.Second {
		t.Errorf("%v", err)
	}
}
