package crash

import (
	"fmt"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
	"omni/tools/omni/desk"
)

// stepPatience is how long a step may take.
const stepPatience = time.Minute

// The channels of the steps: one tells by a handle what it took, one never does.
const (
	telling = "whatsapp"
	silent  = "telegram"
)

// fate is what has to become of a message in the end.
type fate struct {
	status string
	taken  int // deliveries by the platform
}

func (f fate) String() string { return fmt.Sprintf("%s, taken %d times", f.status, f.taken) }

// Fates. A platform that tells reports everything up to read; one that does not leaves it at sent.
var (
	arrived = map[string]fate{telling: {"read", 1}, silent: {"sent", 1}}
	// Nobody can know whether the silent platform took it, so a person has to decide.
	interrupted      = map[string]fate{telling: {"read", 1}, silent: {"unknown", 0}}
	interruptedTaken = map[string]fate{telling: {"read", 1}, silent: {"unknown", 1}}
)

// The sending of a message is killed between every two of its steps, on a platform that tells what it took and on one that does not. What is
// sent is sent once; what cannot be known is said to be unknown.
func TestAKillBetweenEveryTwoSteps(t *testing.T) {
	t.Parallel()
	s := newSteps(t)
	for _, step := range []struct {
		name  string
		run   func(*testing.T, *steps) messages // up to the kill, and what a test has to do then to save time
		fates map[string]fate
	}{
		{"composed, not queued", composedNotQueued, arrived},
		{"queued, not received", queuedNotReceived, arrived},
		{"received, not sent", receivedNotSent, interrupted},
		{"sent, no answer", sentNoAnswer, interruptedTaken},
		{"outcome queued, not recorded", queuedNotRecorded, arrived},
		{"outcome recorded, next one not queued", recordedNextNotQueued, arrived},
		{"all done, nothing deleted", doneNotDeleted, arrived},
	} {
		if !t.Run(step.name, func(t *testing.T) {
			for message, channel := range step.run(t, s) {
				s.await(t, channel, message, step.fates[channel])
			}
		}) {
			t.Fatalf("the end of the server's log:\n%s", Tail(s.folder, 4000))
		}
	}
}

// messages are what a step composed: the channel of each.
type messages map[uuid.UUID]string

// steps is a server with a gate before its platforms, and a conversation on each channel.
type steps struct {
	*server
	office        *office
	gate          *gate
	conversations map[string]uuid.UUID
	keys          int
}

func newSteps(t *testing.T) *steps {
	t.Helper()
	folder := crashFolder(t)
	binary, err := Build(t.Context(), folder)
	ok(t, err)
	own, err := newServer(binary, folder)
	ok(t, err)
	s := &steps{server: own, gate: &gate{}, conversations: map[string]uuid.UUID{}}
	s.office, err = openOffice(t.Context(), own.state(), own.address, nil, func(next http.Handler) http.Handler {
		s.gate.next = next
		return s.gate
	})
	ok(t, err)
	t.Cleanup(s.office.close)
	ok(t, own.start(t.Context(), s.office.remote.URL))
	t.Cleanup(own.end)
	for _, channel := range []string{telling, silent} {
		s.conversations[channel] = s.converse(t, channel)
	}
	return s
}

// compose writes a message on each channel.
func (s *steps) compose(t *testing.T, d *desk.Desk) messages {
	t.Helper()
	all := messages{}
	for _, channel := range []string{telling, silent} {
		s.keys++
		composed, err := d.Compose(t.Context(), inbox.Draft{
			Conversation: s.conversations[channel], Key: fmt.Sprint("step-", s.keys), Author: "agent", Human: true,
			Content: channels.Content{Text: fmt.Sprintf("This is number %d.", s.keys)},
		})
		ok(t, err)
		all[composed.Messages[0]] = channel
	}
	return all
}

// atDesk composes at the server that runs.
func (s *steps) atDesk(t *testing.T) messages {
	t.Helper()
	ok(t, s.awaitUp(t.Context()))
	d, err := s.openDesk(t.Context())
	ok(t, err)
	return s.compose(t, d)
}

// restart kills the server and waits for its next life.
func (s *steps) restart(t *testing.T) {
	t.Helper()
	ok(t, s.kill(0))
	ok(t, s.awaitUp(t.Context()))
}

// overdue lets the next life of the server find at once what it would find within a minute or, of what a platform tells, two.
func (s *steps) overdue(t *testing.T) {
	t.Helper()
	s.exec(t, `UPDATE sends SET due_at = now(), listening_since = listening_since - interval '1 hour' WHERE state IN ('under_way', 'unconfirmed') AND due_at < 'infinity'`)
	s.restart(t)
}

func composedNotQueued(t *testing.T, s *steps) messages {
	d, err := desk.Open(t.Context(), s.databaseURL(), nil, slog.New(slog.DiscardHandler)) // it dies before it queues anything
	ok(t, err)
	defer d.Close()
	all := s.compose(t, d)
	s.overdue(t)
	return all
}

func queuedNotReceived(t *testing.T, s *steps) messages {
	ok(t, s.faults.write(misbehavior{Refuse: []string{"ReceiveMessage"}}))
	s.restart(t) // a receive that waits already would get something
	all := s.atDesk(t)
	s.untilOutbound(t, 1)
	ok(t, s.kill(0))
	ok(t, s.faults.write(misbehavior{}))
	return all
}

func receivedNotSent(t *testing.T, s *steps) messages {
	return s.interrupt(t, false)
}

func sentNoAnswer(t *testing.T, s *steps) messages {
	return s.interrupt(t, true)
}

// interrupt kills the server while its requests are at the gate. A platform that says nothing until it is too late did not take the message.
func (s *steps) interrupt(t *testing.T, after bool) messages {
	t.Helper()
	held := s.gate.close(after)
	all := s.atDesk(t)
	held.wait(t, 2)
	ok(t, s.kill(0))
	s.gate.release(true)
	ok(t, s.faults.advance())
	ok(t, s.awaitUp(t.Context()))
	for message, channel := range all {
		if channel == telling && !after {
			s.untilState(t, message, "unconfirmed")
		}
	}
	if !after {
		s.overdue(t)
	}
	return all
}

func queuedNotRecorded(t *testing.T, s *steps) messages {
	held := s.gate.close(false) // what the platform tells of a message must not come before its outcome
	all := s.atDesk(t)
	held.wait(t, 2)
	s.withoutDatabase(t, func() {
		s.gate.release(false)
		s.untilOutbound(t, 0)
		ok(t, s.kill(0))
	})
	ok(t, s.faults.advance())
	return all
}

func recordedNextNotQueued(t *testing.T, s *steps) messages {
	held := s.gate.close(false)
	all := s.atDesk(t)
	held.wait(t, 2)
	later := s.atDesk(t)
	s.withoutDatabase(t, func() {
		s.gate.release(false)
		s.untilOutbound(t, 0)
		ok(t, s.faults.write(misbehavior{Refuse: []string{"SendMessageBatch"}}))
	})
	for message, channel := range later {
		s.untilState(t, message, "under_way")
		all[message] = channel
	}
	ok(t, s.kill(0))
	ok(t, s.faults.advance()) // the first one's outcome was not deleted either, and is before the later ones'
	s.overdue(t)
	return all
}

func doneNotDeleted(t *testing.T, s *steps) messages {
	ok(t, s.faults.write(misbehavior{Refuse: []string{"DeleteMessageBatch"}}))
	all := s.atDesk(t)
	for message := range all {
		s.untilState(t, message, "done")
	}
	ok(t, s.kill(0))
	ok(t, s.faults.advance())
	ok(t, s.awaitUp(t.Context()))
	s.untilOutbound(t, 0) // both jobs came again
	return all
}
