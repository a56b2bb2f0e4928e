package store

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"omni/gen/db"
	"omni/internal/inbox"
)

// ChangeConversation changes what agents see of a conversation: what the change names and nothing else, so that two of them do not undo what the
// other does. One that is another by now is changed as that. The error is [inbox.ErrNotFound], [inbox.ErrNoAgent] or [inbox.ErrNoLabel].
func (s *Store) ChangeConversation(
	ctx context.Context, by inbox.Actor, id uuid.UUID, change inbox.ConversationChange,
) (inbox.Changed, error) {
	var done inbox.Changed
	told, err := s.telling(ctx, "changing a conversation", func(tx *transaction) error {
		done = inbox.Changed{}
		a := alteration{ctx: ctx, transaction: tx, by: by, ConversationChange: change}
		err := a.run(id)
		done = inbox.Changed{Conversation: a.after.ID, Read: a.before.Unread > 0 && a.after.Unread == 0}
		return err
	})
	done.Told = told
	return done, err
}

// alteration is one run of ChangeConversation's transaction.
type alteration struct {
	ctx context.Context
	*transaction
	inbox.ConversationChange
	by             inbox.Actor
	before, after  inbox.Conversation
	added, removed []uuid.UUID // labels
	names          map[uuid.UUID]string
}

func (a *alteration) run(id uuid.UUID) error {
	if err := a.lock(id); err != nil {
		return err
	}
	a.after = a.before
	a.Apply(&a.after)
	if err := a.readUnread(); err != nil {
		return err
	}
	if a.after == a.before && len(a.added)+len(a.removed) == 0 {
		return nil
	}
	if err := a.readNames(); err != nil {
		return err
	}
	queries, err := a.audit()
	if err != nil {
		return err
	}
	return a.conclude(a.ctx, append(queries, a.write()...)...)
}

// lock takes the conversation, or the one that it is by now.
func (a *alteration) lock(id uuid.UUID) error {
	row, err := a.q.ConversationLock(a.ctx, id)
	switch {
	case err != nil:
		return notFound(err)
	case row.Conversation.MergedInto.Valid:
		return a.lock(row.Conversation.MergedInto.UUID)
	}
	a.before = fromRow(row.Conversation)
	a.added, a.removed = a.LabelChanges(row.Labels)
	return nil
}

// readUnread says how much is unread afterwards.
func (a *alteration) readUnread() error {
	switch {
	case a.Read == nil:
	case !*a.Read:
		a.after.Unread = max(1, a.before.Unread)
	case a.UpTo == uuid.Nil || a.before.Unread == 0:
		a.after.Unread = 0
	default:
		later, err := a.q.ConversationUnreadSince(a.ctx, db.ConversationUnreadSinceParams{
			ConversationID: optionalID(a.before.ID), UpTo: a.UpTo,
		})
		a.after.Unread = min(int(later), a.before.Unread)
		return err
	}
	return nil
}

// readNames reads what the agents and labels are called that the change is about. Those that are to be used from now on have to be there.
func (a *alteration) readNames() error {
	agents := slices.DeleteFunc([]uuid.UUID{a.before.Assignee, a.after.Assignee}, func(id uuid.UUID) bool { return id == uuid.Nil })
	labels := slices.Concat(a.added, a.removed)
	if a.before.Assignee == a.after.Assignee {
		agents = nil
	}
	if len(agents)+len(labels) == 0 {
		return nil
	}
	rows, err := a.q.ConversationParties(a.ctx, db.ConversationPartiesParams{Agents: agents, Former: a.before.Assignee, Labels: labels})
	if err != nil {
		return err
	}
	a.names = map[uuid.UUID]string{uuid.Nil: ""}
	for _, row := range rows {
		a.names[row.ID] = row.Name
	}
	if _, ok := a.names[a.after.Assignee]; !ok && len(agents) > 0 {
		return inbox.ErrNoAgent
	}
	if slices.ContainsFunc(a.added, func(id uuid.UUID) bool { return a.names[id] == "" }) {
		return inbox.ErrNoLabel
	}
	return nil
}

func (a *alteration) write() []query {
	c := a.after
	agents := db.ConversationAgentsParams{
		ID: c.ID, Status: string(c.Status), SnoozedUntil: optionalTime(c.SnoozedUntil), AssigneeID: optionalID(c.Assignee),
		WaitingSince: optionalTime(c.WaitingSince), UnreadCount: int32(c.Unread),
	}
	queries := []query{func(q *db.Queries) error { return q.ConversationAgents(a.ctx, agents) }}
	if len(a.added)+len(a.removed) == 0 {
		return queries
	}
	labels := db.ConversationLabelParams{ConversationID: c.ID, Added: a.added, Removed: a.removed}
	return append(queries, func(q *db.Queries) error { return q.ConversationLabel(a.ctx, labels) })
}

// standing is where a conversation stands, as the audit log shows it.
type standing struct {
	Status inbox.ConversationStatus `json:"status"`
	Until  *time.Time               `json:"until,omitempty"`
}

// audit notes what agents want to know of later. That somebody has read something is not among it.
func (a *alteration) audit() ([]query, error) {
	var queries []query
	note := func(action string, detail any) error {
		entry, err := audited(a.ctx, a.by, inbox.AuditEntry{Action: action, Object: a.after.ID.String(), Conversation: a.after.ID}, detail)
		queries = append(queries, entry...)
		return err
	}
	if a.before.Status != a.after.Status || !a.before.SnoozedUntil.Equal(a.after.SnoozedUntil) {
		was := standing{a.before.Status, optionalTime(a.before.SnoozedUntil)}
		if err := note("conversation.status", difference{was, standing{a.after.Status, optionalTime(a.after.SnoozedUntil)}}); err != nil {
			return nil, err
		}
	}
	if a.before.Assignee != a.after.Assignee {
		if err := note("conversation.assigned", difference{a.ref(a.before.Assignee), a.ref(a.after.Assignee)}); err != nil {
			return nil, err
		}
	}
	if len(a.added)+len(a.removed) == 0 {
		return queries, nil
	}
	err := note("conversation.labeled", map[string][]*inbox.AgentRef{"added": a.refs(a.added), "removed": a.refs(a.removed)})
	return queries, err
}

// ref names an agent or a label; null: nobody.
func (a *alteration) ref(id uuid.UUID) *inbox.AgentRef {
	if id == uuid.Nil {
		return nil
	}
	return &inbox.AgentRef{ID: id, Name: a.names[id]}
}

func (a *alteration) refs(ids []uuid.UUID) []*inbox.AgentRef {
	refs := []*inbox.AgentRef{}
	for _, id := range ids {
		refs = append(refs, a.ref(id))
	}
	return refs
}

// Wake opens conversations again that slept until now, at most so many, and returns which.
func (s *Store) Wake(ctx context.Context, most int) (woken, told []uuid.UUID, err error) {
	told, err = s.telling(ctx, "opening snoozed conversations", func(tx *transaction) error {
		var err error
		if woken, err = tx.q.ConversationWake(ctx, int32(most)); err != nil || len(woken) == 0 {
			return err
		}
		var queries []query
		for _, id := range woken {
			entry, err := audited(ctx, inbox.Actor{}, inbox.AuditEntry{Action: "conversation.status", Object: id.String(), Conversation: id},
				difference{standing{Status: inbox.Snoozed}, standing{Status: inbox.Open}})
			if err != nil {
				return err
			}
			queries = append(queries, entry...)
		}
		return tx.conclude(ctx, queries...)
	})
	return woken, told, err
}
