// Package wiretap counts the round trips between a program and PostgreSQL, on the wire, whatever driver, pool or batch made them.
//
// A round trip is what the server ends with ReadyForQuery: the client has sent a query or a Sync and waits until everything before it is
// done. Statements that travel together, as a pipeline or as one statement, are one round trip; preparing a statement is another.
// Source: postgresql.org/docs/15/protocol-flow.html
package wiretap

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
)

// Tap stands between clients and a server and lets everything pass.
type Tap struct {
	listener   net.Listener
	server     string // host and port
	url        url.URL
	roundTrips atomic.Int64

	relays sync.WaitGroup
	mu     sync.Mutex
	closed bool
	open   []net.Conn
}

// Start listens on a free port of the loopback address, in front of the server that a connection URL names.
func Start(database string) (*Tap, error) {
	u, err := url.Parse(database)
	if err != nil {
		return nil, fmt.Errorf("reading the database URL: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listening in front of the database: %w", err)
	}
	t := &Tap{listener: listener, server: u.Host, url: *u}
	if u.Port() == "" {
		t.server = net.JoinHostPort(u.Hostname(), "5432")
	}
	query := u.Query()
	query.Set("sslmode", "disable") // what is encrypted cannot be counted
	t.url.Host, t.url.RawQuery = listener.Addr().String(), query.Encode()
	t.relays.Go(t.serve)
	return t, nil
}

// URL is the connection URL of the same database by way of the tap.
func (t *Tap) URL() string { return t.url.String() }

// RoundTrips is how many round trips have ended so far. Opening a connection counts as none.
func (t *Tap) RoundTrips() int { return int(t.roundTrips.Load()) }

// Close ends all connections.
func (t *Tap) Close() error {
	t.mu.Lock()
	t.closed = true
	err := t.listener.Close()
	for _, conn := range t.open {
		err = errors.Join(err, ignoreClosed(conn.Close()))
	}
	t.mu.Unlock()
	t.relays.Wait()
	return err
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

func (t *Tap) serve() {
	for {
		client, err := t.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", t.server)
		if err != nil {
			client.Close() // the client sees a server that is gone, as it is
			continue
		}
		if !t.keep(client, server) {
			return
		}
		t.relays.Go(func() { t.forward(server, client) })
		t.relays.Go(func() { t.count(client, server) })
	}
}

// keep notes the connections that Close has to end. It closes them and reports false when that has happened already.
func (t *Tap) keep(conns ...net.Conn) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.closed {
		t.open = append(t.open, conns...)
		return true
	}
	for _, conn := range conns {
		conn.Close()
	}
	return false
}

// forward passes on what the client says. Either end that goes takes the other with it.
func (t *Tap) forward(server, client net.Conn) {
	defer server.Close()
	_, _ = io.Copy(server, client)
}

// headSize is that of a message's type and length; the length counts itself but not the type.
const headSize = 1 + 4

// count passes on what the server says, message by message. A round trip is counted before the client can learn that it has ended.
func (t *Tap) count(client, server net.Conn) {
	defer client.Close()
	in, out := bufio.NewReader(server), bufio.NewWriter(client)
	for started := false; ; {
		head, err := in.Peek(headSize)
		if err != nil {
			return
		}
		if readyForQuery := head[0] == 'Z'; readyForQuery {
			if started {
				t.roundTrips.Add(1)
			}
			started = true
		}
		if _, err := io.CopyN(out, in, 1+int64(binary.BigEndian.Uint32(head[1:]))); err != nil {
			return
		}
		if in.Buffered() == 0 && out.Flush() != nil {
			return
		}
	}
}
