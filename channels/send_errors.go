package channels

import (
	"errors"
	"fmt"
	"net"
	"net/http"
)

// RejectedError means that a message cannot be delivered as it is, however often it is tried.
type RejectedError struct {
	Code   string // the platform's code, or a word of ours for what is refused beforehand: too_long, window_closed, ...
	Reason string // a sentence for the agent: what is wrong, and what they can do
	Err    error  // the platform's answer; nil when the platform was not asked
}

// Reject says that a message cannot be delivered, however often it is tried. reason is a sentence for the agent.
func Reject(code, reason string, err error) error { return &RejectedError{code, reason, err} }

func (e *RejectedError) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("%s (%s)", e.Reason, e.Code)
	}
	return fmt.Sprintf("%s (%s): %v", e.Reason, e.Code, e.Err)
}

func (e *RejectedError) Unwrap() error { return e.Err }

// UncertainError means that the platform may have taken a message, and did not say so.
type UncertainError struct{ Err error }

// Uncertain says that the platform may have taken a message, and did not say so.
func Uncertain(err error) error { return &UncertainError{err} }

func (e *UncertainError) Error() string { return fmt.Sprintf("it may have been delivered: %v", e.Err) }

func (e *UncertainError) Unwrap() error { return e.Err }

// Deliver is [Env.Call] for the one request that delivers a message. A failure after which the platform may have the request is an
// [UncertainError], and only one before there was a connection is not.
func (e Env) Deliver(request *http.Request) (Answer, error) {
	answer, err := e.Call(request)
	if err != nil && !beforeConnection(err) {
		return answer, Uncertain(err)
	}
	return answer, err
}

// beforeConnection reports whether nothing can have been sent: the host has no address, or takes no connection.
func beforeConnection(err error) bool {
	var network *net.OpError
	var name *net.DNSError
	return errors.As(err, &name) || errors.As(err, &network) && network.Op == "dial"
}
