package dev

import (
	"net/http"
	"strings"
	"testing"

	"omni/tools/omni/follow"
)

// browser is a dashboard at the end of a cable.
type browser struct {
	*follow.Dashboard
	cable *cable
}

// openBrowser signs somebody in who comes by a cable of their own.
func openBrowser(t *testing.T, server, name string) *browser {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	cable := layCable(t, strings.TrimPrefix(server, "http://"))
	b := &browser{follow.New(follow.Options{URL: "http://" + cable.address(), Name: name, Client: &http.Client{Transport: transport}, Page: 50}), cable}
	if err := b.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b
}
