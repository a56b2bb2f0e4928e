package channels

import "context"

// Typer is a Channel that can show the customer that somebody is writing an answer.
type Typer interface {
	// Typing shows it for as long as the platform does, which is some seconds, or until an answer comes. It is a hint and worth one
	// attempt: nothing is lost with it.
	Typing(context.Context, Chat) error
}

// ReadMarker is a Channel that can show the customer that we read what they wrote.
type ReadMarker interface {
	// MarkRead marks the customer's latest message, and with it the earlier ones. Doing it twice is harmless.
	MarkRead(context.Context, Chat) error
}

// Chat is where Typing and MarkRead take place.
type Chat struct {
	Account string     `json:"account"`        // the channel account, as the platform names it
	Thread  string     `json:"thread"`         // the chat, as the channel's events name it
	To      []Identity `json:"to,omitempty"`   // the customer's ids in this channel account; none in a group
	Last    string     `json:"last,omitempty"` // Event.ID of the customer's latest message; empty: there is none
}
