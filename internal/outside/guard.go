package outside

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// ErrPrivateAddress means that a name leads to an address that is not on the internet. It is a host of ours that a stranger would reach through
// us: the metadata service, a database, a printer.
var ErrPrivateAddress = errors.New("the name leads to an address that is not public")

// GuardOptions are what a guarded client is made of.
type GuardOptions struct {
	Timeout  time.Duration // of a request with its answer's body; 0: as long as its context
	Resolver *net.Resolver // nil: the system's
	Private  bool          // private addresses are fine, because everything runs on a laptop
}

// Limits of an answer, beside its body's.
const (
	maxHeaderBytes = 64 << 10
	dialTime       = 5 * time.Second
	idleTime       = 30 * time.Second
	idlePerHost    = 2
)

// NewGuardedClient makes an HTTP client for URLs that others choose. It connects to public addresses only, which it checks on the
// connection itself: a name that leads elsewhere a moment later gains nothing. It uses no proxy, keeps no cookies and follows no redirect; an
// answer that is one is returned as it is.
func NewGuardedClient(o GuardOptions) *http.Client {
	dialer := &net.Dialer{Timeout: dialTime, Resolver: o.Resolver}
	if !o.Private {
		dialer.ControlContext = publicOnly
	}
	return &http.Client{
		Timeout:       o.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, ForceAttemptHTTP2: true, DisableCompression: true,
			TLSHandshakeTimeout: dialTime, MaxResponseHeaderBytes: maxHeaderBytes,
			MaxIdleConnsPerHost: idlePerHost, IdleConnTimeout: idleTime,
		},
	}
}

// publicOnly refuses a connection before it is made. address is the one that is dialled, after all names were resolved.
func publicOnly(_ context.Context, _, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %s", ErrPrivateAddress, address)
	}
	if !isPublic(to.Addr()) {
		return fmt.Errorf("%w: %s", ErrPrivateAddress, to.Addr())
	}
	return nil
}

// isPublic reports whether an address is one of a host on the internet.
func isPublic(a netip.Addr) bool {
	a = a.Unmap()
	if a.Is6() && !public6.Contains(a) {
		return false
	}
	return a.IsGlobalUnicast() && !a.IsPrivate() && !slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(a) })
}

// public6 is all of IPv6 that is given out to networks. What lies outside of it (loopback, link-local, unique local, multicast, addresses
// that stand for an IPv4 one) is no host on the internet, or hides which.
var public6 = netip.MustParsePrefix("2000::/3")

// special are networks of public shape that are none, by the registries of special-purpose addresses
// (iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry). 100.64.0.0/10, which carriers use inside, holds
// services of several clouds.
var special = prefixes(
	"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
	"240.0.0.0/4",
	"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
)

func prefixes(texts ...string) (list []netip.Prefix) {
	for _, text := range texts {
		list = append(list, netip.MustParsePrefix(text))
	}
	return list
}
