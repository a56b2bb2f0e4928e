package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"omni/internal/inbox"
	"omni/internal/pipeline"
)

// TicketIssuer gives agents what they open sockets with. A URL that is only a path is one of the host that was called.
type TicketIssuer interface {
	Issue(ctx context.Context, holder inbox.TicketHolder) (pipeline.Ticket, error)
}

// Ticket opens a socket.
type Ticket struct {
	Ticket    string `json:"ticket" doc:"Opens one socket, once. A secret: log it nowhere."`
	URL       string `json:"url" doc:"The socket to open, with the ticket in it: wss, on a laptop ws."`
	ExpiresAt Time   `json:"expires_at" doc:"Until when the socket has to be opened; half a minute."`
}

type issueTicket struct{ host string }

// Resolve notes which host was called.
func (i *issueTicket) Resolve(ctx huma.Context) []error {
	i.host = ctx.Host()
	return nil
}

func (a *API) tickets() {
	register(a, everybody, huma.Operation{
		OperationID: "issueTicket", Method: http.MethodPost, Path: "/v1/tickets", Tags: []string{"Real time"},
		Summary: "Get a ticket to open a socket with",
		Description: "The socket says that something is new, and what colleagues do; what is new is read from the feed. " +
			"Each socket takes a ticket of its own. 501 `no_realtime`: there are no sockets here, and the feed has to be read now and then.",
	}, a.issueTicket)
}

func (a *API) issueTicket(ctx context.Context, in *issueTicket) (*answer[Ticket], error) {
	if a.Tickets == nil {
		return nil, &Problem{Status: http.StatusNotImplemented, Code: "no_realtime", Detail: "There are no sockets here: read the feed now and then."}
	}
	ticket, err := a.Tickets.Issue(ctx, inbox.TicketHolder{Agent: caller(ctx).ID})
	if strings.HasPrefix(ticket.URL, "/") {
		ticket.URL = "ws://" + in.host + ticket.URL
	}
	return reply(Ticket{Ticket: ticket.Ticket, URL: ticket.URL, ExpiresAt: Time(ticket.ExpiresAt)}), err
}
