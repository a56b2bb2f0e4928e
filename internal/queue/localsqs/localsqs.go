// Package localsqs is Amazon SQS for a laptop and for tests: one process, one file, the wire protocol that the AWS SDKs speak
// (AWS JSON 1.0). The suite of package queuetest holds it to SQS's documented behaviour.
//
//	server, err := localsqs.Start(localsqs.Options{Journal: "queues.journal"})
//	client := sqs.New(sqs.Options{BaseEndpoint: aws.String(server.URL()), Region: server.Region(), Credentials: anything})
//
// # What is as in SQS
//
// Standard and FIFO queues with their attributes; batches with partial failures; long polling; visibility timeouts; delays; message
// groups; deduplication for five minutes, also of messages deleted since; dead letters and moving them back; retention; the limits on
// sizes, names, counts and characters; the error codes. Where the documentation leaves a choice open, the server takes the one that was
// seen on AWS, or else the one that is harder on a client.
//
// # What is not
//
//   - Nobody is asked who they are: signatures, IAM, queue policies and encryption settings are accepted and have no effect.
//     So the server belongs on the loopback address, which is where [Start] puts it.
//   - One account (000000000000) and one region. Tags are accepted and forgotten. AddPermission, RemovePermission, the tag actions
//     and the older query protocol do not exist.
//   - Changes take effect at once; nothing is eventually consistent. A standard queue keeps its order and delivers twice only when told
//     to ([ErrRedeliver]). Nothing is throttled.
//   - ReceiveRequestAttemptId is ignored: a receive whose answer was lost is not repeated, its messages return after their timeout.
//   - StartMessageMoveTask moves everything before it answers, so its rate limit has no effect and no task can be cancelled. Tasks are
//     forgotten when the server ends.
//
// # The journal
//
// With [Options.Journal] every accepted change is in the file before its answer is sent, so the end of the process by any means loses
// nothing that was acknowledged. What was in flight stays in flight until its timeout. The format is described in journal.go.
package localsqs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// Options say how a server runs. The zero value is a server in memory in real time.
type Options struct {
	// Addr is where Start listens. Empty: a free port of 127.0.0.1.
	Addr string

	// Journal is the file that outlives the process. It is made when it does not exist. Empty: memory only.
	Journal string

	// Sync forces each change to the disk before the answer, so that a crash of the machine loses nothing either. It costs most of the speed.
	Sync bool

	// Region is what queue ARNs name. Empty: us-east-1.
	Region string

	// Clock is what the server lives by. nil: the system's.
	Clock Clock

	// Fault, when set, is asked twice for every call: before the action, and when it is done and about to be answered. A returned error
	// is answered instead: an [*Error] as it is, any other as an internal failure, which the SDKs try again. Refusing when done makes a
	// call that was carried out but whose caller does not know. It may block to delay the call. See also [ErrRedeliver].
	Fault func(action string, done bool) error

	// Log is told what happened to the journal. nil: slog.Default().
	Log *slog.Logger
}

// ErrRedeliver is for [Options.Fault]: returned before a ReceiveMessage it lets that receive hand out its messages without hiding them, so the
// next receive delivers them again: what a consumer meets that is slower than its visibility timeout.
var ErrRedeliver = errors.New("deliver these messages again")

// Server is one account's queues. It is an http.Handler, so a test may put it where it likes.
type Server struct {
	region string
	clock  Clock
	fault  func(action string, done bool) error
	log    *slog.Logger

	inFlightLimit int // messages of one queue, received and not deleted

	mu      sync.Mutex // guards everything below, journal included
	queues  map[string]*queue
	dropped map[string]int64      // when a queue of this name was deleted
	tasks   map[string][]moveTask // of each source queue, the newest first
	lastN   uint64                // the number given to the newest message
	journal *journal              // nil: memory only
	broken  error                 // why nothing may be answered: memory is ahead of a journal that could not be written, or the server is closed

	closing   chan struct{} // closed by Close: long polls end
	closeOnce sync.Once
	listener  net.Listener // nil unless started
	http      *http.Server
	served    chan struct{}
}

// Open makes a server that serves no address yet, with what its journal holds.
func Open(o Options) (*Server, error) {
	s := &Server{
		region: o.Region, clock: o.Clock, fault: o.Fault, log: o.Log, inFlightLimit: maxInFlight,
		queues: map[string]*queue{}, dropped: map[string]int64{}, tasks: map[string][]moveTask{}, closing: make(chan struct{}),
	}
	if s.region == "" {
		s.region = "us-east-1"
	}
	if s.clock == nil {
		s.clock = systemClock{}
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	if s.fault == nil {
		s.fault = func(string, bool) error { return nil }
	}
	if o.Journal != "" {
		if err := s.openJournal(o.Journal, o.Sync); err != nil {
			return nil, fmt.Errorf("opening queue journal: %w", err)
		}
	}
	return s, nil
}

// Start opens a server and serves it until Close.
func Start(o Options) (*Server, error) {
	s, err := Open(o)
	if err != nil {
		return nil, err
	}
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	if s.listener, err = net.Listen("tcp", o.Addr); err != nil {
		return nil, errors.Join(fmt.Errorf("listening for SQS: %w", err), s.Close())
	}
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	s.served = make(chan struct{})
	go func() {
		defer close(s.served)
		s.http.Serve(s.listener) // ends by Close, with ErrServerClosed
	}()
	return s, nil
}

// URL is the endpoint of a started server.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// Region is the region of every queue's ARN.
func (s *Server) Region() string { return s.region }

// Close ends long polls, answers what is under way and closes the journal. A second Close does nothing.
func (s *Server) Close() error {
	var err error
	s.closeOnce.Do(func() { err = s.close() })
	return err
}

func (s *Server) close() error {
	close(s.closing)
	if s.http != nil {
		// Connections that were opened and never used would hold Shutdown up for seconds.
		ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
		defer cancel()
		if s.http.Shutdown(ctx) != nil {
			s.http.Close()
		}
		<-s.served
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = errClosed
	if s.journal == nil {
		return nil
	}
	return s.journal.close()
}
