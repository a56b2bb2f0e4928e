package outside

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestOnlyHostsOnTheInternetArePublic(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"8.8.8.8", "1.1.1.1", "157.240.1.1", "100.63.255.255", "100.128.0.0", "172.15.0.1", "2606:4700::1111", "2a03:2880::1",
		"::ffff:8.8.8.8"} {
		if !isPublic(netip.MustParseAddr(address)) {
			t.Errorf("%s is on the internet", address)
		}
	}
	for what, addresses := range map[string][]string{
		"loopback":               {"127.0.0.1", "127.8.8.8", "::1"},
		"unspecified":            {"0.0.0.0", "0.1.2.3", "::"},
		"private":                {"10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fd00::1", "fc00::1"},
		"metadata":               {"169.254.169.254", "169.254.170.2", "fd00:ec2::254", "192.0.0.192"},
		"link-local":             {"169.254.1.1", "fe80::1", "fe80::1%eth0"},
		"carrier-grade NAT":      {"100.64.0.1", "100.100.100.200", "100.127.255.255"},
		"multicast":              {"224.0.0.1", "239.1.1.1", "ff02::1"},
		"broadcast and reserved": {"255.255.255.255", "240.0.0.1"},
		"documentation":          {"192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"},
		"benchmarks":             {"198.18.0.1", "198.19.255.255", "2001:2::1"},
		"IPv4 in IPv6":           {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1"},
		"tunnels":                {"2002:7f00:1::", "2001::1", "192.88.99.1"},
		"site-local, discard":    {"fec0::1", "100::1", "5f00::1"},
	} {
		for _, address := range addresses {
			if isPublic(netip.MustParseAddr(address)) {
				t.Errorf("%s (%s) is not on the internet", address, what)
			}
		}
	}
}

func TestAGuardedClientReachesNothingPrivate(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	t.Cleanup(server.Close)
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	client := NewGuardedClient(GuardOptions{})
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f000001", "0"} {
		err := get(t, client, "http://"+host+":"+port)
		if err == nil {
			t.Errorf("%s was reached", host)
		}
		if strings.HasPrefix(host, "127") && !errors.Is(err, ErrPrivateAddress) {
			t.Errorf("%s: %v", host, err)
		}
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("the server was asked %d times", n)
	}
	if err := get(t, NewGuardedClient(GuardOptions{Private: true}), server.URL); err != nil || asked.Load() != 1 {
		t.Errorf("where private addresses are fine: %v", err)
	}
}

// A name may lead to a public address when it is looked at, and to ours when it is used. It is looked at once, on the connection.
func TestANameThatLeadsElsewhereGainsNothing(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	t.Cleanup(server.Close)
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	for name, answers := range map[string][]string{
		"loopback":             {"127.0.0.1"},
		"several, all private": {"10.255.255.1", "127.0.0.1", "169.254.169.254"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := NewGuardedClient(GuardOptions{Timeout: 20 * time.Second, Resolver: liar(t, answers)})
			if err := get(t, client, "http://files.platform.example:"+port); !errors.Is(err, ErrPrivateAddress) {
				t.Errorf("got %v", err)
			}
			open := NewGuardedClient(GuardOptions{Timeout: 20 * time.Second, Resolver: liar(t, []string{"127.0.0.1"}), Private: true})
			before := asked.Load()
			if err := get(t, open, "http://files.platform.example:"+port); err != nil || asked.Load() == before {
				t.Errorf("without the guard the name leads to the server, but: %v", err)
			}
		})
	}
}

func TestAGuardedClientFollowsNoRedirectAndUsesNoProxy(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	t.Setenv("http_proxy", "http://127.0.0.1:1")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://elsewhere.example/", http.StatusFound)
	}))
	t.Cleanup(server.Close)
	client := NewGuardedClient(GuardOptions{Private: true})
	response, err := client.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusFound {
		t.Errorf("status %d", response.StatusCode)
	}
	if proxy := client.Transport.(*http.Transport).Proxy; proxy != nil {
		t.Error("there may be a proxy, which would resolve names itself")
	}
}

func TestAGuardedClientLimitsTimeAndHeaders(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/header" {
			w.Header().Set("X", strings.Repeat("x", maxHeaderBytes+1))
			return
		}
		w.WriteHeader(http.StatusOK)
		w.(http.Flusher).Flush()
		<-release
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(release) })
	client := NewGuardedClient(GuardOptions{Private: true, Timeout: 100 * time.Millisecond})
	for _, path := range []string{"/header", "/slow"} {
		if err := get(t, client, server.URL+path); err == nil {
			t.Errorf("%s was read", path)
		}
	}
}

func get(t *testing.T, client *http.Client, url string) error {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, err = io.ReadAll(response.Body)
	return err
}

// liar is a resolver that gives every name these addresses.
func liar(t *testing.T, answers []string) *net.Resolver {
	t.Helper()
	return fickle(t, func(int) []string { return answers })
}

// fickle is a resolver that answers its n-th question about IPv4 addresses, from 0, as it likes.
func fickle(t *testing.T, answers func(n int) []string) *net.Resolver {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	go func() {
		query := make([]byte, 512)
		for asked := 0; ; {
			n, from, err := server.ReadFrom(query)
			if err != nil {
				return
			}
			reply := answer(query[:n], answers(asked))
			if binary.BigEndian.Uint16(reply[6:]) > 0 {
				asked++
			}
			_, _ = server.WriteTo(reply, from)
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", server.LocalAddr().String())
	}}
}

// answer answers a DNS query (RFC 1035) with A records; to questions of other types there is none.
func answer(query []byte, addresses []string) []byte {
	end := 12
	for query[end] != 0 {
		end += int(query[end]) + 1
	}
	end += 5 // the root label, the type and the class
	reply := append([]byte{}, query[:end]...)
	reply[2], reply[3] = 0x81, 0x80 // a response, with recursion
	copy(reply[6:12], make([]byte, 6))
	if binary.BigEndian.Uint16(query[end-4:]) != 1 {
		return reply
	}
	binary.BigEndian.PutUint16(reply[6:], uint16(len(addresses)))
	for _, address := range addresses {
		reply = append(reply, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4) // the name above, A, IN, one second, four bytes
		reply = append(reply, netip.MustParseAddr(address).AsSlice()...)
	}
	return reply
}
