// Package api is the HTTP API of the agents' side: everything under /v1. It reads who calls from the claims that the gateway has verified, checks what
// comes in against the document that it publishes, and answers in its own words: nothing of a database or a queue leaves it.
//
// Each file is a resource: its types as they are on the wire, the interface of the store that it needs, and its operations.
package api

//go:generate go run ../../tools/openapi ../../gen/openapi.json

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"omni/internal/pipeline"
)

// Store is what the operations need of the database.
type Store interface {
	AgentStore
	LabelStore
	CannedStore
	ChannelStore
	DeadStore
	SubscriptionStore
	AuditStore
	ConversationStore
	TimelineStore
	NoteStore
	ContactStore
	ErasureStore
	SearchStore
	FeedStore
}

// Options are what the API is made of.
type Options struct {
	Store       Store
	Platforms   Asker
	Queue       pipeline.RedriveQueue // nil: none is at hand
	Tickets     TicketIssuer          // nil: there are no sockets
	Answers     Answerer
	Files       Files
	Subscribers Notifier   // nil: nobody is told of changes
	Snoozes     Waker      // nil: somebody else opens what slept
	Erasures    Eraser     // nil: a function that looks after what is overdue does them
	Colleagues  Colleagues // nil: nobody hears of presence
	Local       bool       // subscribers on this machine are fine, because everything runs on it
	Log         *slog.Logger
	Now         func() time.Time // nil: time.Now
}

// API is the set of operations, and answers requests for them.
type API struct {
	Options
	huma    huma.API
	mux     *http.ServeMux
	schemas *schemas
	staff   *staff
	typing  typing
}

// New makes the API. It calls nobody. Everything but Log may be missing in an API that is only described.
func New(o Options) *API {
	if o.Now == nil {
		o.Now = time.Now
	}
	a := &API{Options: o, mux: http.NewServeMux(), schemas: newSchemas(), staff: newStaff(o.Store, o.Now)}
	a.huma = humago.New(a.mux, a.config())
	a.agents()
	a.labels()
	a.cannedReplies()
	a.channels()
	a.deadLetters()
	a.subscriptions()
	a.deliveries()
	a.audit()
	a.tickets()
	a.conversations()
	a.timeline()
	a.messages()
	a.uploads()
	a.notes()
	a.search()
	a.contacts()
	a.erasures()
	a.feed()
	return a
}
