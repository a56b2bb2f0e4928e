package store

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"omni/gen/db"
	"omni/internal/inbox"
)

// Conversations returns a page of a list of conversations.
func (s *Store) Conversations(ctx context.Context, wanted inbox.ConversationQuery) ([]inbox.ListedConversation, error) {
	l, err := s.lister(ctx, wanted)
	if err != nil || l == nil {
		return nil, err
	}
	page, err := l.page(ctx)
	if err != nil {
		return nil, interpretError("listing conversations", err)
	}
	return s.listed(ctx, page)
}

// listed reads the conversations that have these places. None is ever deleted, so there is one for each.
func (s *Store) listed(ctx context.Context, page []inbox.Place) ([]inbox.ListedConversation, error) {
	ids := make([]uuid.UUID, len(page))
	for i, place := range page {
		ids[i] = place.ID
	}
	views, err := s.ConversationViews(ctx, ids)
	if err != nil {
		return nil, err
	}
	listed := make([]inbox.ListedConversation, len(views))
	for i, view := range views {
		listed[i] = inbox.ListedConversation{ConversationView: view, Place: page[i]}
	}
	return listed, nil
}

// lister finds the places of a page.
type lister struct {
	q *db.Queries
	inbox.ConversationQuery
	statuses []string
	accounts []uuid.UUID // empty: all
}

// lister returns what finds a page; nil: nothing is in it, whatever there is.
func (s *Store) lister(ctx context.Context, wanted inbox.ConversationQuery) (*lister, error) {
	l := &lister{q: s.q, ConversationQuery: wanted, accounts: []uuid.UUID{}}
	for _, status := range wanted.Statuses {
		l.statuses = append(l.statuses, string(status))
	}
	if wanted.Account != uuid.Nil {
		l.accounts = []uuid.UUID{wanted.Account}
	}
	if wanted.Channel == "" {
		return l, nil
	}
	accounts, err := s.q.ConversationAccounts(ctx, wanted.Channel)
	if err != nil {
		return nil, interpretError("looking for the accounts of a channel", err)
	}
	if wanted.Account != uuid.Nil {
		accounts = slices.DeleteFunc(accounts, func(id uuid.UUID) bool { return id != wanted.Account })
	}
	if len(accounts) == 0 {
		return nil, nil
	}
	l.accounts = accounts
	return l, nil
}

// page is the places of the page, in their order.
func (l *lister) page(ctx context.Context) ([]inbox.Place, error) {
	if l.Sort != inbox.SortWaiting {
		return l.byMessage(ctx, l.Behind, l.Most)
	}
	var page []inbox.Place
	behind := l.Behind
	if behind == nil || !behind.Answered {
		var err error
		if page, err = l.byWaiting(ctx, behind); err != nil || len(page) == l.Most {
			return page, err
		}
		behind = nil
	}
	rest, err := l.byMessage(ctx, behind, l.Most-len(page))
	return append(page, rest...), err
}

// The places before the first entry of a list.
var (
	beforeLatest = inbox.Place{At: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}
	beforeOldest = inbox.Place{At: time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), ID: uuid.Max}
	beforeFirst  = inbox.Place{At: time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)} // of those in which somebody waits
)

// byMessage reads what is ordered by the last message. Of [inbox.SortWaiting] that is the part in which nobody waits.
func (l *lister) byMessage(ctx context.Context, behind *inbox.Place, most int) ([]inbox.Place, error) {
	oldest, answered := l.Sort == inbox.SortOldest, l.Sort == inbox.SortWaiting
	from := beforeLatest
	switch {
	case behind != nil:
		from = *behind
	case oldest:
		from = beforeOldest
	}
	page, err := l.read(ctx, from, oldest, answered, int32(most))
	slices.SortFunc(page, func(a, b inbox.Place) int {
		order := cmp.Or(b.At.Compare(a.At), bytes.Compare(a.ID[:], b.ID[:]))
		if oldest {
			return -order
		}
		return order
	})
	page = page[:min(len(page), most)]
	for i := range page {
		page[i].Answered = answered
	}
	return page, err
}

// read reads the pieces of a page from the index that fits best what is asked for.
func (l *lister) read(ctx context.Context, from inbox.Place, oldest, answered bool, most int32) ([]inbox.Place, error) {
	assignee := optionalID(l.Assignee)
	switch {
	case l.Label != uuid.Nil:
		return places(l.q.ConversationsByLabel(ctx, db.ConversationsByLabelParams{
			Statuses: l.statuses, Oldest: oldest, Label: l.Label, At: from.At, AfterID: from.ID, Answered: answered, Unread: l.Unread,
			Unassigned: l.Unassigned, Assignee: assignee, Accounts: l.accounts, MaxRows: most,
		}))
	case l.Unread:
		return places(l.q.ConversationsUnread(ctx, db.ConversationsUnreadParams{
			Statuses: l.statuses, Oldest: oldest, Unassigned: l.Unassigned, Assignee: assignee, At: from.At, AfterID: from.ID, Answered: answered,
			Accounts: l.accounts, MaxRows: most,
		}))
	case l.Unassigned || l.Assignee != uuid.Nil:
		return places(l.q.ConversationsByAssignee(ctx, db.ConversationsByAssigneeParams{
			Statuses: l.statuses, Oldest: oldest, Assignee: assignee, At: from.At, AfterID: from.ID, Answered: answered, Accounts: l.accounts,
			MaxRows: most,
		}))
	case len(l.accounts) > 0:
		return places(l.q.ConversationsByAccount(ctx, db.ConversationsByAccountParams{
			Statuses: l.statuses, Accounts: l.accounts, Oldest: oldest, At: from.At, AfterID: from.ID, Answered: answered, MaxRows: most,
		}))
	}
	return places(l.q.ConversationsByStatus(ctx, db.ConversationsByStatusParams{
		Statuses: l.statuses, Oldest: oldest, At: from.At, AfterID: from.ID, Answered: answered, MaxRows: most,
	}))
}

// byWaiting reads those in which somebody waits.
func (l *lister) byWaiting(ctx context.Context, behind *inbox.Place) ([]inbox.Place, error) {
	from := beforeFirst
	if behind != nil {
		from = *behind
	}
	page, err := places(l.q.ConversationsWaiting(ctx, db.ConversationsWaitingParams{
		Statuses: l.statuses, At: from.At, AfterID: from.ID, Unread: l.Unread, Unassigned: l.Unassigned, Assignee: optionalID(l.Assignee),
		Accounts: l.accounts, Label: optionalID(l.Label), MaxRows: int32(l.Most),
	}))
	slices.SortFunc(page, func(a, b inbox.Place) int { return cmp.Or(a.At.Compare(b.At), bytes.Compare(a.ID[:], b.ID[:])) })
	return page[:min(len(page), l.Most)], err
}

// placed is a row of any of the lists.
type placed interface {
	~struct {
		ID        uuid.UUID
		OrderedAt time.Time
	}
}

func places[Row placed](rows []Row, err error) ([]inbox.Place, error) {
	page := make([]inbox.Place, len(rows))
	for i, row := range rows {
		r := db.ConversationsByStatusRow(row)
		page[i] = inbox.Place{At: r.OrderedAt, ID: r.ID}
	}
	return page, err
}

// Counts returns how many conversations there are in the lists that an agent sees first. A count above [inbox.CountLimit] says only that there are more.
func (s *Store) Counts(ctx context.Context, agent uuid.UUID) (inbox.Counts, error) {
	row, err := s.q.ConversationCounts(ctx, db.ConversationCountsParams{Agent: optionalID(agent), Most: inbox.CountLimit + 1})
	return inbox.Counts{
		Mine: int(row.Mine), Unassigned: int(row.Unassigned), All: int(row.Everybodys), MineUnread: int(row.MineUnread),
		UnassignedUnread: int(row.UnassignedUnread), Snoozed: int(row.Snoozed), Pending: int(row.Pending), DeadLetters: int(row.DeadLetters),
	}, interpretError("counting conversations", err)
}
