package inbox

import (
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
)

// ConversationChange is what agents change in a conversation. Nil: it stays.
type ConversationChange struct {
	Status       *ConversationStatus
	SnoozedUntil time.Time    // of Snoozed
	Assignee     *uuid.UUID   // uuid.Nil: nobody
	Labels       *[]uuid.UUID // those that it has from now on
	AddLabels    []uuid.UUID
	RemoveLabels []uuid.UUID
	Read         *bool     // false: it counts as unread
	UpTo         uuid.UUID // of Read: what came after this message stays unread; nil: nothing does
}

// Apply makes the change, but for its labels and what is read.
func (change ConversationChange) Apply(c *Conversation) {
	if change.Status != nil {
		c.Status, c.SnoozedUntil = *change.Status, time.Time{}
		switch c.Status {
		case Snoozed:
			c.SnoozedUntil = change.SnoozedUntil
		case Resolved:
			c.WaitingSince = time.Time{}
		}
	}
	if change.Assignee != nil {
		c.Assignee = *change.Assignee
	}
}

// LabelChanges returns which labels a conversation gets that has these, and which it loses.
func (change ConversationChange) LabelChanges(has []uuid.UUID) (added, removed []uuid.UUID) {
	wants := slices.Clone(has)
	if change.Labels != nil {
		wants = slices.Clone(*change.Labels)
	}
	wants = append(wants, change.AddLabels...)
	wants = slices.DeleteFunc(wants, func(id uuid.UUID) bool { return slices.Contains(change.RemoveLabels, id) })
	return without(wants, has), without(has, wants)
}

// without is what is in one list and not in another, each once.
func without(ids, others []uuid.UUID) []uuid.UUID {
	left := []uuid.UUID{}
	for _, id := range ids {
		if !slices.Contains(others, id) && !slices.Contains(left, id) {
			left = append(left, id)
		}
	}
	return left
}

// What may be wrong with a change.
var (
	ErrNoAgent = errors.New("there is no such agent, or they are disabled")
	ErrNoLabel = errors.New("there is no such label")
)

// Changed is what became of a change.
type Changed struct {
	Conversation uuid.UUID   // that it was made in
	Read         bool        // there was something unread, and now is not
	Told         []uuid.UUID // subscriptions of which deliveries can go
}
