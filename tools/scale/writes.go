package main

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
	"omni/tools/scale/dataset"
)

// writes are the ways of a message in and out, and what dashboards read of it. Each call is about another customer, of those from all over the
// database. They come last: on the smallest database they change every conversation, and with it the lists.
func writes() []operation {
	return []operation{
		{name: "ingest: a webhook of one message", goal: flat, calls: 100, prepare: finish, run: ingest},
		{name: "processor: a message of a known customer", goal: flat, calls: 100, prepare: storeMessages((*subject).customer), run: process},
		{name: "processor: the first message of a new customer", goal: flat, calls: 100, prepare: storeMessages((*subject).stranger), run: process},
		{name: "composing an answer", goal: flat, calls: 100, run: compose},
		{name: "changing the status of a conversation", goal: flat, calls: 100, run: change},
		{name: "feed: 200 changes behind a cursor", goal: flat, calls: 50, prepare: stepBack, run: changes},
	}
}

// webhookOf is a webhook with a message of somebody.
func (s *subject) webhookOf(c customer) inbox.Webhook {
	id := fmt.Sprintf("scale-%s-%d", s.run, s.next())
	now := time.Now().UTC()
	body := fmt.Appendf(nil, `{"object":%q,"entry":[{"id":%q,"changes":[{"value":{"messages":[{"from":%q,"id":%q,"text":{"body":"good morning"}}]}}],"pad":"%0400d"}]}`,
		c.Channel, c.Account, c.Identity, id, 0)
	return inbox.Webhook{
		ID: uuid.Must(uuid.NewV7()), Channel: c.Channel, CredentialAccount: channels.DefaultAccount, RequestID: id,
		Headers: map[string]string{"content-type": "application/json"}, Body: body,
		Events: []channels.Event{{Kind: channels.KindMessage, Account: c.Account, Thread: c.Thread, ID: id, At: now, Raw: body}},
	}
}

func ingest(ctx context.Context, s *subject, _ int) (int, error) {
	stored, err := s.store.Ingest(ctx, s.webhookOf(s.customer()))
	s.jobs = append(s.jobs, stored.Jobs...)
	return stored.New, err
}

// finish forgets the jobs that nobody has done, so that the work that follows does not find them.
func finish(ctx context.Context, s *subject, _ int) error {
	for _, job := range s.jobs {
		if err := s.store.Finish(ctx, job.ID); err != nil {
			return err
		}
	}
	s.jobs = nil
	return nil
}

// stranger is somebody who never has written before.
func (s *subject) stranger() customer {
	c := s.customer()
	c.Identity = fmt.Sprintf("%s-%d", s.run, s.next())
	c.Thread = c.Identity
	return c
}

// storeMessages stores a message of as many people as there will be calls.
func storeMessages(who func(*subject) customer) func(context.Context, *subject, int) error {
	return func(ctx context.Context, s *subject, calls int) error {
		if err := finish(ctx, s, calls); err != nil {
			return err
		}
		for range calls {
			stored, err := s.store.Ingest(ctx, s.webhookOf(who(s)))
			if err != nil {
				return err
			}
			s.jobs = append(s.jobs, stored.Jobs...)
		}
		return nil
	}
}

// process does the next job as the processor does: it reads what waits, and writes what that means.
func process(ctx context.Context, s *subject, _ int) (int, error) {
	job := s.jobs[0]
	s.jobs = s.jobs[1:]
	rows, err := s.store.Pending(ctx, job, nil, 100)
	for n, row := range rows {
		change := inbox.Change{Row: row, Update: greeting(row), Window: 24 * time.Hour}
		if n == len(rows)-1 {
			change.Fulfils = &job.ID
		}
		if _, err := s.store.Apply(ctx, change); err != nil {
			return n, err
		}
	}
	return len(rows), err
}

// greeting is what the channel would have understood.
func greeting(row inbox.Row) channels.Update {
	person := channels.Person{Name: "Customer", Identities: []channels.Identity{{Kind: dataset.IdentityKind(row.Channel), Value: row.Event.Thread}}}
	message := channels.Message{Direction: channels.In, Type: channels.TypeText, Sender: row.Event.Thread, Text: "good morning"}
	return channels.Update{Person: &person, Message: &message}
}

func compose(ctx context.Context, s *subject, _ int) (int, error) {
	chat, err := s.store.Chat(ctx, s.customer().Conversation, uuid.Nil)
	if err != nil {
		return 0, err
	}
	content := channels.Content{Text: "We look into it."}
	draft := inbox.Draft{Conversation: chat.ID, Key: fmt.Sprintf("%s-%d", s.run, s.next()), Author: "Agent", Human: true, Content: content}
	composed, err := s.store.Compose(ctx, chat, draft, []channels.Outgoing{{Content: content}})
	return len(composed.Messages), err
}

func change(ctx context.Context, s *subject, i int) (int, error) {
	c := s.customers[i%len(s.customers)]
	status := []inbox.ConversationStatus{inbox.Pending, inbox.Open}[i/len(s.customers)%2] // another one the next time
	_, err := s.store.ChangeConversation(ctx, inbox.Actor{}, c.Conversation, inbox.ConversationChange{Status: &status})
	return 1, err
}

// stepBack puts the cursor a page before the end of the feed, where dashboards are: behind it is what the other writes have said.
func stepBack(ctx context.Context, s *subject, _ int) error {
	const query = `SELECT xid::text, seq FROM feed ORDER BY xid DESC, seq DESC OFFSET $1 LIMIT 1`
	return s.conn.QueryRow(ctx, query, feedPage).Scan(&s.changes.XID, &s.changes.Seq)
}

func changes(ctx context.Context, s *subject, _ int) (int, error) {
	page, err := s.store.Feed(ctx, s.changes, feedPage)
	about := map[uuid.UUID]bool{} // what is shown besides the changes is what they are about
	for _, e := range page.Entries {
		about[e.ConversationID], about[e.MessageID] = true, true
	}
	return len(about), err
}
