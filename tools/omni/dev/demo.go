package dev

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"omni/channels"
	"omni/internal/roster"
	"omni/tools/omni/web"
)

// demo is a made-up company's site with a chat on it. It has an origin of its own, as a company's site has, so that what one origin may do with another
// is tried as it will be.
type demo struct {
	listener net.Listener
	endpoint string    // URL of the product
	pages    *web.Site // nil: nobody has built them
}

// listenDemo opens the demo's port: the one after the product's, or any other if that is taken.
func listenDemo(product net.Addr) (net.Listener, error) {
	host, port, err := net.SplitHostPort(product.String())
	if err != nil {
		return nil, err
	}
	number, _ := strconv.Atoi(port)
	listener, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(number+1)))
	if err != nil {
		listener, err = net.Listen("tcp", net.JoinHostPort(host, "0"))
	}
	if err != nil {
		return nil, fmt.Errorf("listening for the demo site: %w", err)
	}
	return listener, nil
}

// start serves the site until it is stopped.
func (d demo) start(log *slog.Logger) (stop func() error) {
	server := &http.Server{Handler: d.handler(), ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	go func() {
		if err := server.Serve(d.listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error("the demo site is no longer served", "error", err.Error())
		}
	}()
	return server.Close
}

func (d demo) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /omni-demo.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]string{"endpoint": d.endpoint, "account": channels.DefaultAccount}) // a client that has gone wants no answer
	})
	if d.pages != nil {
		mux.Handle("/", d.strict(d.pages.Folder("demo")))
	}
	return mux
}

// strict forbids what a careful company's site forbids, so that the chat is tried under it: no style or script in the page, and nothing from anywhere but the
// site and the product.
func (d demo) strict(pages http.Handler) http.Handler {
	socket := "ws" + strings.TrimPrefix(d.endpoint, "http")
	policy := strings.Join([]string{
		"default-src 'none'", "script-src 'self' " + d.endpoint, "style-src 'self'", "font-src 'self'", "img-src 'self' data: blob: " + d.endpoint,
		"media-src blob: " + d.endpoint, "connect-src 'self' " + d.endpoint + " " + socket, "base-uri 'none'", "form-action 'none'",
	}, "; ")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		pages.ServeHTTP(w, r)
	})
}

// hosting lets the demo's pages use the accounts of every channel that has visitors. Who opens one while nobody is in the dashboard is asked for their
// e-mail address, unless the account says otherwise.
type hosting struct {
	roster.Source
	origins []string
}

// demoOrigins are what a browser on this machine may call the demo's site.
func demoOrigins(address net.Addr) []string {
	_, port, _ := net.SplitHostPort(address.String())
	return []string{"http://127.0.0.1:" + port, "http://localhost:" + port}
}

// Secrets implements [roster.Source].
func (h hosting) Secrets(ctx context.Context, channel string) (map[string]channels.Secrets, error) {
	accounts, err := h.Source.Secrets(ctx, channel)
	if err != nil || !channels.IsHosted(channel) {
		return accounts, err
	}
	for _, secrets := range accounts {
		secrets[channels.OriginsSecret] = append(slices.Clone(secrets[channels.OriginsSecret]), h.origins...)
		if len(secrets[channels.AskEmailSecret]) == 0 {
			secrets[channels.AskEmailSecret] = []string{string(channels.AskAway)}
		}
	}
	return accounts, nil
}
