package dev

import (
	"io"
	"net"
	"sync"
	"testing"
)

// cable is the network between one client and the server. It can be cut, again and again: what is under way is lost, at whichever byte it was.
type cable struct {
	listener net.Listener
	to       string

	mu    sync.Mutex
	conns map[net.Conn]bool
	over  bool
}

// layCable lays a cable to an address of this machine.
func layCable(t *testing.T, to string) *cable {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cable{listener: listener, to: to, conns: map[net.Conn]bool{}}
	go c.serve()
	t.Cleanup(func() {
		listener.Close()
		c.mu.Lock()
		c.over = true
		c.mu.Unlock()
		c.cut()
	})
	return c
}

// address is the client's end.
func (c *cable) address() string { return c.listener.Addr().String() }

func (c *cable) serve() {
	for {
		near, err := c.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", c.to)
		if err != nil {
			near.Close()
			continue
		}
		if !c.hold(near, far) {
			return
		}
		go c.carry(near, far)
		go c.carry(far, near)
	}
}

// hold notes connections that a cut ends.
func (c *cable) hold(conns ...net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range conns {
		if c.over {
			conn.Close()
			continue
		}
		c.conns[conn] = true
	}
	return !c.over
}

// carry carries bytes one way. Either end that goes takes the other with it.
func (c *cable) carry(from, to net.Conn) {
	_, _ = io.Copy(to, from)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range []net.Conn{from, to} {
		conn.Close()
		delete(c.conns, conn)
	}
}

// cut resets every connection, and returns how many there were.
func (c *cable) cut() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	number := len(c.conns) / 2
	for conn := range c.conns {
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // a reset, which throws away what is not sent yet
		}
		conn.Close()
		delete(c.conns, conn)
	}
	return number
}
