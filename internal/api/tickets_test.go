package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"omni/internal/api"
	"omni/internal/api/apitest"
	"omni/internal/inbox"
	"omni/internal/pipeline"
)

func TestATicketOpensASocketOfItsAgent(t *testing.T) {
	t.Parallel()
	url := "wss://example.com/live"
	d := apitest.New(t, func(o *api.Options) {
		o.Tickets = &pipeline.Tickets{Store: o.Store.(pipeline.TicketStore), URL: url, Now: time.Now}
	})
	ada := d.Agent("ada")
	var ticket api.Ticket
	ada.Want(http.StatusOK, http.MethodPost, "/v1/tickets", nil, &ticket)
	left := time.Until(time.Time(ticket.ExpiresAt))
	if ticket.URL != url+"?ticket="+ticket.Ticket || left > 30*time.Second || left < 20*time.Second {
		t.Errorf("%+v", ticket)
	}
	sockets := pipeline.Sockets{Store: d.Store}
	if opened, err := sockets.Open(t.Context(), "c", ticket.Ticket); !opened || err != nil {
		t.Fatal(opened, err)
	}
	if open, err := d.Store.Connections(t.Context()); err != nil || len(open) != 1 || open[0] != (inbox.Connection{ID: "c", Agent: ada.ID()}) {
		t.Errorf("%+v, %v", open, err)
	}
}

// On a laptop the page may be called by several names of the machine, and the socket is to be one of the page's own.
func TestASocketIsOneOfTheHostThatWasCalled(t *testing.T) {
	t.Parallel()
	d := apitest.New(t, func(o *api.Options) {
		o.Tickets = &pipeline.Tickets{Store: o.Store.(pipeline.TicketStore), URL: "/ws", Now: time.Now}
	})
	var ticket api.Ticket
	d.Agent("ada").Want(http.StatusOK, http.MethodPost, "http://localhost:8080/v1/tickets", nil, &ticket)
	if !strings.HasPrefix(ticket.URL, "ws://localhost:8080/ws?ticket=") {
		t.Errorf("%s", ticket.URL)
	}
}

func TestWithoutSocketsThereAreNoTickets(t *testing.T) {
	t.Parallel()
	apitest.New(t).Agent("ada").WantProblem(http.StatusNotImplemented, "no_realtime", http.MethodPost, "/v1/tickets", nil)
}
