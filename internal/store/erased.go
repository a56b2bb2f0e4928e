package store

import (
	"omni/channels"
	"omni/gen/db"
	"omni/internal/inbox"
)

// askErasedMessage asks whether the row's message is erased. It comes after what locks the conversation: an erasure that begins later finds the message
// there.
func (a *application) askErasedMessage() query {
	p := db.ErasureOfMessageParams{ID: a.Row.ID, Names: a.names()}
	return func(q *db.Queries) (err error) {
		a.erased, err = q.ErasureOfMessage(a.ctx, p)
		return err
	}
}

// askErasedEvent is askErasedMessage for every other row, which is about the message named target. A fact about an erased message is erased too.
func (a *application) askErasedEvent(target string) query {
	p := db.ErasureOfEventParams{ID: a.Row.ID, Names: a.names()}
	if target != "" {
		p.Names = append(p.Names, inbox.ErasedEvent(a.Row.ChannelAccount, string(channels.KindMessage), key(target)))
	}
	return func(q *db.Queries) (err error) {
		a.erased, err = q.ErasureOfEvent(a.ctx, p)
		return err
	}
}

// names are all by which the row could be erased: as an event, by its chat, by its person.
func (a *application) names() []string {
	account := a.Row.ChannelAccount
	names := []string{inbox.ErasedEvent(account, string(a.Row.Event.Kind), key(a.Row.Event.ID))}
	for _, thread := range a.threads() {
		if thread != "" {
			names = append(names, inbox.ErasedThread(account, thread))
		}
	}
	if a.Update.Person != nil {
		_, ids := identityColumns(*a.Update.Person)
		for _, id := range ids {
			names = append(names, inbox.ErasedPerson(account, id))
		}
	}
	if notice := a.Update.System; notice != nil { // of no chat, such as an entry of an address book
		names = append(names, inbox.ErasedPerson(account, key(notice.Actor)), inbox.ErasedPerson(account, key(notice.Target)))
	}
	return names
}

// drop ends the row and its job: its bytes are taken out of the webhook later.
func (a *application) drop() error {
	p := db.ErasureDropParams{ID: a.Row.ID}
	if a.Fulfils != nil {
		p.Job = optionalID(*a.Fulfils)
	}
	return a.conclude(a.ctx, func(q *db.Queries) error { return q.ErasureDrop(a.ctx, p) })
}
