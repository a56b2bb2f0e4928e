package simulator

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"omni/channels"
	"omni/channels/simulate"
)

// chat is what one customer sees.
type chat struct {
	id       string
	channel  channel
	account  account
	customer simulate.Customer
	thread   string          // the customer's own chat with the account
	threads  map[string]bool // it, and those of groups in which the customer wrote
	entries  []*entry        // by position
	at       time.Time       // of the last entry, or when it was made
	typed    time.Time       // when an agent was last seen typing
	read     string          // id of the last entry of the customer that was read
	hinted   int             // number of the last change of the two
}

// Chat is a chat as the page sees it.
type Chat struct {
	ID         string    `json:"id"`
	Channel    string    `json:"channel"`
	Account    string    `json:"account"`     // credential account
	ExternalID string    `json:"external_id"` // channel account
	Thread     string    `json:"thread"`
	Customer   person    `json:"customer"`
	Last       *Entry    `json:"last"`
	At         time.Time `json:"at"`
}

// person is a customer. The number is the same person in `omni simulate`.
type person struct {
	Number int    `json:"number"`
	Name   string `json:"name"`
}

// Entry is something in a chat.
type Entry struct {
	ID       string            `json:"id"`
	Seq      int               `json:"seq"`      // of its last change
	Position int               `json:"position"` // in the chat
	At       time.Time         `json:"at"`
	From     string            `json:"from"` // customer or us
	Kind     string            `json:"kind"` // the customer's: of the event; ours: the message's type
	Text     string            `json:"text"`
	Content  *channels.Content `json:"content"` // ours: as the customer got it
	Message  string            `json:"message_id"`
	Target   *string           `json:"target"` // id of the entry that it is about
	State    string            `json:"state"`
	Times    int               `json:"times"` // how often the customer got it so far
}

// Who an entry is from.
const (
	fromCustomer = "customer"
	fromUs       = "us"
)

// How far an entry got: the customer's to the product, ours to the customer.
const (
	stateSending   = "sending"
	stateSent      = "sent"
	stateRefused   = "refused"
	stateTaken     = "taken"
	stateDelivered = "delivered"
	stateRead      = "read"
)

type entry struct {
	Entry
	handle string // ours: the product's id of the message, where the platform takes one
}

// chatID names a chat by who is in it.
func chatID(channel, account string, number int) string {
	return channel + "." + account + "." + strconv.Itoa(number)
}

// view is the chat as the page sees it.
func (c *chat) view() Chat {
	v := Chat{
		ID: c.id, Channel: c.channel.Name, Account: c.account.Account, ExternalID: c.account.ExternalID, Thread: c.thread,
		Customer: person{c.customer.Number, c.customer.Name}, At: c.at,
	}
	if n := len(c.entries); n > 0 {
		last := c.entries[n-1].Entry
		v.Last = &last
	}
	return v
}

// after lists the entries that changed after a number, in the order of their changes.
func (c *chat) after(seq int) []Entry {
	changed := []Entry{}
	for _, e := range c.entries {
		if e.Seq > seq {
			changed = append(changed, e.Entry)
		}
	}
	slices.SortFunc(changed, func(a, b Entry) int { return cmp.Compare(a.Seq, b.Seq) })
	return changed
}

// add puts an entry at the end.
func (c *chat) add(e *entry, seq int) {
	e.Position, e.Seq = len(c.entries)+1, seq
	e.ID = fmt.Sprintf("%s.%d", c.id, e.Position)
	c.entries = append(c.entries, e)
	if e.At.After(c.at) {
		c.at = e.At
	}
}

// entry finds an entry.
func (c *chat) entry(id string) *entry {
	return c.find(func(e *entry) bool { return e.ID == id })
}

// message finds the entry of a message by the platform's id.
func (c *chat) message(id string) *entry {
	return c.find(func(e *entry) bool { return e.Message == id && id != "" })
}

// find finds the latest entry of those that are meant.
func (c *chat) find(meant func(*entry) bool) *entry {
	for _, e := range slices.Backward(c.entries) {
		if meant(e) {
			return e
		}
	}
	return nil
}

// target is the id of the entry of a message, if the chat has one.
func (c *chat) target(message string) *string {
	if e := c.message(message); e != nil {
		return &e.ID
	}
	return nil
}

// typingTime is how long platforms show that somebody types, about.
const typingTime = 10 * time.Second

// typing is how long it is still shown that an agent types; 0: it is not. It ends with the answer.
func (c *chat) typing(now time.Time) time.Duration {
	if last := c.find(func(e *entry) bool { return e.From == fromUs }); last != nil && !last.At.Before(c.typed) {
		return 0
	}
	return max(0, typingTime-now.Sub(c.typed))
}
