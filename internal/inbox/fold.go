package inbox

import (
	"cmp"
	"slices"
	"time"

	"omni/channels"
)

// Fact is something the platform told about one message: a status, a reaction, an edit or a deletion.
type Fact struct {
	ID     string    // the event's id: breaks ties, so that the order of arrival never matters
	At     time.Time // by the platform's clock, or when we received it where the platform does not say
	Update channels.Update
}

// Folded is what a message is after all that was told about it.
type Folded struct {
	Text      string            // as it reads now: empty once it is deleted
	Edited    *channels.Message // content after the last edit; nil: never edited
	EditedAt  time.Time
	DeletedAt time.Time
	Status    channels.DeliveryState // of what we sent; empty for what we received
	Failure   *channels.Error        // why it was not delivered, as the platform says; nil: it did not fail, or nobody says
	Reactions map[string][]string    // emojis by actor; nil: none
}

// Fold applies facts to a message. The result does not depend on the order of the facts, nor on repetitions: statuses only move
// forward, the last reaction of each person counts, the last edit is the content, a deletion is final.
func Fold(m channels.Message, facts []Fact) Folded {
	facts = slices.Clone(facts)
	slices.SortFunc(facts, byTimeThenID)
	folded := Folded{Text: m.Text}
	if m.Direction == channels.Out {
		folded.Status = channels.Sent
	}
	for _, fact := range facts {
		folded.apply(m, fact)
	}
	if len(folded.Reactions) == 0 {
		folded.Reactions = nil
	}
	if folded.Edited != nil {
		folded.Text = folded.Edited.Text
	}
	if !folded.DeletedAt.IsZero() {
		folded.Text = ""
	}
	return folded
}

func byTimeThenID(a, b Fact) int {
	return cmp.Or(cmp.Compare(editNumber(a), editNumber(b)), a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
}

// editNumber orders edits by the platform's count of them, where it counts; every other fact has none.
func editNumber(f Fact) int {
	if f.Update.Edit == nil {
		return 0
	}
	return f.Update.Edit.Number
}

func (f *Folded) apply(m channels.Message, fact Fact) {
	u := fact.Update
	switch {
	case u.Status != nil && m.Direction == channels.Out:
		f.Status = Forward(f.Status, u.Status.State)
		if u.Status.State == channels.Failed && f.Failure == nil && len(u.Status.Errors) > 0 {
			f.Failure = &u.Status.Errors[0]
		}
	case u.Reaction != nil:
		f.react(*u.Reaction)
	case u.Edit != nil:
		f.Edited = edited(m, *u.Edit.Content)
		if !u.Edit.Late {
			f.EditedAt = fact.At
		}
	case u.Delete != nil && f.DeletedAt.IsZero():
		f.DeletedAt = fact.At
	}
}

func (f *Folded) react(r channels.Reaction) {
	if f.Reactions == nil {
		f.Reactions = map[string][]string{}
	}
	f.Reactions[r.Actor] = r.Emojis
	if len(r.Emojis) == 0 {
		delete(f.Reactions, r.Actor)
	}
}

// edited is the content after an edit: what the edit does not mention stays, since platforms send a changed caption without its file.
func edited(m, edit channels.Message) *channels.Message {
	edit.Direction, edit.Sender = m.Direction, m.Sender
	if len(edit.Attachments) == 0 {
		edit.Attachments = m.Attachments
		edit.Type = m.Type
	}
	if edit.ReplyTo == "" {
		edit.ReplyTo = m.ReplyTo
	}
	return &edit
}

// progress ranks delivery states: a status only moves to a higher rank, and failed is final.
var progress = map[channels.DeliveryState]int{
	"": 0, Queued: 1, Unknown: 2, channels.Sent: 3, channels.Delivered: 4, channels.Read: 5, channels.Played: 6, channels.Failed: 7,
}

// Forward returns the state further along. Words that are none of ours change nothing.
func Forward(now, next channels.DeliveryState) channels.DeliveryState {
	if progress[next] > progress[now] {
		return next
	}
	return now
}

// Below lists the states that are not as far along as state.
func Below(state channels.DeliveryState) []string {
	var below []string
	for other, rank := range progress {
		if rank < progress[state] {
			below = append(below, string(other))
		}
	}
	slices.Sort(below)
	return below
}
