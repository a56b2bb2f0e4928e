package pipeline_test

import (
	"bytes"
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"omni/internal/inbox"
	"omni/internal/pipeline"
)

// ticketBox keeps tickets and opens connections with them.
type ticketBox struct {
	hash   []byte
	holder inbox.TicketHolder
	until  time.Time
	opened int
}

func (b *ticketBox) AddTicket(_ context.Context, hash []byte, holder inbox.TicketHolder, until time.Time) error {
	b.hash, b.holder, b.until = hash, holder, until
	return nil
}

func (b *ticketBox) OpenConnection(_ context.Context, _ string, hash []byte) (bool, error) {
	b.opened++
	return bytes.Equal(hash, b.hash), nil
}

func (b *ticketBox) CloseConnections(context.Context, []string) error { return nil }

func TestATicketIsInItsURLAndItsHashIsKept(t *testing.T) {
	t.Parallel()
	box := &ticketBox{}
	now := time.Now()
	tickets := &pipeline.Tickets{Store: box, URL: "wss://example.com/live", Now: func() time.Time { return now }}
	ticket, err := tickets.Issue(t.Context(), inbox.TicketHolder{Agent: ada})
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(ticket.URL)
	if err != nil || u.Query().Get("ticket") != ticket.Ticket || !strings.HasPrefix(ticket.URL, "wss://example.com/live?") {
		t.Errorf("%s, %v", ticket.URL, err)
	}
	if box.holder.Agent != ada || !box.until.Equal(now.Add(30*time.Second)) || !ticket.ExpiresAt.Equal(box.until) || strings.Contains(string(box.hash), ticket.Ticket) {
		t.Errorf("%+v", box)
	}
	if another, _ := tickets.Issue(t.Context(), inbox.TicketHolder{Agent: ada}); another.Ticket == ticket.Ticket || len(ticket.Ticket) < 26 {
		t.Errorf("a ticket can be guessed: %d characters", len(ticket.Ticket))
	}
	box.hash = inbox.TicketHash(ticket.Ticket)
	sockets := &pipeline.Sockets{Store: box}
	for given, want := range map[string]bool{ticket.Ticket: true, "another": false, "": false} {
		if opened, err := sockets.Open(t.Context(), "c", given); opened != want || err != nil {
			t.Errorf("%q: %t, %v", given, opened, err)
		}
	}
	if box.opened != 2 {
		t.Errorf("who has no ticket asks the database: it was asked %d times", box.opened)
	}
}

// It has no store, so that asking one would be a panic.
func TestMessagesAreAnsweredWithoutAskingAnybody(t *testing.T) {
	t.Parallel()
	sockets := &pipeline.Sockets{}
	for message, want := range map[string]inbox.FrameType{
		`{"type":"ping"}`: inbox.FramePong, ` {"type": "ping", "at": 1} `: inbox.FramePong,
		`{"type":"feed"}`: inbox.FrameError, `{}`: inbox.FrameError, `ping`: inbox.FrameError, ``: inbox.FrameError, `[]`: inbox.FrameError,
		`{"type":"ping","x":"` + strings.Repeat("x", 5000) + `"}`: inbox.FrameError,
	} {
		if got := sockets.Answer(message); got.Type != want || (got.Message == "") != (want == inbox.FramePong) {
			t.Errorf("%.40q: %+v", message, got)
		}
	}
}
