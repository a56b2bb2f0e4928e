package dev

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"omni/channels"
	"omni/tools/omni/state"
	"omni/tools/omni/web"
)

func TestTheDemoSiteIsStrictAndLoadsTheWidgetFromElsewhere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, content := range map[string]string{"index.html": "dashboard", "demo/index.html": "a shop", "widget/v1/chat.js": "export {}"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(dir, name), content)
	}
	pages, err := web.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	shop := httptest.NewServer(demo{endpoint: "http://127.0.0.1:8080", pages: pages}.handler())
	defer shop.Close()
	product := httptest.NewServer(front{files: http.NotFoundHandler(), widget: pages.Folder("widget"), log: quiet}.handler())
	defer product.Close()
	visitor := newTab(t, state.Dev{})
	for _, want := range []struct {
		url, body, header, value string
		status                   int
	}{
		{shop.URL + "/", "a shop", "Content-Security-Policy", "script-src 'self' http://127.0.0.1:8080;", http.StatusOK},
		{shop.URL + "/omni-demo.json", `"endpoint":"http://127.0.0.1:8080"`, "Content-Type", "application/json", http.StatusOK},
		{shop.URL + "/widget/v1/chat.js", "", "", "", http.StatusNotFound},
		{product.URL + "/widget/v1/chat.js", "export {}", "Access-Control-Allow-Origin", "*", http.StatusOK},
		{product.URL + "/widget/v1/chat.js", "export {}", "Cross-Origin-Resource-Policy", "cross-origin", http.StatusOK},
		{product.URL + "/widget/v1/none.js", "", "", "", http.StatusNotFound},
	} {
		got := visitor.get(want.url)
		if got.status != want.status || !strings.Contains(got.body, want.body) || !strings.Contains(got.header.Get(want.header), want.value) {
			t.Errorf("%s: %d %q, %s: %q", want.url, got.status, got.body, want.header, got.header.Get(want.header))
		}
	}
	if got := visitor.do(http.MethodPost, shop.URL+"/", "", ""); got.status != http.StatusMethodNotAllowed {
		t.Errorf("posting there: %d", got.status)
	}
}

// kept are the secrets of every channel.
type kept map[string]channels.Secrets

func (k kept) Secrets(context.Context, string) (map[string]channels.Secrets, error) { return k, nil }

func TestTheDemoSitesPagesMayUseHostedChannels(t *testing.T) {
	t.Parallel()
	address := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8081}
	h := hosting{kept{"default": {channels.OriginsSecret: {"https://shop.example"}}}, demoOrigins(address)}
	for channel, want := range map[string][]string{
		hosted(t): {"https://shop.example", "http://127.0.0.1:8081", "http://localhost:8081"}, "telegram": {"https://shop.example"},
	} {
		h.Source = kept{"default": {channels.OriginsSecret: {"https://shop.example"}}}
		accounts, err := h.Secrets(t.Context(), channel)
		if got := accounts["default"][channels.OriginsSecret]; err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q, %v, want %q", channel, got, err, want)
		}
	}
}
