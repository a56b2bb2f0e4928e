package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"omni/internal/inbox"
	"omni/tools/scale/dataset"
)

// operation is a piece of work that the product does, on any database.
type operation struct {
	name  string
	goal  goal
	calls int // in a round

	// prepare makes what so many calls need; it is not timed. nil: nothing.
	prepare func(ctx context.Context, s *subject, calls int) error
	// run does one piece, and returns how many things came of it.
	run func(ctx context.Context, s *subject, i int) (int, error)
}

// goal is what an operation should keep to: how many times longer it may take on the largest database than on the smallest, or how long it may take.
type goal struct {
	ratio  float64
	budget time.Duration
}

// flat is what does not grow; the rest is for the depth of B-trees and for caches.
var flat = goal{ratio: 1.3}

func within(budget time.Duration) goal { return goal{budget: budget} }

// Sizes of pages, as the dashboard asks for them.
const (
	listPage    = 25
	historyPage = 50
	feedPage    = 200
)

// operations are all that is measured, in the order of the report.
func operations() []operation {
	german, english := dataset.CommonWords()
	return slices.Concat(lists(), []operation{
		{name: "counts of the lists, each up to 1,001", goal: within(10 * time.Millisecond), calls: 50, run: counts},
		{name: "history: newest page of a short conversation", goal: flat, calls: 50, run: historyOf(func(s *subject, i int) inbox.TimelineQuery {
			return inbox.TimelineQuery{Conversation: s.short[i%len(s.short)]}
		})},
		{name: "history: newest page of the longest conversation", goal: flat, calls: 50, run: historyOf(func(s *subject, _ int) inbox.TimelineQuery {
			return inbox.TimelineQuery{Conversation: s.long}
		})},
		{name: "history: a page far back in the longest conversation", goal: flat, calls: 50, run: historyOf(func(s *subject, _ int) inbox.TimelineQuery {
			return inbox.TimelineQuery{Conversation: s.long, Before: &s.farBack}
		})},
		{name: "opening a conversation", goal: flat, calls: 50, run: open},
		{name: "channel accounts and how they do", goal: within(50 * time.Millisecond), calls: 20, run: channelAccounts},
		{name: "dead letters: first page", goal: flat, calls: 50, run: deadLetters},
		{name: "dead letters: how many of each reason", goal: within(10 * time.Millisecond), calls: 20, run: deadReasons},
		{name: "overdue jobs, sends, files and snoozes", goal: flat, calls: 50, run: overdue},
		{name: "contacts: a phone number", goal: flat, calls: 50, run: contactsNamed(func(s *subject) string { return s.phone })},
		{name: "contacts: first and family name", goal: within(100 * time.Millisecond), calls: 20, run: contactsNamed(func(s *subject) string { return s.name })},
		{name: "contacts: a first name", goal: within(100 * time.Millisecond), calls: 5, run: contactsNamed(firstName)},
		{name: "contacts: two letters", goal: within(time.Second), calls: 2, run: contactsNamed(twoLetters)},
		{name: "conversations: a first name", goal: within(100 * time.Millisecond), calls: 5, run: conversationsNamed(firstName)},
		{name: "conversations: two letters", goal: within(time.Second), calls: 2, run: conversationsNamed(twoLetters)},
		{name: "messages: a common word", goal: within(100 * time.Millisecond), calls: 10, run: said(german)},
		{name: "messages: a common word and the first letter of another", goal: within(100 * time.Millisecond), calls: 5, run: said(german + " " + german[:1])},
		{name: "messages: a rare word", goal: within(500 * time.Millisecond), calls: 2, run: said(dataset.RareWord)},
		{name: "messages: a word that nobody used", goal: within(500 * time.Millisecond), calls: 2, run: said(dataset.AbsentWord)},
		{name: "messages: two common words that nobody used together", goal: within(2 * time.Second), calls: 1, run: said(german + " " + english + " ")},
	}, writes())
}

// chosen are the operations that have a text in their name.
func chosen(part string) []operation {
	var all []operation
	for _, o := range operations() {
		if strings.Contains(o.name, part) {
			all = append(all, o)
		}
	}
	return all
}

// lists are the first page and one far down of every list that the API has.
func lists() []operation {
	agent, label := dataset.First()
	open := inbox.ConversationQuery{Statuses: []inbox.ConversationStatus{inbox.Open}, Most: listPage}
	with := func(change func(*inbox.ConversationQuery)) inbox.ConversationQuery {
		q := open
		change(&q)
		return q
	}
	var all []operation
	for _, list := range []struct {
		name  string
		query inbox.ConversationQuery
	}{
		{"open", open},
		{"oldest first", with(func(q *inbox.ConversationQuery) { q.Sort = inbox.SortOldest })},
		{"waiting", with(func(q *inbox.ConversationQuery) { q.Sort = inbox.SortWaiting })},
		{"mine", with(func(q *inbox.ConversationQuery) { q.Assignee = agent })},
		{"unassigned", with(func(q *inbox.ConversationQuery) { q.Unassigned = true })},
		{"unread", with(func(q *inbox.ConversationQuery) { q.Unread = true })},
		{"unread and unassigned", with(func(q *inbox.ConversationQuery) { q.Unread, q.Unassigned = true, true })},
		{"waiting and unassigned", with(func(q *inbox.ConversationQuery) { q.Sort, q.Unassigned = inbox.SortWaiting, true })},
		{"a label", with(func(q *inbox.ConversationQuery) { q.Label = label })},
		{"a channel", with(func(q *inbox.ConversationQuery) { q.Channel = "whatsapp" })},
		{"mine of a channel", with(func(q *inbox.ConversationQuery) { q.Assignee, q.Channel = agent, "whatsapp" })},
		{"all statuses", with(func(q *inbox.ConversationQuery) {
			q.Statuses = []inbox.ConversationStatus{inbox.Open, inbox.Pending, inbox.Snoozed, inbox.Resolved}
		})},
	} {
		all = append(all, operation{name: "list: " + list.name, goal: flat, calls: 50, run: listed(list.query, false)},
			operation{name: "list: " + list.name + ", far down", goal: flat, calls: 50, run: listed(list.query, true)})
	}
	return all
}

func listed(q inbox.ConversationQuery, deep bool) func(context.Context, *subject, int) (int, error) {
	return func(ctx context.Context, s *subject, _ int) (int, error) {
		if deep {
			q.Behind = &inbox.Place{At: s.deep}
			if q.Sort == inbox.SortWaiting {
				q.Behind.At = s.waiting
			}
		}
		page, err := s.store.Conversations(ctx, q)
		return len(page), err
	}
}

func counts(ctx context.Context, s *subject, _ int) (int, error) {
	agent, _ := dataset.First()
	c, err := s.store.Counts(ctx, agent)
	return c.Mine + c.Unassigned + c.All + c.MineUnread + c.UnassignedUnread + c.Snoozed + c.Pending + c.DeadLetters, err
}

func historyOf(query func(*subject, int) inbox.TimelineQuery) func(context.Context, *subject, int) (int, error) {
	return func(ctx context.Context, s *subject, i int) (int, error) {
		q := query(s, i)
		q.Most = historyPage
		part, err := s.store.Timeline(ctx, q)
		return len(part.Entries), err
	}
}

// open is what the dashboard asks for when somebody opens a conversation.
func open(ctx context.Context, s *subject, i int) (int, error) {
	id := s.short[i%len(s.short)]
	view, err := s.store.ConversationView(ctx, id)
	if err != nil {
		return 0, err
	}
	part, err := s.store.Timeline(ctx, inbox.TimelineQuery{Conversation: id, Most: historyPage})
	if err != nil || view.Contact == nil {
		return len(part.Entries), err
	}
	_, err = s.store.ContactDetail(ctx, view.Contact.ID, 50)
	return len(part.Entries), err
}

func channelAccounts(ctx context.Context, s *subject, _ int) (int, error) {
	accounts, err := s.store.ChannelAccounts(ctx)
	return len(accounts), err
}

func deadLetters(ctx context.Context, s *subject, _ int) (int, error) {
	letters, err := s.store.DeadLetters(ctx, inbox.DeadFilter{}, 50)
	return len(letters), err
}

func deadReasons(ctx context.Context, s *subject, _ int) (int, error) {
	reasons, err := s.store.DeadReasons(ctx, inbox.DeadFilter{})
	return len(reasons), err
}

// overdue is what the processor, the api and the sweeper look for time and again, and mostly do not find.
func overdue(ctx context.Context, s *subject, _ int) (int, error) {
	jobs, _, err := s.store.Overdue(ctx, 100)
	if err != nil {
		return 0, err
	}
	sends, err := s.store.OverdueSends(ctx, 100)
	if err != nil {
		return 0, err
	}
	files, err := s.store.OverdueFiles(ctx, 100)
	if err != nil {
		return 0, err
	}
	woken, _, err := s.store.Wake(ctx, 100)
	return len(jobs) + len(sends) + len(files) + len(woken), err
}

func firstName(s *subject) string {
	first, _, _ := strings.Cut(s.name, " ")
	return first
}

func twoLetters(s *subject) string { return string([]rune(s.name)[:2]) }

func contactsNamed(typed func(*subject) string) func(context.Context, *subject, int) (int, error) {
	return func(ctx context.Context, s *subject, _ int) (int, error) {
		found, err := s.store.Contacts(ctx, typed(s), uuid.Nil, listPage)
		return len(found), err
	}
}

func conversationsNamed(typed func(*subject) string) func(context.Context, *subject, int) (int, error) {
	return func(ctx context.Context, s *subject, _ int) (int, error) {
		found, err := s.store.SearchConversations(ctx, typed(s), nil, listPage)
		return len(found), err
	}
}

func said(words string) func(context.Context, *subject, int) (int, error) {
	return func(ctx context.Context, s *subject, _ int) (int, error) {
		found, err := s.store.SearchMessages(ctx, words, 0, listPage)
		return len(found), err
	}
}
