package simulator

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"omni/channels"
	"omni/channels/simulate"
	"omni/tools/omni/platforms"
	players "omni/tools/omni/simulate"
)

// refusal is what is wrong with a request, for the person at the page.
type refusal struct {
	status int
	why    string
}

func (r *refusal) Error() string { return r.why }

func refuse(status int, format string, args ...any) error {
	return &refusal{status, fmt.Sprintf(format, args...)}
}

// who names a chat.
type who struct {
	Channel  string `json:"channel"`
	Account  string `json:"account"`
	Customer struct {
		Number *int   `json:"number"`
		Name   string `json:"name"`
	} `json:"customer"`
}

// maxNumber is the highest number of a customer: all platforms have different ids for all up to it.
const maxNumber = 99_999

// open finds a chat, or makes it.
func (s *Simulator) open(w who) (c *chat, made bool, err error) {
	of, ok := s.channel(w.Channel)
	if !ok {
		return nil, false, refuse(http.StatusUnprocessableEntity, "There is no channel %q to play.", w.Channel)
	}
	on, ok := of.account(w.Account)
	if !ok {
		return nil, false, refuse(http.StatusUnprocessableEntity, "%s has no account %q.", of.Title, w.Account)
	}
	if n := w.Customer.Number; n != nil && (*n < 0 || *n > maxNumber) {
		return nil, false, refuse(http.StatusUnprocessableEntity, "Customers have numbers from 0 to %d.", maxNumber)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	number := s.free(of.Name, on.Account)
	if w.Customer.Number != nil {
		number = *w.Customer.Number
	}
	if c := s.chats[chatID(of.Name, on.Account, number)]; c != nil {
		return c, false, nil
	}
	customer := players.Customer(number)
	customer.Name = cmp.Or(strings.TrimSpace(w.Customer.Name), customer.Name)
	c, err = s.begin(of, on, customer)
	return c, err == nil, err
}

// free is the first number that nobody plays yet. The caller holds the lock.
func (s *Simulator) free(channel, account string) int {
	number := 0
	for s.chats[chatID(channel, account, number)] != nil {
		number++
	}
	return number
}

// begin makes a chat, with the answers that the customer got before. The caller holds the lock.
func (s *Simulator) begin(of channel, on account, customer simulate.Customer) (*chat, error) {
	c := &chat{id: chatID(of.Name, on.Account, customer.Number), channel: of, account: on, customer: customer, at: time.Now()}
	said, err := of.platform.Event(textKind, s.scene(c, "", nil)) // it is not sent: it tells what the chat is called
	if err != nil {
		return nil, err
	}
	c.thread = said.Expect[0].Thread
	c.threads = map[string]bool{c.thread: true}
	s.chats[c.id] = c
	s.follow(s.o.Platforms.Taken(), s.o.Platforms.Hints(), map[string]*chat{c.id: c})
	s.announce()
	return c, nil
}

// scene is where the next event happens. The caller holds the lock.
func (s *Simulator) scene(c *chat, words string, earlier []string) simulate.Scene {
	s.serial++
	return simulate.Scene{
		Rand: newRand(), At: time.Now(), Account: c.account.ExternalID, Customer: c.customer, Serial: s.serial, Run: s.run,
		Earlier: earlier, Words: words,
	}
}

func (s *Simulator) channel(name string) (channel, bool) {
	for _, c := range s.channels {
		if c.Name == name {
			return c, true
		}
	}
	return channel{}, false
}

// writing is what a customer is to do.
type writing struct {
	who
	Chat   string `json:"chat"` // instead of who
	Kind   string `json:"kind"`
	Text   string `json:"text"`
	Target string `json:"target"` // id of an entry
	Choice string `json:"choice"` // id of one of the choices under the target
}

// written is what became of it.
type written struct {
	Chat     Chat  `json:"chat"`
	Entry    Entry `json:"entry"`
	Status   int   `json:"status"` // of the webhook's last attempt; 0: no answer
	Attempts int   `json:"attempts"`
	Millis   int64 `json:"millis"`
}

// maxAttempts is how often a webhook is sent that is not taken; the pauses between add up to some seconds.
const maxAttempts = 5

// write lets the customer do something, and delivers the webhook that tells of it.
func (s *Simulator) write(ctx context.Context, w writing) (written, error) {
	c, err := s.find(w)
	if err != nil {
		return written{}, err
	}
	event, e, err := s.happen(c, w)
	if err != nil {
		return written{}, err
	}
	webhook := c.channel.platform.Webhooks([]simulate.Event{event})[0]
	c.channel.platform.Sign(&webhook, c.account.secrets)
	courier, began := platforms.Courier{Client: s.o.Client, Attempts: maxAttempts}, time.Now()
	outcome := courier.Deliver(ctx, strings.TrimSuffix(s.o.Product, "/")+c.channel.spec.WebhookPath(c.account.Account), webhook)
	state := stateRefused
	if outcome.Status == http.StatusOK {
		s.o.Platforms.Wrote(c.channel.Name, c.account.Account, webhook)
		state = stateSent
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e.State, e.Seq = state, s.next()
	s.announce()
	return written{c.view(), e.Entry, outcome.Status, outcome.Attempts, time.Since(began).Milliseconds()}, nil
}

// find finds the chat that somebody writes in.
func (s *Simulator) find(w writing) (*chat, error) {
	if w.Chat == "" {
		c, _, err := s.open(w.who)
		return c, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[w.Chat]
	if c == nil {
		return nil, refuse(http.StatusNotFound, "There is no chat %q: a restart of the server forgets them.", w.Chat)
	}
	return c, nil
}

// happen makes the event, and an entry of it.
func (s *Simulator) happen(c *chat, w writing) (simulate.Event, *entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	of, ok := c.channel.kind(cmp.Or(w.Kind, textKind))
	earlier, target, err := c.earlier(w.Target)
	picked, pickErr := c.picked(w)
	switch {
	case err != nil:
		return simulate.Event{}, nil, err
	case pickErr != nil:
		return simulate.Event{}, nil, pickErr
	case !ok:
		return simulate.Event{}, nil, refuse(http.StatusUnprocessableEntity, "%s has no event of the kind %q.", c.channel.Title, w.Kind)
	case w.Text != "" && !of.Text:
		return simulate.Event{}, nil, refuse(http.StatusUnprocessableEntity, "A %s carries no text of yours.", of.Name)
	case of.Earlier && len(earlier) == 0:
		return simulate.Event{}, nil, refuse(http.StatusUnprocessableEntity, "A %s is about an earlier message, and there is none.", of.Name)
	}
	scene := s.scene(c, w.Text, earlier)
	scene.Pressed = picked
	event, err := c.channel.platform.Event(of.Name, scene)
	if err != nil {
		return simulate.Event{}, nil, refuse(http.StatusUnprocessableEntity, "That does not happen: %v.", err)
	}
	e := &entry{Entry: Entry{At: time.Now(), From: fromCustomer, Kind: of.Name, Text: cmp.Or(w.Text, c.words(event), "["+of.Name+"]"), Target: target, State: stateSending, Times: 1}}
	for _, expected := range event.Expect {
		if expected.Kind == channels.KindMessage {
			e.Message = expected.ID
			c.threads[cmp.Or(expected.Thread, c.thread)] = true
			break
		}
	}
	c.add(e, s.next())
	s.announce()
	return event, e, nil
}

// earlier are the platform's ids of the messages that an event can be about: the one that is meant, or all that the customer has sent.
func (c *chat) earlier(target string) (ids []string, entry *string, err error) {
	if target == "" {
		for _, e := range c.entries {
			if e.From == fromCustomer && e.Message != "" && e.State == stateSent {
				ids = append(ids, e.Message)
			}
		}
		return ids, nil, nil
	}
	meant := c.entry(target)
	if meant == nil || meant.Message == "" {
		return nil, nil, refuse(http.StatusUnprocessableEntity, "The chat has no message %q that others could be about.", target)
	}
	return []string{meant.Message}, &meant.ID, nil
}

// picked is the choice that the customer picks, as it was offered; nil: none.
func (c *chat) picked(w writing) (*channels.Option, error) {
	if w.Choice == "" {
		return nil, nil
	}
	if under := c.entry(w.Target); under != nil && under.Content != nil && under.Content.Choices != nil {
		for _, option := range under.Content.Choices.Options {
			if option.ID == w.Choice {
				return &option, nil
			}
		}
	}
	return nil, refuse(http.StatusUnprocessableEntity, "There is no choice %q under that message.", w.Choice)
}

// words are what the product will read in an event, whose webhook is not signed yet; empty if there is nothing to read.
func (c *chat) words(event simulate.Event) string {
	opened, err := channels.Open(c.channel.Name, channels.Env{Account: c.account.Account, Secrets: c.account.secrets})
	if err != nil {
		return ""
	}
	webhook := c.channel.platform.Webhooks([]simulate.Event{event})[0]
	parsed, err := opened.Parse(&channels.Request{Header: webhook.Header, Body: webhook.Body})
	if err != nil || len(parsed) == 0 {
		return ""
	}
	update, err := opened.Normalize(parsed[0])
	switch {
	case err != nil:
		return ""
	case update.Message != nil:
		return update.Message.Text
	case update.Edit != nil && update.Edit.Content != nil:
		return update.Edit.Content.Text
	case update.Reaction != nil:
		return strings.Join(update.Reaction.Emojis, "")
	case update.System != nil:
		return update.System.Text
	}
	return ""
}
